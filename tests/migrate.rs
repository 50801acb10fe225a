//! The files of a move between two versions, on a small pair of definitions.
//!
//! `migrate/old.toml` and `migrate/new.toml` make the pair out of the fixtures; `migrate/expected/`
//! holds what is emitted. The engines run those very files in `evolution/engines` and `engines/`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use unified_event_codegen::{Artifact, migrate};
use unified_event_schema::Schema;
use unified_event_tests::{Edit, repository, text, tiny};

fn edits(file: &str) -> Vec<Edit> {
    let table: toml::Table = text(&format!("tests/migrate/{file}.toml")).parse().expect("TOML");
    let field = |edit: &toml::Value, key: &str| edit.get(key).map_or("", |v| v.as_str().expect("text")).to_owned();
    let edits = table["edit"].as_array().expect("[[edit]]").iter();
    edits.map(|e| Edit { file: field(e, "file"), old: field(e, "old"), new: field(e, "new") }).collect()
}

fn load(edits: &[Edit]) -> Schema {
    tiny(edits).unwrap_or_else(|e| panic!("{}", e.render(false)))
}

fn old() -> Schema {
    load(&edits("old"))
}

fn new() -> Schema {
    load(&[edits("old"), edits("new")].concat())
}

fn emit(releases: &[&Schema], new: &Schema) -> Vec<Artifact> {
    migrate::emit(releases, new, &|_, _| true)
}

/// Without what the platform's kit has for every definition; its own tests look at that.
fn emitted() -> BTreeMap<String, Vec<u8>> {
    let kit = |a: &Artifact| {
        let inside = a.path.split_once("/platform/cloudflare/").map(|(_, name)| name);
        inside.is_some_and(|name| !["wrangler.", "streams/", "retire."].iter().any(|own| name.starts_with(own)))
    };
    let artifacts = emit(&[&old()], &new());
    artifacts.into_iter().filter(|a| !kit(a)).map(|a| (a.path, a.contents)).collect()
}

fn files_below(folder: PathBuf) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|e| e.expect("an entry").path());
    paths.flat_map(|p| if p.is_dir() { files_below(p) } else { vec![p] }).collect()
}

#[test]
fn the_files_of_the_pair() {
    let root = repository("tests/migrate/expected");
    let emitted = emitted();
    if std::env::var("INSTA_UPDATE").is_ok_and(|v| v == "always") {
        let _ = std::fs::remove_dir_all(&root);
        for (path, contents) in &emitted {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, contents).expect("a file");
        }
    }
    let found = files_below(root.clone()).into_iter().map(|path| {
        let name = path.strip_prefix(&root).expect("below").to_string_lossy().into_owned();
        (name, std::fs::read(path).expect("a file"))
    });
    let found: BTreeMap<String, Vec<u8>> = found.collect();
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(&emitted), "INSTA_UPDATE=always rewrites tests/migrate/expected");
    for (path, contents) in &emitted {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(&found[path]), text(contents), "{path}: INSTA_UPDATE=always rewrites it");
        assert_eq!(&found[path], contents, "{path}");
    }
}

#[test]
fn a_schema_does_not_move_to_itself_or_back() {
    for schema in [old(), new()] {
        assert_eq!(emit(&[&schema], &schema), []);
    }
    assert_eq!(emit(&[&new()], &old()), []);
}

#[test]
fn every_file_is_marked() {
    for (path, contents) in emitted() {
        let Ok(contents) = String::from_utf8(contents) else { continue };
        assert!(contents.ends_with('\n'), "{path}");
        if !path.ends_with(".json") {
            assert!(contents.lines().take(3).any(|l| l.contains("@generated")), "{path}: no head-note");
        }
    }
}

#[test]
fn a_retired_version_needs_no_move() {
    let artifacts = migrate::emit(&[&old()], &new(), &|table, _| table != "tiny_events");
    assert!(!artifacts.is_empty());
    assert!(artifacts.iter().all(|a| a.path.starts_with("migrations/notes_v2_to_v3/")));
}

/// Three versions live: readers of each see all events once, and the backfill comes from the last.
#[test]
fn views_are_over_all_live_versions() {
    let (first, second) = (old(), new());
    let third = Edit {
        file: "tables/tiny_events.toml".to_owned(),
        old: "version = 2".to_owned(),
        new: "version = 3".to_owned(),
    };
    let third = load(&[edits("old"), edits("new"), vec![third]].concat());
    let artifacts = emit(&[&first, &second], &third);
    let folder = "migrations/tiny_events_v2_to_v3";
    let text = |name: &str| {
        let artifact = artifacts.iter().find(|a| a.path == format!("{folder}/{name}"));
        String::from_utf8(artifact.unwrap_or_else(|| panic!("no {name}")).contents.clone()).expect("text")
    };
    let views = text("views/duckdb.sql");
    for view in ["tiny_events_all", "tiny_events_as_v2", "tiny_events_as_v1"] {
        let start = views.find(&format!("CREATE OR REPLACE VIEW \"{view}\"")).unwrap_or_else(|| panic!("no {view}"));
        let view = &views[start..];
        let view = &view[..view.find(";\n").expect("the end")];
        for table in ["\"tiny_events\" AS r", "\"tiny_events_v2\" AS r", "\"tiny_events_v3\" AS r"] {
            assert_eq!(view.matches(table).count(), 1, "{view}");
        }
        assert_eq!(view.matches("NOT EXISTS").count(), 3, "{view}");
    }
    assert!(text("backfill/duckdb/2-backfill.sql").contains("FROM \"tiny_events_v2\" AS o"));
    assert!(text("PLAN.md").contains("takes 4 of the 20 streams"));
}

#[test]
fn a_changed_meaning_is_never_copied() {
    let new = Edit {
        file: "groups/everything.toml".to_owned(),
        old: "id = 9\n".to_owned(),
        new: "id = 9\nmeaning = 2\n".to_owned(),
    };
    let version = Edit {
        file: "tables/tiny_events.toml".to_owned(),
        old: "version = 1".to_owned(),
        new: "version = 2".to_owned(),
    };
    let artifacts = emit(&[&load(&[])], &load(&[new, version]));
    let sql = |name: &str| {
        let artifact = artifacts.iter().find(|a| a.path.ends_with(name)).expect("a file");
        String::from_utf8(artifact.contents.clone()).expect("text")
    };
    assert!(sql("backfill/duckdb/2-backfill.sql").contains("CAST(NULL AS DOUBLE) AS \"ratio\""));
    assert!(sql("backfill/duckdb/1-preflight.sql").contains("'means something else now'"));
    assert!(sql("views/spark.sql").contains("CAST(NULL AS DOUBLE) AS `ratio`"));
}
