//! JSON output: pretty, with a final newline.

use serde::Serialize;

use crate::Artifact;

/// Returns an artifact with pretty JSON.
///
/// The values of all targets are trees of plain data, which always serialise.
pub(crate) fn artifact(path: impl Into<String>, value: &impl Serialize) -> Artifact {
    Artifact::text(path, pretty(value))
}

/// Returns pretty JSON with a final newline.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
