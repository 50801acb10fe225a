//! From two models to typed changes, paired by id.
//!
//! Every struct of the model is taken apart without `..`: a field that is new in the model is a
//! compile error here until a kind of change covers it. What the loader derives from something else
//! is compared only where it does not follow, so that one edit is one change.

mod column;
mod expression;
mod lake;
mod pipeline;
mod requirements;
mod setting;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use unified_event_schema::{Column, Counts, EventType, Group, Query, Schema, Table, WireLimits};

use super::change::{Change, Kind, NameOf, Subject};

/// Returns every difference between two models, in the order of the definition.
pub fn diff(old: &Schema, new: &Schema) -> Vec<Change> {
    if old == new {
        return Vec::new();
    }
    let mut changes = Changes::default();
    let Schema { name, doc, counts, groups, event_types, tables, pipelines, lake, queries, wire } = old;
    let schema = || Subject::Schema;
    changes.differ(name, &new.name, schema, |old, new| Kind::Name { of: NameOf::Event, old, new });
    changes.differ(doc, &new.doc, schema, |old, new| Kind::Doc { old, new });
    let consistent = |s: &Schema| s.counts == count(s);
    if !(consistent(old) && consistent(new)) {
        changes.differ(&count_text(counts), &count_text(&new.counts), schema, |old, new| Kind::Counts { old, new });
    }
    let wide = wide_name(new).or_else(|| wide_name(old)).unwrap_or_default();
    let renames = table::renames(wide_table(old), wide_table(new));
    diff_groups(&mut changes, &wide, (old, groups), (new, &new.groups));
    diff_event_types(&mut changes, &wide, (old, event_types), (new, &new.event_types), &renames);
    table::diff(&mut changes, old, new, tables, &new.tables);
    pipeline::diff(&mut changes, (old, pipelines), (new, &new.pipelines));
    if *lake != new.lake {
        lake::diff(&mut changes, old, new);
    }
    diff_queries(&mut changes, queries, &new.queries);
    diff_wire(&mut changes, wire, &new.wire);
    changes.list
}

/// Collects changes.
#[derive(Default)]
pub(super) struct Changes {
    list: Vec<Change>,
}

impl Changes {
    fn push(&mut self, subject: Subject, kind: Kind) {
        self.list.push(Change { subject, kind });
    }

    /// Adds a change where two sides differ.
    fn differ<T: PartialEq + Clone>(
        &mut self,
        old: &T,
        new: &T,
        subject: impl Fn() -> Subject,
        kind: impl Fn(T, T) -> Kind,
    ) {
        if old != new {
            self.push(subject(), kind(old.clone(), new.clone()));
        }
    }

    /// Adds a change where what both sides have stands in another order.
    fn order(
        &mut self,
        old: Vec<String>,
        new: Vec<String>,
        subject: Subject,
        kind: impl Fn(Vec<String>, Vec<String>) -> Kind,
    ) {
        let common = |list: &[String], other: &[String]| -> Vec<String> {
            let other: BTreeSet<&String> = other.iter().collect();
            list.iter().filter(|n| other.contains(n)).cloned().collect()
        };
        if common(&old, &new) != common(&new, &old) {
            self.push(subject, kind(old, new));
        }
    }
}

/// What one side calls a column that the other side calls otherwise, old name to new name.
type Renames = BTreeMap<String, String>;

fn wide_table(schema: &Schema) -> Option<&Table> {
    schema.tables.iter().find(|t| t.grouped)
}

fn wide_name(schema: &Schema) -> Option<String> {
    wide_table(schema).map(|t| t.name.clone())
}

fn count(schema: &Schema) -> Counts {
    let columns: &[Column] = wide_table(schema).map_or(&[], |t| &t.columns);
    let event = columns.iter().filter(|c| c.kind == unified_event_schema::ColumnKind::Event).count();
    Counts { event, system: columns.len() - event, stored: columns.len() }
}

fn diff_wire(changes: &mut Changes, old: &WireLimits, new: &WireLimits) {
    let WireLimits { max_depth, max_record_bytes, max_request_bytes } = old;
    for (limit, old, new) in [
        ("max_depth", max_depth, &new.max_depth),
        ("max_record_bytes", max_record_bytes, &new.max_record_bytes),
        ("max_request_bytes", max_request_bytes, &new.max_request_bytes),
    ] {
        let kind = |old, new| Kind::WireLimit { limit: limit.to_owned(), old, new };
        changes.differ(old, new, || Subject::Schema, kind);
    }
}

fn count_text(counts: &Counts) -> String {
    let Counts { event, system, stored } = counts;
    format!("{event} + {system} = {stored}")
}

fn diff_groups(changes: &mut Changes, wide: &str, old: (&Schema, &[Group]), new: (&Schema, &[Group])) {
    let subject = |name: &str| Subject::Group { table: wide.to_owned(), name: name.to_owned() };
    for group in old.1.iter().filter(|g| !new.1.iter().any(|n| n.name == g.name)) {
        changes.push(subject(&group.name), Kind::GroupDropped);
    }
    for group in new.1 {
        let Some(before) = old.1.iter().find(|g| g.name == group.name) else {
            changes.push(subject(&group.name), Kind::GroupAdded);
            continue;
        };
        let Group { name, module, doc, columns } = before;
        let here = || subject(name);
        changes.differ(module, &group.module, here, |old, new| Kind::Name { of: NameOf::Module, old, new });
        changes.differ(doc, &group.doc, here, |old, new| Kind::Doc { old, new });
        let follows = |schema: &Schema, group: &Group| schema.group_columns_by_id(group) == group.columns;
        if !(follows(old.0, before) && follows(new.0, group)) {
            changes.differ(columns, &group.columns, here, |old, new| Kind::GroupColumns { old, new });
        }
    }
    let names = |groups: &[Group]| groups.iter().map(|g| g.name.clone()).collect();
    let table = Subject::Table { table: wide.to_owned() };
    changes.order(names(old.1), names(new.1), table, |old, new| Kind::GroupOrder { old, new });
}

/// What the loader lists as the columns of a group.
trait GroupColumnsById {
    fn group_columns_by_id(&self, group: &Group) -> Vec<String>;
}

impl GroupColumnsById for Schema {
    fn group_columns_by_id(&self, group: &Group) -> Vec<String> {
        let columns: &[Column] = wide_table(self).map_or(&[], |t| &t.columns);
        columns.iter().filter(|c| c.group.as_ref() == Some(&group.name)).map(|c| c.name.clone()).collect()
    }
}

fn diff_event_types(
    changes: &mut Changes,
    wide: &str,
    old: (&Schema, &[EventType]),
    new: (&Schema, &[EventType]),
    renames: &Renames,
) {
    let subject = |name: &str| Subject::EventType { table: wide.to_owned(), name: name.to_owned() };
    for event_type in old.1.iter().filter(|t| !new.1.iter().any(|n| n.name == t.name)) {
        changes.push(subject(&event_type.name), Kind::EventTypeDropped);
    }
    for event_type in new.1 {
        let Some(before) = old.1.iter().find(|t| t.name == event_type.name) else {
            changes.push(subject(&event_type.name), Kind::EventTypeAdded);
            continue;
        };
        let EventType { name, doc, requires: _, groups } = before;
        let here = || subject(name);
        changes.differ(doc, &event_type.doc, here, |old, new| Kind::Doc { old, new });
        for kind in requirements::diff((old.0, before), (new.0, event_type), renames) {
            changes.push(here(), kind);
        }
        changes.differ(groups, &event_type.groups, here, |old, new| Kind::EventTypeGroups { old, new });
    }
    let names = |types: &[EventType]| types.iter().map(|t| t.name.clone()).collect();
    let table = Subject::Table { table: wide.to_owned() };
    changes.order(names(old.1), names(new.1), table, |old, new| Kind::EventTypeOrder { old, new });
}

fn diff_queries(changes: &mut Changes, old: &[Query], new: &[Query]) {
    let subject = |name: &str| Subject::Query { name: name.to_owned() };
    let text = |query: &Query| serde_json::to_string(query).unwrap_or_default();
    for query in old.iter().filter(|q| !new.iter().any(|n| n.name == q.name)) {
        changes.push(subject(&query.name), Kind::QueryText { old: text(query), new: String::new() });
    }
    for query in new {
        match old.iter().find(|q| q.name == query.name) {
            None => changes.push(subject(&query.name), Kind::QueryText { old: String::new(), new: text(query) }),
            Some(before) => {
                let here = || subject(&query.name);
                changes.differ(&text(before), &text(query), here, |old, new| Kind::QueryText { old, new });
            }
        }
    }
    let names = |queries: &[Query]| queries.iter().map(|q| q.name.clone()).collect();
    let kind = |old: Vec<String>, new: Vec<String>| Kind::QueryText { old: old.join(", "), new: new.join(", ") };
    changes.order(names(old), names(new), Subject::Query { name: "order".to_owned() }, kind);
}
