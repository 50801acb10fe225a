//! Tests on a small schema; the real one is compiled and run in `tests/typescript`.

mod small;

use super::emit;
use small::small_schema;

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
fn records_have_the_types_of_the_wire() {
    let module = file("typescript/src/records.ts");
    for property in [
        "id: string;",
        "event_type: string;",
        "timestamp_ns?: string | null;",
        "db_after?: JsonValue | null;",
        "visibility?: Visibility | null;",
        "mood?: \"good\" | null;",
    ] {
        assert_has(&module, &format!("\n  {property}\n"));
    }
    assert_has(&module, "\n  timestamp: string | Date | null | undefined;\n");
    assert_has(&module, "\n  visibility: Visibility | null | undefined;\n");
    assert_has(&module, "export type UnifiedEventInput = UnifiedEvent | PartialInput;\n");
    assert_has(&module, "export type DoNotesInput = {\n  id: string;\n");
    assert_has(&module, "  version?: number | bigint | null | undefined;\n");
}

#[test]
fn columns_have_the_kinds_of_their_values() {
    let module = file("typescript/src/tables.ts");
    for (columns, kind) in [
        ("\"id\"", "TEXT + REQUIRED"),
        ("\"timestamp\"", "TIMESTAMP"),
        ("\"timestamp_ns\"", "DECIMAL"),
        ("\"duration_ms\"", "FLOAT64"),
        ("\"db_after\"", "JSON_TEXT"),
        ("\"labels\"", "JSON_RECORD"),
        ("\"visibility\"", "FIRST_SET"),
        ("\"mood\"", "FIRST_SET"),
    ] {
        assert_has(&module, &format!("case {columns}:\n          return {kind};\n"));
    }
    assert_has(&module, "  sets: [VISIBILITIES],\n");
    assert_has(&module, "  sets: [[\"good\"]],\n");
}

#[test]
fn every_event_type_and_every_stream_has_a_validator() {
    let module = file("typescript/src/validate.ts");
    assert_has(&module, "export function validateTrace(event: unknown, digits?: Digits): readonly Fault[] {\n");
    assert_has(&module, "export function validateDoNotes(event: unknown, digits?: Digits): readonly Fault[] {\n");
    assert_has(&module, "  if (!has(event, \"trace_id\")) faults = unmet(faults, \"trace\", \"trace_id\");\n");
    assert_has(&module, "  if (!has(event, \"actor_id\") && !has(event, \"anonymous_id\")) {\n");
}

#[test]
fn warnings_come_from_open_sets_conventions_and_deprecations() {
    let module = file("typescript/src/warnings.ts");
    assert_has(&module, "    duration_ms: \"the column timestamp\",\n");
    assert_has(&module, "    sourceType: [\"good\"],\n");
    assert_has(&module, "    id: NOUN_VERB,\n");
}

#[test]
fn every_stream_has_a_sender_and_a_binding() {
    let module = file("typescript/src/pipeline.ts");
    assert_has(&module, "export function createSender(\n");
    assert_has(&module, "export function createDoNotesSender(\n");
    assert!(!module.contains("stamp:"), "the stream has no column for the moment");
    let bindings = file("typescript/src/cloudflare.ts");
    assert_has(&bindings, "  NOTES_PIPELINE: PipelineBinding<DoNotesRecord>;\n");
}

#[test]
fn schemas_hold_events_in_memory() {
    let module = file("typescript/src/unified-event-schema.ts");
    assert_has(&module, "  timestamp_ns: z.bigint().nullable(),\n");
    assert_has(&module, "  labels: z.record(z.string(), z.string()).nullable(),\n");
    assert_has(&module, "  event_type: EventTypeSchema,\n");
    assert_has(&module, "export const TOTAL_COLUMNS = 12;\n");
    assert_has(&module, "type UnifiedEventShape = CoreIdentityShape & RestShape;\n");
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
            "typescript/src/limits.ts",
            "typescript/src/values.ts",
            "typescript/src/unified-event-schema.ts",
            "typescript/src/records.ts",
            "typescript/src/tables.ts",
            "typescript/src/validate.ts",
            "typescript/src/warnings.ts",
            "typescript/src/pipeline.ts",
            "typescript/src/cloudflare.ts",
            "typescript/src/bytes.ts",
            "typescript/src/check.ts",
            "typescript/src/claims.ts",
            "typescript/src/clock.ts",
            "typescript/src/convert.ts",
            "typescript/src/delivery.ts",
            "typescript/src/division.ts",
            "typescript/src/faults.ts",
            "typescript/src/formats.ts",
            "typescript/src/hooks.ts",
            "typescript/src/json.ts",
            "typescript/src/options.ts",
            "typescript/src/problems.ts",
            "typescript/src/properties.ts",
            "typescript/src/queue.ts",
            "typescript/src/review.ts",
            "typescript/src/sanitize.ts",
            "typescript/src/sender.ts",
            "typescript/src/signal.ts",
            "typescript/src/size.ts",
            "typescript/src/tally.ts",
            "typescript/src/text.ts",
            "typescript/src/tokens.ts",
        ]
    );
    for file in files.iter().filter(|f| f.path != "typescript/package.json") {
        let text = str::from_utf8(&file.contents).unwrap();
        assert!(text.lines().next().unwrap().contains("@generated"), "{}", file.path);
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{}", file.path);
    }
}
