//! The shapes that string columns may declare.

/// The shape of the text in a string column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Format {
    /// 16 hexadecimal characters: a span id of W3C Trace Context.
    #[cfg_attr(feature = "serde", serde(rename = "hex-16"))]
    Hex16,
    /// 32 hexadecimal characters: a trace id of W3C Trace Context.
    #[cfg_attr(feature = "serde", serde(rename = "hex-32"))]
    Hex32,
    /// Two capital letters: a country code of ISO 3166-1.
    #[cfg_attr(feature = "serde", serde(rename = "iso-3166-1-alpha-2"))]
    CountryCode,
    /// `YYYY-MM-DD`.
    #[cfg_attr(feature = "serde", serde(rename = "date"))]
    Date,
    /// Words joined by points, the thing before what happened to it: `order.placed`.
    #[cfg_attr(feature = "serde", serde(rename = "noun.verb"))]
    NounVerb,
    /// A URL or a host-like name.
    #[cfg_attr(feature = "serde", serde(rename = "namespace"))]
    Namespace,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 6] =
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
        Self::ALL.into_iter().find(|f| f.name() == name)
    }

    /// Returns what is expected, as error texts and documents say it.
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

    /// Returns the regular expression of the format, in the subset that every engine shares.
    pub const fn pattern(self) -> &'static str {
        match self {
            Self::Hex16 => "^[0-9A-Fa-f]{16}$",
            Self::Hex32 => "^[0-9A-Fa-f]{32}$",
            Self::CountryCode => "^[A-Z]{2}$",
            Self::Date => "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
            Self::NounVerb => r"^[^\s.]+(\.[^\s.]+)+$",
            Self::Namespace => r"^([A-Za-z][A-Za-z0-9+.-]*://)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(:[0-9]+)?(/[^\s]*)?$",
        }
    }

    /// Says whether a value outside the format is only a warning.
    ///
    /// Conventions guide people; refusing an event for its style would lose it.
    pub const fn is_convention(self) -> bool {
        matches!(self, Self::NounVerb | Self::Namespace)
    }

    /// Says whether `text` has the format.
    pub fn accepts(self, text: &str) -> bool {
        match self {
            Self::Hex16 => is_hex(text, 16),
            Self::Hex32 => is_hex(text, 32),
            Self::CountryCode => text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()),
            Self::Date => is_date(text),
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

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() })
}

fn is_namespace(text: &str) -> bool {
    let rest = match text.split_once("://") {
        Some((scheme, rest)) => {
            let valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+.-".contains(&b));
            if !valid {
                return false;
            }
            rest
        }
        None => text,
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    port.is_none_or(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
        && host
            .split('.')
            .all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)))
        && !path.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

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
