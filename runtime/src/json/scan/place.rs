//! From the byte of a problem to the keys and positions that lead there.

use std::ops::Range;

use super::{Found, JsonProblem, after_string};

/// An array or an object around a byte.
enum Level {
    /// How many items are before it.
    Array(usize),
    /// The name of its member, as it is written.
    Object(Option<Range<usize>>),
}

/// Returns a problem with the keys and positions that lead to its byte.
#[cold]
pub(super) fn placed(text: &str, (kind, target): Found) -> JsonProblem {
    let bytes = text.as_bytes();
    let mut levels = Vec::new();
    let (mut at, mut is_name) = (0, false);
    while let Some(byte) = bytes.get(at).filter(|_| at < target) {
        match byte {
            b'"' => {
                let end = after_string(bytes, at + 1);
                // What is wrong with a name is at the object.
                if let (true, Some(Level::Object(name))) = (is_name && end <= target, levels.last_mut()) {
                    *name = Some(at + 1..end - 1);
                }
                at = end;
                continue;
            }
            b'[' => levels.push(Level::Array(0)),
            b'{' => levels.push(Level::Object(None)),
            b']' | b'}' => drop(levels.pop()),
            b',' => match levels.last_mut() {
                Some(Level::Array(n)) => *n += 1,
                Some(Level::Object(name)) => *name = None,
                None => {}
            },
            _ => {}
        }
        is_name = match byte {
            b'{' | b',' => matches!(levels.last(), Some(Level::Object(_))),
            b':' | b'[' => false,
            _ => is_name,
        };
        at += 1;
    }
    let step = |level: &Level| match level {
        Level::Array(n) => format!(".{n}"),
        Level::Object(Some(name)) => format!(".{}", text.get(name.clone()).unwrap_or_default()),
        Level::Object(None) => String::new(),
    };
    JsonProblem { kind, path: levels.iter().map(step).collect() }
}
