//! The lifecycle rules of the bucket with raw files, one file a tiering preset.
//!
//! Only raw files get rules. In the bucket of a catalog a rule would take files away from under
//! their tables, which the platform does not notice.

use serde_json::json;
use unified_event_schema::{Schema, TieringPreset};

use super::sinks::raw_prefix;
use crate::{Artifact, json};

const DAY: u64 = 86_400;

/// Returns `cloudflare/lifecycle/<preset>.json`, as `wrangler r2 bucket lifecycle set` reads it.
pub(super) fn emit(schema: &Schema) -> Vec<Artifact> {
    let Some((raw, table)) = schema.lake.raw.as_ref().and_then(|r| Some((r, schema.table(&r.table)?))) else {
        return Vec::new();
    };
    let prefix = format!("{}/", raw_prefix(raw, table));
    let file = |preset: &TieringPreset| {
        let rules = json!({ "rules": [
            // A raw file is written when its events happen, so that its age is theirs. It turns cold
            // without being lost: reading it costs more then, keeping it less.
            {
                "id": format!("{} turns cold", table.name),
                "enabled": true,
                "conditions": { "prefix": prefix },
                "storageClassTransitions": [{
                    "condition": { "type": "Age", "maxAge": u64::from(preset.cold_after_days) * DAY },
                    "storageClass": "InfrequentAccess",
                }],
            },
            // Every new bucket has this rule, and setting rules replaces all of them.
            {
                "id": "Default Multipart Abort Rule",
                "enabled": true,
                "conditions": { "prefix": "" },
                "abortMultipartUploadsTransition": { "condition": { "type": "Age", "maxAge": 7 * DAY } },
            },
        ] });
        json::artifact(format!("cloudflare/lifecycle/{}.json", preset.name), &rules)
    };
    schema.lake.tiering.iter().map(file).collect()
}
