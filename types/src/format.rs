//! The shapes of text that string columns declare.

/// The shape of the text in a string column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// 16 hexadecimal characters, not all zero: a span id of W3C Trace Context.
    Hex16,
    /// 32 hexadecimal characters, not all zero: a trace id of W3C Trace Context.
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

    /// Returns the format that the definition calls `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Returns what is expected, as error texts and documents say it.
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Hex16 => "16 hexadecimal characters, not all zero",
            Self::Hex32 => "32 hexadecimal characters, not all zero",
            Self::CountryCode => "two capital letters (ISO 3166-1 alpha-2)",
            Self::Date => "a date as YYYY-MM-DD",
            Self::NounVerb => "words joined by points, such as `order.placed`",
            Self::Namespace => "a URL or a host name",
        }
    }

    /// Returns the regular expression of the format, in the dialect of ECMAScript.
    pub const fn pattern(self) -> &'static str {
        match self {
            Self::Hex16 => "^(?!0{16}$)[0-9A-Fa-f]{16}$",
            Self::Hex32 => "^(?!0{32}$)[0-9A-Fa-f]{32}$",
            Self::CountryCode => "^[A-Z]{2}$",
            Self::Date => "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
            Self::NounVerb => r"^[^\s.]+(\.[^\s.]+)+$",
            Self::Namespace => r"^([A-Za-z][A-Za-z0-9+.-]*://)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(:[0-9]+)?(/[^\s]*)?$",
        }
    }

    /// Returns true if a text outside of the format is only a warning.
    ///
    /// Conventions guide people; refusing an event for its style would lose it.
    pub const fn is_convention(self) -> bool {
        matches!(self, Self::NounVerb | Self::Namespace)
    }

    /// Returns true if `text` has the format.
    ///
    /// ```
    /// use unified_event_types::Format;
    ///
    /// assert!(Format::Hex16.accepts("00f067aa0ba902b7"));
    /// assert!(!Format::Hex16.accepts("0000000000000000"));
    /// ```
    #[inline]
    pub fn accepts(self, text: &str) -> bool {
        match self {
            Self::Hex16 => is_id::<16>(text),
            Self::Hex32 => is_id::<32>(text),
            other => other.accepts_other(text),
        }
    }

    /// The same for what is in fewer events than ids, or longer to look at than a call takes.
    fn accepts_other(self, text: &str) -> bool {
        match self {
            Self::Hex16 | Self::Hex32 => false,
            Self::CountryCode => text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()),
            Self::Date => is_date(text.as_bytes()),
            Self::NounVerb => {
                text.contains('.') && text.split('.').all(|word| !word.is_empty() && !word.contains(is_space))
            }
            Self::Namespace => is_namespace(text),
        }
    }

    /// Returns what is odd about a text that the format accepts, as the end of "expected …", if anything is.
    ///
    /// W3C Trace Context writes ids in lower case. One in upper case is kept as it is, because no reader
    /// refuses it, but it is not found under the lower-case id that other tools write.
    pub fn oddity(self, text: &str) -> Option<&'static str> {
        let is_id = matches!(self, Self::Hex16 | Self::Hex32);
        let is_odd = is_id && text.bytes().any(|byte| byte.is_ascii_uppercase()) && self.accepts(text);
        is_odd.then_some("lower-case hexadecimal characters (W3C Trace Context)")
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Format {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Format {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl serde::de::Visitor<'_> for Name {
            type Value = Format;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the name of a format")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Format, E> {
                Format::from_name(name).ok_or_else(|| E::custom(format_args!("`{name}` is no format")))
            }
        }

        deserializer.deserialize_str(Name)
    }
}

/// Returns true if a text is of so many hexadecimal characters and not all zero, which W3C Trace Context
/// declares invalid. Ids are in nearly every event: no step depends on a byte, for the compiler to make wide.
#[inline]
fn is_id<const N: usize>(text: &str) -> bool {
    let Ok(text) = <&[u8; N]>::try_from(text.as_bytes()) else { return false };
    let is_hex = |byte: u8| (byte.wrapping_sub(b'0') <= 9) | ((byte | 0x20).wrapping_sub(b'a') <= 5);
    let (is_all_hex, is_all_zero) =
        text.iter().fold((true, true), |(hex, zero), byte| (hex & is_hex(*byte), zero & (*byte == b'0')));
    is_all_hex && !is_all_zero
}

fn is_date(text: &[u8]) -> bool {
    let shape = |(i, byte): (usize, &u8)| if i == 4 || i == 7 { *byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.iter().enumerate().all(shape)
}

/// `[scheme://]host[:port][/path]`.
fn is_namespace(text: &str) -> bool {
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => rest,
        _ => text,
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = authority.split_once(':').unwrap_or((authority, "0"));
    let is_port = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    is_port && host.split('.').all(is_label) && !path.contains(is_space)
}

/// Returns true for what `\s` matches in the regular expressions of ECMAScript.
fn is_space(c: char) -> bool {
    (c.is_whitespace() && c != '\u{85}') || c == '\u{FEFF}'
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
    fn ids_are_told_byte_by_byte() {
        for byte in 0..=u8::MAX {
            for place in 0..32 {
                for (n, format) in [(16, Format::Hex16), (32, Format::Hex32)] {
                    let place = place % n;
                    let mut text = b"0123456789abCDEF0123456789abCDEF"[..n].to_vec();
                    let mut zeros = vec![b'0'; n];
                    (text[place], zeros[place]) = (byte, byte);
                    // Bytes that are not ASCII are never text alone.
                    let accepts =
                        |text: Vec<u8>| format.accepts(&text.iter().copied().map(char::from).collect::<String>());
                    assert_eq!(accepts(text), byte.is_ascii_hexdigit(), "{byte} at {place} of {n}");
                    assert_eq!(accepts(zeros), byte.is_ascii_hexdigit() && byte != b'0', "{byte} at {place} of {n}");
                }
            }
        }
        for text in ["", "0123456789abcde", "0123456789abcdef0", "0123456789abcd\u{e9}"] {
            assert!(!Format::Hex16.accepts(text) && !Format::Hex32.accepts(text), "{text}");
        }
    }

    #[test]
    fn upper_case_ids_are_accepted_and_odd() {
        assert!(Format::Hex16.accepts("00F067AA0BA902B7"));
        assert!(Format::Hex16.oddity("00F067AA0BA902B7").is_some());
        assert_eq!(Format::Hex16.oddity("00f067aa0ba902b7"), None);
        assert_eq!(Format::CountryCode.oddity("DE"), None);
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
            (Format::Namespace, "shop.example/a://b", "9://b"),
            (Format::NounVerb, "a\u{85}b.c", "a\u{feff}b.c"),
            (Format::Hex32, "00000000000000000000000000000001", "00000000000000000000000000000000"),
        ] {
            assert!(format.accepts(good), "{format} {good}");
            assert!(!format.accepts(bad), "{format} {bad}");
        }
    }
}
