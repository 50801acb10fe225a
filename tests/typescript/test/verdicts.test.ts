// One rule, one verdict: the lines of `events/adversarial.json` through the validators and the conversion,
// against what the Rust readers say of them. `tests/verdicts.rs` writes the snapshot, and fails when it is stale.

import {
  type FaultCode,
  type UnifiedEventInput,
  safeToPipelineRecord,
  safeToPipelineText,
} from "unified-event/pipeline";
import { type Fault, validate, validateText } from "unified-event/validate";
import { describe, expect, it } from "vitest";

import { text } from "./files.js";

type Spec = string | (string | [string, number])[];
type Parts = {
  base: Record<string, unknown>;
  columns: string[];
  values: Spec[];
  lines: string[];
};
type Case = { line: string; column?: string; value?: string; expected: string };

const parts: Parts = JSON.parse(text("tests/events/adversarial.json"));

function valueOf(spec: Spec): string {
  if (typeof spec === "string") return spec;
  return spec.map((p) => (typeof p === "string" ? p : p[0].repeat(p[1]))).join("");
}

function lineOf(column: string, value: string): string {
  const others = Object.entries(parts.base).filter(([name]) => name !== column);
  const entries = others.map(([name, value]) => `"${name}":${JSON.stringify(value)}`);
  return `{${[...entries, `"${column}":${value}`].join(",")}}`;
}

/** The cases with the verdict of the Rust readers, from their snapshot. */
function cases(): Case[] {
  const found: Case[] = [];
  const rows = text("tests/snapshots/verdicts__adversarial.snap").split("\n").slice(3);
  let value = "";
  let line: string | undefined;
  for (const row of rows) {
    if (row.startsWith("value ")) value = valueOf(JSON.parse(row.slice(6)));
    else if (row.startsWith("line ")) line = JSON.parse(row.slice(5));
    else if (line !== undefined && row !== "") found.push({ line, expected: row.trim() });
    else if (row !== "") {
      const [, verdict = "", columns = ""] = /^ {2}(.*): (.*)$/.exec(row) ?? [];
      for (const column of columns.split(" ")) {
        const expected = verdict.replace(/ \*/g, ` ${column}`);
        found.push({ line: lineOf(column, value), column, value, expected });
      }
    }
  }
  return found;
}

const CODES: readonly string[] = [
  "missing-required",
  "null-in-required",
  "type-mismatch",
  "malformed-timestamp",
  "value-not-allowed",
  "requirement-not-met",
  "unknown-field",
  "duplicate-key",
  "number-out-of-range",
  "invalid-utf8",
  "malformed-json",
  "format",
  "computed-column",
  "malformed-base64",
  "too-large",
  "too-deep",
  "empty-text",
];

/** Returns codes and columns in the order of the snapshot: by code, then by column. */
function words(faults: readonly Fault<FaultCode>[]): string {
  const sorted = [...faults].sort(
    (a, b) =>
      CODES.indexOf(a.code) - CODES.indexOf(b.code) ||
      (String(a.path[0] ?? "") < String(b.path[0] ?? "") ? -1 : 1),
  );
  const all = sorted.map(({ code, path }) => (path.length > 0 ? `${code} ${path[0]}` : code));
  return all.length === 0 ? "ok" : [...new Set(all)].join(", ");
}

const INTEGERS = ["http_status", "http_request_size"];
const JSON_TEXTS = ["db_before"];
const JSON_RECORDS = ["data", "labels"];

/** Says whether parsing alone loses what the verdict is about: repeated keys, halves of pairs, digits. */
function isLostByParsing({ line, column = "", expected }: Case): boolean {
  if (/duplicate-key/.test(expected)) return true;
  if (/\\u[dD][89a-fA-F]/.test(line) && expected === "malformed-json") return true;
  // `1.0` is `1`, and what is beyond 2^53 is rounded.
  return (
    INTEGERS.includes(column) &&
    /type-mismatch|number-out-of-range|ok/.test(expected) &&
    /:-?[0-9][-+.0-9eE]*}$/.test(line) &&
    !/:-?[0-9]{1,10}}$/.test(line)
  );
}

describe("adversarial lines", () => {
  const all = cases();

  it("are all there", () => {
    const n = parts.columns.length * parts.values.length + parts.lines.length;
    expect(all.length).toBe(n);
    expect(n).toBeGreaterThan(3000);
  });

  it("have one verdict in Rust and in validateText", () => {
    for (const { line, expected } of all) {
      expect(`${line.slice(0, 400)} ${words(validateText(line))}`).toBe(
        `${line.slice(0, 400)} ${expected}`,
      );
    }
  });

  it("have the same verdict parsed, and in the conversion", () => {
    let n = 0;
    for (const one of all) {
      let event: unknown;
      try {
        event = JSON.parse(one.line);
      } catch {
        continue;
      }
      if (isLostByParsing(one)) continue;
      n++;
      const { column = "", expected, line } = one;
      expect(`${line.slice(0, 400)} ${words(validate(event))}`).toBe(
        `${line.slice(0, 400)} ${expected}`,
      );
      const value = (event as Record<string, unknown> | null)?.[column];
      // In memory the columns have forms of their own.
      if (JSON_TEXTS.includes(column) && typeof value === "string") continue;
      const isRecord = typeof value === "object" && !Array.isArray(value);
      const isOther = JSON_RECORDS.includes(column) && !isRecord && expected === "ok";
      const wanted = isOther ? `type-mismatch ${column}` : expected;
      for (const convert of [safeToPipelineRecord, safeToPipelineText]) {
        const result = convert(event as UnifiedEventInput);
        expect(`${line.slice(0, 400)} ${words(result.success ? [] : result.faults)}`).toBe(
          `${line.slice(0, 400)} ${wanted}`,
        );
      }
    }
    expect(n).toBeGreaterThan(2500);
  });
});

type Value = { name: string; column: string; sent: string; stored?: unknown; refused?: FaultCode };

describe("the values of the corpus", () => {
  const values: Value[] = text("tests/events/values.ndjson")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const core = `"id":"a","event_type":"tail","event_name":"a.b","ns":"a","service_name":"s"`;

  it.each(values)("$name", ({ column, sent, refused }) => {
    const faults = validateText(`{${core},"${column}":${sent}}`);
    expect(faults.map((fault) => fault.code)).toEqual(refused === undefined ? [] : [refused]);
  });
});
