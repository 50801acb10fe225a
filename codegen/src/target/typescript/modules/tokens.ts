const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Returns the tokens of text that is known to be JSON, but for colons: strings with their quotes,
 * brackets, commas, and all else up to the next of those.
 *
 * It looks at one character after another, because regular expressions need a stack for strings with
 * many escapes.
 */
export function* tokens(text: string): Generator<string> {
  for (let i = 0; i < text.length;) {
    const start = i;
    const unit = text.charCodeAt(i++);
    if (unit === QUOTE) i = endOfString(text, i);
    else if (isSpace(unit)) continue;
    else if (!isMark(unit)) {
      while (i < text.length && !isSpace(text.charCodeAt(i)) && !isMark(text.charCodeAt(i))) i++;
    }
    yield text.slice(start, i);
  }
}

/** Returns the position after the closing quote of a string whose contents begin at `i`. */
function endOfString(text: string, i: number): number {
  while (i < text.length) {
    const unit = text.charCodeAt(i++);
    if (unit === QUOTE) return i;
    if (unit === BACKSLASH) i++;
  }
  return i;
}

/** Says whether a character lies between tokens: white space and colons. */
function isSpace(unit: number): boolean {
  return unit <= 0x20 || unit === 0x3a;
}

/** Says whether a character is a token by itself: a bracket or a comma. */
function isMark(unit: number): boolean {
  return unit === 0x7b || unit === 0x7d || unit === 0x5b || unit === 0x5d || unit === 0x2c;
}
