/** What kind of fault it is. */
export type FaultCode =
  /** A required column is absent: the sender must add it. */
  | "missing-required"
  /** A required column is null. */
  | "null-in-required"
  /** The value is of another type than the column. */
  | "type-mismatch"
  /** The text in a timestamp column is not RFC 3339. */
  | "malformed-timestamp"
  /** The value is outside of the closed set of the column. */
  | "value-not-allowed"
  /** A column that the event type requires has no value. */
  | "requirement-not-met"
  /** The stream has no such column: the platform would strip the value without a word. */
  | "unknown-field"
  /** The key appears twice, so that it is unclear which value counts. */
  | "duplicate-key"
  /** The number does not fit the column. */
  | "number-out-of-range"
  /** The bytes are not UTF-8. */
  | "invalid-utf8"
  /** The event is no JSON object, or a value in it has no JSON form. */
  | "malformed-json"
  /** The text does not have the format of the column. */
  | "format"
  /** The column is computed by the pipeline, so that no producer may set it. */
  | "computed-column"
  /** The text in a binary column is not base64. */
  | "malformed-base64"
  /** The value nests deeper than the limit. */
  | "too-deep"
  /** The text has no characters, and the column must say something. */
  | "empty-text";

/** One reason for which an event is refused. */
export type Fault<Code extends string = FaultCode> = {
  /** What kind of fault it is. */
  code: Code;

  /** The column, then keys and positions within its JSON value; empty if it is about all of it. */
  path: readonly (string | number)[];

  /** What would have been right. */
  expected: string;

  /** What came instead, cut where it is long. */
  received: string;
};

/** The most characters of foreign text that a fault repeats. */
const MAX_EXCERPT = 60;

/** The faults of an event without any: one list for all, so that a valid event costs no memory. */
export const NO_FAULTS: readonly never[] = Object.freeze([]);

/** Returns one line for people: the place, what was expected and what was found. */
export function formatFault(fault: Fault<string>): string {
  const place = fault.path.length > 0 ? `\`${excerpt(fault.path.join("."))}\`` : "event";
  return `${place}: expected ${fault.expected}, found ${fault.received} (${fault.code})`;
}

/** Returns what a value is, for people: short values as in JSON, others by their kind. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(excerpt(value));
    case "bigint":
      return `${excerpt(String(value))}n`;
    case "undefined":
      return "nothing";
    case "function":
    case "symbol":
      return `a ${typeof value}`;
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? "an array" : "an object";
    default:
      return String(value);
  }
}

/** The most characters of an error's message that a fault repeats. */
const MAX_MESSAGE = 500;

/** Returns what was thrown, for people. It never throws itself, whatever that is. */
export function describeError(error: unknown): string {
  try {
    if (!(error instanceof Error)) return describe(error);
    return `an error: ${error.message.slice(0, MAX_MESSAGE)}`;
  } catch {
    return "an error that cannot be read";
  }
}

/** Returns `text`, cut where it is long. */
export function excerpt(text: string): string {
  return text.length > MAX_EXCERPT ? `${text.slice(0, MAX_EXCERPT)}…` : text;
}
