//! Checks across files: references, uniqueness, quotas.

use std::collections::BTreeMap;

use super::column::RawColumn;
use super::event_types::RawEventType;
use super::pipeline::RawPipeline;
use super::read::Node;
use super::table::RawTable;
use crate::diag::{Code, Place, Sink};
use crate::{Group, naming};

/// How many streams, sinks and pipelines an account may have (platform limits, October 2026).
pub(super) const QUOTA: usize = 20;

/// Reports columns that share a name or an id, at the later one.
pub(super) fn unique_columns(sink: &mut Sink, columns: &[RawColumn]) {
    let mut names: BTreeMap<&str, &RawColumn> = BTreeMap::new();
    let mut ids: BTreeMap<u32, &RawColumn> = BTreeMap::new();
    for column in columns {
        let name = column.model.name.as_str();
        if let Some(first) = names.insert(name, column) {
            let group = first.model.group.as_ref().map_or_else(String::new, |g| format!(" in group `{g}`"));
            sink.fault(Code::DuplicateName, &column.name, format!("column `{name}` is defined twice"))
                .help(format!("it has id {}{group} already; choose another name", first.model.id));
        }
        let id = column.model.id;
        if id == 0 {
            continue;
        }
        if let Some(first) = ids.insert(id, column) {
            let next = columns.iter().map(|c| c.model.id).max().unwrap_or(0) + 1;
            sink.fault(Code::DuplicateId, &column.id, format!("id {id} belongs to column `{}`", first.model.name))
                .help(format!("an id is the identity of a column; the next free one is {next}"));
        }
    }
}

/// Reports deprecations that name an unknown replacement, and versions from the future.
pub(super) fn column_references(sink: &mut Sink, columns: &[RawColumn], version: Option<u32>) {
    for column in columns {
        let replaced_by = column.model.deprecated.as_ref().and_then(|d| d.replaced_by.as_deref());
        if let (Some(name), Some(place)) = (replaced_by, &column.replaced_by) {
            known_column(sink, columns, name, place);
        }
        // A version that is itself at fault has no later ones.
        let version = version.unwrap_or(u32::MAX);
        if let (true, Some(place)) = (column.model.since > version, &column.since) {
            sink.fault(Code::NotAllowed, place, format!("version {} is later than the table's", column.model.since))
                .help(format!("the table has version {version}"));
        }
    }
}

/// Says whether `name` is a column, and reports it where it is not.
pub(super) fn known_column(sink: &mut Sink, columns: &[RawColumn], name: &str, place: &Place) -> bool {
    let known = columns.iter().any(|c| c.model.name == name);
    if !known {
        sink.fault(Code::UnknownReference, place, format!("column `{name}` is not defined"))
            .help_if(naming::did_you_mean(name, columns.iter().map(|c| c.model.name.as_str())));
    }
    known
}

/// Checks what event types refer to.
pub(super) fn event_types(sink: &mut Sink, types: &[RawEventType], columns: &[RawColumn], groups: &[Group]) {
    for event_type in types {
        for (name, place) in &event_type.columns {
            let column = columns.iter().find(|c| c.model.name == *name);
            if known_column(sink, columns, name, place) && column.is_some_and(|c| !c.model.is_settable()) {
                sink.fault(Code::Conflict, place, format!("no producer may set `{name}`: the pipeline computes it"));
            }
        }
        for (name, place) in event_type.groups.iter().filter(|(n, _)| !groups.iter().any(|g| g.name == *n)) {
            sink.fault(Code::UnknownReference, place, format!("group `{name}` is not defined"))
                .help_if(naming::did_you_mean(name, groups.iter().map(|g| g.name.as_str())));
        }
    }
}

/// Checks that exactly one table takes the columns of the groups.
pub(super) fn one_wide_table(sink: &mut Sink, root: Node<'_>, tables: &[RawTable]) {
    let wide = tables.iter().filter(|t| t.model.grouped).count();
    if wide != 1 {
        let span = root.table.get("tables").map_or(0..0, toml::Spanned::span);
        sink.fault(
            Code::Conflict,
            &Place { file: root.file, span },
            format!("{wide} tables take the columns of the groups"),
        )
        .help("exactly one table has `columns = \"groups\"`");
    }
}

/// Checks that streams, sinks and bindings have names of their own and fit the platform's quota.
pub(super) fn resource_names(sink: &mut Sink, pipelines: &[RawPipeline]) {
    for (kind, name) in [
        ("stream", (|p| &p.stream_name) as fn(&RawPipeline) -> &Option<super::At<String>>),
        ("sink", |p| &p.sink_name),
        ("binding", |p| &p.binding),
    ] {
        let mut seen: Vec<&str> = Vec::new();
        for at in pipelines.iter().filter_map(|p| name(p).as_ref()) {
            let valid =
                if kind == "binding" { naming::is_identifier(&at.value) } else { naming::is_resource_name(&at.value) };
            if !valid {
                sink.fault(Code::BadName, &at.place, format!("`{}` is not a name for a {kind}", at.value)).help(
                    "the platform takes letters, digits and `_` (no hyphen), a letter first, 128 characters at most",
                );
            }
            if seen.contains(&at.value.as_str()) {
                sink.fault(Code::DuplicateName, &at.place, format!("{kind} `{}` is named twice", at.value));
            }
            seen.push(&at.value);
        }
    }
    if let Some(over) = pipelines.get(QUOTA) {
        let place = over.stream_name.as_ref().map_or(Place { file: 0, span: 0..0 }, |n| n.place.clone());
        sink.fault(Code::Platform, &place, format!("{} pipelines are more than an account may have", pipelines.len()))
            .help(format!("the platform allows {QUOTA} streams, {QUOTA} sinks and {QUOTA} pipelines"));
    }
}
