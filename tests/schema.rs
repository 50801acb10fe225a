//! Invariants of the real definition, and one line a column for reviews.

use std::collections::BTreeSet;
use std::path::Path;

use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use unified_event_schema::{ColumnKind, FILE_KINDS, Key, Kind, Schema, SourceSet, ValueSet, naming, sql};
use unified_event_tests::{real_schema, repository, text};

#[test]
fn the_embedded_definition_is_the_folder() {
    let texts = |set: &SourceSet| {
        let files = set.files().iter();
        files.map(|f| (f.name.clone(), f.text.clone())).collect::<Vec<_>>()
    };
    let folder = SourceSet::from_dir(&repository("schema")).expect("the folder");
    let (embedded, folder) = (texts(&SourceSet::embedded()), texts(&folder));
    let names = |files: &[(String, String)]| files.iter().map(|(n, _)| n.clone()).collect::<Vec<_>>();
    assert_eq!(names(&embedded), names(&folder), "list the file in schema/src/embedded.rs");
    assert_eq!(embedded, folder);
    assert_eq!(Schema::embedded().expect("a definition"), real_schema());
}

#[test]
fn the_counts_are_those_of_the_contract() {
    let schema = real_schema();
    assert_eq!((schema.counts.event, schema.counts.system, schema.counts.stored), (165, 10, 175));
    assert_eq!(schema.groups.len(), 23);
    assert_eq!(schema.event_types.len(), 10);
    let sizes: Vec<usize> = schema.groups.iter().map(|g| g.columns.len()).collect();
    let expected = [4, 11, 4, 5, 6, 6, 12, 10, 11, 13, 10, 5, 4, 10, 7, 5, 10, 4, 7, 5, 13, 6, 7];
    assert_eq!(sizes, expected);
}

/// Catalogs number the columns of a new table by position, so the first version must do likewise.
#[test]
fn ids_of_version_one_have_no_gaps() {
    for table in real_schema().tables.iter().filter(|t| t.version == 1) {
        let ids: Vec<u32> = table.columns.iter().map(|c| c.id).collect();
        assert_eq!(ids, (1..).take(ids.len()).collect::<Vec<u32>>(), "{}", table.name);
    }
}

#[test]
fn only_four_columns_are_required_and_computed_each() {
    let schema = real_schema();
    let columns = &schema.events_table().columns;
    let names = |keep: &dyn Fn(&unified_event_schema::Column) -> bool| -> Vec<&str> {
        columns.iter().filter(|c| keep(c)).map(|c| c.name.as_str()).collect()
    };
    assert_eq!(names(&|c| c.required), ["id", "event_type", "event_name", "ns"]);
    assert_eq!(names(&|c| c.computed.is_some()), ["is_root", "hour", "day", "schema_version"]);
    assert_eq!(
        names(&|c| c.kind == ColumnKind::System && c.is_settable()),
        ["depth", "is_leaf", "event_source", "visibility", "ingested_at", "batch_id"]
    );
}

#[test]
fn documentation_is_said_once() {
    let schema = real_schema();
    for table in &schema.tables {
        let mut seen = BTreeSet::new();
        for column in &table.columns {
            assert!(seen.insert(&column.doc), "{}.{}: {}", table.name, column.name, column.doc);
        }
    }
}

/// A reader of one column, one line: the form in which a change of the schema is reviewed.
#[test]
fn columns_one_a_line() {
    let schema = real_schema();
    let mut out = String::new();
    for table in &schema.tables {
        out.push_str(&format!("# {}\n", table.physical_name));
        for c in &table.columns {
            let presence = if c.required { "required" } else { "optional" };
            let set = |v: &ValueSet| format!(" {}:{}", if v.closed { "closed" } else { "known" }, v.values.len());
            out.push_str(&format!(
                "{:>3} {:<24} {:<9} {presence} {:<6} {}{}{}{}\n",
                c.id,
                c.name,
                c.ty.name(),
                c.kind.name(),
                c.group.as_deref().unwrap_or("-"),
                c.format.map_or_else(String::new, |f| format!(" {f}")),
                c.values.as_ref().map_or_else(String::new, set),
                if c.computed.is_some() {
                    " computed"
                } else if c.transform.is_some() {
                    " transform"
                } else {
                    ""
                },
            ));
        }
    }
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(out) });
}

/// Parsing proves little, so the engines run these texts too; here it pins the output columns.
#[test]
fn transforms_parse_and_name_every_column() {
    use sqlparser::ast::{SelectItem, SetExpr, Statement};
    let schema = real_schema();
    for table in &schema.tables {
        let statements = Parser::parse_sql(&GenericDialect {}, &text(&format!("generated/sql/{}.sql", table.name)));
        let statements = statements.unwrap_or_else(|e| panic!("{}: {e}", table.name));
        let [Statement::Insert(insert)] = statements.as_slice() else { panic!("{}: one INSERT", table.name) };
        let source = insert.source.as_ref().expect("a query");
        let SetExpr::Select(select) = source.body.as_ref() else { panic!("{}: a SELECT", table.name) };
        let aliases: Vec<&str> = select
            .projection
            .iter()
            .map(|item| match item {
                SelectItem::ExprWithAlias { alias, .. } => alias.value.as_str(),
                other => panic!("{}: `{other}` has no alias", table.name),
            })
            .collect();
        let columns: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(aliases, columns, "{}", table.name);
    }
}

#[test]
fn names_are_those_that_the_platform_takes() {
    let schema = real_schema();
    for pipeline in &schema.pipelines {
        for name in [&pipeline.name, &pipeline.stream.name, &pipeline.sink.name, &pipeline.sink.table] {
            assert!(naming::is_resource_name(name), "{name}");
        }
    }
    for column in schema.tables.iter().flat_map(|t| &t.columns) {
        assert!(sql::quote(&column.name).trim_matches('"') == column.name);
    }
}

#[test]
fn the_legend_names_every_key() {
    fn names(keys: &[Key], found: &mut BTreeSet<&'static str>) {
        for key in keys {
            found.insert(key.name);
            match key.kind {
                Kind::Table(keys) | Kind::Tables(keys) | Kind::List(keys) => names(keys, found),
                _ => {}
            }
        }
    }
    let readme = text("schema/README.md");
    let mut found = BTreeSet::new();
    for file in FILE_KINDS {
        names(file.keys, &mut found);
    }
    let missing: Vec<_> = found
        .into_iter()
        .filter(|k| {
            ![format!("`{k}`"), format!("`{k}."), format!("{k}:"), format!(" {k},"), format!(" {k} "), format!("[{k}.")]
                .iter()
                .any(|t| readme.contains(t))
        })
        .collect();
    assert!(missing.is_empty(), "schema/README.md does not name {missing:?}");
}

#[test]
fn the_layout_of_the_files_is_even() {
    let folder = repository("schema");
    for file in SourceSet::from_dir(&folder).expect("the folder").files() {
        let text = &file.text;
        assert!(text.starts_with("#:schema "), "{}: the first line names the JSON Schema", file.name);
        let schema = text.lines().next().and_then(|l| l.strip_prefix("#:schema ")).expect("a first line");
        let place = Path::new(&file.name).parent().map(|p| folder.join(p).join(schema)).expect("a folder");
        assert!(place.is_file(), "{}: {} is not there", file.name, place.display());
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{}: one newline at the end", file.name);
        assert!(!text.contains("\n\n\n"), "{}: one blank line between tables", file.name);
        assert!(!text.contains(['\t', '\r']), "{}: no tabs, no carriage returns", file.name);
        assert!(text.lines().all(|l| l.trim_end() == l), "{}: no space at the end of a line", file.name);
    }
}
