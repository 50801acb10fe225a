//! Frozen models: `released/v<number>.json`, written once.

use serde_json::Value;
use sha2::{Digest, Sha256};
use unified_event_schema::Schema;

use super::FileFault;
use super::lock::{CONFLICT, Release, TableIdentities, is_conflict};

/// Returns the hash of the canonical form of some JSON: keys sorted, no space.
pub fn canonical_sha256(value: &Value) -> String {
    let mut text = Vec::new();
    write_canonical(value, &mut text);
    Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the text of a frozen model and its hash.
///
/// # Errors
///
/// When the model does not serialise, which a loaded one does.
pub fn freeze(schema: &Schema) -> serde_json::Result<(String, String)> {
    let value = serde_json::to_value(schema)?;
    Ok((crate::json::pretty(&value), canonical_sha256(&value)))
}

/// Reads a frozen model, and checks it against the lock.
///
/// # Errors
///
/// When the text is no model, or not the one that was frozen.
pub fn thaw(path: &str, text: &str, release: &Release, lock: &str) -> Result<Schema, FileFault> {
    let value = verify(path, text, release, lock)?;
    serde_json::from_value(value).map_err(|e| fault(path, 1, format!("this is no model: {e}"), RESTORE))
}

/// Returns the identities of a frozen model, and checks it against the lock.
///
/// # Errors
///
/// When the text is no model, or not the one that was frozen.
pub fn identities(path: &str, text: &str, release: &Release, lock: &str) -> Result<Vec<TableIdentities>, FileFault> {
    let value = verify(path, text, release, lock)?;
    super::lock::of_frozen(&value).map_err(|e| fault(path, 1, format!("this is no model: {e}"), RESTORE))
}

/// Checks a frozen model against the lock without making a model of it.
///
/// # Errors
///
/// When the text is no JSON, or not what was frozen.
pub fn verify(path: &str, text: &str, release: &Release, lock: &str) -> Result<Value, FileFault> {
    if let Some(line) = text.lines().position(is_conflict) {
        return Err(fault(path, line + 1, "a merge conflict stands here".to_owned(), CONFLICT));
    }
    let value: Value = serde_json::from_str(text)
        .map_err(|e| fault(path, e.line().max(1), format!("this is no JSON: {e}"), RESTORE))?;
    if canonical_sha256(&value) != release.sha256 {
        let message = format!("the released model is not the one that was frozen ({lock}:{})", release.line);
        return Err(fault(path, 1, message, RESTORE));
    }
    Ok(value)
}

const RESTORE: &str = "released files never change: restore it with `git checkout -- FILE`, and make the change in the \
                       definition";

fn fault(file: &str, line: usize, message: String, help: &str) -> FileFault {
    FileFault { file: file.to_owned(), line, message, help: help.replace("FILE", file) }
}

fn write_canonical(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| key.as_str());
            out.push(b'{');
            for (i, (key, value)) in entries.into_iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_plain(key, out);
                out.push(b':');
                write_canonical(value, out);
            }
            out.push(b'}');
        }
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_canonical(item, out);
            }
            out.push(b']');
        }
        plain => write_plain(plain, out),
    }
}

/// Texts, numbers and keys always serialise, and a vector always takes them.
fn write_plain<T: serde::Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    let _ = serde_json::to_writer(out, value);
}
