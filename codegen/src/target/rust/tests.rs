use super::*;

fn real() -> Schema {
    Schema::embedded().unwrap()
}

fn text<'a>(files: &'a [Artifact], path: &str) -> &'a str {
    let file = files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("no {path}"));
    std::str::from_utf8(&file.contents).unwrap()
}

#[test]
fn every_file_is_rust_with_a_head_note() {
    let files = emit(&real());
    assert!(files.len() > 30, "{}", files.len());
    for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
        let text = text(&files, &file.path);
        assert!(text.starts_with("// @generated"), "{}", file.path);
        assert!(!text.contains("compile_error!"), "{}", file.path);
    }
}

#[test]
fn the_row_has_every_stored_column_and_groups_what_producers_set() {
    let schema = real();
    let files = emit(&schema);
    let count = |path: &str| {
        text(&files, path).lines().filter(|line| line.starts_with("    pub ") && line.ends_with(',')).count()
    };
    assert_eq!(count("rust/src/rows/unified_events.rs"), schema.counts.stored);
    let in_groups: usize =
        schema.groups.iter().map(|group| count(&format!("rust/src/groups/{}.rs", group.module))).sum();
    assert_eq!(in_groups, schema.events_table().settable_columns().count());
}

#[test]
fn keywords_are_raw_and_keys_keep_their_case() {
    let files = emit(&real());
    assert!(text(&files, "rust/src/rows/do_things.rs").contains("pub r#type: String,"));
    assert!(text(&files, "rust/src/rows/do_events.rs").contains("pub source_type: String,"));
    assert!(text(&files, "rust/src/tables/do_events.rs").contains("name: \"sourceType\""));
}

#[test]
fn narrow_tables_share_the_enums_of_the_wide_one() {
    let files = emit(&real());
    assert!(text(&files, "rust/src/rows/do_actions.rs").contains("pub durability: Option<ActionDurability>,"));
    assert_eq!(text(&files, "rust/src/enums.rs").matches("pub enum ").count(), 4);
}
