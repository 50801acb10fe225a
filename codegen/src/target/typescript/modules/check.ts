import { type Fault, type FaultCode, describe, excerpt } from "./faults.js";
import {
  COUNTRY_CODE_PATTERN,
  DATE_PATTERN,
  HEX_16_PATTERN,
  HEX_32_PATTERN,
  INTEGER_PATTERN,
  isBase64,
  isInt64,
  isTimestamp,
  isWellFormed,
} from "./formats.js";
import { findProblem } from "./problems.js";

// The kinds of values that columns take. A kind is a number, so that one look at a column's name
// says all that is to be checked.

/** No column has the name. */
export const UNKNOWN = 0;
/** Text of any shape. */
export const TEXT = 1;
/** A 32-bit integer. */
export const INT32 = 2;
/** A 64-bit integer, as a number. */
export const INT64 = 3;
/** A 64-bit float. */
export const FLOAT64 = 4;
/** True or false. */
export const BOOL = 5;
/** An instant as RFC 3339 text. */
export const TIMESTAMP = 6;
/** Any JSON value. */
export const JSON_VALUE = 7;
/** Any JSON value; events in memory hold its text. */
export const JSON_TEXT = 8;
/** Bytes as base64 text. */
export const BINARY = 9;
/** A 64-bit integer, as decimal text. */
export const DECIMAL = 10;
/** 16 hexadecimal characters, not all zero. */
export const HEX_16 = 11;
/** 32 hexadecimal characters, not all zero. */
export const HEX_32 = 12;
/** Two capital letters. */
export const COUNTRY_CODE = 13;
/** A date. */
export const DATE = 14;
/** Nothing: the pipeline computes the column. */
export const COMPUTED = 15;
/** Text that is not empty. */
export const NON_EMPTY_TEXT = 16;
/** Any JSON value; events in memory hold an object. */
export const JSON_RECORD = 17;
/** A value of the table's first closed set; the other sets follow. */
export const FIRST_SET = 18;
/** Added to the kind of a column that must have a value. */
export const REQUIRED = 1024;

/** What there is to check of the events of one stream. */
export type Table = {
  /** Returns the kind of a column, with {@link REQUIRED} where it applies. */
  kindOf: (column: string) => number;

  /** The columns that must have a value. */
  required: readonly string[];

  /** The closed sets of values. */
  sets: readonly (readonly (string | number)[])[];
};

/** An object of which nothing is known yet. */
export type Columns = Readonly<Record<string, unknown>>;

/** The digits of an event's numbers as its JSON text has them, by column. */
export type Digits = ReadonlyMap<string, string>;

const EXPECTED: readonly string[] = [
  "a column of the stream",
  "text",
  "an integer from -2147483648 to 2147483647",
  "an integer from -9007199254740991 to 9007199254740991, which a number holds exactly",
  "a finite number",
  "true or false",
  "RFC 3339 text such as 2026-01-31T08:30:00.000000Z",
  "a JSON value",
  "a JSON value",
  "base64 text with padding (RFC 4648, section 4)",
  "a 64-bit integer as decimal text",
  "16 hexadecimal characters, not all zero",
  "32 hexadecimal characters, not all zero",
  "two capital letters (ISO 3166-1 alpha-2)",
  "a date as YYYY-MM-DD",
  "nothing: the pipeline computes the column",
  "text that is not empty",
  "a JSON value",
];

/** Says whether `value` is an object with columns. */
export function isObject(value: unknown): value is Columns {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Says whether an object has a value of its own in a column. */
export function has(event: Columns, column: string): boolean {
  return Object.prototype.hasOwnProperty.call(event, column) && event[column] != null;
}

/** Returns the faults of an event's columns, one by one; none is `undefined`. */
export function check(table: Table, event: unknown, digits?: Digits): Fault[] | undefined {
  if (!isObject(event)) {
    return [{ code: "malformed-json", path: [], expected: "an object", received: describe(event) }];
  }
  let faults: Fault[] | undefined;
  let settled = 0;
  for (const column in event) {
    // What an object inherits is not part of its JSON, and neither is what is undefined.
    if (!Object.prototype.hasOwnProperty.call(event, column)) continue;
    const value = event[column];
    if (value === undefined) continue;
    const kind = table.kindOf(column);
    if (kind >= REQUIRED) settled++;
    else if (value === null && kind !== UNKNOWN) continue;
    if (!accepts(table, kind % REQUIRED, value) || (digits && !isExact(kind, column, digits))) {
      const fault = explain(table, kind % REQUIRED, column, value, digits?.get(column));
      if (fault) (faults ??= []).push(fault);
    }
  }
  return settled < table.required.length ? missing(table, event, faults) : faults;
}

/** Says whether a value is of a kind. What it lets through is correct; `explain` says why not. */
function accepts(table: Table, kind: number, value: unknown): boolean {
  if (kind === TEXT) return typeof value === "string" && isWellFormed(value);
  if (kind === NON_EMPTY_TEXT) {
    return typeof value === "string" && value !== "" && isWellFormed(value);
  }
  if (kind === INT32) return typeof value === "number" && (value | 0) === value;
  if (kind === INT64) return Number.isSafeInteger(value);
  if (kind === FLOAT64) return Number.isFinite(value);
  if (kind === BOOL) return typeof value === "boolean";
  if (kind === TIMESTAMP) return typeof value === "string" && isTimestamp(value);
  if (isJsonKind(kind)) return findProblem(value) === undefined;
  if (kind >= FIRST_SET) return table.sets[kind - FIRST_SET]?.includes(value as string) === true;
  if (kind === UNKNOWN || kind === COMPUTED || typeof value !== "string") return false;
  if (kind === BINARY) return isBase64(value);
  if (kind === DECIMAL) return INTEGER_PATTERN.test(value) && isInt64(value);
  return patternOf(kind).test(value);
}

function patternOf(kind: number): RegExp {
  if (kind === HEX_16) return HEX_16_PATTERN;
  if (kind === HEX_32) return HEX_32_PATTERN;
  return kind === COUNTRY_CODE ? COUNTRY_CODE_PATTERN : DATE_PATTERN;
}

/** Says whether a kind takes any JSON value. */
export function isJsonKind(kind: number): boolean {
  return kind === JSON_VALUE || kind === JSON_TEXT || kind === JSON_RECORD;
}

/** Says whether an integer column has an integer in the text that it was read from. */
function isExact(kind: number, column: string, digits: Digits): boolean {
  if (kind % REQUIRED !== INT32 && kind % REQUIRED !== INT64) return true;
  const text = digits.get(column);
  return text === undefined || INTEGER_PATTERN.test(text);
}

/** Returns the fault of a value that is not accepted, unless the digits in the text excuse it. */
function explain(
  table: Table,
  kind: number,
  column: string,
  value: unknown,
  digits: string | undefined,
): Fault | undefined {
  if (kind === INT64 && digits !== undefined && INTEGER_PATTERN.test(digits) && isInt64(digits)) {
    return undefined;
  }
  const problem = isJsonKind(kind) ? findProblem(value) : undefined;
  if (problem !== undefined) return { ...problem, path: [column, ...problem.path] };
  return {
    code: codeOf(table, kind, value, digits),
    path: [column],
    expected: expectedOf(table, kind, column, value, digits),
    received: digits === undefined ? describe(value) : excerpt(digits),
  };
}

function codeOf(table: Table, kind: number, value: unknown, digits: string | undefined): FaultCode {
  if (kind === UNKNOWN) return "unknown-field";
  if (kind === COMPUTED) return "computed-column";
  if (value === null) return "null-in-required";
  if (kind === INT32 || kind === INT64) {
    const isInteger = digits === undefined ? isWhole(value) : INTEGER_PATTERN.test(digits);
    return isInteger ? "number-out-of-range" : "type-mismatch";
  }
  if (kind === FLOAT64) {
    return typeof value === "number" ? "number-out-of-range" : "type-mismatch";
  }
  if (kind >= FIRST_SET) {
    const isOfType = typeof value === typeof table.sets[kind - FIRST_SET]?.[0];
    return isOfType ? "value-not-allowed" : "type-mismatch";
  }
  if (kind === BOOL || typeof value !== "string") return "type-mismatch";
  if (kind === NON_EMPTY_TEXT && value === "") return "empty-text";
  if (kind === TEXT || kind === NON_EMPTY_TEXT) return "malformed-json";
  if (kind === TIMESTAMP) return "malformed-timestamp";
  if (kind === BINARY) return "malformed-base64";
  if (kind !== DECIMAL) return "format";
  return INTEGER_PATTERN.test(value) ? "number-out-of-range" : "type-mismatch";
}

/** Says whether a value is an integer of any size. */
function isWhole(value: unknown): boolean {
  return Number.isInteger(value) || value === Infinity || value === -Infinity;
}

function expectedOf(
  table: Table,
  kind: number,
  column: string,
  value: unknown,
  digits: string | undefined,
): string {
  if (value === null && kind !== UNKNOWN) return "a value";
  // Text has digits that a number would not hold.
  if (kind === INT64 && digits !== undefined) return "a 64-bit integer";
  if (kind >= FIRST_SET) return `one of ${table.sets[kind - FIRST_SET]?.join(", ")}`;
  const isText = kind === TEXT || (kind === NON_EMPTY_TEXT && value !== "");
  if (isText && typeof value === "string") return "text without halves of surrogate pairs";
  // The names of other conventions are the most frequent slip: `traceId`, `trace_ID`, `Trace-Id`.
  const snake = column
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/\W+/g, "_")
    .toLowerCase();
  const camel = column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const isSlip = (name: string) => kind === UNKNOWN && table.kindOf(name) % REQUIRED !== UNKNOWN;
  if (isSlip(snake)) return `the column ${snake}`;
  return isSlip(camel) ? `the column ${camel}` : (EXPECTED[kind] ?? "");
}

function missing(table: Table, event: Columns, faults: Fault[] | undefined): Fault[] {
  const absent = table.required.filter(
    (column) => !Object.prototype.hasOwnProperty.call(event, column) || event[column] === undefined,
  );
  const added = absent.map((column): Fault => {
    return { code: "missing-required", path: [column], expected: "a value", received: "nothing" };
  });
  return [...(faults ?? []), ...added];
}

/** Adds the fault of an event without any of the columns that its type requires. */
export function unmet(
  faults: Fault[] | undefined,
  eventType: string,
  ...columns: string[]
): Fault[] {
  const choice = columns.length > 1 ? "at least one of " : "a value: ";
  const fault: Fault = {
    code: "requirement-not-met",
    path: columns.length > 1 ? [] : columns,
    expected: `${choice}${columns.join(", ")} is required of ${eventType} events`,
    received: "nothing",
  };
  return [...(faults ?? []), fault];
}
