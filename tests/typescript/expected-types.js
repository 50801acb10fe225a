// Writes types/columns.generated.ts: the type that every column must have in memory, group by group.
//
// The rules below are a second opinion. They are those of the event model, and not of the generator
// that they check; only the list of columns comes from the definition.

import { readFileSync, writeFileSync } from "node:fs";

const TYPES = {
  string: "string",
  bool: "boolean",
  int32: "number",
  int64: "number",
  float64: "number",
  timestamp: "string",
  binary: "string",
  json: "Record<string, unknown>",
};

function typeOf({ name, type, wire, memory }) {
  if (name === "event_type") return "unified.EventType";
  if (wire === "decimal-string") return "bigint";
  if (memory === "text") return "string";
  if (memory === "string-map") return "Record<string, string>";
  if (TYPES[type] === undefined) throw new Error(`no TypeScript type is expected for ${type}`);
  return TYPES[type];
}

function property(column) {
  return `  ${column.name}: ${typeOf(column)}${column.required ? "" : " | null"};\n`;
}

const url = (path) => new URL(path, import.meta.url);
const { groups, tables } = JSON.parse(readFileSync(url("../../generated/model.json"), "utf8"));
const columns = new Map(tables[0].columns.map((column) => [column.name, column]));
const expectations = groups.map((group) => {
  const properties = group.columns.map((name) => property(columns.get(name))).join("");
  return `expectTypeOf<unified.${group.name}>().toEqualTypeOf<{\n${properties}}>();\n`;
});
const all = groups.map(({ name }) => `unified.${name}`).join(" & ");

writeFileSync(
  url("types/columns.generated.ts"),
  `// Written by expected-types.js. Compiled, not run.

import { expectTypeOf } from "expect-type";
import type * as unified from "unified-event";

${expectations.join("\n")}
expectTypeOf<unified.UnifiedEvent>().toEqualTypeOf<${all}>();
`,
);
