//! A small schema, built by hand.

use std::collections::BTreeMap;

use unified_event_schema::*;

/// Returns a schema with one column of every sort.
pub(super) fn small_schema() -> Schema {
    let mut columns = vec![
        column("id", ColumnType::String, Value::Text("e1".to_owned())),
        column("event_type", ColumnType::String, Value::Text("trace".to_owned())),
        column("trace_id", ColumnType::String, Value::Text("4bf9".to_owned())),
        column("actor_id", ColumnType::String, Value::Text("a".to_owned())),
        column("anonymous_id", ColumnType::String, Value::Text("b".to_owned())),
        column("timestamp", ColumnType::Timestamp, Value::Text("2026-01-15T14:30:00Z".to_owned())),
        column("timestamp_ns", ColumnType::Int64, Value::Int(1_768_487_400_123_456_789)),
        column("duration_ms", ColumnType::Float64, Value::Float(2.0)),
        column("db_after", ColumnType::Json, Value::Object(vec![("id".to_owned(), Value::Int(1))])),
        column("labels", ColumnType::Json, Value::Object(vec![("a.b".to_owned(), Value::Text("x".to_owned()))])),
        column("replay_data", ColumnType::Binary, Value::Text("eyJ9".to_owned())),
        column("visibility", ColumnType::String, Value::Text("user".to_owned())),
    ];
    for (i, column) in columns.iter_mut().enumerate() {
        column.id = i as u32 + 1;
        column.required = i < 2;
    }
    columns[6].wire = Wire::DecimalString;
    columns[7].unit = Some("ms".to_owned());
    columns[7].deprecated = Some(Deprecation {
        since: 2,
        remove_after: Some("2027-01-01".to_owned()),
        replaced_by: Some("timestamp".to_owned()),
        reason: "It repeats what others say.".to_owned(),
    });
    columns[8].memory = Memory::Text;
    columns[9].memory = Memory::StringMap;
    let user = ValueDoc { value: Value::Text("user".to_owned()), doc: "one user".to_owned() };
    columns[11].values = Some(ValueSet { closed: true, values: vec![user] });
    columns[11].kind = ColumnKind::System;
    let names = |range: std::ops::Range<usize>| columns[range].iter().map(|c| c.name.clone()).collect::<Vec<_>>();
    let groups = vec![group("CoreIdentity", names(0..3)), group("Rest", names(3..12))];
    let event_types =
        vec![event_type("trace", &[&["trace_id"]]), event_type("track", &[&["actor_id", "anonymous_id"]])];
    Schema {
        name: "UnifiedEvent".to_owned(),
        doc: "One event.".to_owned(),
        counts: Counts { event: 11, system: 1, stored: 12 },
        groups,
        event_types,
        pipelines: vec![wide_pipeline(&columns), narrow_pipeline()],
        tables: vec![table(columns)],
        lake: lake(),
        queries: Vec::new(),
        wire: WireLimits::default(),
    }
}

fn column(name: &str, ty: ColumnType, example: Value) -> Column {
    Column::new(0, name, ty, format!("The {name}."), example)
}

fn wide_pipeline(columns: &[Column]) -> Pipeline {
    let fields = columns.iter().filter(|c| c.is_settable()).map(StreamField::from_column).collect();
    pipeline("unified_events", "UNIFIED_EVENTS_PIPELINE", fields)
}

fn narrow_pipeline() -> Pipeline {
    let mut columns = [
        column("id", ColumnType::String, Value::Text("n1".to_owned())),
        column("sourceType", ColumnType::String, Value::Text("Note".to_owned())),
        column("version", ColumnType::Int64, Value::Int(1)),
        column("mood", ColumnType::String, Value::Text("good".to_owned())),
    ];
    columns[0].required = true;
    columns[0].format = Some(Format::NounVerb);
    let good = ValueDoc { value: Value::Text("good".to_owned()), doc: "well".to_owned() };
    columns[1].values = Some(ValueSet { closed: false, values: vec![good.clone()] });
    columns[3].values = Some(ValueSet { closed: true, values: vec![good] });
    pipeline("do_notes", "NOTES_PIPELINE", columns.iter().map(StreamField::from_column).collect())
}

fn pipeline(table: &str, binding: &str, fields: Vec<StreamField>) -> Pipeline {
    Pipeline {
        name: format!("{table}_pipeline"),
        table: table.to_owned(),
        doc: "Events.".to_owned(),
        binding: binding.to_owned(),
        filter: None,
        stream: Stream { name: format!("{table}_stream"), fields },
        sink: Sink {
            name: table.to_owned(),
            bucket: "R2".to_owned(),
            namespace: "default".to_owned(),
            table: table.to_owned(),
            compression: "zstd".to_owned(),
            roll_interval_seconds: 1,
            roll_size_mb: 1,
            row_group_mb: None,
        },
    }
}

fn group(name: &str, columns: Vec<String>) -> Group {
    Group { name: name.to_owned(), module: naming::snake_case(name), doc: "Some columns.".to_owned(), columns }
}

fn event_type(name: &str, requires: &[&[&str]]) -> EventType {
    let requirement = |any_of: &&[&str]| Requirement { any_of: any_of.iter().map(|c| (*c).to_owned()).collect() };
    EventType {
        name: name.to_owned(),
        doc: format!("One {name}."),
        requires: requires.iter().map(requirement).collect(),
        groups: Vec::new(),
    }
}

fn table(columns: Vec<Column>) -> Table {
    let by_type = PartitionField {
        id: 1000,
        name: "event_type".to_owned(),
        column: "event_type".to_owned(),
        source_id: 2,
        transform: Transform::Identity,
    };
    Table {
        name: "unified_events".to_owned(),
        version: 1,
        physical_name: "unified_events".to_owned(),
        doc: "Events.".to_owned(),
        grouped: true,
        columns,
        partition_specs: vec![PartitionSpec { scheme: "hourly".to_owned(), spec_id: 0, fields: vec![by_type] }],
        key: Vec::new(),
        sort_order: None,
        distribution: None,
        metrics: None,
        properties: BTreeMap::new(),
    }
}

fn lake() -> Lake {
    Lake {
        doc: String::new(),
        buckets: Vec::new(),
        paths: Vec::new(),
        time_patterns: Vec::new(),
        data_file: Vec::new(),
        writer: LakeWriter { batch_rows: 1, flush_interval_ms: 1, compression: "zstd".to_owned() },
        compaction: Compaction { small_file_mb: 1, min_files: 1, target_file_mb: 1 },
        snapshots: None,
        raw: None,
        tiers: Vec::new(),
        tiering: Vec::new(),
        targets: Vec::new(),
    }
}
