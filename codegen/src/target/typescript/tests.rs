//! Tests on a small schema; the real one is compiled and run in `tests/typescript`.

use std::collections::BTreeMap;

use unified_event_schema::*;

use super::emit;

/// Returns a schema with one column of every sort.
pub(crate) fn small_schema() -> Schema {
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
        tables: vec![table(columns)],
        pipelines: Vec::new(),
        lake: lake(),
    }
}

fn column(name: &str, ty: ColumnType, example: Value) -> Column {
    Column {
        id: 0,
        name: name.to_owned(),
        group: None,
        ty,
        required: false,
        kind: ColumnKind::Event,
        doc: format!("The {name}."),
        example,
        format: None,
        values: None,
        unit: None,
        computed: None,
        transform: None,
        wire: Wire::Number,
        memory: Memory::Object,
        since: 1,
        deprecated: None,
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
        tiers: Vec::new(),
        tiering: Vec::new(),
        targets: Vec::new(),
    }
}

/// Returns the text of one emitted file.
fn file(path: &str) -> String {
    let files = emit(&small_schema());
    let file = files.into_iter().find(|f| f.path == path).unwrap_or_else(|| panic!("no {path}"));
    String::from_utf8(file.contents).unwrap()
}

fn assert_has(text: &str, part: &str) {
    assert!(text.contains(part), "missing:\n{part}\nin:\n{text}");
}

#[test]
fn columns_have_the_types_of_events_in_memory() {
    let module = file("typescript/src/unified-event.ts");
    for property in [
        "id: string;",
        "event_type: EventType;",
        "trace_id: string | null;",
        "timestamp: string | null;",
        "timestamp_ns: bigint | null;",
        "duration_ms: number | null;",
        "db_after: string | null;",
        "labels: Record<string, string> | null;",
        "replay_data: string | null;",
        "visibility: string | null;",
    ] {
        assert_has(&module, &format!("\n  {property}\n"));
    }
    assert_has(&module, "export type UnifiedEvent = CoreIdentity & Rest;\n");
}

#[test]
fn definitions_have_the_reference_types() {
    let module = file("typescript/src/unified-event.ts");
    for definition in [
        r#"{ name: "id", type: "string", nullable: false, partition: false },"#,
        r#"{ name: "event_type", type: "string", nullable: false, partition: true },"#,
        r#"{ name: "timestamp", type: "timestamp", nullable: true, partition: false },"#,
        r#"{ name: "timestamp_ns", type: "bigint", nullable: true, partition: false },"#,
        r#"{ name: "duration_ms", type: "number", nullable: true, partition: false },"#,
        r#"{ name: "db_after", type: "json", nullable: true, partition: false },"#,
        r#"{ name: "replay_data", type: "bytes", nullable: true, partition: false },"#,
    ] {
        assert_has(&module, definition);
    }
}

#[test]
fn event_types_narrow_their_required_columns() {
    let module = file("typescript/src/unified-event.ts");
    assert_has(
        &module,
        "export type TraceEvent = UnifiedEvent & {\n  event_type: \"trace\";\n  trace_id: string;\n};\n",
    );
    assert_has(
        &module,
        "export type TrackEvent = UnifiedEvent & {\n  event_type: \"track\";\n\
         } & ({ actor_id: string } | { anonymous_id: string });\n",
    );
    assert_has(&module, "return event.event_type === \"trace\" && event.trace_id != null;");
    assert_has(&module, "&& (event.actor_id != null || event.anonymous_id != null);");
    assert_has(&module, "export type DiscriminatedUnifiedEvent = TraceEvent | TrackEvent;");
}

#[test]
fn comments_say_what_types_do_not() {
    let module = file("typescript/src/unified-event.ts");
    assert_has(&module, "   * Events of type `track` must set it or `anonymous_id`.\n");
    assert_has(&module, "   * @example 1768487400123456789n\n");
    assert_has(&module, "   * ```ts\n   * '{\"id\":1}'\n   * ```\n");
    assert_has(&module, "   * System column.\n   *\n   * One of:\n   * - `user`: one user\n");
    assert_has(
        &module,
        "   * @deprecated since table version 2: It repeats what others say. Use `timestamp` instead. It may\n   \
         * be removed after 2027-01-01.\n",
    );
}

#[test]
fn closed_sets_and_requirements_are_data() {
    let module = file("typescript/src/values.ts");
    assert_has(&module, "export const EVENT_TYPES = [\"trace\", \"track\"] as const;\n");
    assert_has(&module, "export const VISIBILITIES = [\"user\"] as const;\n");
    assert_has(&module, "export type Visibility = (typeof VISIBILITIES)[number];\n");
    assert_has(&module, "  trace: [[\"trace_id\"]],\n  track: [[\"actor_id\", \"anonymous_id\"]],\n");
}

#[test]
fn files_say_that_they_are_generated() {
    let files = emit(&small_schema());
    let paths: Vec<&str> = files.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "typescript/package.json",
            "typescript/tsconfig.json",
            "typescript/.npmrc",
            "typescript/README.md",
            "typescript/src/index.ts",
            "typescript/src/unified-event.ts",
            "typescript/src/values.ts",
        ]
    );
    for file in files.iter().filter(|f| f.path != "typescript/package.json") {
        let text = str::from_utf8(&file.contents).unwrap();
        assert!(text.lines().next().unwrap().contains("@generated"), "{}", file.path);
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{}", file.path);
    }
}
