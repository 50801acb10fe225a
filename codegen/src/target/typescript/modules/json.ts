import { type Fault, type FaultCode, describe, excerpt } from "./faults.js";
import { INTEGER_PATTERN, isWellFormed } from "./formats.js";
import { tokens } from "./tokens.js";

/** A value that JSON can represent. */
export type JsonValue =
  string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

// Parsers that build on serde_json stop at 127 levels. The batch, the record and the column itself
// are above the value.
const MAX_DEPTH = 120;

// More values do not fit the bytes of a record. Without an end, objects that hold one object many
// times over, or arrays that are all holes, would keep the walk busy for years.
const MAX_VALUES = 1_000_000;

/** Where the walk through a value is, and what it has found. */
type Walk = {
  /** The column, then keys and positions. */
  path: (string | number)[];

  /** The objects around the value. */
  ancestors: object[];
  faults: Fault[];

  /** How many more values it may visit. */
  budget: number;
};

/**
 * Returns a copy of `value` as JSON holds it: dates and bigints as text, what has a `toJSON` as what
 * that returns, nothing undefined. What JSON would lose or refuse is added to `faults`.
 */
export function toJson(value: unknown, column: string, faults: Fault[]): JsonValue {
  return copy(newWalk(column, faults), value);
}

function newWalk(column: string, faults: Fault[]): Walk {
  return { path: [column], ancestors: [], faults, budget: MAX_VALUES };
}

function copy(walk: Walk, value: unknown): JsonValue {
  if (walk.budget <= 0) return exhaust(walk, value);
  walk.budget--;
  switch (typeof value) {
    case "string":
      if (isWellFormed(value)) return value;
      return refuse(walk, "malformed-json", "text without halves of surrogate pairs", value);
    case "number":
      if (Number.isFinite(value)) return value;
      return refuse(walk, "number-out-of-range", "a finite number", value);
    case "boolean":
      return value;
    case "bigint":
      return String(value);
    case "object":
      return value === null ? null : copyObject(walk, value);
    default:
      return refuse(walk, "type-mismatch", "a JSON value", value);
  }
}

function copyObject(walk: Walk, value: object): JsonValue {
  if (walk.ancestors.includes(value)) {
    return refuse(walk, "malformed-json", "a value that does not contain itself", value);
  }
  if (walk.ancestors.length >= MAX_DEPTH) {
    return refuse(walk, "malformed-json", `at most ${MAX_DEPTH} levels of nesting`, value);
  }
  walk.ancestors.push(value);
  const result = copyContents(walk, value);
  walk.ancestors.pop();
  return result;
}

function copyContents(walk: Walk, value: object): JsonValue {
  if (isDate(value)) return dateText(value, walk.path, walk.faults);
  if (Array.isArray(value)) {
    if (value.length > walk.budget) return exhaust(walk, value);
    // Unlike `map`, this fills holes.
    return Array.from(value, (item: unknown, i) => copyAt(walk, i, item ?? null));
  }
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return copy(walk, toJSON.call(value, walk.path.at(-1)));
  // Errors, maps, sets and buffers keep their contents where JSON does not look.
  if (Object.prototype.toString.call(value) !== "[object Object]") {
    return refuse(walk, "type-mismatch", "a plain object", value);
  }
  const out: { [key: string]: JsonValue } = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    if (!isWellFormed(key)) {
      refuse(walk, "malformed-json", "keys without halves of surrogate pairs", key);
      continue;
    }
    // Assigned, the key `__proto__` would change the prototype; defined, it is data like any other.
    const value = copyAt(walk, key, item);
    Object.defineProperty(out, key, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return out;
}

/** Ends the walk with a fault, once. */
function exhaust(walk: Walk, value: unknown): null {
  if (walk.budget < 0) return null;
  walk.budget = -1;
  return refuse(walk, "malformed-json", `at most ${MAX_VALUES} values`, value);
}

function copyAt(walk: Walk, place: string | number, value: unknown): JsonValue {
  walk.path.push(place);
  const result = copy(walk, value);
  walk.path.pop();
  return result;
}

function refuse(walk: Walk, code: FaultCode, expected: string, value: unknown): null {
  walk.faults.push({ code, path: [...walk.path], expected, received: describe(value) });
  return null;
}

/** Says whether `value` is a date, of whatever global object. */
export function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === "[object Date]";
}

/** Returns the instant of a date as RFC 3339 text. */
export function dateText(date: Date, path: readonly (string | number)[], faults: Fault[]): string {
  const time = Date.prototype.getTime.call(date);
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  const received = "a Date without an instant";
  faults.push({ code: "malformed-timestamp", path: [...path], expected: "an instant", received });
  return "";
}

/**
 * Returns the value that JSON text holds. Text that is no JSON is a fault, and so is an integer in
 * it that JavaScript would round: sent rounded, nobody would notice.
 */
export function parseJson(text: string, column: string, faults: Fault[]): JsonValue {
  const walk = newWalk(column, faults);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(walk, "malformed-json", "JSON text", text);
  }
  for (const token of tokens(text)) {
    if (token.length < 16 || !INTEGER_PATTERN.test(token) || isExact(token)) continue;
    const expected = "integers that a number holds exactly, larger ones as text";
    faults.push({
      code: "number-out-of-range",
      path: [column],
      expected,
      received: excerpt(token),
    });
    return null;
  }
  return copy(walk, value);
}

/** Says whether an integer survives being a number: as the digits it is written with, or as its value. */
function isExact(digits: string): boolean {
  const value = Number(digits);
  if (String(value) === digits) return true;
  // BigInt takes quadratic time, but what has more than 309 digits is infinite.
  return Number.isFinite(value) && BigInt(value) === BigInt(digits);
}
