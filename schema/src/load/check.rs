//! Checks across files: references, uniqueness, quotas.

use std::collections::BTreeMap;

use super::column::RawColumn;
use super::event_types::RawEventType;
use super::pipeline::RawPipeline;
use super::read::{At, Node};
use super::table::RawTable;
use crate::diag::{Code, Place, Sink};
use crate::{ACCOUNT_QUOTA, Group, SourceSet, naming, suggest};

/// Reports columns that share a name or an id: at the one that was not released, else at the later one.
pub(super) fn unique_columns(sink: &mut Sink, sources: &SourceSet, table: &str, columns: &[RawColumn]) {
    let was_released = |c: &RawColumn| sources.was_released(table, c.model.id, &c.model.name);
    // The one that keeps what both take, and the one that has to give it up.
    let sides =
        |first, later| if was_released(later) && !was_released(first) { (later, first) } else { (first, later) };
    let mut names: BTreeMap<&str, &RawColumn> = BTreeMap::new();
    let mut ids: BTreeMap<u32, &RawColumn> = BTreeMap::new();
    for column in columns {
        let name = column.model.name.as_str();
        if let Some(first) = names.insert(name, column) {
            let (owner, other) = sides(first, column);
            names.insert(name, owner);
            let group = owner.model.group.as_ref().map_or_else(String::new, |g| format!(" in group `{g}`"));
            sink.fault(Code::DuplicateName, &other.name, format!("column `{name}` is defined twice"))
                .help(format!("it has id {}{group} already; choose another name", owner.model.id));
        }
        let id = column.model.id;
        if id == 0 {
            continue;
        }
        if let Some(first) = ids.insert(id, column) {
            let (owner, other) = sides(first, column);
            ids.insert(id, owner);
            let taken = columns.iter().map(|c| c.model.id).max().unwrap_or(0);
            let next = taken.max(sources.last_released(table)) + 1;
            let why = if was_released(owner) { ", which was released with it" } else { "" };
            let message = format!("id {id} belongs to column `{}`{why}", owner.model.name);
            sink.fault(Code::DuplicateId, &other.id, message)
                .help(format!("an id is the identity of a column; the next free one is {next}"));
        }
    }
}

/// Reports sets of values that become a type of the name that a group's type has, in Rust and TypeScript.
pub(super) fn type_names(sink: &mut Sink, columns: &[RawColumn], groups: &[Group]) {
    for column in columns.iter().filter(|c| c.model.closed_values().is_some()) {
        let name = naming::pascal_case(&column.model.name);
        if groups.iter().any(|group| group.name == name) {
            let message = format!("the values of `{}` and a group would both be the type `{name}`", column.model.name);
            sink.fault(Code::DuplicateName, &column.name, message).help("rename the group, or choose another name");
        }
    }
}

/// Reports deprecations that name an unknown replacement, and versions from the future.
pub(super) fn column_references(sink: &mut Sink, columns: &[RawColumn], version: Option<u32>) {
    for column in columns {
        let name = column.model.name.as_str();
        let replaced_by = column.model.deprecated.as_ref().and_then(|d| d.replaced_by.as_deref());
        if let (Some(other), Some(place)) = (replaced_by, &column.replaced_by)
            && known_column(sink, columns, other, place)
            && columns.iter().any(|c| c.model.name == other && (other == name || c.model.deprecated.is_some()))
        {
            sink.fault(Code::Conflict, place, format!("`{other}` goes away itself"))
                .help("name a column that stays, or leave `replaced_by` out");
        }
        if let (Some(former), Some(place)) = (&column.model.renamed_from, &column.renamed_from)
            && columns.iter().any(|c| c.model.name == *former)
        {
            sink.fault(Code::Conflict, place, format!("`{former}` is a column of its own"))
                .help("`renamed_from` names what the column was called before, which nothing may be called any more");
        }
        // A version that is itself at fault has no later ones.
        let version = version.unwrap_or(u32::MAX);
        if let (true, Some(place)) = (column.model.since > version, &column.since) {
            sink.fault(Code::NotAllowed, place, format!("version {} is later than the table's", column.model.since))
                .help(format!("the table has version {version}"));
        }
        let deprecated_since = column.model.deprecated.as_ref().map_or(0, |d| d.since);
        if let (true, Some(place)) = (deprecated_since > version, &column.deprecated_since) {
            sink.fault(Code::NotAllowed, place, format!("version {deprecated_since} is later than the table's"))
                .help(format!("the table has version {version}"));
        }
    }
}

/// Says whether `name` is a column, and reports it where it is not.
pub(super) fn known_column(sink: &mut Sink, columns: &[RawColumn], name: &str, place: &Place) -> bool {
    let known = columns.iter().any(|c| c.model.name == name);
    if !known {
        sink.fault(Code::UnknownReference, place, format!("column `{name}` is not defined"))
            .help_if(suggest::did_you_mean(name, columns.iter().map(|c| c.model.name.as_str())));
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
                .help_if(suggest::did_you_mean(name, groups.iter().map(|g| g.name.as_str())));
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
pub(super) fn resource_names(sink: &mut Sink, pipelines: &[RawPipeline], has_raw_files: bool) {
    // With what is written goes what the platform sees of it: the name with the version of the table.
    type Name = fn(&RawPipeline) -> (Option<&At<String>>, &str);
    let names: [(&str, Name); 3] = [
        ("stream", |p| (p.stream_name.as_ref(), &p.model.stream.name)),
        ("sink", |p| (p.sink_name.as_ref(), &p.model.sink.name)),
        ("binding", |p| (p.binding.as_ref(), &p.model.binding)),
    ];
    for (kind, name) in names {
        let mut seen: Vec<&str> = Vec::new();
        for (at, full) in pipelines.iter().map(name).filter_map(|(at, full)| Some((at?, full))) {
            let valid = if kind == "binding" { naming::is_identifier(full) } else { naming::is_resource_name(full) };
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
    // Raw files take a sink and a pipeline of their own.
    let n_pipelines = pipelines.len() + usize::from(has_raw_files);
    if let (Some(last), true) = (pipelines.last(), n_pipelines > ACCOUNT_QUOTA) {
        let over = pipelines.get(ACCOUNT_QUOTA).unwrap_or(last);
        let place = over.stream_name.as_ref().map_or(Place { file: 0, span: 0..0 }, |n| n.place.clone());
        sink.fault(Code::Platform, &place, format!("{n_pipelines} pipelines are more than an account may have")).help(
            format!("the platform allows {ACCOUNT_QUOTA} streams, {ACCOUNT_QUOTA} sinks and {ACCOUNT_QUOTA} pipelines"),
        );
    }
}

/// Checks what raw files refer to; `node` is the part of `lake.toml` that defines them.
pub(super) fn raw_files(sink: &mut Sink, node: Node<'_>, tables: &[RawTable], pipelines: &[RawPipeline]) {
    if let Some(table) = node.text("table").filter(|t| !tables.iter().any(|o| o.model.name == t.value)) {
        sink.fault(Code::UnknownReference, &table.place, format!("table `{}` is not defined", table.value))
            .help_if(suggest::did_you_mean(&table.value, tables.iter().map(|t| t.model.name.as_str())));
    }
    if let Some(bucket) = node.text("bucket").filter(|b| pipelines.iter().any(|p| p.model.sink.bucket == b.value)) {
        sink.fault(Code::Conflict, &bucket.place, format!("bucket `{}` holds a catalog", bucket.value))
            .help("lifecycle rules for raw files would take files away from under its tables");
    }
}
