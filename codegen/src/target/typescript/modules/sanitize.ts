import { base64, bytesOf } from "./bytes.js";
import { describeError } from "./faults.js";
import { isWellFormed } from "./formats.js";
import { type JsonValue, isDate } from "./json.js";
import { MAX_DEPTH } from "./limits.js";
import { MAX_VALUES } from "./problems.js";
import { setEntry } from "./properties.js";

/**
 * Returns a JSON value that is as near to `value` as JSON comes, for json columns: what
 * `toPipelineRecord` would refuse becomes something that it takes. It never throws.
 *
 * - An error becomes an object: its name, message, stack, cause, errors and own properties.
 * - Half of a surrogate pair in text becomes U+FFFD.
 * - A bigint and a number that is not finite become their text, a date RFC 3339 text.
 * - A map becomes an object, a set an array, bytes base64 text, a boxed value that value; what has a
 *   `toJSON` what that returns.
 * - What is undefined, a function or a symbol is left out, in arrays null.
 * - An object within itself, one below the deepest level, what comes after a million values, and what
 *   throws when it is read become text in brackets that says so.
 */
export function sanitize(value: unknown): JsonValue {
  return clean(value, [], { left: MAX_VALUES }) ?? null;
}

type Budget = { left: number };

function clean(value: unknown, ancestors: object[], budget: Budget): JsonValue | undefined {
  if (budget.left-- <= 0) return "[Too many values]";
  switch (typeof value) {
    case "string":
      return wellFormed(value);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return String(value);
    case "boolean":
      return value;
    case "object":
      return value === null ? null : cleanObject(value, ancestors, budget);
    default:
      return undefined;
  }
}

function cleanObject(value: object, ancestors: object[], budget: Budget): JsonValue | undefined {
  if (ancestors.includes(value)) return "[Circular]";
  if (ancestors.length >= MAX_DEPTH) return "[Too deep]";
  ancestors.push(value);
  try {
    return contents(value, (item) => clean(item, ancestors, budget));
  } catch (error) {
    return wellFormed(`[Threw ${describeError(error)}]`);
  } finally {
    ancestors.pop();
  }
}

function contents(
  value: object,
  each: (item: unknown) => JsonValue | undefined,
): JsonValue | undefined {
  if (isDate(value)) {
    return Number.isNaN(value.getTime()) ? "[Invalid date]" : value.toISOString();
  }
  const bytes = bytesOf(value);
  if (bytes !== undefined) return base64(bytes);
  // Their tags tell what they are in whatever global object: classes are another in each.
  const tag = Object.prototype.toString.call(value);
  if (ERRORS.includes(tag) || value instanceof Error) return cleanError(value as Error, each);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return each(toJSON.call(value));
  if (tag === "[object Map]") return entries([...(value as Map<unknown, unknown>)], each);
  if (Array.isArray(value) || tag === "[object Set]") {
    return Array.from(value as Iterable<unknown>, (item) => each(item) ?? null);
  }
  if (BOXES.includes(tag)) return each(value.valueOf());
  return entries(Object.entries(value), each);
}

const ERRORS: readonly string[] = ["[object Error]", "[object DOMException]"];
const BOXES: readonly string[] = [
  "[object String]",
  "[object Number]",
  "[object Boolean]",
  "[object BigInt]",
];

/** What an error may hold errors in. */
type Nested = { cause?: unknown; errors?: unknown };

function cleanError(error: Error, each: (item: unknown) => JsonValue | undefined): JsonValue {
  const { name, message, stack, cause, errors } = error as Error & Nested;
  return entries(Object.entries({ ...error, name, message, stack, cause, errors }), each);
}

function entries(
  list: [unknown, unknown][],
  each: (item: unknown) => JsonValue | undefined,
): JsonValue {
  const out: { [key: string]: JsonValue } = {};
  for (const [key, item] of list) {
    const value = each(item);
    if (value === undefined) continue;
    setEntry(out, wellFormed(String(key)), value);
  }
  return out;
}

/** Returns text with U+FFFD in place of every half of a surrogate pair. */
function wellFormed(text: string): string {
  return isWellFormed(text) ? text : text.replace(/[\uD800-\uDFFF]/gu, "\uFFFD");
}
