//! `UNIFIED_COLUMNS` and `createUnifiedEvent`.

use unified_event_schema::Schema;

use super::surface;
use super::text;

const COLUMN_TYPES: &str = r#"/**
 * The loose types of columns, those of the hand-written schema that this package replaces.
 *
 * The exact type of a column is in the doc comment of its property.
 */
export type ColumnType =
  "string" | "number" | "boolean" | "bigint" | "timestamp" | "json" | "bytes";

/** What is known of a column at run time. */
export type ColumnDefinition = {
  /** The name of the column. */
  readonly name: string;

  /** The loose type of the column. */
  readonly type: ColumnType;

  /** Whether the column may be null. */
  readonly nullable: boolean;

  /** Whether a partition spec of the table uses the column. */
  readonly partition: boolean;
};

"#;

// One list under two types. The names of a tuple are literals, so that a set of them refuses any
// other text; a list of definitions takes what users ask it for.
const LISTS: &str = "
/**
 * All columns of a stored event, in the order of the table, each with its name as a literal type.
 *
 * It is the list {@link UNIFIED_COLUMNS} for the compiler: `(typeof UNIFIED_COLUMN_TUPLE)[number][\"name\"]`
 * is the union of all names.
 */
export const UNIFIED_COLUMN_TUPLE: typeof COLUMNS = /* @__PURE__ */ frozen(COLUMNS);

/** All columns of a stored event, in the order of the table. The list and its entries are frozen. */
export const UNIFIED_COLUMNS: readonly ColumnDefinition[] = UNIFIED_COLUMN_TUPLE;

/** Returns a list whose entries nobody can change, whatever their code is compiled from. */
function frozen<List extends readonly ColumnDefinition[]>(columns: List): List {
  columns.forEach(Object.freeze);
  Object.freeze(columns);
  return columns;
}

";

const CREATE: &str = r"/**
 * Returns an event with all columns: those of `partial` as given, all others null.
 *
 * A column that is given as `undefined` becomes null. Values are not checked at run time, and keys
 * that are no columns are kept, for validators to report.
 *
 * @param partial - the columns to set, among them the required ones
 */
export function createUnifiedEvent(partial: UnifiedEventInit): UnifiedEvent {
  const event: Record<string, unknown> = { ...EMPTY_EVENT, ...partial };
  for (const column of Object.keys(partial)) {
    if (event[column] === undefined) event[column] = null;
  }
  return event as UnifiedEvent;
}
";

/// Returns the types and values.
pub(super) fn emit(schema: &Schema) -> String {
    let table = schema.events_table();
    let mut out = COLUMN_TYPES.to_owned();
    out.push_str("const COLUMNS = [\n");
    for column in &table.columns {
        out.push_str(&format!(
            "  {{ name: {}, type: {}, nullable: {}, partition: {} }},\n",
            text::quote(&column.name),
            text::quote(surface::reference_type(column)),
            !column.required,
            table.is_partition_column(&column.name),
        ));
    }
    out.push_str("] as const;\n");
    out.push_str(LISTS);
    out.push_str(&init_type(schema));
    // Spreading a literal of the full shape gives every event the same hidden class: building one
    // takes well under a microsecond, a loop over the names ten times as long.
    out.push_str("\n/** An event before any column is set: it gives all events one shape. */\n");
    out.push_str("const EMPTY_EVENT: { readonly [Column in keyof UnifiedEvent]: null } = {\n");
    for column in &table.columns {
        out.push_str(&format!("  {}: null,\n", column.name));
    }
    out.push_str("};\n\n");
    out.push_str(CREATE);
    out
}

/// Returns the type of what `createUnifiedEvent` takes.
fn init_type(schema: &Schema) -> String {
    let required = schema.events_table().columns.iter().filter(|c| c.required);
    let required: Vec<String> = required.map(|c| text::quote(&c.name)).collect();
    let picked = format!("Pick<UnifiedEvent, {}>", required.join(" | "));
    format!(
        "/** The columns from which {{@link createUnifiedEvent}} makes an event. */\n\
         export type UnifiedEventInit = {picked} & {{\n  \
           [Column in keyof UnifiedEvent]?: UnifiedEvent[Column] | undefined;\n\
         }};\n"
    )
}
