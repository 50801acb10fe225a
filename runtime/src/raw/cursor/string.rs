//! Strings into text columns, with all that JSON escapes. Safe code over the steps of a cursor.

use super::{Cursor, Stop};
use crate::raw::TextColumn;
use crate::raw::block::Block;

impl Cursor<'_> {
    /// Reads a string, whose opening quote has been passed, to the end of a column.
    ///
    /// On an error the column is as it was, and the place is near the fault.
    #[inline(always)]
    pub(crate) fn string_into(&mut self, column: &mut TextColumn, row: u32) -> Result<(), Stop> {
        let start = column.bytes.len();
        self.copy(&mut column.bytes, Block::plain_ascii_of);
        if self.eat(b'"') {
            column.commit(row, start);
            return Ok(());
        }
        match self.aside(|cursor| cursor.rest_of_string(&mut column.bytes)) {
            Ok(false) => {
                column.commit(row, start);
                Ok(())
            }
            Ok(true) => column.commit_checked(row, start),
            Err(stop) => {
                column.bytes.truncate(start);
                Err(stop)
            }
        }
    }

    /// Appends the rest of a string that has an escape, a fault or what is not ASCII, and says whether it
    /// has the last.
    #[inline(never)]
    fn rest_of_string(&mut self, out: &mut Vec<u8>) -> Result<bool, Stop> {
        let mut has_high = self.copy_plain(out);
        loop {
            if self.eat(b'"') {
                return Ok(has_high);
            }
            let c = self.escape()?;
            has_high |= !c.is_ascii();
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            has_high |= self.copy_plain(out);
        }
    }

    /// Reads the escape here.
    pub(crate) fn escape(&mut self) -> Result<char, Stop> {
        if !self.eat(b'\\') {
            return Err(Stop::MalformedJson);
        }
        let c = match self.peek() {
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return Err(Stop::MalformedJson),
        };
        self.advance(1);
        Ok(c)
    }

    fn unicode_escape(&mut self) -> Result<char, Stop> {
        let unit = |digits: &[u8]| {
            digits.iter().try_fold(0_u32, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
        };
        let window = self.window();
        let first = unit(&window[1..5]).ok_or(Stop::MalformedJson)?;
        if !(0xD800..0xE000).contains(&first) {
            self.advance(5);
            return char::from_u32(first).ok_or(Stop::MalformedJson);
        }
        let second = if window[5..7] == *b"\\u" { unit(&window[7..11]) } else { None };
        match second {
            Some(second @ 0xDC00..=0xDFFF) if first < 0xDC00 => {
                self.advance(11);
                let pair = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                char::from_u32(pair).ok_or(Stop::MalformedJson)
            }
            _ => Err(Stop::MalformedJson),
        }
    }
}
