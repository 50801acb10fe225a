// Random events against an oracle that was written for the tests.

import { describe, expect, it } from "vitest";
import * as validators from "unified-event/validate";
import { type Validator, validate } from "unified-event/validate";

import { type ModelField, model } from "./files.js";
import { faultOf } from "./oracle.js";
import { type Random, seeded } from "./random.js";

const { pipelines, tables, event_types } = model();

const VALIDATORS: Record<string, Validator> = {
  unified_events: validate,
  do_events: validators.validateDoEvents,
  do_things: validators.validateDoThings,
  do_actions: validators.validateDoActions,
  do_state: validators.validateDoState,
};

const DECIMALS = new Set(
  tables[0]?.columns.filter(({ wire }) => wire === "decimal-string").map(({ name }) => name),
);

/** Values of every kind, those at the edges of the types among them. */
const VALUES: readonly unknown[] = [
  ...[undefined, null, true, false, 0, -0, 1, -1, 1.5, 200, NaN, Infinity, -Infinity],
  ...[2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 1e21],
  ...[1e308, 5e-324, 1n, "", "a", "0", "-0", "1", "-1", "1.5", "1e3", "+1", " 1", "١"],
  ...["9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809"],
  ...[
    "000000000000000000000000000001",
    "-",
    "trace",
    "Trace",
    "user",
    "good",
    "do",
    "NL",
    "nl",
    "NLD",
  ],
  ...["00f067aa0ba902b7", "00F067AA0BA902B7", "00f067aa0ba902bg", "00f067aa0ba902b7\n"],
  ...[
    "4bf92f3577b34da6a3ce929d0e0e4736",
    "4bf92f3577b34da6a3ce929d0e0e473",
    "\ud800",
    "\udc00x",
    "😀",
  ],
  ...["2026-01-15T14:30:00Z", "2026-01-15t14:30:00.123456789z", "2026-01-15T14:30:00+23:59"],
  ...[
    "2026-01-15T14:30:00",
    "2026-01-15 14:30:00Z",
    "2026-1-15T14:30:00Z",
    "2026-01-15T14:30:00+24:00",
  ],
  ...[
    "2024-02-29T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2000-02-29T00:00:00Z",
  ],
  ...[
    "2026-04-31T00:00:00Z",
    "2026-12-31T23:59:60Z",
    "2026-12-31T24:00:00Z",
    "2026-00-10T00:00:00Z",
  ],
  ...["0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01"],
  ...["9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-00:01", "10000-01-01T00:00:00Z"],
  ...["2026-01-15T14:30:00.Z", "2026-01-15T14:30:00,5Z", "2026-01-15T14:30:00Z\n", "2026-01-15"],
  ...["AAAA", "AAA=", "AA==", "A===", "AAB=", "AB==", "AAAAA", "AA-_", "====", "AAAA\n", "QQ=="],
  ...[{}, [], [1], { a: 1 }, () => 1, Symbol("s")],
];

/** Returns a random entry: mostly of the right type, sometimes anything. */
function value(random: Random, field: ModelField): unknown {
  if (random.oneIn(12)) return random.pick(VALUES);
  if (field.values && random.oneIn(2)) return random.pick(field.values.values).value;
  const fitting = VALUES.filter((v) => faultOf(field, DECIMALS.has(field.name), v) === undefined);
  return fitting.length > 0 ? random.pick(fitting) : random.pick(field.values?.values ?? []).value;
}

/** Returns the faults that the oracle sees, as `code column`. */
function expected(table: string, fields: ModelField[], event: Record<string, unknown>): string[] {
  const isWide = table === "unified_events";
  const names = new Set(fields.map(({ name }) => name));
  const faults = fields.flatMap((field) => {
    const code = faultOf(field, isWide && DECIMALS.has(field.name), event[field.name]);
    return code === undefined ? [] : [`${code} ${field.name}`];
  });
  for (const [key, value] of Object.entries(event)) {
    if (!names.has(key) && value !== undefined) faults.push(`unknown-field ${key}`);
  }
  const type = isWide && event_types.find(({ name }) => name === event["event_type"]);
  for (const columns of type ? type.requires : []) {
    if (columns.some((column) => event[column] != null)) continue;
    faults.push(`requirement-not-met ${columns.length === 1 ? columns[0] : ""}`);
  }
  return faults.sort();
}

describe.each(pipelines)("random events for $table", ({ table, stream }) => {
  const validator = VALIDATORS[table]!;

  it("have the faults that the oracle sees", () => {
    const random = seeded(20_261_121);
    let n_valid = 0;
    for (let i = 0; i < 4_000; i++) {
      // Half of the events may lack what they need; the others have it, for some event type.
      const isWhole = random.oneIn(2);
      const needs = new Set(random.pick(event_types).requires.map((columns) => columns[0]));
      const needed = stream.fields.filter(({ name, required }) => required || needs.has(name));
      const required = needed.filter(() => isWhole || !random.oneIn(12));
      const chosen = new Set([...required, ...random.some(stream.fields, 4)]);
      const entries = [...chosen].map((field) => [field.name, value(random, field)] as const);
      const event: Record<string, unknown> = Object.fromEntries(entries);
      if (random.oneIn(20)) event[`x${random.below(9)}`] = random.pick(VALUES);
      const faults = validator(event).map(({ code, path }) => `${code} ${path[0] ?? ""}`);
      expect(faults.sort(), JSON.stringify(entries.map(([k, v]) => [k, String(v)]))).toEqual(
        expected(table, stream.fields, event),
      );
      if (faults.length === 0) n_valid++;
    }
    // A test that only ever sees one verdict proves little.
    expect(n_valid).toBeGreaterThan(100);
    expect(n_valid).toBeLessThan(3_900);
  });

  it("have them for every column and every value", () => {
    for (const field of stream.fields) {
      for (const value of VALUES) {
        const isDecimal = table === "unified_events" && DECIMALS.has(field.name);
        const code = faultOf(field, isDecimal, value);
        const own = validator({ [field.name]: value }).filter(
          (fault) => fault.path[0] === field.name && fault.code !== "requirement-not-met",
        );
        expect(
          own.map((fault) => fault.code),
          `${field.name}: ${String(value)}`,
        ).toEqual(code === undefined ? [] : [code]);
      }
    }
  });
});
