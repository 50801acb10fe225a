//! The limits of events as JSON: one table for everything that writes or reads them.

/// The limits of an event in wire form.
///
/// Beside them a number in JSON must lie within the finite 64-bit floats, whose digits are kept as they
/// are, and a string must not escape half a surrogate pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct WireLimits {
    /// How deep arrays and objects may nest in the value of a column, empty ones counted.
    pub max_depth: u32,
    /// A record stays below so many bytes of JSON.
    pub max_record_bytes: u32,
    /// All records of a request stay below so many bytes of JSON.
    pub max_request_bytes: u32,
}

/// The platform's own: its parser stops at 127 levels, of which the batch and the event take one each,
/// and the rest is room for what it may wrap around them.
impl Default for WireLimits {
    fn default() -> Self {
        Self { max_depth: 120, max_record_bytes: 1_000_000, max_request_bytes: 5_000_000 }
    }
}
