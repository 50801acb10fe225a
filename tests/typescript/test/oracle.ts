// What a value on the wire must be, written from the event model and never from the validator that
// it judges: slow, plain, and with means of its own.

import type { ModelField } from "./files.js";

/** Returns the code of the fault that a value of a column has, if it has one. */
export function faultOf(field: ModelField, isDecimal: boolean, value: unknown): string | undefined {
  if (value === undefined) return field.required ? "missing-required" : undefined;
  if (value === null) return field.required ? "null-in-required" : undefined;
  if (isDecimal) return decimal(value);
  if (field.values?.closed) {
    if (typeof value !== "string") return "type-mismatch";
    return field.values.values.some((v) => v.value === value) ? undefined : "value-not-allowed";
  }
  switch (field.type) {
    case "string":
      return typeof value === "string" ? text(field, value) : "type-mismatch";
    case "bool":
      return typeof value === "boolean" ? undefined : "type-mismatch";
    case "int32":
      return integer(value, 2 ** 31);
    case "int64":
      return integer(value, 2 ** 53);
    case "float64":
      if (typeof value !== "number") return "type-mismatch";
      return Math.abs(value) <= Number.MAX_VALUE ? undefined : "number-out-of-range";
    case "timestamp":
      if (typeof value !== "string") return "type-mismatch";
      return isInstant(value) ? undefined : "malformed-timestamp";
    case "binary":
      if (typeof value !== "string") return "type-mismatch";
      return isBase64(value) ? undefined : "malformed-base64";
    case "json":
      return json(value);
    default:
      throw new Error(`the oracle knows nothing of ${field.type}`);
  }
}

function decimal(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^-?\d+$/.test(value)) return "type-mismatch";
  const number = BigInt(value);
  return number === BigInt.asIntN(64, number) ? undefined : "number-out-of-range";
}

function integer(value: unknown, limit: number): string | undefined {
  if (typeof value !== "number") return "type-mismatch";
  if (Math.abs(value) !== Infinity && Math.floor(value) !== value) return "type-mismatch";
  const low = limit === 2 ** 53 ? -limit + 1 : -limit;
  return value >= low && value < limit ? undefined : "number-out-of-range";
}

function text(field: ModelField, value: string): string | undefined {
  const hex = { "hex-16": 16, "hex-32": 32 }[field.format ?? ""];
  if (hex !== undefined) {
    const digits = new Set("0123456789abcdefABCDEF");
    const isId = value.length === hex && [...value].every((c) => digits.has(c));
    return isId && Number(`0x${value}`) !== 0 ? undefined : "format";
  }
  if (field.format === "iso-3166-1-alpha-2") {
    const isCode = value.length === 2 && [...value].every((c) => c >= "A" && c <= "Z");
    return isCode ? undefined : "format";
  }
  if (field.non_empty === true && value === "") return "empty-text";
  return isUnicode(value) ? undefined : "malformed-json";
}

function isUnicode(value: string): boolean {
  // Encoding replaces what is no Unicode.
  return Buffer.from(value, "utf8").toString("utf8") === value;
}

function json(value: unknown): string | undefined {
  if (typeof value === "string") return isUnicode(value) ? undefined : "malformed-json";
  if (typeof value === "number") return Number.isFinite(value) ? undefined : "number-out-of-range";
  return typeof value === "object" || typeof value === "boolean" ? undefined : "type-mismatch";
}

function isBase64(value: string): boolean {
  return Buffer.from(value, "base64").toString("base64") === value;
}

/** Reads an instant by its parts, and asks the calendar of `Date` whether they exist. */
function isInstant(value: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|([+-])(\d\d):(\d\d))$/i.exec(
    value,
  );
  if (parts === null) return false;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as number[];
  const date = new Date(0);
  date.setUTCFullYear(year!, month! - 1, day!);
  date.setUTCHours(hour!, minute!, second!);
  const exists = date.toISOString().slice(-24, -5) === value.slice(0, 19).toUpperCase();
  if (!exists || year! < 1 || Number(parts[10] ?? 0) > 23 || Number(parts[11] ?? 0) > 59)
    return false;
  const offset = (Number(parts[10] ?? 0) * 60 + Number(parts[11] ?? 0)) * 60_000;
  const instant = date.getTime() - (parts[9] === "-" ? -offset : offset);
  return instant >= Date.parse("0001-01-01T00:00:00Z") && instant < Date.UTC(10_000, 0, 1);
}
