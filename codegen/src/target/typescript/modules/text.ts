import type { Digits } from "./check.js";
import { type Fault, describe } from "./faults.js";
import { isWellFormed } from "./formats.js";
import { tokens } from "./tokens.js";

/** A validator of this package. */
export type Validator = (event: unknown, digits?: Digits) => readonly Fault[];

// Every runtime of the package has it, but no library of ECMAScript declares it.
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

/**
 * Returns the faults of an event as JSON text, those too that are lost when the text is parsed:
 * keys that appear twice, numbers that JavaScript rounds, halves of surrogate pairs.
 *
 * @param text - one JSON object
 * @param validator - what checks the event, such as `validate`
 */
export function checkText(text: string, validator: Validator): readonly Fault[] {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch (error) {
    return [malformed(error instanceof Error ? error.message : "other text")];
  }
  if (hasLoneSurrogate(text)) return [malformed("half of a surrogate pair")];
  if (typeof event !== "object" || event === null || Array.isArray(event)) return validator(event);
  const { digits, repeated } = scan(text);
  if (repeated.size === 0) return validator(event, digits);
  // Which of its values counts is unclear, so that only the repetition of a key is a fault of it.
  const copy: Record<string, unknown> = { ...event };
  for (const key of repeated) copy[key] = REPEATED;
  const faults = validator(copy, digits);
  const unknown = new Set<unknown>();
  for (const { code, path } of faults) if (code === "unknown-field") unknown.add(path[0]);
  const others = faults.filter(
    ({ code, path }) => code === "unknown-field" || !repeated.has(path[0] as string),
  );
  return [...others, ...[...repeated].filter((key) => !unknown.has(key)).map(duplicate)];
}

/** Stands for a value of which it is unclear which one it is. */
const REPEATED = Object.freeze({});

/**
 * Returns the faults of an event as UTF-8 bytes.
 *
 * @param bytes - one JSON object
 * @param validator - what checks the event, such as `validate`
 */
export function checkBytes(bytes: Uint8Array, validator: Validator): readonly Fault[] {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return [{ code: "invalid-utf8", path: [], expected: "UTF-8", received: "other bytes" }];
  }
  return checkText(text, validator);
}

function malformed(received: string): Fault {
  return { code: "malformed-json", path: [], expected: "one JSON object", received };
}

function duplicate(key: string): Fault {
  const expected = "a key that appears once";
  return { code: "duplicate-key", path: [key], expected, received: `${describe(key)} again` };
}

/** Says whether JSON text holds half of a surrogate pair, as it is or as an escape. */
function hasLoneSurrogate(text: string): boolean {
  if (!isWellFormed(text)) return true;
  if (!/\\u[dD][89a-fA-F]/.test(text)) return false;
  // Every escape is consumed, so that `\\ud800`, a backslash and five characters, is none.
  const escapes =
    /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/g;
  for (const [escape] of text.matchAll(escapes)) {
    if (escape.length === 6 && /^\\u[dD][89a-fA-F]/.test(escape)) return true;
  }
  return false;
}

/** Returns the numbers of a JSON object's own entries as they stand, and the keys it repeats. */
function scan(text: string): { digits: Digits; repeated: Set<string> } {
  const digits = new Map<string, string>();
  const keys = new Set<string>();
  const repeated = new Set<string>();
  let depth = 0;
  let key: string | undefined;
  for (const token of tokens(text)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (depth !== 1) continue;
    else if (token === ",") key = undefined;
    else if (key !== undefined) {
      if (/^[-0-9]/.test(token)) digits.set(key, token);
    } else {
      key = JSON.parse(token) as string;
      if (keys.has(key)) repeated.add(key);
      keys.add(key);
    }
  }
  return { digits, repeated };
}
