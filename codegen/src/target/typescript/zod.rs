//! `src/unified-event-schema.ts`: zod schemas for events in memory, in place of hand-written ones.

use unified_event_schema::{Column, ColumnType, EventType, Group, Memory, Schema, Wire};

use super::surface::{self, EVENT_TYPE_COLUMN};
use super::text;
use super::tsdoc::Tsdoc;

/// Returns the module.
pub(super) fn emit(schema: &Schema) -> String {
    let mut out = HEAD.to_owned();
    for group in &schema.groups {
        out.push_str(&group_schema(schema, group));
        out.push('\n');
    }
    out.push_str(&group_schemas(schema));
    out.push_str(&format!(
        "\n/** How many columns the schemas of all groups have together. */\nexport const TOTAL_COLUMNS = {};\n\n",
        schema.counts.stored
    ));
    out.push_str(&merged(schema));
    out.push('\n');
    let event_types: Vec<String> = schema.event_types.iter().map(event_schema).collect();
    out.push_str(&event_types.join("\n"));
    out.push_str(FUNCTIONS);
    out
}

const HEAD: &str = r#"import * as z from "zod";

import type { EventType } from "./unified-event.js";
import { EVENT_TYPES, EVENT_TYPE_REQUIREMENTS } from "./values.js";

export { EVENT_TYPES } from "./values.js";

/** One of the event types, the only closed set of values that these schemas check. */
export const EventTypeSchema: z.ZodEnum<{ [Type in EventType]: Type }> =
  /* @__PURE__ */ z.enum(EVENT_TYPES);

/** What `EventTypeSchema` returns. */
export type EventTypeSchemaType = z.infer<typeof EventTypeSchema>;

"#;

/// Returns the schema of one group and its types.
fn group_schema(schema: &Schema, group: &Group) -> String {
    let (mut types, mut values) = (String::new(), Vec::new());
    for column in group.columns.iter().filter_map(|name| schema.column(name)) {
        let (ty, value) = column_schema(column);
        types.push_str(&format!("  {}: {ty};\n", column.name));
        // JSON Schemas that are made of the module say it too.
        let meta = if column.deprecated.is_some() { ".meta({ deprecated: true })" } else { "" };
        values.push(format!("{}: {value}{meta},\n", column.name));
    }
    let (name, doc) = (&group.name, Tsdoc::new(&group.doc).write(0));
    let declaration = format!("export const {name}Schema: z.ZodObject<{name}Shape> =");
    let call = "/* @__PURE__ */ z.object({";
    // The longest names leave no room for the call behind them.
    let (start, margin) = if declaration.len() + 1 + call.len() <= text::WIDTH { (" ", "") } else { ("\n  ", "  ") };
    let values: String = values.iter().map(|value| format!("{margin}  {value}")).collect();
    format!(
        "type {name}Shape = {{\n{types}}};\n\n\
         {doc}{declaration}{start}{call}\n{values}{margin}}});\n\n\
         /** What `{name}Schema` returns. */\n\
         export type {name}SchemaType = z.infer<typeof {name}Schema>;\n"
    )
}

/// Returns the type and the value of a column's schema.
fn column_schema(column: &Column) -> (String, String) {
    let (ty, value) = match (column.ty, column.wire, column.memory) {
        _ if column.name == EVENT_TYPE_COLUMN => ("typeof EventTypeSchema", "EventTypeSchema"),
        (ColumnType::Int64, Wire::DecimalString, _) => ("z.ZodBigInt", "z.bigint()"),
        (ColumnType::Int32 | ColumnType::Int64 | ColumnType::Float64, _, _) => ("z.ZodNumber", "z.number()"),
        (ColumnType::Bool, _, _) => ("z.ZodBoolean", "z.boolean()"),
        (ColumnType::Json, _, Memory::StringMap) => {
            ("z.ZodRecord<z.ZodString, z.ZodString>", "z.record(z.string(), z.string())")
        }
        (ColumnType::Json, _, Memory::Object) => {
            ("z.ZodRecord<z.ZodString, z.ZodUnknown>", "z.record(z.string(), z.unknown())")
        }
        (ColumnType::String, ..) if column.non_empty => ("z.ZodString", "z.string().min(1)"),
        (ColumnType::String | ColumnType::Timestamp | ColumnType::Json | ColumnType::Binary, _, _) => {
            ("z.ZodString", "z.string()")
        }
    };
    if column.required {
        (ty.to_owned(), value.to_owned())
    } else {
        (format!("z.ZodNullable<{ty}>"), format!("{value}.nullable()"))
    }
}

fn group_schemas(schema: &Schema) -> String {
    let entries = |value: fn(&str) -> String| {
        schema.groups.iter().map(|group| format!("  {}: {}", group.name, value(&group.name))).collect::<Vec<_>>()
    };
    format!(
        "/** The schemas of all groups, by the group's name. */\n\
         export const SEMANTIC_GROUP_SCHEMAS: {{\n{};\n}} = {{\n{},\n}};\n",
        entries(|name| format!("typeof {name}Schema")).join(";\n"),
        entries(|name| format!("{name}Schema")).join(",\n"),
    )
}

/// Returns the schemas of whole events.
fn merged(schema: &Schema) -> String {
    let shapes: Vec<String> = schema.groups.iter().map(|group| format!("{}Shape", group.name)).collect();
    let spreads: String = schema.groups.iter().map(|group| format!("  ...{}Schema.shape,\n", group.name)).collect();
    let core: Vec<String> = schema
        .events_table()
        .columns
        .iter()
        .filter(|column| column.required)
        .map(|column| format!("  {}: {},\n", column.name, column_schema(column).1))
        .collect();
    let core_types = schema.events_table().columns.iter().filter(|column| column.required);
    let core_types: String = core_types.map(|c| format!("  {}: {};\n", c.name, column_schema(c).0)).collect();
    format!(
        "{}\n\
         /** An event with all columns; keys that are no columns are stripped. */\n\
         export const UnifiedEventSchema: z.ZodObject<UnifiedEventShape> = /* @__PURE__ */ z.object({{\n{spreads}}});\n\n\
         /** What `UnifiedEventSchema` returns. */\n\
         export type ValidatedUnifiedEvent = z.infer<typeof UnifiedEventSchema>;\n\n\
         /** An event with all columns; keys that are no columns are refused. */\n\
         export const UnifiedEventStrictSchema: z.ZodObject<UnifiedEventShape, z.core.$strict> =\n  \
           /* @__PURE__ */ UnifiedEventSchema.strict();\n\n\
         type CoreShape = {{\n{core_types}}};\n\n\
         /** An event whose core columns are checked; all else passes through as it is. */\n\
         export const UnifiedEventLazySchema: z.ZodObject<CoreShape, z.core.$loose> =\n  \
           /* @__PURE__ */ z.looseObject({{\n{}}});\n\n\
         /** What `UnifiedEventLazySchema` returns. */\n\
         export type ValidatedUnifiedEventLazy = z.infer<typeof UnifiedEventLazySchema>;\n",
        text::intersection("type UnifiedEventShape", &shapes),
        core.iter().map(|line| format!("  {line}")).collect::<String>() + "  ",
    )
}

/// Returns the schema of events of one type.
fn event_schema(event_type: &EventType) -> String {
    let name = surface::event_name(event_type);
    let doc = Tsdoc::new(&format!(
        "An event that must set what its type requires if it is of type `{}`; events of other types pass.",
        event_type.name
    ));
    format!(
        "{}export const {name}Schema: typeof UnifiedEventSchema = /* @__PURE__ */ requiring({});\n",
        doc.write(0),
        text::quote(&event_type.name)
    )
}

const FUNCTIONS: &str = r#"
/** Returns the schema of events that must set what a type requires if they are of it. */
function requiring(type: EventType): typeof UnifiedEventSchema {
  return UnifiedEventSchema.superRefine((event, context) => {
    if (event.event_type !== type) return;
    for (const columns of EVENT_TYPE_REQUIREMENTS[type]) {
      if (columns.some((column) => event[column] !== null)) continue;
      const message = `Events of type ${type} must set ${columns.join(" or ")}`;
      context.addIssue({ code: "custom", path: columns.slice(0, 1), message });
    }
  });
}

/**
 * Returns an event with all columns, without keys that are no columns.
 *
 * @throws `ZodError` when the event does not have the shape.
 */
export function validateUnifiedEvent(event: unknown): ValidatedUnifiedEvent {
  return UnifiedEventSchema.parse(event);
}

/**
 * Returns an event whose core columns have the right shape, with all else as it is.
 *
 * @throws `ZodError` when the core columns do not have the shape.
 */
export function validateUnifiedEventLazy(event: unknown): ValidatedUnifiedEventLazy {
  return UnifiedEventLazySchema.parse(event);
}

/** Does what `validateUnifiedEvent` does, but returns the error instead of throwing it. */
export function safeValidateUnifiedEvent(
  event: unknown,
): z.ZodSafeParseResult<ValidatedUnifiedEvent> {
  return UnifiedEventSchema.safeParse(event);
}

/** Does what `validateUnifiedEventLazy` does, but returns the error instead of throwing it. */
export function safeValidateUnifiedEventLazy(
  event: unknown,
): z.ZodSafeParseResult<ValidatedUnifiedEventLazy> {
  return UnifiedEventLazySchema.safeParse(event);
}

/** What became of the events of a batch: those that are valid, and the errors of the others. */
export type BatchValidation<Event> = {
  valid: Event[];
  errors: { index: number; error: z.ZodError }[];
};

/** Validates each event of a batch as `validateUnifiedEvent` does. */
export function validateEventBatch(
  events: readonly unknown[],
): BatchValidation<ValidatedUnifiedEvent> {
  return validateEach(events, UnifiedEventSchema);
}

/** Validates each event of a batch as `validateUnifiedEventLazy` does. */
export function validateEventBatchLazy(
  events: readonly unknown[],
): BatchValidation<ValidatedUnifiedEventLazy> {
  return validateEach(events, UnifiedEventLazySchema);
}

function validateEach<Schema extends z.ZodType>(
  events: readonly unknown[],
  schema: Schema,
): BatchValidation<z.output<Schema>> {
  const batch: BatchValidation<z.output<Schema>> = { valid: [], errors: [] };
  events.forEach((event, index) => {
    const result = schema.safeParse(event);
    if (result.success) batch.valid.push(result.data);
    else batch.errors.push({ index, error: result.error });
  });
  return batch;
}

/** Returns one line for people: `path: message` for each issue. */
export function formatValidationError(error: z.ZodError): string {
  const line = ({ path, message }: z.core.$ZodIssue) =>
    path.length > 0 ? `${dotted(path)}: ${message}` : message;
  return error.issues.map(line).join("; ");
}

/** Returns the paths of all fields with an issue, each once. */
export function getInvalidFields(error: z.ZodError): string[] {
  const paths = error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => [...issue.path, key])
      : [issue.path],
  );
  return [...new Set(paths.filter((path) => path.length > 0).map(dotted))];
}

function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join(".");
}
"#;
