//! `src/pipeline.ts` and `src/cloudflare.ts`: from events in memory to the streams of the platform.

use unified_event_schema::{ColumnType, Pipeline, Schema};

use super::tsdoc::Tsdoc;
use super::{streams, tables, text};

/// The column that says when an event was taken in. Senders stamp it, because the platform's own
/// clock in a pipeline stands still from its start on.
const STAMP: &str = "ingested_at";

/// Returns the module with the functions that make and send records.
pub(super) fn emit(schema: &Schema) -> String {
    let per_pipeline = |name: fn(&Schema, &Pipeline) -> String| {
        schema.pipelines.iter().map(|pipeline| name(schema, pipeline)).collect::<Vec<_>>()
    };
    let mut types = per_pipeline(streams::input_type);
    types.extend(per_pipeline(streams::record_type));
    let convert = [
        "type Conversion",
        "type ConvertOptions",
        "type RecordResult",
        "type TextResult",
        "convert",
        "convertToText",
        "recordOrThrow",
        "textOrThrow",
    ];
    let sender = ["type Sender", "createRecordSender"];
    let validators: Vec<String> = schema.pipelines.iter().map(|p| validator(schema, p)).collect();
    let constants: Vec<String> = schema.pipelines.iter().map(tables::const_name).collect();
    let mut out = text::import("", "./convert.js", &convert.map(str::to_owned));
    out.push_str(&text::import("type ", "./delivery.js", &["PipelineBinding".to_owned()]));
    out.push_str(&text::import("type ", "./options.js", &["SenderOptions".to_owned()]));
    out.push_str(&text::import("type ", "./records.js", &types));
    out.push_str(&text::import("", "./sender.js", &sender.map(str::to_owned)));
    out.push_str(&text::import("", "./tables.js", &constants));
    out.push_str(&text::import("", "./validate.js", &validators));
    out.push_str(EXPORTS);
    let pipelines: Vec<String> = schema.pipelines.iter().map(|pipeline| functions(schema, pipeline)).collect();
    out.push_str(&pipelines.join("\n"));
    out
}

const EXPORTS: &str = r#"
export {
  type ConvertOptions,
  EventFaultsError,
  type RecordResult,
  type TextResult,
} from "./convert.js";
export type { PipelineBinding, SenderTiming } from "./delivery.js";
export { type Fault, type FaultCode, formatFault } from "./faults.js";
export type { JsonValue } from "./json.js";
export {
  type DeadLetterCode,
  type RejectCode,
  type SenderOptions,
  SenderOptionsError,
} from "./options.js";
export type * from "./records.js";
export { sanitize } from "./sanitize.js";
export type { Sender } from "./sender.js";
export type { CancelSignal, WaitOptions } from "./signal.js";
export { HookError, SenderError, type SendSummary } from "./tally.js";

"#;

fn validator(schema: &Schema, pipeline: &Pipeline) -> String {
    format!("validate{}", streams::suffix(schema, pipeline))
}

/// Returns the functions for one stream.
fn functions(schema: &Schema, pipeline: &Pipeline) -> String {
    let (record, input) = (streams::record_type(schema, pipeline), streams::input_type(schema, pipeline));
    let suffix = streams::suffix(schema, pipeline);
    // The name for the wide table is part of the package's contract.
    let to_record = if suffix.is_empty() { "PipelineRecord".to_owned() } else { format!("{suffix}Record") };
    let constant = format!("{}_CONVERSION", tables::const_name(pipeline));
    let stream = &pipeline.stream.name;
    let stamped = pipeline.stream.field(STAMP).is_some_and(|field| field.ty == ColumnType::Timestamp);
    let stamp = if stamped { format!("  stamp: {},\n", text::quote(STAMP)) } else { String::new() };
    let rules = "Bigints become decimal text or numbers, dates RFC 3339 text, bytes base64 text, JSON text the value it \
                 holds; null is dropped.";
    let stamp_rule = if stamped { format!(" `{STAMP}` is set unless the event sets it.") } else { String::new() };
    let to_doc = Tsdoc::new(&format!("Returns the record for the stream `{stream}` that an event in memory makes."))
        .paragraph(&format!("{rules}{stamp_rule} The event is not changed."))
        .tag("throws", "`EventFaultsError` with all faults, when the stream would not keep the record whole.");
    let safe_doc =
        Tsdoc::new(&format!("Returns the record for the stream `{stream}`, or all faults; it never throws."));
    let sender_doc = Tsdoc::new(&format!(
        "Returns a sender for the stream `{stream}`. Every event that is given to it is sent, or handed to `onReject` or \
         `onDeadLetter`."
    ))
    .paragraph("Delivery is at least once: a request that fails is repeated, so that the same event can arrive twice.")
    .tag("param", &format!("binding - the stream's binding, `env.{}`", pipeline.binding));
    let constant_text = format!(
        "const {constant}: Conversion = {{\n  table: {},\n  validator: {},\n{stamp}}};\n",
        tables::const_name(pipeline),
        validator(schema, pipeline)
    );
    let event = [format!("event: {input}"), "options?: ConvertOptions".to_owned()];
    let sender = [format!("binding: PipelineBinding<{record}>"), format!("options: SenderOptions<{input}>")];
    let to = text::signature(&format!("export function to{to_record}"), &event, &format!(": {record} {{"));
    let safe_tail = format!(": RecordResult<{record}> {{");
    let safe = text::signature(&format!("export function safeTo{to_record}"), &event, &safe_tail);
    let text_name = if suffix.is_empty() { "PipelineText".to_owned() } else { format!("{suffix}Text") };
    let text_doc = Tsdoc::new(&format!(
        "Returns the record for the stream `{stream}` as JSON text on one line: for its HTTP endpoint and for NDJSON."
    ))
    .paragraph("JSON text in the event stays the text that it is, with digits that no number of JavaScript keeps.")
    .tag("throws", "`EventFaultsError` with all faults, when the stream would not keep the record whole.");
    let safe_text_doc =
        Tsdoc::new(&format!("Returns the text for the stream `{stream}`, or all faults; it never throws."));
    let to_text_head = text::signature(&format!("export function to{text_name}"), &event, ": string {");
    let safe_text = text::signature(&format!("export function safeTo{text_name}"), &event, ": TextResult {");
    let sender_tail = format!(": Sender<{input}> {{");
    let create = text::signature(&format!("export function create{suffix}Sender"), &sender, &sender_tail);
    format!(
        "{constant_text}\n\
         {}{to}  return recordOrThrow(safeTo{to_record}(event, options));\n}}\n\n\
         {}{safe}  return convert({constant}, event, options);\n}}\n\n\
         {}{to_text_head}  return textOrThrow(safeTo{text_name}(event, options));\n}}\n\n\
         {}{safe_text}  return convertToText({constant}, event, options);\n}}\n\n\
         {}{create}  return createRecordSender(binding, safeTo{to_record}, options);\n}}\n",
        to_doc.write(0),
        safe_doc.write(0),
        text_doc.write(0),
        safe_text_doc.write(0),
        sender_doc.write(0),
    )
}

/// Returns the module with the types of the bindings.
pub(super) fn emit_bindings(schema: &Schema) -> String {
    let records: Vec<String> = schema.pipelines.iter().map(|p| streams::record_type(schema, p)).collect();
    let mut out = text::import("type ", "./delivery.js", &["PipelineBinding".to_owned()]);
    out.push_str(&text::import("type ", "./records.js", &records));
    out.push_str("\nexport type { PipelineBinding } from \"./delivery.js\";\n\n");
    let doc =
        Tsdoc::new("The bindings of all streams, by the names that the generated Worker configuration gives them.");
    out.push_str(&format!("{}export type PipelineBindings = {{\n", doc.write(0)));
    for (i, pipeline) in schema.pipelines.iter().enumerate() {
        out.push_str(if i > 0 { "\n" } else { "" });
        out.push_str(&Tsdoc::new(&pipeline.doc).write(2));
        let record = streams::record_type(schema, pipeline);
        out.push_str(&format!("  {}: PipelineBinding<{record}>;\n", text::key(&pipeline.binding)));
    }
    out.push_str("};\n\n");
    out.push_str(WITH_PIPELINES);
    out
}

const WITH_PIPELINES: &str = r"/**
 * An environment whose bindings to streams know their records.
 *
 * Without a login, `wrangler types` gives all streams the same loose type.
 *
 * @example
 * ```ts
 * export default {
 *   async fetch(request, env, ctx) {
 *     // …
 *   },
 * } satisfies ExportedHandler<WithPipelines<Env>>;
 * ```
 */
export type WithPipelines<Env> = Omit<Env, keyof PipelineBindings> &
  Pick<PipelineBindings, keyof PipelineBindings & keyof Env>;
";
