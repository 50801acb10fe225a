//! Partition transforms with a number, as the Iceberg specification writes them.

/// Returns the number of a transform such as `bucket[16]`, where `text` is the transform `name`.
///
/// The number is one in decimal digits from 1 to 2,147,483,647, without a sign and without leading
/// zeros: engines take nothing else.
///
/// ```
/// use unified_event_types::transform_parameter;
///
/// assert_eq!(transform_parameter("bucket[16]", "bucket"), Some(16));
/// assert_eq!(transform_parameter("bucket[+16]", "bucket"), None);
/// ```
pub fn transform_parameter(text: &str, name: &str) -> Option<u32> {
    let digits = text.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?;
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    let number: i32 = digits.parse().ok().filter(|_| is_plain)?;
    number.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_digits_and_nothing_else() {
        for (text, number) in [
            ("bucket[1]", Some(1)),
            ("bucket[2147483647]", Some(2_147_483_647)),
            ("bucket[0]", None),
            ("bucket[05]", None),
            ("bucket[+5]", None),
            ("bucket[-5]", None),
            ("bucket[2147483648]", None),
            ("bucket[]", None),
            ("bucket[ 5]", None),
            ("bucket[5", None),
            ("bucket5]", None),
            ("truncate[5]", None),
        ] {
            assert_eq!(transform_parameter(text, "bucket"), number, "{text}");
        }
    }
}
