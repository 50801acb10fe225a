//! A line cut to what fits, with a caret under the fault.

/// The most characters of a line that are shown.
const WIDTH: usize = 96;
/// So many of them are before the fault, where the line is cut.
const BEFORE: usize = 40;

/// A part of a line, and where in it the fault is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The part, with `…` where the line goes on.
    pub text: String,
    /// The characters before the caret.
    pub caret: usize,
}

/// Returns the part of a line around a byte.
pub(super) fn excerpt(line: &[u8], position: usize) -> Excerpt {
    let position = position.min(line.len());
    // No more of the line is looked at than can be shown.
    let from = position.saturating_sub(4 * WIDTH);
    let before: Vec<char> = visible(&line[from..position]);
    let after: Vec<char> = visible(&line[position..line.len().min(position + 4 * WIDTH)]);
    let is_cut_before = before.len() > BEFORE && before.len() + after.len() > WIDTH;
    let mut text = String::new();
    let mut caret = before.len();
    if is_cut_before {
        text.push('…');
        text.extend(&before[before.len() - BEFORE..]);
        caret = BEFORE + 1;
    } else {
        text.extend(&before);
    }
    let room = WIDTH.saturating_sub(caret);
    text.extend(after.iter().take(room));
    if after.len() > room {
        text.push('…');
    }
    Excerpt { text, caret }
}

/// Returns the characters, with a mark for each that moves the cursor and for bytes that are no character.
fn visible(bytes: &[u8]) -> Vec<char> {
    let text = String::from_utf8_lossy(bytes);
    text.chars()
        .map(|c| {
            if c == '\t' {
                ' '
            } else if c.is_control() {
                '\u{FFFD}'
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_lines_are_whole_and_long_ones_cut() {
        assert_eq!(excerpt(b"{\"a\":1}", 5), Excerpt { text: "{\"a\":1}".to_owned(), caret: 5 });
        assert_eq!(excerpt(b"", 3), Excerpt { text: String::new(), caret: 0 });
        let line = "é".repeat(300);
        for at in [0, 20, 100, 299, 300] {
            let cut = excerpt(line.as_bytes(), at * 2);
            assert!(cut.text.chars().count() <= WIDTH + 2, "{}", cut.text);
            assert!(cut.caret <= cut.text.chars().count());
        }
        assert_eq!(excerpt(b"a\xFF\n", 1).text, "a\u{FFFD}\u{FFFD}");
    }
}
