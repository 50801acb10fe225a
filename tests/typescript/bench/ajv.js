// Ajv's standalone code for the checks of `validate`: all errors, formats by the same functions.

import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Ajv, _ } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { buildSync } from "esbuild";

import { model } from "./events.js";

const SCRATCH = fileURLToPath(new URL("../node_modules/.bench/", import.meta.url));

const PATTERNS = {
  "hex-16": "^[0-9A-Fa-f]{16}$",
  "hex-32": "^[0-9A-Fa-f]{32}$",
  "iso-3166-1-alpha-2": "^[A-Z]{2}$",
};

const TYPES = {
  string: { type: "string" },
  bool: { type: "boolean" },
  int32: { type: "integer", minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  int64: {
    type: "integer",
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
  },
  float64: { type: "number" },
  timestamp: { type: "string", format: "timestamp" },
  binary: { type: "string", format: "base64" },
};

function property({ name, type, format, required, values }, decimals) {
  if (type === "json") return {};
  const schema = { ...TYPES[type] };
  if (decimals.has(name)) schema.format = "decimal";
  if (PATTERNS[format]) schema.pattern = PATTERNS[format];
  if (values?.closed) schema.enum = values.values.map(({ value }) => value);
  if (required) return schema;
  if (schema.enum) schema.enum.push(null);
  return { ...schema, type: [schema.type, "null"] };
}

const SET = { not: { type: "null" } };

/** Returns what an event type requires. */
function requirement({ name, requires }) {
  const anyOf = (columns) => ({
    anyOf: columns.map((column) => ({ required: [column], properties: { [column]: SET } })),
  });
  return {
    if: { properties: { event_type: { const: name } }, required: ["event_type"] },
    then: { allOf: requires.map(anyOf) },
  };
}

function jsonSchema() {
  const [{ columns }] = model.tables;
  const [{ stream }] = model.pipelines;
  const decimals = new Set(columns.filter((c) => c.wire === "decimal-string").map((c) => c.name));
  const computed = columns.filter((column) => column.computed);
  return {
    type: "object",
    additionalProperties: false,
    required: stream.fields.filter(({ required }) => required).map(({ name }) => name),
    properties: Object.fromEntries([
      ...stream.fields.map((field) => [field.name, property(field, decimals)]),
      ...computed.map(({ name }) => [name, { type: "null" }]),
    ]),
    allOf: model.event_types.map(requirement),
  };
}

/** Returns the compiled validator. */
export function ajvStandalone() {
  mkdirSync(SCRATCH, { recursive: true });
  const formats = `
    import { INTEGER_PATTERN, isBase64, isInt64, isTimestamp } from "../unified-event/dist/formats.js";
    export const timestamp = isTimestamp;
    export const base64 = isBase64;
    export const decimal = (text) => INTEGER_PATTERN.test(text) && isInt64(text);
  `;
  const stdin = { contents: formats, resolveDir: SCRATCH };
  buildSync({ stdin, bundle: true, format: "cjs", outfile: `${SCRATCH}formats.cjs` });
  const require = createRequire(SCRATCH);
  const ajv = new Ajv({
    allErrors: true,
    allowUnionTypes: true,
    strictTypes: false,
    strictRequired: false,
    formats: require("./formats.cjs"),
    code: { source: true, formats: _`require("./formats.cjs")` },
  });
  writeFileSync(`${SCRATCH}ajv.cjs`, standalone.default(ajv, ajv.compile(jsonSchema())));
  return require("./ajv.cjs");
}
