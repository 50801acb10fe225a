// A zod schema for the checks of `validate`, written as zod's users write it.

import {
  INTEGER_PATTERN,
  isBase64,
  isInt64,
  isTimestamp,
} from "../node_modules/unified-event/dist/formats.js";
import * as z from "zod";

import { model } from "./events.js";

const FORMATS = {
  "hex-16": () => z.string().regex(/^[0-9A-Fa-f]{16}$/),
  "hex-32": () => z.string().regex(/^[0-9A-Fa-f]{32}$/),
  "iso-3166-1-alpha-2": () => z.string().regex(/^[A-Z]{2}$/),
};

const TYPES = {
  string: () => z.string(),
  bool: () => z.boolean(),
  int32: () => z.int32(),
  int64: () => z.int(),
  float64: () => z.number(),
  timestamp: () => z.string().refine(isTimestamp),
  binary: () => z.string().refine(isBase64),
  json: () => z.unknown(),
};

/** Returns the schema. */
export function zodSchema() {
  const [{ columns }] = model.tables;
  const [{ stream }] = model.pipelines;
  const decimals = new Set(columns.filter((c) => c.wire === "decimal-string").map((c) => c.name));
  const decimal = () => z.string().refine((text) => INTEGER_PATTERN.test(text) && isInt64(text));
  const column = ({ name, type, format, required, values }) => {
    let schema = (FORMATS[format] ?? TYPES[type])();
    if (decimals.has(name)) schema = decimal();
    if (values?.closed) schema = z.enum(values.values.map(({ value }) => value));
    return [name, required ? schema : schema.nullish()];
  };
  const computed = columns.filter((c) => c.computed).map((c) => [c.name, z.null().optional()]);
  const shape = Object.fromEntries([...stream.fields.map(column), ...computed]);
  const requires = new Map(model.event_types.map((type) => [type.name, type.requires]));
  return z.strictObject(shape).superRefine((event, context) => {
    for (const choice of requires.get(event.event_type) ?? []) {
      if (choice.some((name) => event[name] != null)) continue;
      context.addIssue({ code: "custom", path: choice.slice(0, 1), message: "required" });
    }
  });
}
