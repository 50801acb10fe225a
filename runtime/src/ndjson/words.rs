//! Small sets of texts, in which most texts are found or missed without a comparison.

/// A set of texts, each with a place.
#[derive(Debug)]
pub(super) struct Words(Box<[Word]>);

#[derive(Debug)]
struct Word {
    /// What [`first_bytes`] says of the text.
    first: u64,
    text: &'static str,
    place: usize,
}

impl Words {
    pub(super) fn new(texts: impl Iterator<Item = (usize, &'static str)>) -> Self {
        Self(texts.map(|(place, text)| Word { first: first_bytes(text.as_bytes()), text, place }).collect())
    }

    /// Returns the place of a text, if it is in the set.
    #[inline]
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        let first = first_bytes(text.as_bytes());
        let is_it = |word: &&Word| {
            word.first == first && word.text.len() == text.len() && (text.len() <= 8 || word.text == text)
        };
        self.0.iter().find(is_it).map(|word| word.place)
    }
}

/// Returns the first eight bytes as a number. Texts of the same length with fewer bytes have the same number
/// only if they are the same.
#[inline]
pub(super) fn first_bytes(text: &[u8]) -> u64 {
    match (text.first_chunk(), text.first_chunk(), text.last_chunk()) {
        (Some(bytes), ..) => u64::from_le_bytes(*bytes),
        (_, Some(start), Some(end)) => {
            u64::from(u32::from_le_bytes(*start)) | u64::from(u32::from_le_bytes(*end)) << 32
        }
        _ => text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_whole() {
        let texts = ["", "a", "ab", "abc", "abcd", "abcde", "abcdef", "abcdefg", "abcdefgh", "abcdefghi", "abcdefghij"];
        let words = Words::new(texts.into_iter().enumerate().skip(1));
        assert_eq!(words.find(""), None);
        for (place, text) in texts.into_iter().enumerate().skip(1) {
            assert_eq!(words.find(text), Some(place), "{text}");
            for at in 0..text.len() {
                let mut other = text.as_bytes().to_vec();
                other[at] = b'z';
                assert_eq!(words.find(std::str::from_utf8(&other).unwrap()), None);
            }
        }
    }
}
