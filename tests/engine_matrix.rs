//! The rules against what engines were seen to do: `evolution/engines/observed.json`.
//!
//! The table of the experiments is built here as a model, changed in the same way, and judged.

use serde_json::Value;
use unified_event_codegen::target::LANGUAGES;
use unified_event_guard::rules::Context;
use unified_event_guard::{Consumer, Policy, Verdict, diff, judge};
use unified_event_schema::{
    Column, ColumnType, NullOrder, PartitionField, PartitionSpec, Schema, SortDirection, SortField, SortOrder, Table,
    Transform, Value as Example,
};
use unified_event_tests::{text, tiny_schema};

/// Types of the experiments that a definition has; the others only catalogs know.
const TYPES: [(&str, ColumnType); 7] = [
    ("string", ColumnType::String),
    ("boolean", ColumnType::Bool),
    ("int", ColumnType::Int32),
    ("long", ColumnType::Int64),
    ("double", ColumnType::Float64),
    ("timestamptz", ColumnType::Timestamp),
    ("binary", ColumnType::Binary),
];

fn column(id: u32, name: &str, ty: ColumnType, required: bool) -> Column {
    Column { required, ..Column::new(id, name, ty, "A value.", Example::Text("1".to_owned())) }
}

fn field(id: u32, source: &Column, transform: Transform) -> PartitionField {
    let name = transform.field_name(&source.name);
    PartitionField { id, name, column: source.name.clone(), source_id: source.id, transform }
}

/// Returns the definition with the table of the experiments as its second one.
fn base() -> Schema {
    let mut schema = tiny_schema();
    let table = &mut schema.tables[1];
    let mut columns = vec![
        column(1, "id", ColumnType::String, true),
        column(2, "kind", ColumnType::String, true),
        column(3, "must", ColumnType::String, true),
    ];
    columns.extend((4..).zip(TYPES).map(|(id, (name, ty))| column(id, &format!("a_{name}"), ty, false)));
    columns.extend([column(13, "at", ColumnType::Timestamp, false), column(14, "rank", ColumnType::Int32, false)]);
    let at = columns[columns.len() - 2].clone();
    let fields = vec![field(1000, &columns[1], Transform::Identity), field(1001, &at, Transform::Day)];
    table.columns = columns;
    table.partition_specs = vec![PartitionSpec { scheme: "plain".to_owned(), spec_id: 0, fields }];
    table.sort_order = Some(order(1, "rank", 14));
    schema
}

/// Ids of specs and sort orders are never used again.
fn respec(table: &mut Table, edit: impl FnOnce(&mut Vec<PartitionField>)) {
    table.partition_specs[0].spec_id += 1;
    edit(&mut table.partition_specs[0].fields);
}

fn order(order_id: u32, name: &str, id: u32) -> SortOrder {
    let field =
        SortField { column: name.to_owned(), source_id: id, direction: SortDirection::Asc, nulls: NullOrder::First };
    SortOrder { order_id, fields: vec![field] }
}

fn named<'a>(table: &'a mut Table, name: &str) -> &'a mut Column {
    table.columns.iter_mut().find(|c| c.name == name).unwrap_or_else(|| panic!("no column {name}"))
}

fn rename(table: &mut Table, old: &str, new: &str) {
    let column = named(table, old);
    column.name = new.to_owned();
    column.renamed_from = Some(old.to_owned());
    for field in table.partition_specs.iter_mut().flat_map(|s| &mut s.fields).filter(|f| f.column == old) {
        field.column = new.to_owned();
        field.name = field.transform.field_name(new);
    }
}

fn drop_column(table: &mut Table, name: &str) {
    table.columns.retain(|c| c.name != name);
}

/// Makes a change of the experiments; says whether a definition can ask for it.
fn apply(kind: &str, table: &mut Table) -> bool {
    if let Some((old, new)) = kind.split_once("_to_")
        && let (Some(_), Some((_, ty))) = (of(old), of(new))
    {
        named(table, &format!("a_{old}")).ty = ty;
        return true;
    }
    if let Some((_, ty)) = kind.strip_prefix("add_optional_").and_then(|k| of(k.strip_suffix("_column")?)) {
        table.columns.push(column(15, "extra", ty, false));
        return true;
    }
    match kind {
        "add_optional_column" => table.columns.push(column(15, "extra", ColumnType::String, false)),
        "add_required_column" => table.columns.push(column(15, "extra", ColumnType::String, true)),
        "drop_optional_column" => drop_column(table, "a_string"),
        "drop_required_column" => drop_column(table, "must"),
        "rename_column" => rename(table, "a_string", "renamed"),
        "required_to_optional" => named(table, "must").required = false,
        "optional_to_required" => named(table, "a_string").required = true,
        "readd_dropped_name" => {
            drop_column(table, "a_string");
            table.columns.push(column(15, "a_string", ColumnType::String, false));
        }
        "readd_dropped_name_other_type" => {
            drop_column(table, "a_string");
            table.columns.push(column(15, "a_string", ColumnType::Int64, false));
        }
        "column_doc" => named(table, "a_string").doc = "What it means now.".to_owned(),
        "add_partition_field" => {
            let added = field(1002, &named(table, "rank").clone(), Transform::Identity);
            respec(table, |fields| fields.push(added));
        }
        "drop_partition_field" => respec(table, |fields| fields.truncate(1)),
        "replace_partition_field" => {
            let hour = field(1002, &named(table, "at").clone(), Transform::Hour);
            respec(table, |fields| fields[1] = hour);
        }
        "rename_partition_source" => rename(table, "at", "moment"),
        "drop_former_partition_source" => {
            respec(table, |fields| fields.truncate(1));
            drop_column(table, "at");
        }
        "sort_order" => table.sort_order = Some(order(2, "at", 13)),
        "table_property" => {
            table.properties.insert("write.parquet.compression-codec".to_owned(), "snappy".to_owned());
        }
        _ => return false,
    }
    true
}

fn of(name: &str) -> Option<(&'static str, ColumnType)> {
    TYPES.into_iter().find(|(n, _)| *n == name)
}

/// Returns the worst verdict of all findings for a consumer.
fn verdict(old: &Schema, new: &Schema, consumer: Consumer) -> Verdict {
    let changes = diff(old, new);
    let context = Context { old, new, changes: &changes, lock: None, today: None, languages: LANGUAGES };
    let findings = judge(&context, &Policy::default());
    findings.iter().map(|f| f.verdicts.of(consumer)).max().unwrap_or_default()
}

/// Columns have no order beyond their ids, and the loader lets no spec or sort order lose its source.
const NOT_ASKABLE: [&str; 3] = ["reorder_columns", "drop_partition_source", "drop_sort_source"];

#[test]
fn rules_say_what_engines_do() {
    let observed: Value = serde_json::from_str(&text("tests/evolution/engines/observed.json")).expect("JSON");
    let old = base();
    let mut wrong = Vec::new();
    let mut n_compared = 0;
    for (kind, entry) in observed["changes"].as_object().expect("changes") {
        let mut new = old.clone();
        if !apply(kind, &mut new.tables[1]) {
            let types = ["float", "timestamp"].iter().any(|t| kind.split("_to_").any(|side| side == *t));
            assert!(types || NOT_ASKABLE.contains(&kind.as_str()), "no way to make `{kind}`");
            continue;
        }
        n_compared += 1;
        for (consumer, part) in [(Consumer::EngineTable, "engine_table"), (Consumer::Files, "files")] {
            let seen = entry[part]["verdict"] == "breaking";
            let said = verdict(&old, &new, consumer);
            // A reader that was seen to fail must not be told that all is well. The other way round
            // a rule may know more than one experiment shows, but for tables it has to be exact.
            let broken = said == Verdict::Break;
            let fits = match part {
                "engine_table" => seen == broken,
                _ => !seen || said >= Verdict::Warn,
            };
            if !fits {
                wrong.push(format!("{kind}: {part}: seen {}, said {}", entry[part]["verdict"], said.name()));
            }
        }
    }
    assert!(n_compared > 55, "only {n_compared} changes were compared");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `evolution/engines/test_blind.py` shows why: it takes a process of its own, and is not in the matrix.
#[test]
fn a_table_that_loses_all_columns_that_divided_it_breaks() {
    let old = base();
    let without = |names: &[&str]| {
        let mut new = old.clone();
        respec(&mut new.tables[1], Vec::clear);
        names.iter().for_each(|name| drop_column(&mut new.tables[1], name));
        verdict(&old, &new, Consumer::EngineTable)
    };
    assert_eq!(without(&["kind"]), Verdict::Warn);
    assert_eq!(without(&["at"]), Verdict::Warn);
    assert_eq!(without(&["kind", "at"]), Verdict::Break);
}

/// A composition of changes, judged in one step, is never milder than what its parts were seen to do.
///
/// The parts touch different columns, so that none undoes another.
#[test]
fn compositions_are_never_milder_than_their_parts() {
    let observed: Value = serde_json::from_str(&text("tests/evolution/engines/observed.json")).expect("JSON");
    let kinds: Vec<(&String, bool)> = observed["changes"]
        .as_object()
        .expect("changes")
        .iter()
        .map(|(kind, entry)| (kind, entry["engine_table"]["verdict"] == "breaking"))
        .collect();
    let old = base();
    let mut random = Random(42);
    let (mut n_safe, mut n_breaking) = (0, 0);
    for round in 0..400 {
        let mut new = old.clone();
        let mut touched: Vec<String> = Vec::new();
        let (mut breaking, mut names) = (false, Vec::new());
        for _ in 0..=random.below(4) {
            let (kind, breaks) = kinds[random.below(kinds.len())];
            let targets = targets(kind);
            if targets.iter().any(|t| touched.contains(t)) || !apply(kind, &mut new.tables[1]) {
                continue;
            }
            touched.extend(targets);
            breaking |= breaks;
            names.push(kind.as_str());
        }
        let said = verdict(&old, &new, Consumer::EngineTable);
        assert_eq!(said == Verdict::Break, breaking, "round {round}: {names:?}: said {}", said.name());
        if breaking { n_breaking += 1 } else { n_safe += 1 }
    }
    assert!(n_safe > 40 && n_breaking > 40, "{n_safe} safe, {n_breaking} breaking");
}

/// Returns what a change touches.
fn targets(kind: &str) -> Vec<String> {
    let one = match kind {
        _ if kind.contains("partition") => "partition",
        "sort_order" => "sort",
        "required_to_optional" | "drop_required_column" => "must",
        _ if kind.starts_with("add_") => "extra",
        // The column that goes, and the id of the one that comes.
        _ if kind.starts_with("readd") => return vec!["extra".to_owned(), "a_string".to_owned()],
        "table_property" => "property",
        _ => match kind.split_once("_to_") {
            Some((old, _)) if of(old).is_some() => return vec![format!("a_{old}")],
            _ => "a_string",
        },
    };
    vec![one.to_owned()]
}

/// A small generator: the same numbers on every machine and in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % n
    }
}
