import { isObject } from "./check.js";
import { type Fault, describe } from "./faults.js";

/** What kind of oddity a warning is about. */
export type WarningCode =
  /** The text departs from a convention. */
  | "convention"
  /** The value is none of the known ones: new, or a slip. */
  | "unknown-value"
  /** The column is going to be removed. */
  | "deprecated-column"
  /** A json column holds JSON text in a string, which is stored encoded twice. */
  | "json-text";

/** What is odd about an event that is accepted. */
export type Warning = Fault<WarningCode>;

/** A convention of text: its pattern, and what it asks for. */
export type Convention = readonly [pattern: RegExp, expected: string];

/** What there is to say about the events of one stream. */
export type Advice = {
  /** The known values of columns with open sets. */
  known: { readonly [column: string]: readonly (string | number)[] };
  conventions: { readonly [column: string]: Convention };

  /** The json columns. */
  json: readonly string[];

  /** Deprecated columns, with what to set instead. */
  deprecated: { readonly [column: string]: string };
};

export const NOUN_VERB: Convention = [
  /^[^\s.]+(\.[^\s.]+)+$/,
  "words joined by points, such as `order.placed`",
];

export const NAMESPACE: Convention = [
  /^([A-Za-z][A-Za-z0-9+.-]*:\/\/)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(:[0-9]+)?(\/[^\s]*)?$/,
  "a URL or a host name",
];

/** The ids of W3C Trace Context are written in lower case, and only found so. */
export const LOWER_CASE_ID: Convention = [
  /^(?![0-9A-Fa-f]*[A-F][0-9A-Fa-f]*$)/,
  "lower-case hexadecimal characters (W3C Trace Context)",
];

/** Returns the warnings of an event. Values of other types are none: they are faults. */
export function review(advice: Advice, event: unknown): Warning[] {
  const warnings: Warning[] = [];
  if (!isObject(event)) return warnings;
  const warn = (code: WarningCode, column: string, expected: string) =>
    warnings.push({ code, path: [column], expected, received: describe(event[column]) });
  for (const [column, values] of Object.entries(advice.known)) {
    const value = event[column] as string | number;
    if (typeof value !== typeof values[0] || values.includes(value)) continue;
    warn("unknown-value", column, `a known value: ${values.join(", ")}`);
  }
  for (const [column, [pattern, expected]] of Object.entries(advice.conventions)) {
    const value = event[column];
    if (typeof value === "string" && !pattern.test(value)) warn("convention", column, expected);
  }
  for (const column of advice.json) {
    const value = event[column];
    if (typeof value === "string" && isJsonText(value)) {
      warn("json-text", column, "the value that the JSON text holds");
    }
  }
  for (const [column, expected] of Object.entries(advice.deprecated)) {
    if (event[column] != null) warn("deprecated-column", column, expected);
  }
  return warnings;
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
