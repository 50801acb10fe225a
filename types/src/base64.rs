//! Base64 with padding, as RFC 4648, section 4 has it.

/// Returns true if `text` is standard base64 with padding that decodes to bytes and back to itself.
///
/// Digits whose last bits no byte would hold, such as the `R` of `QR==`, are refused: decoders disagree
/// about them.
///
/// ```
/// use unified_event_types::is_base64;
///
/// assert!(is_base64("aGk="));
/// assert!(!is_base64("aGl=") && !is_base64("aGk"));
/// ```
pub fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let n_padding = text.len() - body.len();
    // So many bits of the last digit lie behind the last byte.
    let spare_bits = match n_padding {
        0 => 0,
        1 => 0b11,
        2 => 0b1111,
        _ => return false,
    };
    let last = body.bytes().next_back().and_then(digit).unwrap_or(0);
    text.len().is_multiple_of(4) && body.bytes().all(|byte| digit(byte).is_some()) && last & spare_bits == 0
}

const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_and_spare_bits_are_exact() {
        for good in ["", "AAAA", "aGk=", "QQ==", "Q0E=", "+/+/"] {
            assert!(is_base64(good), "{good}");
        }
        for bad in
            ["a", "aGk", "QR==", "QQ=", "Q0F=", "a_==", "a===", "====", "=AAA", "AA=A", "AAAA=", "AAA=AAAA", "é==="]
        {
            assert!(!is_base64(bad), "{bad}");
        }
    }

    #[test]
    fn the_last_digit_before_padding_leaves_no_bits() {
        let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (value, c) in digits.chars().enumerate() {
            assert_eq!(is_base64(&format!("A{c}==")), value % 16 == 0, "{c}");
            assert_eq!(is_base64(&format!("AA{c}=")), value % 4 == 0, "{c}");
            assert!(is_base64(&format!("AAA{c}")));
        }
    }
}
