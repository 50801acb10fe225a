//! The emitted modules that feed two versions at once: as they behave on the pair of `migrate/`, and
//! that the one of the real definition compiles.

use std::path::Path;

use serde_json::{Map, Value, json};
use unified_event_codegen::migrate;
use unified_event_tests::{Edit, edited, real_schema, text, tiny};

#[path = "migrate/expected/migrations/tiny_events_v1_to_v2/producer/dual_emission.rs"]
mod dual_emission;

#[path = "migrate/expected/migrations/notes_v2_to_v3/producer/dual_emission.rs"]
mod notes_emission;

use dual_emission::{CannotSay, Dual, NEW_STREAM, OLD_STREAM, OldOnly};

fn record(value: &Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

/// The cases are those of the TypeScript module too.
#[test]
fn one_event_goes_to_both_versions() {
    assert_eq!((OLD_STREAM, NEW_STREAM), ("tiny_stream", "tiny_stream_v2"));
    let cases: Vec<Value> = serde_json::from_str(&text("tests/migrate/dual_emission.json")).expect("JSON");
    assert_eq!(cases.len(), 4);
    for case in cases {
        let legacy = case["old_only"]["legacy"].as_str().map(str::to_owned);
        let made = Dual::new(record(&case["new"]), OldOnly { legacy });
        match case["cannot_say"].as_str() {
            None => {
                let dual = made.expect("records");
                assert_eq!(Value::Object(dual.new), case["new"], "{}", case["what"]);
                assert_eq!(Value::Object(dual.old), case["old"], "{}", case["what"]);
            }
            Some(field) => {
                let CannotSay { field: found } = made.expect_err("a field that is missing");
                assert_eq!(found, field, "{}", case["what"]);
            }
        }
    }
}

#[test]
fn a_stream_of_its_own_is_paired_by_name() {
    assert_eq!((notes_emission::OLD_STREAM, notes_emission::NEW_STREAM), ("notes_stream_v2", "notes_stream_v3"));
    let new = record(&json!({ "ns": "shop.example", "noteText": "it's a note", "author": "ada" }));
    let dual = notes_emission::Dual::new(new.clone(), notes_emission::OldOnly {}).expect("records");
    assert_eq!(dual.new, new);
    assert_eq!(Value::Object(dual.old), json!({ "ns": "shop.example", "noteText": "it's a note" }));
}

#[test]
fn fields_that_only_the_old_version_has_are_named_as_in_rust() {
    let edit =
        |file: &str, old: &str, new: &str| Edit { file: file.to_owned(), old: old.to_owned(), new: new.to_owned() };
    let field =
        |name: &str| format!("\n[field.{name}]\ntype = \"string\"\ndoc = \"What was said.\"\nexample = \"x\"\n");
    let more = ["super", "type", "writtenBy"].map(field).concat();
    let old = tiny(&[edit("pipelines/notes.toml", "", &more)]).unwrap_or_else(|e| panic!("{}", e.render(false)));
    let new = tiny(&[edit("tables/notes.toml", "version = 2", "version = 3")]).expect("a definition");
    let artifacts = migrate::emit(&[&old], &new, &|_, _| true);
    let module = artifacts.iter().find(|a| a.path.ends_with("producer/dual_emission.rs")).expect("the module");
    let module = String::from_utf8(module.contents.clone()).expect("text");
    for line in [
        "    pub super_: Option<String>,",
        "    pub r#type: Option<String>,",
        "    pub written_by: Option<String>,",
        "        put(&mut old, \"writtenBy\", old_only.written_by.map(Value::from), false)?;",
    ] {
        assert!(module.lines().any(|l| l == line), "{line}: {module}");
    }
}

/// Returns the part of a file that defines a column.
fn section(file: &str, column: &str) -> String {
    let source = text(&format!("schema/{file}"));
    let start = source.find(&format!("[column.{column}]\n")).expect("the column");
    source[start..].split("\n\n").next().expect("a section").to_owned()
}

/// Changes of the real definition that need every way from a new value to an old one.
fn real_edits() -> Vec<Edit> {
    let edit =
        |file: &str, old: &str, new: &str| Edit { file: file.to_owned(), old: old.to_owned(), new: new.to_owned() };
    let ty = |file: &str, column: &str, old: [&str; 2], new: [&str; 2]| {
        let section = section(file, column);
        let changed = section
            .replace(&format!("type = {}", old[0]), &format!("type = {}", new[0]))
            .replace(&format!("example = {}", old[1]), &format!("example = {}", new[1]));
        assert_ne!(section, changed, "{column}");
        edit(file, &section, &changed)
    };
    vec![
        edit("tables/unified_events.toml", "version = 1\n", "version = 2\n"),
        edit(
            "groups/web_marketing.toml",
            "[column.page_title]\n",
            "[column.title_of_page]\nrenamed_from = \"page_title\"\n",
        ),
        ty("groups/rpc.toml", "rpc_status", [r#""string""#, r#""FAILED_PRECONDITION""#], [r#""int32""#, "9"]),
        ty("groups/web_vitals.toml", "vital_delta", [r#""float64""#, "184.0"], [r#""string""#, r#""184.0""#]),
        ty("groups/outcome.toml", "status_code", [r#""int32""#, "9"], [r#""string""#, r#""9""#]),
        edit("groups/web_marketing.toml", &section("groups/web_marketing.toml", "page_search"), ""),
    ]
}

#[test]
fn the_module_of_the_real_definition_compiles_and_has_every_way() {
    let old = real_schema();
    let new = edited("schema", "schema", &real_edits()).unwrap_or_else(|e| panic!("{}", e.render(false)));
    let artifacts = migrate::emit(&[&old], &new, &|_, _| true);
    let path = migrate::folder("unified_events", 1, 2) + "/producer/dual_emission.rs";
    let module = artifacts.iter().find(|a| a.path == path).expect("the module");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dual_emission");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("module.rs"), &module.contents).expect("a file");
    let main = folder.join("main.rs");
    let program = text("tests/migrate/real_dual_emission.rs").replace("MODULE", "module.rs");
    std::fs::write(&main, program).expect("a file");
    trybuild::TestCases::new().pass(main);
}
