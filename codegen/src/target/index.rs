//! `README.md`: the index over everything that is generated.

use unified_event_schema::Schema;

use super::Target;
use crate::{Artifact, HEAD_NOTE};

/// Returns the index over the artefacts of all targets.
pub fn emit(schema: &Schema, emitted: &[(&Target, Vec<Artifact>)]) -> Artifact {
    let counts = schema.counts;
    let mut out = format!("<!-- {HEAD_NOTE} -->\n# Generated from the definition of the {}\n\n", schema.name);
    out.push_str(&format!(
        "{} event columns and {} system columns make the {} columns of a stored row.\n\
         Nothing in this folder is edited by hand: change `schema/` and run `cargo run codegen`.\n\n\
         | what | files | for |\n|---|---:|---|\n",
        counts.event, counts.system, counts.stored
    ));
    for (target, artifacts) in emitted {
        let files = artifacts.len();
        out.push_str(&format!("| [`{0}`]({0}) | {files} | {1} |\n", target.owns, target.purpose));
    }
    out.push_str("\n## Files\n\n");
    let mut paths: Vec<&str> = emitted.iter().flat_map(|(_, a)| a).map(|a| a.path.as_str()).collect();
    paths.sort_unstable();
    for path in paths {
        out.push_str(&format!("- [{path}]({path})\n"));
    }
    Artifact::text("README.md", out)
}
