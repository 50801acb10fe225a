//! Faults in the definition and what the loader says of them.
//!
//! Every folder of `loader/` is a case: `edit.toml` changes the small definition of the fixtures,
//! `expected.snap` is what is reported. The folder's name is the fault.

use std::collections::BTreeSet;
use std::path::Path;

use unified_event_schema::{Code, LoadError};
use unified_event_tests::{Edit, repository, text, tiny};

fn cases() -> Vec<String> {
    let entries = std::fs::read_dir(repository("tests/loader")).expect("tests/loader");
    let mut names: Vec<String> =
        entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn edits(case: &str) -> Vec<Edit> {
    let table: toml::Table = text(&format!("tests/loader/{case}/edit.toml")).parse().expect("TOML");
    let edits = table["edit"].as_array().expect("[[edit]]");
    let field = |edit: &toml::Value, key: &str| edit.get(key).map_or("", |v| v.as_str().expect("text")).to_owned();
    edits.iter().map(|e| Edit { file: field(e, "file"), old: field(e, "old"), new: field(e, "new") }).collect()
}

fn faults(case: &str) -> Box<unified_event_schema::Diagnostics> {
    match tiny(&edits(case)) {
        Err(LoadError::Definition(faults)) => faults,
        Err(other) => panic!("{case}: {other}"),
        Ok(_) => panic!("{case}: the loader found no fault"),
    }
}

#[test]
fn every_case_is_reported_as_expected() {
    for case in cases() {
        let rendered = faults(&case).render(false);
        insta::with_settings!({
            snapshot_path => Path::new("loader").join(&case),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!("expected", rendered);
        });
    }
}

#[test]
fn every_kind_of_fault_has_a_case() {
    let seen: BTreeSet<Code> =
        cases().iter().flat_map(|c| faults(c).items().iter().map(|i| i.code).collect::<Vec<_>>()).collect();
    // The quota takes more tables than a case should hold; it has a test of its own.
    let all: BTreeSet<Code> = Code::ALL.iter().copied().filter(|c| *c != Code::Platform).collect();
    let without: Vec<&Code> = all.difference(&seen).collect();
    assert!(without.is_empty(), "no case for {without:?}");
}

#[test]
fn every_fault_has_a_place_in_the_definition() {
    for case in cases() {
        let faults = faults(&case);
        for item in faults.items() {
            let (path, line, column) = faults.location(item);
            assert!(path.starts_with("tiny") && line > 0 && column > 0, "{case}: {path}:{line}:{column}");
        }
    }
}

#[test]
fn a_plan_beyond_the_quota_is_refused() {
    // Raw files take a pipeline beside those of the two tables.
    let extra: Vec<String> = (0..18).map(|i| format!("notes{i}")).collect();
    let list = extra.iter().map(|n| format!(", \"{n}\"")).collect::<String>();
    let mut edits =
        vec![Edit { file: "schema.toml".to_owned(), old: "\"notes\"]".to_owned(), new: format!("\"notes\"{list}]") }];
    for name in &extra {
        for folder in ["tables", "pipelines"] {
            let text = text(&format!("tests/fixtures/tiny/{folder}/notes.toml"));
            let text = text.replace("\"notes\"", &format!("\"{name}\""));
            let text = text.replace("notes_stream", &format!("{name}_stream"));
            let text = text.replace("\"NOTES\"", &format!("\"{}\"", name.to_uppercase()));
            edits.push(Edit { file: format!("{folder}/{name}.toml"), old: String::new(), new: text });
        }
    }
    let Err(error) = tiny(&edits) else { panic!("21 pipelines are too many") };
    let said = error.to_string();
    assert!(said.contains("21 pipelines are more than an account may have [UE-D20]"), "{said}");
    edits.truncate(edits.len() - 2);
    edits[0].new = edits[0].new.replace(", \"notes17\"", "");
    tiny(&edits).unwrap_or_else(|e| panic!("20 pipelines are allowed: {e}"));
}
