//! `src/validate.ts`: one validator for each event type and for each stream.

use unified_event_schema::{EventType, Pipeline, Schema, naming};

use super::surface::EVENT_TYPE_COLUMN;
use super::tsdoc::Tsdoc;
use super::{streams, tables, text};

const TEXTS: &str = r"/**
 * Returns the faults of an event as JSON text, those too that are lost when the text is parsed: keys
 * that appear twice, numbers that JavaScript rounds, halves of surrogate pairs.
 *
 * @param text - one JSON object
 * @param validator - what checks the event; {@link validate} if absent
 */
export function validateText(text: string, validator: Validator = validate): readonly Fault[] {
  return checkText(text, validator);
}

/**
 * Returns the faults of an event as UTF-8 bytes, as {@link validateText} does.
 *
 * @param bytes - one JSON object
 * @param validator - what checks the event; {@link validate} if absent
 */
export function validateBytes(
  bytes: Uint8Array,
  validator: Validator = validate,
): readonly Fault[] {
  return checkBytes(bytes, validator);
}

";

/// Returns the name of the validator of one event type, such as `validateTrace`.
pub(super) fn validator_name(event_type: &EventType) -> String {
    format!("validate{}", naming::pascal_case(&event_type.name))
}

/// Returns the name of the function that checks what an event type requires.
fn requirement_name(event_type: &EventType) -> String {
    format!("require{}", naming::pascal_case(&event_type.name))
}

/// Returns the module.
pub(super) fn emit(schema: &Schema) -> String {
    let constants: Vec<String> = schema.pipelines.iter().map(tables::const_name).collect();
    let checks = ["type Columns", "type Digits", "check", "has", "isObject", "unmet"].map(str::to_owned);
    let mut out = text::import("", "./check.js", &checks);
    out.push_str(&text::import("", "./faults.js", &["type Fault", "NO_FAULTS"].map(str::to_owned)));
    out.push_str(&text::import("type ", "./records.js", &["UnifiedEventRecord".to_owned()]));
    out.push_str(&text::import("", "./tables.js", &constants));
    out.push_str(&text::import("", "./text.js", &["type Validator", "checkBytes", "checkText"].map(str::to_owned)));
    out.push_str("\nexport type { Digits } from \"./check.js\";\n");
    out.push_str("export { type Fault, type FaultCode, formatFault } from \"./faults.js\";\n");
    out.push_str("export type { Validator } from \"./text.js\";\n");
    out.push_str("export * from \"./warnings.js\";\n\n");
    for pipeline in &schema.pipelines {
        out.push_str(&if streams::is_wide(schema, pipeline) { wide(schema, pipeline) } else { narrow(pipeline) });
        out.push('\n');
    }
    out.push_str(TEXTS);
    out.push_str("type Faults = Fault[] | undefined;\n\n");
    let of_types = schema.event_types.iter().map(requirement);
    out.push_str(&of_types.collect::<Vec<_>>().join("\n"));
    if let Some(wide) = schema.pipelines.iter().find(|pipeline| streams::is_wide(schema, pipeline)) {
        out.push_str(&TYPE_CHECK.replace("TABLE", &tables::const_name(wide)));
    }
    out
}

const TYPE_CHECK: &str = r#"
/** Returns the faults of an event that must be of one type. */
function checkType(
  event: unknown,
  digits: Digits | undefined,
  type: string,
  requirement: (event: Columns, faults: Faults) => Faults,
): readonly Fault[] {
  const faults = check(TABLE, event, digits);
  if (!isObject(event)) return faults ?? NO_FAULTS;
  if (event["event_type"] === type) return requirement(event, faults) ?? NO_FAULTS;
  // Without a type, or with an unknown one, the event has its fault already.
  if (typeof event["event_type"] === "string" && !faults?.some((f) => f.path[0] === "event_type")) {
    const received = JSON.stringify(event["event_type"]);
    const code = "value-not-allowed";
    return [...(faults ?? []), { code, path: ["event_type"], expected: type, received }];
  }
  return faults ?? NO_FAULTS;
}
"#;

/// Returns the validators of the wide stream's events: of any type, and of each one.
fn wide(schema: &Schema, pipeline: &Pipeline) -> String {
    let table = tables::const_name(pipeline);
    let stream = &pipeline.stream.name;
    let doc = Tsdoc::new(&format!(
        "Returns all faults of an event of any type, in the form in which it is sent to `{stream}`; none is an empty list."
    ))
    .paragraph("Of numbers it sees what JavaScript kept of them: `validateText` sees their digits and keys that repeat.")
    .tag("param", "event - what a JSON parser returns, or what is about to be sent")
    .tag("param", "digits - the digits of its numbers, where it was read from text");
    let mut out = doc.write(0);
    out.push_str("export function validate(event: unknown, digits?: Digits): readonly Fault[] {\n");
    out.push_str(&format!("  const faults = check({table}, event, digits);\n"));
    out.push_str("  if (!isObject(event)) return faults ?? NO_FAULTS;\n");
    out.push_str(&format!("  switch (event[{}]) {{\n", text::quote(EVENT_TYPE_COLUMN)));
    for event_type in schema.event_types.iter().filter(|t| !t.requires.is_empty()) {
        out.push_str(&format!(
            "    case {}:\n      return {}(event, faults) ?? NO_FAULTS;\n",
            text::quote(&event_type.name),
            requirement_name(event_type)
        ));
    }
    out.push_str("    default:\n      return faults ?? NO_FAULTS;\n  }\n}\n\n");
    out.push_str("/** Says whether an event has no faults that {@link validate} looks for. */\n");
    out.push_str("export function isValid(event: unknown): event is UnifiedEventRecord {\n");
    out.push_str("  return validate(event).length === 0;\n}\n");
    for event_type in &schema.event_types {
        let doc = Tsdoc::new(&format!(
            "Returns all faults of an event that must be of type `{}`; none is an empty list.",
            event_type.name
        ));
        out.push_str(&format!(
            "\n{}export function {}(event: unknown, digits?: Digits): readonly Fault[] {{\n  \
             return checkType(event, digits, {}, {});\n}}\n",
            doc.write(0),
            validator_name(event_type),
            text::quote(&event_type.name),
            requirement_name(event_type),
        ));
    }
    out
}

/// Returns the validator of another stream's events.
fn narrow(pipeline: &Pipeline) -> String {
    let doc = Tsdoc::new(&format!(
        "Returns all faults of an event in the form in which it is sent to `{}`; none is an empty list.",
        pipeline.stream.name
    ));
    format!(
        "{}export function validate{}(event: unknown, digits?: Digits): readonly Fault[] {{\n  \
         return check({}, event, digits) ?? NO_FAULTS;\n}}\n",
        doc.write(0),
        streams::type_stem(pipeline),
        tables::const_name(pipeline),
    )
}

/// Returns the function that reports what an event of one type lacks.
fn requirement(event_type: &EventType) -> String {
    let name = text::quote(&event_type.name);
    let mut out = format!("function {}(event: Columns, faults: Faults): Faults {{\n", requirement_name(event_type));
    if event_type.requires.is_empty() {
        // The compiler is told, as it is of parameters that are used.
        out = out.replace("(event:", "(_event:");
    }
    for requirement in &event_type.requires {
        let columns: Vec<String> = requirement.any_of.iter().map(|c| text::quote(c)).collect();
        let absent: Vec<String> = columns.iter().map(|c| format!("!has(event, {c})")).collect();
        let condition = absent.join(" && ");
        let call = format!("faults = unmet(faults, {name}, {});", columns.join(", "));
        let line = format!("  if ({condition}) {call}\n");
        if line.chars().count() <= text::WIDTH + 1 {
            out.push_str(&line);
        } else {
            out.push_str(&format!("  if ({condition}) {{\n    {call}\n  }}\n"));
        }
    }
    out.push_str("  return faults;\n}\n");
    out
}
