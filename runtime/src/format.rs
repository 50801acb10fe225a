//! The shapes of text that columns declare, as events are checked against them.

/// The shape of the text in a string column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// 16 hexadecimal characters: a span id of W3C Trace Context.
    Hex16,
    /// 32 hexadecimal characters: a trace id of W3C Trace Context.
    Hex32,
    /// Two capital letters: a country code of ISO 3166-1.
    CountryCode,
    /// `YYYY-MM-DD`.
    Date,
    /// Words joined by points, the thing before what happened to it: `order.placed`.
    NounVerb,
    /// A URL or a host-like name.
    Namespace,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 6] =
        [Self::Hex16, Self::Hex32, Self::CountryCode, Self::Date, Self::NounVerb, Self::Namespace];

    /// Returns the name in the definition.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hex16 => "hex-16",
            Self::Hex32 => "hex-32",
            Self::CountryCode => "iso-3166-1-alpha-2",
            Self::Date => "date",
            Self::NounVerb => "noun.verb",
            Self::Namespace => "namespace",
        }
    }

    /// Returns what is expected, as error texts say it.
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Hex16 => "16 hexadecimal characters",
            Self::Hex32 => "32 hexadecimal characters",
            Self::CountryCode => "two capital letters (ISO 3166-1 alpha-2)",
            Self::Date => "a date as YYYY-MM-DD",
            Self::NounVerb => "words joined by points, such as `order.placed`",
            Self::Namespace => "a URL or a host name",
        }
    }

    /// Says whether a text outside of the format is only a warning.
    pub const fn is_convention(self) -> bool {
        matches!(self, Self::NounVerb | Self::Namespace)
    }

    /// Says whether `text` has the format.
    pub fn accepts(self, text: &str) -> bool {
        match self {
            Self::Hex16 => text.len() == 16 && is_hex(text.as_bytes()),
            Self::Hex32 => text.len() == 32 && is_hex(text.as_bytes()),
            Self::CountryCode => text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()),
            Self::Date => is_date(text.as_bytes()),
            Self::NounVerb => {
                text.contains('.') && text.split('.').all(|w| !w.is_empty() && !w.contains(char::is_whitespace))
            }
            Self::Namespace => is_namespace(text),
        }
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Says whether whole words of eight bytes are hexadecimal: ids are in nearly every event.
fn is_hex(text: &[u8]) -> bool {
    text.as_chunks().0.iter().all(|word| is_hex_word(u64::from_le_bytes(*word)))
}

fn is_hex_word(word: u64) -> bool {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    // Marks the bytes from `low` to `high`, provided that all are ASCII.
    let within = |word: u64, low: u8, high: u8| {
        (word + (0x80 - u64::from(low)) * EACH) & !(word + (0x7F - u64::from(high)) * EACH)
    };
    let is_ascii = word & HIGH == 0;
    let letters = word | (0x20 * EACH);
    is_ascii && (within(word, b'0', b'9') | within(letters, b'a', b'f')) & HIGH == HIGH
}

fn is_date(text: &[u8]) -> bool {
    let shape = |(i, byte): (usize, &u8)| if i == 4 || i == 7 { *byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.iter().enumerate().all(shape)
}

/// `[scheme://]host[:port][/path]`.
fn is_namespace(text: &str) -> bool {
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => rest,
        Some(_) => return false,
        None => text,
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = authority.split_once(':').unwrap_or((authority, "0"));
    let is_port = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    is_port && host.split('.').all(is_label) && !path.contains(char::is_whitespace)
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+.-".contains(&b))
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_words_are_told_byte_by_byte() {
        for byte in 0..=u8::MAX {
            for place in 0..16 {
                let mut text = *b"0123456789abCDEF";
                text[place] = byte;
                assert_eq!(is_hex(&text), byte.is_ascii_hexdigit(), "{byte} at {place}");
            }
        }
    }

    #[test]
    fn formats_accept_their_own_and_refuse_neighbours() {
        for (format, good, bad) in [
            (Format::Hex16, "00f067aa0ba902b7", "00f067aa0ba902b"),
            (Format::Hex32, "4bf92f3577b34da6a3ce929d0e0e4736", "4bf92f3577b34da6a3ce929d0e0e473g"),
            (Format::CountryCode, "DE", "de"),
            (Format::Date, "2026-01-31", "2026-1-31"),
            (Format::NounVerb, "order.line.placed", "Order Placed"),
            (Format::Namespace, "https://shop.example:8443/eu", "not a host"),
            (Format::Namespace, "shop.example", "https://"),
        ] {
            assert!(format.accepts(good), "{format} {good}");
            assert!(!format.accepts(bad), "{format} {bad}");
        }
    }
}
