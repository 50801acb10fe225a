//! The targets: pure functions from the model to files.

use unified_event_schema::Schema;

use crate::Artifact;

pub mod typescript;

/// A target of the generator.
pub struct Target {
    /// The name for `--target`.
    pub name: &'static str,
    /// The folder or file below the output folder that it owns.
    pub owns: &'static str,
    /// What the files are and for whom, for the index.
    pub purpose: &'static str,
    /// Returns the files for a schema.
    pub emit: fn(&Schema) -> Vec<Artifact>,
}
