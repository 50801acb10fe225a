//! The cases of the guard: every folder `tests/evolution/UE-…` is one.
//!
//! The files below `old/` and `new/` replace those of `evolution/base` (an empty file takes one away), and
//! `edits.toml` edits them;
//! `new/consumers`, `new/waivers.toml`, and `schema.lock` and `policy.toml` of both sides stand beside it. The folder's
//! name is the rule, for a further case of it with `_` and some words. Two more are for
//! witnesses only: the definition itself with the edits of `tests/witnesses/real.toml`, and one that
//! changes every type to every other.

use std::path::Path;

use unified_event_codegen::target::LANGUAGES;
use unified_event_guard::consumers::{self, ConsumerQuery};
use unified_event_guard::lock::{Lock, of_frozen};
use unified_event_guard::{Baseline, BaselineKind, History, Input, Outcome, Policy, check, released, waiver};
use unified_event_schema::{Schema, SourceSet};

use crate::{Edit, edited_sources, repository, text};

/// The day on which the cases are judged.
pub const TODAY: &str = "2027-06-01";

/// Returns the names of all cases.
pub fn cases() -> Vec<String> {
    let entries = std::fs::read_dir(repository("tests/evolution")).expect("tests/evolution");
    let names = entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|n| n.starts_with("UE-")).collect();
    names.sort();
    names
}

/// Returns the rule that a case is about.
pub fn rule_of(case: &str) -> &str {
    case.split_once('_').map_or(case, |(rule, _)| rule)
}

/// The name of the case that the definition itself makes.
pub const REAL: &str = "real";

/// The name of the case in which columns change from every type to every other.
pub const TYPES: &str = "types";

/// Returns the files of one side of a case over those of `evolution/base`.
fn sources(case: &str, side: &str) -> SourceSet {
    if case == REAL {
        let edits = if side == "new" { real_edits() } else { Vec::new() };
        return edited_sources("schema", side, &edits);
    }
    if case == TYPES {
        let file = "groups/everything.toml".to_owned();
        let edit = Edit { file, old: String::new(), new: columns_of_every_type(side) };
        return edited_sources("tests/evolution/base", side, &[edit]);
    }
    let base = SourceSet::from_dir(&repository("tests/evolution/base")).expect("a definition");
    let mut files: Vec<(String, String)> = base.files().iter().map(|f| (f.name.clone(), f.text.clone())).collect();
    let folder = repository(&format!("tests/evolution/{case}/{side}"));
    let edits = format!("tests/evolution/{case}/{side}/{EDITS}");
    for edit in if repository(&edits).is_file() { edits_of(&edits) } else { Vec::new() } {
        let file = files.iter_mut().find(|(name, _)| *name == edit.file);
        let (_, text) = file.unwrap_or_else(|| panic!("{case}: there is no {}", edit.file));
        assert!(text.contains(&edit.old), "{case}: {} has no {:?}", edit.file, edit.old);
        *text = text.replacen(&edit.old, &edit.new, 1);
    }
    let is_model = |name: &str| name.ends_with(".toml") && !BESIDE.contains(&name);
    for (name, text) in below(&folder).into_iter().filter(|(n, _)| is_model(n)) {
        files.retain(|(n, _)| *n != name);
        if !text.is_empty() {
            files.push((name, text));
        }
    }
    SourceSet::from_texts(side, files)
}

/// Files of a side that are no part of its definition.
const BESIDE: [&str; 3] = ["waivers.toml", "policy.toml", EDITS];

/// The file of a side that edits the base instead of replacing its files.
const EDITS: &str = "edits.toml";

fn real_edits() -> Vec<Edit> {
    edits_of("tests/witnesses/real.toml")
}

fn edits_of(path: &str) -> Vec<Edit> {
    let table: toml::Table = text(path).parse().expect("TOML");
    let field = |edit: &toml::Value, key: &str| edit[key].as_str().expect("text").to_owned();
    let edits = table["edit"].as_array().expect("[[edit]]").iter();
    edits.map(|e| Edit { file: field(e, "file"), old: field(e, "old"), new: field(e, "new") }).collect()
}

/// Returns a column for every two types, which has the first on the old side and the second on the new one.
fn columns_of_every_type(side: &str) -> String {
    let types = [
        ("string", r#""text""#),
        ("bool", "true"),
        ("int32", "7"),
        ("int64", "7"),
        ("float64", "2.0"),
        ("timestamp", r#""2026-01-01T12:00:00.123456Z""#),
        ("json", "{ a = 1 }"),
        ("binary", r#""aGVsbG8=""#),
    ];
    let mut out = String::new();
    let pairs = types.iter().flat_map(|old| types.iter().map(move |new| (old, new))).filter(|(old, new)| old != new);
    for ((old, new), id) in pairs.zip(100..) {
        let (ty, example) = if side == "old" { old } else { new };
        out.push_str(&format!("\n[column.{}_to_{}]\nid = {id}\ntype = \"{ty}\"\n", old.0, new.0));
        out.push_str(&format!("doc = \"A value of some type.\"\nexample = {example}\n"));
    }
    out
}

fn below(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(dir) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&dir) else { continue };
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("below").display().to_string();
            found.push((name, std::fs::read_to_string(&path).expect("text")));
        }
    }
    found.sort();
    found
}

/// Returns the model of one side, `old` or `new`.
pub fn load(case: &str, side: &str) -> Schema {
    Schema::load(&sources(case, side)).unwrap_or_else(|e| panic!("{case}/{side}: {}", e.render(false)))
}

fn queries(case: &str) -> Vec<ConsumerQuery> {
    let files = below(&repository(&format!("tests/evolution/{case}/new/consumers")));
    let parse = |(name, text): &(String, String)| {
        let found = consumers::parse(&format!("consumers/{name}"), text);
        assert_eq!(found.notices, Vec::<String>::new(), "{case}");
        found.queries
    };
    files.iter().flat_map(parse).collect()
}

fn policy(case: &str, side: &str) -> Policy {
    let path = format!("{side}/policy.toml");
    let text = std::fs::read_to_string(repository(&format!("tests/evolution/{case}/{path}")));
    text.map_or_else(|_| Policy::default(), |text| Policy::parse(&path, &text).expect("a policy"))
}

fn parse_lock(text: &str) -> Lock {
    Lock::parse("new/schema.lock", text).expect("a lock")
}

/// Returns the lock of the old side, and that of the new side with the models of both as releases 1 and 2.
///
/// In the files stand `{old}` and `{new}` for the hashes of the models.
fn history(case: &str, old: &Schema, new: &Schema) -> (Option<Lock>, Option<History>) {
    let freeze = |schema: &Schema| released::freeze(schema).expect("JSON");
    let ((old_model, old_hash), (new_model, new_hash)) = (freeze(old), freeze(new));
    let read = |side: &str| {
        let text = std::fs::read_to_string(repository(&format!("tests/evolution/{case}/{side}/schema.lock"))).ok()?;
        Some(text.replace("{old}", &old_hash).replace("{new}", &new_hash))
    };
    let Some(text) = read("new") else { return (None, None) };
    let identities = |model: &str| of_frozen(&serde_json::from_str(model).expect("JSON")).expect("a model");
    let frozen = [(1, identities(&old_model)), (2, identities(&new_model))];
    let n_releases = parse_lock(&text).releases.len();
    let frozen = frozen.into_iter().take(n_releases).collect();
    let history = History { path: "new/schema.lock".to_owned(), text: Some(text), frozen };
    (read("old").as_deref().map(parse_lock), Some(history))
}

/// Returns what `check` says of a case.
pub fn outcome(case: &str) -> Outcome {
    let new = sources(case, "new");
    let schema = Schema::load(&new).unwrap_or_else(|e| panic!("{case}: {}", e.render(false)));
    let baseline = Baseline {
        label: "old".to_owned(),
        kind: BaselineKind::Base,
        schema: load(case, "old"),
        sources: Some(sources(case, "old")),
        lock: None,
        policy: Some(policy(case, "old")),
    };
    let (before, history) = history(case, &baseline.schema, &schema);
    let lock = history.as_ref().and_then(|h| h.text.as_deref()).map(parse_lock);
    let baseline = Baseline { lock: before, ..baseline };
    let waivers = repository(&format!("tests/evolution/{case}/new/waivers.toml"));
    let waivers = std::fs::read_to_string(waivers).unwrap_or_default();
    check(&Input {
        schema: &schema,
        sources: Some(&new),
        lock: lock.as_ref(),
        history: history.as_ref(),
        baselines: &[&baseline],
        released: &[],
        queries: &queries(case),
        waivers: &waiver::parse("waivers.toml", &waivers).expect("waivers"),
        waivers_path: "waivers.toml",
        policy: &policy(case, "new"),
        policy_before: baseline.policy.as_ref(),
        today: Some(TODAY),
        languages: LANGUAGES,
    })
}
