//! `tables/<table>.toml`: columns, partition specs, sort order, properties.

use std::collections::BTreeMap;

use super::check;
use super::column::{self, RawColumn};
use super::read::{At, Node};
use crate::diag::{Code, Place, Sink};
use crate::{
    ColumnType, Distribution, Metrics, NullOrder, PartitionField, PartitionSpec, SortDirection, SortField, SortOrder,
    SourceSet, Table, Transform, naming,
};

/// A table with its columns' places.
pub(crate) struct RawTable {
    pub model: Table,
    /// Where the columns of the key are named.
    #[cfg_attr(not(feature = "sql"), expect(dead_code))]
    pub key: Vec<At<String>>,
    /// Only the check of expressions looks at it.
    #[cfg_attr(not(feature = "sql"), expect(dead_code))]
    pub columns: Vec<RawColumn>,
}

pub(super) fn read(
    sink: &mut Sink,
    sources: &SourceSet,
    (stem, node): (&str, Node<'_>),
    wide: &[RawColumn],
    event_types: &[(String, String)],
) -> RawTable {
    check_name(sink, node.text("name"), stem);
    super::check_doc(sink, node.text("doc").as_ref());
    let grouped = node.text("columns").is_some();
    let own = node.tables("column");
    if let (true, Some((name, _))) = (grouped, own.first()) {
        sink.fault(Code::Conflict, &name.place, "the table takes the columns of the groups")
            .help("define the column in a file of `groups/`");
    }
    if !grouped && own.is_empty() {
        sink.fault(Code::MissingKey, &Place { file: node.file, span: 0..0 }, "the table has no columns")
            .help("add `[column.<name>]` tables, or `columns = \"groups\"`");
    }
    let own = own.into_iter().map(|(name, node)| column::read(sink, name, node, None, event_types));
    let mut columns: Vec<RawColumn> = if grouped { wide.to_vec() } else { own.collect() };
    check::unique_columns(sink, sources, stem, &columns);
    columns.sort_by_key(|c| c.model.id);
    let version = node.u32("version").filter(|v| *v > 0);
    check::column_references(sink, &columns, version);
    let version = version.unwrap_or(1);

    let key = key(sink, node, &columns);
    let partition_specs = partition_specs(sink, node, &columns);
    let sort_order = node.table("sort").map(|n| sort_order(sink, n, &columns));
    let distribution = node
        .table("distribution")
        .map(|n| Distribution { mode: n.text_or_empty("mode"), columns: known(sink, n.texts("columns"), &columns) });
    let metrics = node.table("metrics").map(|n| metrics(sink, n));
    let mut model = Table {
        name: stem.to_owned(),
        version,
        physical_name: naming::versioned(stem, version),
        doc: node.text_or_empty("doc"),
        grouped,
        columns: columns.iter().map(|c| c.model.clone()).collect(),
        key: key.iter().map(|name| name.value.clone()).collect(),
        partition_specs,
        sort_order,
        distribution,
        metrics,
        properties: BTreeMap::new(),
    };
    model.properties = properties(sink, node, &model);
    RawTable { model, key, columns }
}

/// Reads the key: columns that exist, named once, of types in which equal values are one value.
fn key(sink: &mut Sink, node: Node<'_>, columns: &[RawColumn]) -> Vec<At<String>> {
    let mut key: Vec<At<String>> = Vec::new();
    if let (Some(place), true) = (node.place("key"), node.texts("key").is_empty()) {
        sink.fault(Code::Conflict, &place, "the key names no column")
            .help("name the columns that tell one row from every other, or leave `key` out where none do");
    }
    for name in node.texts("key") {
        if !check::known_column(sink, columns, &name.value, &name.place) {
            continue;
        }
        if key.iter().any(|k| k.value == name.value) {
            sink.fault(Code::Conflict, &name.place, format!("`{}` stands in the key twice", name.value));
            continue;
        }
        let Some(column) = columns.iter().find(|c| c.model.name == name.value) else { continue };
        if matches!(column.model.ty, ColumnType::Float64 | ColumnType::Json) {
            sink.fault(
                Code::Conflict,
                &name.place,
                format!("`{}` is a `{}` column, and cannot be part of a key", name.value, column.model.ty),
            )
            .help("equal values of the type can be written in several ways; name columns of other types");
        }
        if column.model.computed.is_some() {
            sink.fault(Code::Conflict, &name.place, format!("the pipeline computes `{}`", name.value))
                .help("a key is what producers say of a row; name the columns that the value is computed from");
        }
        key.push(name);
    }
    key
}

/// Checks that the file is named after what it defines.
pub(super) fn check_name(sink: &mut Sink, name: Option<At<String>>, stem: &str) {
    let Some(name) = name else { return };
    if name.value != stem {
        sink.fault(Code::File, &name.place, format!("the file is called `{stem}.toml`, the table `{}`", name.value))
            .help("give both the same name");
    }
    if !naming::is_resource_name(&name.value) {
        sink.fault(Code::BadName, &name.place, format!("`{}` is not a table name", name.value))
            .help("use lower case, digits and `_`: the platform refuses hyphens");
    }
}

fn known(sink: &mut Sink, names: Vec<At<String>>, columns: &[RawColumn]) -> Vec<String> {
    names.into_iter().filter(|n| check::known_column(sink, columns, &n.value, &n.place)).map(|n| n.value).collect()
}

fn partition_specs(sink: &mut Sink, node: Node<'_>, columns: &[RawColumn]) -> Vec<PartitionSpec> {
    let mut specs: Vec<PartitionSpec> = Vec::new();
    let mut default = None;
    let mut ids: BTreeMap<u32, (String, Transform)> = BTreeMap::new();
    let written = node.tables("partition");
    for (scheme, node) in &written {
        if !naming::is_resource_name(&scheme.value) {
            sink.fault(Code::BadName, &scheme.place, format!("`{}` is not a scheme name", scheme.value));
        }
        let spec_id = node.u32("spec_id").unwrap_or(0);
        if let Some(first) = specs.iter().find(|s| s.spec_id == spec_id) {
            sink.fault(Code::DuplicateId, &scheme.place, format!("spec id {spec_id} belongs to `{}`", first.scheme));
        }
        if node.bool("default") && default.replace(specs.len()).is_some() {
            sink.fault(Code::Conflict, &scheme.place, "a second scheme is the default");
        }
        let mut fields: Vec<PartitionField> = Vec::new();
        for item in node.list("fields") {
            let Some(field) = partition_field(sink, &item, columns) else { continue };
            let meaning = (field.column.clone(), field.transform);
            match ids.get(&field.id) {
                Some(first) if *first != meaning => {
                    sink.fault(Code::Layout, &item.place, format!("partition field id {} has two meanings", field.id))
                        .help("the same field has the same id in every scheme, another field another id");
                }
                _ => {}
            }
            if let Some((id, _)) = ids.iter().find(|(id, m)| **m == meaning && **id != field.id) {
                sink.fault(Code::Layout, &item.place, format!("`{}` has id {id} in another scheme", field.name))
                    .help("the same field keeps its id, so that files of both specs agree");
            }
            if fields.iter().any(|f| f.name == field.name) {
                sink.fault(Code::Layout, &item.place, format!("`{}` partitions twice", field.name));
            }
            ids.insert(field.id, meaning);
            fields.push(field);
        }
        specs.push(PartitionSpec { scheme: scheme.value.clone(), spec_id, fields });
    }
    match default {
        Some(at) => {
            let spec = specs.remove(at);
            specs.insert(0, spec);
        }
        None if !specs.is_empty() => {
            sink.fault(Code::MissingKey, &written[0].0.place, "no partition scheme is the default")
                .help("add `default = true` to the one that DDL and create requests use");
        }
        None => {}
    }
    specs
}

fn partition_field(sink: &mut Sink, item: &At<Node<'_>>, columns: &[RawColumn]) -> Option<PartitionField> {
    let name = item.value.text("column")?;
    let text = item.value.text("transform")?;
    let Some(transform) = Transform::from_text(&text.value) else {
        sink.fault(Code::NotAllowed, &text.place, format!("`{}` is no partition transform", text.value))
            .help("expected identity, year, month, day, hour, bucket[N] or truncate[W]");
        return None;
    };
    if !check::known_column(sink, columns, &name.value, &name.place) {
        return None;
    }
    let column = &columns.iter().find(|c| c.model.name == name.value)?.model;
    let fits = match transform {
        Transform::Identity => column.ty != ColumnType::Json,
        Transform::Year | Transform::Month | Transform::Day | Transform::Hour => column.ty == ColumnType::Timestamp,
        Transform::Bucket(_) => !matches!(column.ty, ColumnType::Bool | ColumnType::Float64 | ColumnType::Json),
        Transform::Truncate(_) => {
            matches!(column.ty, ColumnType::String | ColumnType::Int32 | ColumnType::Int64 | ColumnType::Binary)
        }
    };
    if !fits {
        sink.fault(Code::Layout, &text.place, format!("`{transform}` does not take a `{}` column", column.ty));
    }
    let field_name = transform.field_name(&column.name);
    if columns.iter().any(|c| c.model.name == field_name && c.model.id != column.id) {
        sink.fault(Code::Layout, &text.place, format!("the partition field `{field_name}` has the name of a column"))
            .help("Iceberg refuses such a table: give the column another name, or take another transform");
    }
    Some(PartitionField {
        id: item.value.u32("id").unwrap_or(0),
        name: field_name,
        column: column.name.clone(),
        source_id: column.id,
        transform,
    })
}

fn sort_order(sink: &mut Sink, node: Node<'_>, columns: &[RawColumn]) -> SortOrder {
    let mut fields: Vec<SortField> = Vec::new();
    for item in node.list("fields") {
        let Some(name) = item.value.text("column") else { continue };
        if !check::known_column(sink, columns, &name.value, &name.place) {
            continue;
        }
        if fields.iter().any(|f| f.column == name.value) {
            sink.fault(Code::Layout, &name.place, format!("`{}` sorts twice", name.value));
        }
        let is = |key: &str, value: &str| item.value.text(key).is_some_and(|t| t.value == value);
        fields.push(SortField {
            source_id: columns.iter().find(|c| c.model.name == name.value).map_or(0, |c| c.model.id),
            column: name.value,
            direction: if is("direction", "desc") { SortDirection::Desc } else { SortDirection::Asc },
            nulls: if is("nulls", "last") { NullOrder::Last } else { NullOrder::First },
        });
    }
    SortOrder { order_id: node.u32("order_id").unwrap_or(1), fields }
}

fn metrics(sink: &mut Sink, node: Node<'_>) -> Metrics {
    for key in ["default", "keys"] {
        if let Some(mode) = node.text(key).filter(|m| !is_metrics_mode(&m.value)) {
            sink.fault(Code::NotAllowed, &mode.place, format!("`{}` is no metrics mode", mode.value))
                .help("expected none, counts, truncate(N) or full");
        }
    }
    Metrics { default: node.text_or_empty("default"), keys: node.text_or_empty("keys") }
}

fn is_metrics_mode(mode: &str) -> bool {
    let width = mode.strip_prefix("truncate(").and_then(|m| m.strip_suffix(')'));
    matches!(mode, "none" | "counts" | "full") || width.is_some_and(|w| w.parse::<u32>().is_ok_and(|w| w > 0))
}

/// Returns the properties: those written, and those that follow from the rest of the table.
fn properties(sink: &mut Sink, node: Node<'_>, table: &Table) -> BTreeMap<String, String> {
    let mut derived = table.derived_properties();
    for (key, value) in node.text_map("properties") {
        if derived.contains_key(&key.value) {
            sink.fault(Code::Conflict, &key.place, format!("`{}` follows from another key", key.value))
                .help("write it in `[distribution]` or `[metrics]`");
            continue;
        }
        if key.value == "format-version" && !matches!(value.value.as_str(), "1" | "2" | "3") {
            sink.fault(Code::Layout, &value.place, format!("Iceberg has no format version `{}`", value.value));
        }
        derived.insert(key.value, value.value);
    }
    derived
}
