//! Adding a column is one TOML table in one file, and every target has it.

use unified_event_codegen::target::{TARGETS, emit_all};
use unified_event_tests::{Edit, edited};

#[test]
fn a_new_column_is_in_every_target() {
    let column = "\n[column.http_route]\nid = 176\ntype = \"string\"\n\
                  doc = \"Route template that the request matched.\"\nexample = \"/users/{id}\"\n";
    let edit = Edit { file: "groups/http_context.toml".to_owned(), old: String::new(), new: column.to_owned() };
    let schema = edited("schema", "schema", &[edit]).unwrap_or_else(|e| panic!("{}", e.render(false)));
    assert_eq!((schema.counts.event, schema.counts.system, schema.counts.stored), (166, 10, 176));
    let without = edited("schema", "schema", &[]).expect("the definition");
    // Editors know kinds of keys, and queries the columns that they ask for.
    for target in TARGETS.iter().filter(|t| !matches!(t.name, "schemas" | "queries")) {
        let (old, new) = ((target.emit)(&without), (target.emit)(&schema));
        let has = |artifacts: &[unified_event_codegen::Artifact]| {
            artifacts.iter().filter(|a| a.contents.windows(10).any(|w| w == b"http_route")).count()
        };
        assert_eq!(has(&old), 0, "target `{}`", target.name);
        assert!(has(&new) > 0, "target `{}` does not have the column", target.name);
    }
    let readme = emit_all(&schema).into_iter().find(|a| a.path == "README.md").expect("an index");
    assert!(String::from_utf8(readme.contents).expect("text").contains("166 event columns"));
}
