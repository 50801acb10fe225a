//! Where in a line its keys are.

use std::borrow::Cow;
use std::collections::HashMap;

/// The keys of one event.
pub(super) struct Keys<'a>(HashMap<Cow<'a, str>, usize>);

impl<'a> Keys<'a> {
    /// Finds the keys of an event in one pass over its line, so that many faults cost no more passes than one.
    pub(super) fn of(line: &'a [u8]) -> Self {
        let mut keys = HashMap::new();
        let (mut at, mut depth) = (0, 0_usize);
        while let Some(byte) = line.get(at) {
            let start = at;
            at += 1;
            match byte {
                b'"' => {
                    at = string_end(line, at);
                    let rest = line.get(at..).unwrap_or_default();
                    let is_key = depth == 1 && rest.trim_ascii_start().starts_with(b":");
                    if let Some(name) = is_key.then(|| name(line.get(start..at)?)).flatten() {
                        keys.entry(name).or_insert(start);
                    }
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        Self(keys)
    }

    /// Returns the byte at which a key starts; of one that appears twice, the first.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.0.get(name).copied()
    }
}

/// Returns the byte after the closing quote of the string whose contents start at `at`.
fn string_end(line: &[u8], mut at: usize) -> usize {
    while let Some(byte) = line.get(at) {
        at += 1;
        match byte {
            b'"' => break,
            b'\\' => at += 1,
            _ => {}
        }
    }
    at.min(line.len())
}

/// Returns the text of a key with its quotes.
fn name(key: &[u8]) -> Option<Cow<'_, str>> {
    if key.contains(&b'\\') {
        return serde_json::from_slice(key).ok().map(Cow::Owned);
    }
    let text = key.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    std::str::from_utf8(text).ok().map(Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_event_are_found_and_no_others() {
        let line = br#"{"a":"b","c" : {"d":["e",{"f":1}]},"\u0067\"":"h","a":2, "i"}"#;
        let keys = Keys::of(line);
        for (name, position) in [
            ("a", Some(1)),
            ("c", Some(9)),
            ("g\"", Some(35)),
            ("b", None),
            ("d", None),
            ("f", None),
            ("h", None),
            ("i", None),
            ("", None),
        ] {
            assert_eq!(keys.position(name), position, "{name}");
        }
    }

    #[test]
    fn what_is_no_event_has_the_keys_that_can_be_told() {
        for line in ["", "{", "\"", "{\"a", "{\"a\\", "{\"a\\\"", "]}\"a\":1", "{\"\\ud800\":1}", "{\"a\":1}{\"b\":2}"]
        {
            let keys = Keys::of(line.as_bytes());
            assert_eq!(keys.position("a"), line.starts_with("{\"a\":").then_some(1), "{line}");
        }
        assert_eq!(Keys::of(b"{\"\xFF\":1,\"b\":2}").position("b"), Some(7));
    }
}
