import type { Fault } from "./faults.js";
import type { RejectCode } from "./options.js";

/** Returns how many bytes `text` takes in UTF-8. */
export function utf8Length(text: string): number {
  let n = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) n += 1;
    // The two halves of a pair take four bytes together.
    else n += unit >= 0xd800 && unit <= 0xdfff ? 1 : 2;
  }
  return n;
}

/** Returns the fault of a record that is too large; it names the column that takes the most. */
export function tooLarge(record: unknown, bytes: number, limit: number): Fault<RejectCode> {
  let largest = { column: "", bytes: 0 };
  for (const [column, value] of Object.entries(record as object)) {
    const size = utf8Length(JSON.stringify(value) ?? "");
    if (size > largest.bytes) largest = { column, bytes: size };
  }
  return {
    code: "record-too-large",
    path: [largest.column],
    expected: `a record of less than ${limit} bytes of JSON`,
    received: `${bytes} bytes, ${largest.bytes} of them in the column`,
  };
}
