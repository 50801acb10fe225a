//! `event_types.toml`.

use super::read::{At, Node};
use crate::diag::{Code, Place, Sink};
use crate::{EventType, Requirement, naming};

/// An event type with the places of its references.
pub(super) struct RawEventType {
    pub model: EventType,
    pub columns: Vec<(String, Place)>,
    pub groups: Vec<(String, Place)>,
}

pub(super) fn read(sink: &mut Sink, node: Node<'_>) -> Vec<RawEventType> {
    node.tables("event_type").into_iter().map(|(name, node)| read_one(sink, &name, node)).collect()
}

fn read_one(sink: &mut Sink, name: &At<String>, node: Node<'_>) -> RawEventType {
    if !naming::is_resource_name(&name.value) {
        sink.fault(Code::BadName, &name.place, format!("`{}` is not an event type", name.value))
            .help("use lower case, digits and `_`: the name becomes a type in Rust and TypeScript");
    }
    super::check_doc(sink, node.text("doc").as_ref());
    let one = node.texts("requires");
    let any = node.texts("requires_any");
    let groups = node.texts("groups");
    let mut requires: Vec<Requirement> = one.iter().map(|c| Requirement { any_of: vec![c.value.clone()] }).collect();
    if !any.is_empty() {
        requires.push(Requirement { any_of: any.iter().map(|c| c.value.clone()).collect() });
    }
    let places = |list: Vec<At<String>>| list.into_iter().map(|at| (at.value, at.place));
    RawEventType {
        model: EventType {
            name: name.value.clone(),
            doc: node.text_or_empty("doc"),
            requires,
            groups: groups.iter().map(|g| g.value.clone()).collect(),
        },
        columns: places(one).chain(places(any)).collect(),
        groups: places(groups).collect(),
    }
}
