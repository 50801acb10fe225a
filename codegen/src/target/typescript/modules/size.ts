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
