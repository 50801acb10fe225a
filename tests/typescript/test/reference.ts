// All columns with the loose types of the hand-written schema, in order. The rules are a second
// opinion, never derived from what they are compared with; the list of columns is the definition's.

import { type ModelColumn, model } from "./files.js";

const LOOSE_TYPES: Record<string, string> = {
  string: "string",
  bool: "boolean",
  int32: "number",
  int64: "number",
  float64: "number",
  timestamp: "timestamp",
  json: "json",
  binary: "bytes",
};

export const REFERENCE_COLUMNS = columns().map(({ name, type, wire }) => {
  // Beyond 2^53 a number is not exact.
  return { name, type: wire === "decimal-string" ? "bigint" : LOOSE_TYPES[type] };
});

/** Returns the columns of the wide table, by id. */
function columns(): ModelColumn[] {
  const [table] = model().tables;
  return [...(table?.columns ?? [])].sort((a, b) => a.id - b.id);
}
