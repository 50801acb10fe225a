//! The manifest of the crate, and the settings that keep formatters away.

use unified_event_schema::Schema;

use super::FOLDER;
use crate::{Artifact, head_note};

/// Returns `Cargo.toml` and `rustfmt.toml`.
pub(super) fn emit(schema: &Schema) -> Vec<Artifact> {
    let manifest = format!(
        "{}{}",
        head_note("#"),
        MANIFEST
            .replace("{event}", &schema.counts.event.to_string())
            .replace("{stored}", &schema.counts.stored.to_string())
    );
    let rustfmt = format!("{}{RUSTFMT}", head_note("#"));
    vec![
        Artifact::text(format!("{FOLDER}/Cargo.toml"), manifest),
        Artifact::text(format!("{FOLDER}/rustfmt.toml"), rustfmt),
    ]
}

/// The name is fixed: expansions of the derive say `::unified_event`.
const MANIFEST: &str = r#"[package]
name = "unified-event"
description = "The UnifiedEvent in Rust: {event} event columns, {stored} stored columns, and a derive that checks structs against them."
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
publish.workspace = true

[dependencies]
unified-event-macros.workspace = true
unified-event-runtime.workspace = true

[features]
default = ["arrow"]
# Arrow schemas, record batches and NDJSON into them: who only writes JSON does without.
arrow = ["unified-event-runtime/arrow"]
# Instants of these crates as values of `timestamp` columns.
chrono = ["unified-event-runtime/chrono"]
jiff = ["unified-event-runtime/jiff"]
time = ["unified-event-runtime/time"]

[dev-dependencies]
serde_json = "1"

[lints]
workspace = true
"#;

/// The generator formats what it writes; a second formatter would only disagree about long texts.
const RUSTFMT: &str = "disable_all_formatting = true\n";
