import { base64, bytesOf } from "./bytes.js";
import { BINARY, DECIMAL, INT64, JSON_RECORD, JSON_TEXT, REQUIRED, TIMESTAMP } from "./check.js";
import { type Table, UNKNOWN, check, isJsonKind, isObject } from "./check.js";
import { type Fault, describe, describeError, formatFault } from "./faults.js";
import { dateText, isDate, isPlainObject, parseJson, parseText, toJson } from "./json.js";
import { namesOf } from "./properties.js";
import type { Validator } from "./text.js";

/** What a conversion may be told. */
export type ConvertOptions = {
  /** Returns the present moment in milliseconds since 1970, for `ingested_at`; `Date.now` if absent. */
  now?: (() => number) | undefined;
};

/** A record that the stream takes, or the reasons why there is none. */
export type RecordResult<Wire> =
  { success: true; record: Wire } | { success: false; faults: readonly Fault[] };

/** A record as JSON text, or the reasons why there is none. */
export type TextResult =
  { success: true; text: string } | { success: false; faults: readonly Fault[] };

/** The error of an event that has no record. */
export class EventFaultsError extends Error {
  override readonly name: string = "EventFaultsError";

  /** All faults of the event. */
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(formatFault).join("; "));
    this.faults = faults;
  }
}

/** Returns the record of a result, or throws its faults. */
export function recordOrThrow<Wire>(result: RecordResult<Wire>): Wire {
  if (result.success) return result.record;
  throw new EventFaultsError(result.faults);
}

/** Returns the text of a result, or throws its faults. */
export function textOrThrow(result: TextResult): string {
  if (result.success) return result.text;
  throw new EventFaultsError(result.faults);
}

/** What tells the conversion for one stream from the others. */
export type Conversion = {
  table: Table;

  /** What checks the record. */
  validator: Validator;

  /** The column that takes the moment of the conversion where the event does not set it. */
  stamp?: string;
};

/** Returns the record for an event in memory. It neither throws nor changes the event. */
export function convert<Wire>(
  conversion: Conversion,
  event: unknown,
  options: ConvertOptions = {},
): RecordResult<Wire> {
  return guarded(() => tryConvert<Wire>(conversion, event, options));
}

/**
 * Returns the record for an event in memory as JSON text on one line. JSON text in it stays the text
 * that it is, with all digits and names.
 */
export function convertToText(
  conversion: Conversion,
  event: unknown,
  options: ConvertOptions = {},
): TextResult {
  return guarded(() => {
    const texts = new Map<string, string>();
    const result = tryConvert<object>(conversion, event, options, texts);
    if (!result.success) return result;
    const entries = Object.entries(result.record).map(
      ([column, value]) =>
        `${JSON.stringify(column)}:${texts.get(column) ?? JSON.stringify(value)}`,
    );
    return { success: true, text: `{${entries.join(",")}}` };
  });
}

function guarded<Result>(
  work: () => Result,
): Result | { success: false; faults: readonly Fault[] } {
  try {
    return work();
  } catch (error) {
    // Getters, proxies and `toJSON` run code of the caller's.
    const expected = "an object that can be read";
    const received = describeError(error);
    return { success: false, faults: [{ code: "malformed-json", path: [], expected, received }] };
  }
}

function tryConvert<Wire>(
  { table, validator, stamp }: Conversion,
  given: unknown,
  options: ConvertOptions,
  texts?: Map<string, string>,
): RecordResult<Wire> {
  // What knows its own JSON form is asked, as `JSON.stringify` does.
  const asks = isObject(given) && typeof given["toJSON"] === "function";
  const event: unknown = asks
    ? Reflect.apply(given["toJSON"] as () => unknown, given, [""])
    : given;
  if (!isObject(event)) return { success: false, faults: check(table, event) ?? [] };
  if (!isPlainObject(event)) return { success: false, faults: [noPlainObject(event)] };
  const faults: Fault[] = [];
  const record: { [column: string]: unknown } = {};
  for (const column of namesOf(event, [], faults)) {
    const value = event[column];
    if (value === undefined) continue;
    const kind = table.kindOf(column);
    if (kind === UNKNOWN) {
      faults.push(...(check(table, only(column, value)) ?? []).filter((f) => f.path[0] === column));
      continue;
    }
    const wire = toWire(kind % REQUIRED, column, value, faults, texts);
    // Null says nothing, but where it is forbidden the validator shall see it.
    if (wire !== null || kind >= REQUIRED) record[column] = wire;
  }
  if (stamp !== undefined && record[stamp] === undefined) {
    const now = options.now ?? Date.now;
    record[stamp] = dateText(new Date(now()), [stamp], faults);
  }
  // A column whose value could not be converted has its fault already.
  const reported = new Set(faults.map((fault) => fault.path[0]));
  faults.push(...validator(record).filter((fault) => !reported.has(fault.path[0])));
  if (faults.length > 0) return { success: false, faults };
  return { success: true, record: record as Wire };
}

/** Returns the fault of maps, dates, errors and others that hold what no name leads to. */
function noPlainObject(event: object): Fault {
  const received = Object.prototype.toString.call(event);
  return { code: "malformed-json", path: [], expected: "a plain object", received };
}

/** Returns an object with one entry, whatever its key is. */
function only(key: string, value: unknown): object {
  return Object.defineProperty({}, key, { value, enumerable: true });
}

/** Returns a value as it travels; one that cannot is left for the validator to report. */
function toWire(
  kind: number,
  column: string,
  value: unknown,
  faults: Fault[],
  texts?: Map<string, string>,
): unknown {
  if (value === null) return null;
  if (kind === JSON_TEXT && typeof value === "string") {
    if (texts === undefined) return parseJson(value, column, faults);
    const parsed = parseText(value, column, faults);
    // Between tokens, and nowhere else, JSON text may have line breaks.
    if (parsed !== null) texts.set(column, value.replace(/[\r\n]/g, " "));
    return parsed;
  }
  if (isJsonKind(kind)) {
    const wire = toJson(value, column, faults);
    const isRecord = typeof wire === "object" && wire !== null && !Array.isArray(wire);
    const isReported = faults.some((fault) => fault.path[0] === column);
    if (kind === JSON_RECORD && !isRecord && !isReported) {
      const received = describe(value);
      faults.push({ code: "type-mismatch", path: [column], expected: "an object", received });
    }
    return wire;
  }
  if (kind === BINARY) {
    const bytes = bytesOf(value);
    return bytes === undefined ? value : base64(bytes);
  }
  if (kind === TIMESTAMP && isDate(value)) return dateText(value, [column], faults);
  if (typeof value !== "bigint") return value;
  if (kind === DECIMAL) return String(value);
  // A bigint that a number holds exactly is that number.
  return kind === INT64 ? Number(value) : value;
}
