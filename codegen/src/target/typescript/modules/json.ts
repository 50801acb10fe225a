import { type Fault, type FaultCode, describe, excerpt } from "./faults.js";
import { isWellFormed } from "./formats.js";
import { MAX_DEPTH } from "./limits.js";
import { MAX_VALUES, depthText, findProblem } from "./problems.js";
import { isPlainArray, namesOf, setEntry } from "./properties.js";
import { tokens } from "./tokens.js";

/** A value that JSON can represent. */
export type JsonValue =
  string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** Where the walk through a value is, and what it has found. */
type Walk = {
  /** The column, then keys and positions. */
  path: (string | number)[];

  /** The objects around the value. */
  ancestors: object[];

  /** How many of them are arrays and objects in the JSON too. */
  depth: number;
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
  return { path: [column], ancestors: [], depth: 0, faults, budget: MAX_VALUES };
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
  walk.ancestors.push(value);
  const result = copyContents(walk, value);
  walk.ancestors.pop();
  return result;
}

function copyContents(walk: Walk, value: object): JsonValue {
  if (isDate(value)) return dateText(value, walk.path, walk.faults);
  if (Array.isArray(value)) {
    if (value.length > walk.budget) return exhaust(walk, value);
    if (!isPlainArray(value)) {
      return refuse(
        walk,
        "malformed-json",
        "an array without names, which are lost in JSON",
        value,
      );
    }
    // Unlike `map`, this fills holes.
    return nested(walk, value, () =>
      Array.from(value, (item: unknown, i) => copyAt(walk, i, item ?? null)),
    );
  }
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return copy(walk, toJSON.call(value, walk.path.at(-1)));
  // Errors, maps, sets and buffers keep their contents where JSON does not look.
  if (!isPlainObject(value)) {
    return refuse(walk, "type-mismatch", "a plain object", value);
  }
  return nested(walk, value, () => copyEntries(walk, value));
}

/** Goes one level down, where there is one left. */
function nested(walk: Walk, value: object, contents: () => JsonValue): JsonValue {
  if (walk.depth >= MAX_DEPTH) return refuse(walk, "too-deep", depthText(), value);
  walk.depth++;
  const result = contents();
  walk.depth--;
  return result;
}

function copyEntries(walk: Walk, value: object): JsonValue {
  const out: { [key: string]: JsonValue } = {};
  for (const key of namesOf(value, walk.path, walk.faults)) {
    const item = (value as { [key: string]: unknown })[key];
    if (item === undefined) continue;
    if (!isWellFormed(key)) {
      refuse(walk, "malformed-json", "keys without halves of surrogate pairs", key);
      continue;
    }
    setEntry(out, key, copyAt(walk, key, item));
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

/** Returns true if an object holds its contents where names lead to: it is no map, error or buffer. */
export function isPlainObject(value: object): boolean {
  return Object.prototype.toString.call(value) === "[object Object]";
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
 * Returns the value that JSON text holds. Text that is no JSON is a fault, and so is what a value in
 * memory would not keep of it: digits that JavaScript rounds, a name that an object has twice. Sent
 * changed, nobody would notice.
 */
export function parseJson(text: string, column: string, faults: Fault[]): JsonValue {
  const n = faults.length;
  const value = parseText(text, column, faults);
  if (faults.length > n) return null;
  const unkept = findUnkept(text);
  if (unkept !== undefined) faults.push({ ...unkept, path: [column, ...unkept.path] });
  return unkept === undefined ? value : null;
}

/** Returns the value that JSON text holds, as near as a value in memory comes to it. */
export function parseText(text: string, column: string, faults: Fault[]): JsonValue {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    const received = describe(text);
    faults.push({ code: "malformed-json", path: [column], expected: "JSON text", received });
    return null;
  }
  const problem = findProblem(value);
  if (problem === undefined) return value;
  faults.push({ ...problem, path: [column, ...problem.path] });
  return null;
}

/** Returns the first part of valid JSON text that is not what it was once it is parsed and written. */
function findUnkept(text: string): Fault | undefined {
  const path: (string | number)[] = [];
  // The names so far of each object around, and nothing for each array.
  const names: (Set<string> | undefined)[] = [];
  let isName = false;
  for (const token of tokens(text)) {
    if (token === "{" || token === "[") {
      isName = token === "{";
      names.push(isName ? new Set() : undefined);
      path.push(isName ? "" : 0);
    } else if (token === "}" || token === "]") {
      isName = false;
      names.pop();
      path.pop();
    } else if (token === ",") {
      isName = names.at(-1) !== undefined;
      if (!isName) path.push((path.pop() as number) + 1);
    } else if (isName) {
      isName = false;
      const name = JSON.parse(token) as string;
      path[path.length - 1] = name;
      if (names.at(-1)?.has(name)) {
        const expected = "a name that the object has once";
        const received = `${describe(name)} again`;
        return { code: "duplicate-key", path, expected, received };
      }
      names.at(-1)?.add(name);
    } else if (/^[-0-9]/.test(token) && !isKept(token)) {
      const expected = "numbers whose digits JavaScript keeps; as text the event keeps all";
      return { code: "number-out-of-range", path, expected, received: excerpt(token) };
    }
  }
  return undefined;
}

/** Says whether a number of JSON text, parsed and written, is the same number still. */
function isKept(token: string): boolean {
  // Up to 15 digits are.
  if (token.length < 16 && !/^-0|[eE]/.test(token)) return true;
  const value = Number(token);
  return Number.isFinite(value) && decimal(JSON.stringify(value)) === decimal(token);
}

/** Returns a number as its significant digits and the power of ten that they are multiplied with. */
function decimal(token: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([-+]?[0-9]+))?$/.exec(token) ?? [];
  const digits = whole + fraction;
  let [start, end] = [0, digits.length];
  while (digits[start] === "0") start++;
  while (end > start && digits[end - 1] === "0") end--;
  if (start === end) return `${sign}0`;
  const power = Number(exponent) - fraction.length + digits.length - end;
  return `${sign}${digits.slice(start, end)}e${power}`;
}
