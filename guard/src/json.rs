//! JSON output: pretty, with a final newline.

use serde::Serialize;

/// Returns pretty JSON with a final newline.
///
/// What is written here are trees of plain data, which always serialise.
pub fn pretty(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
