// What is odd about an event that is accepted, against the sets and conventions of the definition.

import { describe, expect, it } from "vitest";
import {
  type Warning,
  formatFault,
  validate,
  warningsOf,
  warningsOfDoActions,
  warningsOfDoEvents,
  warningsOfDoState,
  warningsOfDoThings,
} from "unified-event/validate";

import { model } from "./files.js";

const CORE = { id: "1", event_type: "log", event_name: "job.ended", ns: "shop.example" };
const LOG = { ...CORE, log_level: "info" };

const OF_TABLE: Record<string, (event: unknown) => readonly Warning[]> = {
  unified_events: warningsOf,
  do_events: warningsOfDoEvents,
  do_things: warningsOfDoThings,
  do_actions: warningsOfDoActions,
  do_state: warningsOfDoState,
};

function codes(warnings: readonly Warning[]): string[] {
  return warnings.map(({ code, path }) => `${code} ${path.join("/")}`);
}

describe.each(model().pipelines)("$table", ({ table, stream }) => {
  const warnings = OF_TABLE[table]!;

  it("warns of values outside of open sets, and of none in them", () => {
    for (const { name, values } of stream.fields) {
      if (values === null || values.closed) continue;
      for (const { value } of values.values) expect(warnings({ [name]: value })).toEqual([]);
      const other = typeof values.values[0]?.value === "number" ? -1 : "something new";
      expect(codes(warnings({ [name]: other }))).toEqual([`unknown-value ${name}`]);
    }
  });

  it("warns of texts outside of conventions", () => {
    const samples = {
      "noun.verb": [
        ["order.placed", "order.line.placed"],
        ["order", ".", "order.", "order placed.x", ""],
      ],
      namespace: [
        ["shop.example", "https://shop.example:8443/eu", "localhost", "a_b-c"],
        ["", "not a host", "https://", "https://a b", "a..b", "shop.example:x", "://a"],
      ],
    };
    for (const { name, format } of stream.fields) {
      const [good, bad] = samples[format as keyof typeof samples] ?? [[], []];
      for (const text of good!) expect(warnings({ [name]: text }), text).toEqual([]);
      for (const text of bad!) {
        expect(codes(warnings({ [name]: text })), text).toEqual([`convention ${name}`]);
      }
    }
  });

  it("leaves what is absent, and what is a fault, alone", () => {
    const strange = [undefined, null, {}, [], NaN, 1n, Symbol("s"), true];
    for (const value of strange) {
      for (const { name } of stream.fields) {
        if (typeof value !== "number") expect(warnings({ [name]: value })).toEqual([]);
      }
      expect(warnings(value)).toEqual([]);
    }
  });
});

describe("a warning", () => {
  it("is no fault", () => {
    const event = { ...LOG, log_level: "notice", event_name: "done", ns: "not a host" };
    expect(validate(event)).toEqual([]);
    expect(codes(warningsOf(event))).toEqual([
      "unknown-value log_level",
      "convention event_name",
      "convention ns",
    ]);
  });

  it("reads like one", () => {
    const [warning] = warningsOf({ ...LOG, log_level: "notice" });
    expect(formatFault(warning!)).toBe(
      "`log_level`: expected a known value: debug, info, warn, error, fatal, found " +
        '"notice" (unknown-value)',
    );
  });
});

describe("json columns and ids", () => {
  it.each(['{"a":1}', "[1]", "null", "1", '"text"'])("warns of JSON text: %s", (text) => {
    expect(codes(warningsOf({ ...LOG, data: text }))).toEqual(["json-text data"]);
    expect(validate({ ...LOG, data: text })).toEqual([]);
  });

  it("takes other text and other values without a word", () => {
    for (const data of ["text", "{", "", { a: "{}" }, [1], 1, null]) {
      expect(warningsOf({ ...LOG, data })).toEqual([]);
    }
  });

  it("warns of upper case in ids of W3C Trace Context", () => {
    expect(codes(warningsOf({ ...LOG, span_id: "00F067AA0BA902B7" }))).toEqual([
      "convention span_id",
    ]);
    expect(warningsOf({ ...LOG, span_id: "00f067aa0ba902b7" })).toEqual([]);
  });
});
