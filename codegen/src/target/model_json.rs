//! `model.json`: the resolved model.

use unified_event_schema::Schema;

use crate::{Artifact, json};

/// Returns the model as JSON.
pub fn emit(schema: &Schema) -> Vec<Artifact> {
    vec![json::artifact("model.json", schema)]
}
