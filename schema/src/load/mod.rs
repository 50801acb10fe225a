//! From text to model, without stopping at the first fault.
//!
//! The stages: parse TOML, check shapes ([`keys`]), read leniently, resolve references, check what
//! only makes sense across files, and check expressions. A fault in one stage never hides faults
//! of another place; the model leaves this module only when there is none.

mod check;
pub(crate) mod column;
mod event_types;
pub mod keys;
mod lake;
pub(crate) mod pipeline;
pub(crate) mod query;
mod read;
mod shape;
pub(crate) mod table;

use std::ops::Range;

use toml::de::DeTable;

use crate::diag::{Code, Diagnostics, Place, Sink};
use crate::{ColumnKind, Counts, Group, Schema, SourceSet, Table, WireLimits, naming, source, suggest};
use column::RawColumn;
use read::{At, Node};

/// Resolves a definition.
pub(crate) fn load(sources: &SourceSet) -> Result<Schema, Diagnostics> {
    let mut sink = Sink::default();
    let parsed: Vec<DeTable<'_>> = parse(sources, &mut sink);
    let files = Files { sources, parsed: &parsed };
    let schema = resolve(&files, &mut sink);
    match schema {
        Some(schema) if sink.is_empty() => Ok(schema),
        _ => Err(Diagnostics::new(sources.clone(), sink.into_items())),
    }
}

/// The parsed files of a definition, by name.
struct Files<'a> {
    sources: &'a SourceSet,
    parsed: &'a [DeTable<'a>],
}

impl<'a> Files<'a> {
    fn node(&self, name: &str) -> Option<Node<'a>> {
        let file = self.sources.files().iter().position(|f| f.name == name)?;
        Some(Node { file, table: self.parsed.get(file)? })
    }

    /// Returns the stems of the files in a folder.
    fn stems(&self, folder: &str) -> Vec<&'a str> {
        let names = self.sources.files().iter().map(|f| f.name.as_str());
        names.filter_map(|n| n.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(".toml")).collect()
    }
}

fn parse<'a>(sources: &'a SourceSet, sink: &mut Sink) -> Vec<DeTable<'a>> {
    let mut parsed = Vec::new();
    for (file, source) in sources.files().iter().enumerate() {
        let (table, faults) = DeTable::parse_recoverable(&source.text);
        let conflict = conflict(&source.text).filter(|_| !faults.is_empty());
        if let Some(span) = &conflict {
            sink.fault(Code::Syntax, &Place { file, span: span.clone() }, "a merge conflict stands here")
                .help("keep what both branches have, give the later column the next free id, and take the markers out");
        }
        for fault in faults.iter().filter(|_| conflict.is_none()) {
            let span = fault.span().unwrap_or(0..0);
            sink.fault(Code::Syntax, &Place { file, span }, fault.message().replace('\n', ", "));
        }
        let table = table.into_inner();
        let keys = keys_of(&source.name);
        // A file that does not parse has holes where the faults are; its missing keys would mislead.
        if let (Some(keys), true) = (keys, faults.is_empty()) {
            shape::check(sink, file, &table, &Place { file, span: 0..0 }, keys);
        }
        parsed.push(table);
    }
    parsed
}

/// Returns the first line that a merge conflict has left in a text, unless it is good TOML.
fn conflict(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("<<<<<<< ") {
            return Some(start..start + line.trim_end().len());
        }
        start += line.len();
    }
    None
}

fn keys_of(name: &str) -> Option<&'static [keys::Key]> {
    let kind = match name.split_once('/') {
        Some(("groups", _)) => "group",
        Some(("tables", _)) => "table",
        Some(("pipelines", _)) => "pipeline",
        Some(("queries", _)) => "query",
        Some(_) => return None,
        None => name.strip_suffix(".toml")?,
    };
    keys::FILE_KINDS.iter().find(|f| f.name == kind).map(|f| f.keys)
}

fn resolve(files: &Files<'_>, sink: &mut Sink) -> Option<Schema> {
    for name in source::FILES.iter().filter(|f| files.node(f).is_none()) {
        sink.set_fault(Code::File, format!("the file `{name}` is missing"));
    }
    let root = files.node(source::ROOT)?;
    let name = root.text("name");
    check_type_name(sink, name.as_ref());
    check_doc(sink, root.text("doc").as_ref());

    let event_types = files.node("event_types.toml").map(|n| event_types::read(sink, n)).unwrap_or_default();
    let type_values: Vec<(String, String)> =
        event_types.iter().map(|t| (t.model.name.clone(), t.model.doc.clone())).collect();

    let mut groups = Vec::new();
    let mut wide: Vec<RawColumn> = Vec::new();
    for (stem, node) in listed(files, sink, root.texts("groups"), "groups") {
        let group = read_group(sink, &stem, node);
        for (name, column) in node.tables("column") {
            wide.push(column::read(sink, name, column, Some(&group.name), &type_values));
        }
        groups.push(group);
    }

    let listed_tables = listed(files, sink, root.texts("tables"), "tables");
    let mut tables: Vec<table::RawTable> = Vec::new();
    for (stem, node) in &listed_tables {
        tables.push(table::read(sink, files.sources, (stem, *node), &wide, &type_values));
    }
    check::one_wide_table(sink, root, &tables);
    for group in &mut groups {
        let mut members: Vec<&RawColumn> =
            wide.iter().filter(|c| c.model.group.as_ref() == Some(&group.name)).collect();
        members.sort_by_key(|c| c.model.id);
        group.columns = members.into_iter().map(|c| c.model.name.clone()).collect();
    }
    check::type_names(sink, &wide, &groups);
    check::event_types(sink, &event_types, &wide, &groups);

    let lake = files.node("lake.toml").map(|n| lake::read(sink, n));
    let buckets: Vec<&str> = lake.iter().flat_map(|l| l.buckets.iter().map(|b| b.binding.as_str())).collect();
    let mut pipelines = Vec::new();
    for (stem, node) in listed(files, sink, root.texts("tables"), "pipelines") {
        let table = tables.iter().find(|t| t.model.name == stem);
        pipelines.extend(pipeline::read(sink, &stem, node, table, &buckets));
    }
    let raw = files.node("lake.toml").and_then(|n| n.table("raw"));
    check::resource_names(sink, &pipelines, raw.is_some());
    if let Some(raw) = raw {
        check::raw_files(sink, raw, &tables, &pipelines);
    }
    let targets: Vec<&str> = lake.iter().flat_map(|l| l.targets.iter().map(|t| t.name.as_str())).collect();
    let mut queries = Vec::new();
    for (stem, node) in listed(files, sink, root.texts("queries"), "queries") {
        queries.push(query::read(sink, &stem, node, &targets));
    }
    #[cfg(feature = "sql")]
    for pipeline in &pipelines {
        if let Some(table) = tables.iter().find(|t| t.model.name == pipeline.model.table) {
            crate::sql::check(sink, files.sources, table, pipeline);
        }
    }
    #[cfg(feature = "sql")]
    for query in &queries {
        let tables: Vec<&Table> = tables.iter().map(|t| &t.model).collect();
        crate::sql::check_query(sink, files.sources, &tables, query);
    }

    let tables: Vec<Table> = tables.into_iter().map(|t| t.model).collect();
    let stored = tables.iter().find(|t| t.grouped).map_or(&[][..], |t| &t.columns[..]);
    let system = stored.iter().filter(|c| c.kind == ColumnKind::System).count();
    Some(Schema {
        name: root.text_or_empty("name"),
        doc: root.text_or_empty("doc"),
        counts: Counts { event: stored.len() - system, system, stored: stored.len() },
        groups,
        event_types: event_types.into_iter().map(|t| t.model).collect(),
        tables,
        pipelines: pipelines.into_iter().map(|p| p.model).collect(),
        lake: lake?,
        queries: queries.into_iter().map(|q| q.model).collect(),
        wire: wire_limits(root),
    })
}

/// Returns the files of a folder in the order of a list, and reports where the two differ.
fn listed<'a>(files: &Files<'a>, sink: &mut Sink, list: Vec<At<String>>, folder: &str) -> Vec<(String, Node<'a>)> {
    let mut found = Vec::new();
    let stems = files.stems(folder);
    for (i, entry) in list.iter().enumerate() {
        if list[..i].iter().any(|e| e.value == entry.value) {
            sink.fault(Code::DuplicateName, &entry.place, format!("`{}` is listed twice", entry.value));
            continue;
        }
        match files.node(&format!("{folder}/{}.toml", entry.value)) {
            Some(node) => found.push((entry.value.clone(), node)),
            None => {
                let help = suggest::did_you_mean(&entry.value, stems.iter().copied());
                sink.fault(Code::File, &entry.place, format!("the file `{folder}/{}.toml` is missing", entry.value))
                    .help(help.unwrap_or_else(|| "add the file, or take the name out of the list".to_owned()));
            }
        }
    }
    for stem in stems.iter().filter(|s| !list.iter().any(|e| e.value == **s)) {
        let file = files.sources.files().iter().position(|f| f.name == format!("{folder}/{stem}.toml")).unwrap_or(0);
        let key = if folder == "pipelines" { "tables" } else { folder };
        sink.fault(
            Code::File,
            &Place { file, span: 0..0 },
            format!("`{stem}` is not in the list `{key}` of `schema.toml`"),
        )
        .help(format!("add \"{stem}\" to the list, or delete the file"));
        // What it defines counts all the same, so that references to it are no faults of their own.
        found.extend(files.node(&format!("{folder}/{stem}.toml")).map(|node| ((*stem).to_owned(), node)));
    }
    found
}

fn wire_limits(root: Node<'_>) -> WireLimits {
    let (node, defaults) = (root.table("wire"), WireLimits::default());
    let limit = |key: &str, default: u32| node.and_then(|node| node.u32(key)).unwrap_or(default);
    WireLimits {
        max_depth: limit("max_depth", defaults.max_depth),
        max_record_bytes: limit("max_record_bytes", defaults.max_record_bytes),
        max_request_bytes: limit("max_request_bytes", defaults.max_request_bytes),
    }
}

fn read_group(sink: &mut Sink, stem: &str, node: Node<'_>) -> Group {
    let name = node.text("name");
    check_type_name(sink, name.as_ref());
    check_doc(sink, node.text("doc").as_ref());
    if let Some(name) = &name {
        let expected = naming::snake_case(&name.value);
        if expected != stem {
            sink.fault(Code::File, &name.place, format!("the file of group `{}` is called `{stem}.toml`", name.value))
                .help(format!("rename the file to `{expected}.toml`, or the group to `{}`", naming::pascal_case(stem)));
        }
    }
    Group {
        name: name.map_or_else(|| naming::pascal_case(stem), |n| n.value),
        module: stem.to_owned(),
        doc: node.text_or_empty("doc"),
        columns: Vec::new(),
    }
}

fn check_type_name(sink: &mut Sink, name: Option<&At<String>>) {
    if let Some(name) = name.filter(|n| !naming::is_type_name(&n.value)) {
        sink.fault(Code::BadName, &name.place, format!("`{}` is not PascalCase", name.value))
            .help(format!("call it `{}`", naming::pascal_case(&name.value)));
    }
}

/// Checks that documentation is at least a sentence.
fn check_doc(sink: &mut Sink, doc: Option<&At<String>>) {
    let Some(doc) = doc else { return };
    let text = doc.value.trim();
    let problem = if text.is_empty() {
        "documentation is empty"
    } else if !text.contains(char::is_whitespace) || !text.ends_with('.') {
        "documentation is not a sentence that ends with a period"
    } else {
        return;
    };
    sink.fault(Code::Doc, &doc.place, problem)
        .help("say what the value means, for a reader who does not know the name");
}
