// W3C Trace Context declares ids of zeros invalid.
export const HEX_16_PATTERN: RegExp = /^(?!0{16}$)[0-9A-Fa-f]{16}$/;
export const HEX_32_PATTERN: RegExp = /^(?!0{32}$)[0-9A-Fa-f]{32}$/;
export const COUNTRY_CODE_PATTERN: RegExp = /^[A-Z]{2}$/;
export const DATE_PATTERN: RegExp = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

/** An integer in decimal digits. */
export const INTEGER_PATTERN: RegExp = /^-?[0-9]+$/;

const TIMESTAMP_PATTERN =
  /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

// One greedy loop over one class: engines run it without a stack, however long the text is. The
// classes before the padding leave out digits whose last bits no byte would hold.
const BASE64_PATTERN = /^[A-Za-z0-9+/]*(?:[AQgw]==|[AEIMQUYcgkosw048]=)?$/;

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The instants that a timestamp column holds, in milliseconds: the years 1 to 9999. */
const FIRST_INSTANT = -62_135_596_800_000;
const LAST_INSTANT = 253_402_300_799_999;

/** Says whether `text` is an instant as RFC 3339 writes it, on a day that the month has. */
export function isTimestamp(text: string): boolean {
  if (!TIMESTAMP_PATTERN.test(text)) return false;
  const year = Number(text.slice(0, 4));
  const day = Number(text.slice(8, 10));
  if (day > 28 && day > daysInMonth(year, Number(text.slice(5, 7)))) return false;
  // The offset can move the first and the last day out of the years that there are.
  return (year > 1 && year < 9999) || isWithinYears(text);
}

function daysInMonth(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
}

function isWithinYears(text: string): boolean {
  const instant = Date.parse(text.toUpperCase());
  return instant >= FIRST_INSTANT && instant <= LAST_INSTANT;
}

/** Says whether `text` is base64 with padding (RFC 4648, section 4). */
export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && BASE64_PATTERN.test(text);
}

/** Says whether an integer in decimal digits fits 64 bits. */
export function isInt64(digits: string): boolean {
  const isNegative = digits.startsWith("-");
  let magnitude = isNegative ? digits.slice(1) : digits;
  if (magnitude.length > 19) magnitude = magnitude.replace(/^0+/, "");
  if (magnitude.length !== 19) return magnitude.length < 19;
  // Of equally many digits the order of the texts is that of the numbers.
  return magnitude <= (isNegative ? "9223372036854775808" : "9223372036854775807");
}

type WellFormedCheck = { isWellFormed?: (this: string) => boolean };

// Part of ECMAScript 2024, which older browsers lack.
const nativeCheck = (String.prototype as WellFormedCheck).isWellFormed;

/** Says whether `text` has no half of a surrogate pair, which UTF-8 cannot represent. */
export function isWellFormed(text: string): boolean {
  return nativeCheck ? nativeCheck.call(text) : !/[\uD800-\uDFFF]/u.test(text);
}
