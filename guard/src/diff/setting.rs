//! Settings that no consumer is judged by one at a time: compared as JSON, path by path.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::Changes;
use crate::change::{Kind, Subject};

/// Adds one change for each path whose value differs.
pub(super) fn diff<T: Serialize>(
    changes: &mut Changes,
    old: &T,
    new: &T,
    subject: impl Fn(&str) -> Subject,
    kind: impl Fn(String, String) -> Kind,
) {
    let leaves = |model: &T| {
        let mut found = BTreeMap::new();
        walk(&serde_json::to_value(model).unwrap_or_default(), String::new(), &mut found);
        found
    };
    let (old, new) = (leaves(old), leaves(new));
    let mut paths: Vec<&String> = old.keys().chain(new.keys()).collect();
    paths.sort();
    paths.dedup();
    for path in paths {
        let side = |leaves: &BTreeMap<String, String>| leaves.get(path).cloned().unwrap_or_default();
        let (old, new) = (side(&old), side(&new));
        if old != new {
            changes.push(subject(path), kind(old, new));
        }
    }
}

/// Lists the leaves below a value; entries of lists go by their name where they have one.
fn walk(value: &Value, path: String, found: &mut BTreeMap<String, String>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}/{key}") };
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                walk(value, below(key), found);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            let name = |item: &Value, i: usize| {
                let named = ["binding", "name", "scheme"].iter().find_map(|k| item.get(k)?.as_str());
                named.map_or_else(|| i.to_string(), str::to_owned)
            };
            let order: Vec<String> = items.iter().enumerate().map(|(i, item)| name(item, i)).collect();
            for (item, key) in items.iter().zip(&order) {
                walk(item, below(key), found);
            }
            found.insert(below("(order)"), order.join(", "));
        }
        // An absent option and one that the old model did not know are the same.
        Value::Null => {}
        other => {
            found.insert(path, other.to_string());
        }
    }
}
