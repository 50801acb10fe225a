//! JSON output: pretty, with a final newline.

use serde::Serialize;

use crate::Artifact;

pub(crate) use unified_event_guard::json::pretty;

/// Returns an artifact with pretty JSON.
///
/// The values of all targets are trees of plain data, which always serialise.
pub(crate) fn artifact(path: impl Into<String>, value: &impl Serialize) -> Artifact {
    Artifact::text(path, pretty(value))
}
