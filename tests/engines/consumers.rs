//! Registered queries: what `check` says of them against what DataFusion makes of them.
//!
//! Every file of `consumers/` is a query, every word of it a name that an edit may be about. A query
//! is planned against the definition before and after each edit, and the two plans say the truth.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema as ArrowSchema, TimeUnit};
use datafusion::catalog::{MemorySchemaProvider, SchemaProvider};
use datafusion::datasource::empty::EmptyTable;
use datafusion::logical_expr::{ColumnarValue, Volatility, create_udf};
use datafusion::prelude::{SessionConfig, SessionContext};
use unified_event_codegen::target::LANGUAGES;
use unified_event_engines::{TABLES, repository};
use unified_event_guard::consumers;
use unified_event_guard::{Baseline, BaselineKind, Input, Policy, Subject, check};
use unified_event_schema::{Column, ColumnType, INGEST_COLUMN, Schema};

const MICROS: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);

struct Case {
    name: String,
    sql: String,
    /// Whether DataFusion takes it at all.
    runs: bool,
}

impl Case {
    /// Returns the words of the query that may be names.
    fn words(&self) -> BTreeSet<String> {
        let words = self.sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let named = words.filter(|w| w.chars().next().is_some_and(|c| c.is_ascii_lowercase()));
        named.map(str::to_owned).collect()
    }
}

fn cases() -> Vec<Case> {
    let entries = std::fs::read_dir(repository("tests/engines/consumers")).expect("cases");
    let mut paths: Vec<_> = entries.map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    let case = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).expect("text");
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        Case { name, runs: !text.starts_with("-- engine: none"), sql: text }
    };
    paths.iter().map(case).collect()
}

/// Returns the real definition with the columns that the cases name, and a few more.
fn base(cases: &[Case]) -> Schema {
    let words: BTreeSet<String> = cases.iter().flat_map(Case::words).collect();
    let mut schema = Schema::from_dir(&repository("schema")).unwrap_or_else(|e| panic!("{}", e.render(false)));
    for table in &mut schema.tables {
        let mut n_others = 0;
        table.columns.retain(|c| {
            n_others += usize::from(!words.contains(&c.name));
            words.contains(&c.name) || n_others < 3
        });
    }
    schema
}

/// An edit of one table.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Edit<'a> {
    Add(&'a str),
    Drop(&'a str),
    Widen(&'a str),
}

/// Returns all edits of a table that have to do with some words, and one that has nothing to do with them.
fn edits<'a>(schema: &Schema, table: &str, words: &'a BTreeSet<String>) -> Vec<Edit<'a>> {
    let table = schema.table(table).expect("a table");
    let mut found = vec![Edit::Add("unheard_of")];
    for word in words {
        match table.column(word) {
            None => found.push(Edit::Add(word)),
            Some(column) => {
                found.push(Edit::Drop(word));
                if column.ty == ColumnType::Int32 {
                    found.push(Edit::Widen(word));
                }
            }
        }
    }
    found
}

fn edited(schema: &Schema, table: &str, edit: Edit<'_>) -> Schema {
    let mut schema = schema.clone();
    let table = schema.tables.iter_mut().find(|t| t.name == table).expect("a table");
    let columns = &mut table.columns;
    match edit {
        Edit::Add(name) => {
            let text = columns.iter().find(|c| c.ty == ColumnType::String).expect("a text column");
            let added = Column { id: 9999, name: name.to_owned(), required: false, ..text.clone() };
            columns.push(added);
        }
        Edit::Drop(name) => columns.retain(|c| c.name != name),
        Edit::Widen(name) => {
            columns.iter_mut().filter(|c| c.name == name).for_each(|c| c.ty = ColumnType::Int64);
        }
    }
    schema
}

fn arrow_type(ty: ColumnType) -> DataType {
    match ty {
        ColumnType::String | ColumnType::Json => DataType::Utf8,
        ColumnType::Int32 => DataType::Int32,
        ColumnType::Int64 => DataType::Int64,
        ColumnType::Float64 => DataType::Float64,
        ColumnType::Bool => DataType::Boolean,
        ColumnType::Timestamp => MICROS,
        ColumnType::Binary => DataType::Binary,
    }
}

/// Returns a session with the tables as the platform's sink makes them.
fn session(schema: &Schema) -> SessionContext {
    let context = SessionContext::new_with_config(SessionConfig::new().with_information_schema(false));
    let namespace = Arc::new(MemorySchemaProvider::new());
    for name in TABLES {
        let table = schema.table(name).expect("a table");
        let field = |c: &Column| Field::new(&c.name, arrow_type(c.ty), true);
        let mut fields: Vec<Field> = table.columns.iter().map(field).collect();
        fields.push(Field::new(INGEST_COLUMN, MICROS, false));
        let provider = EmptyTable::new(Arc::new(ArrowSchema::new(fields)));
        namespace.register_table(name.to_owned(), Arc::new(provider)).expect("a table");
    }
    let catalog = context.catalog("datafusion").expect("the catalog of every session");
    catalog.register_schema("public", namespace).expect("a namespace");
    let unplanned = |_: &[ColumnarValue]| unreachable!("queries are planned, never run");
    let (args, text) = (vec![DataType::Utf8, DataType::Utf8], DataType::Utf8);
    context.register_udf(create_udf("json_get_str", args, text, Volatility::Immutable, Arc::new(unplanned)));
    context
}

/// What the engine makes of a query.
#[derive(Debug, Clone, PartialEq)]
struct Plan {
    names: Vec<String>,
    types: Vec<DataType>,
    text: String,
}

async fn plan(schema: &Schema, sql: &str) -> Result<Plan, String> {
    let frame = session(schema).sql(sql).await.map_err(|e| e.strip_backtrace())?;
    // What no column of the result comes from is not in the optimized plan.
    let plan = frame.into_optimized_plan().map_err(|e| e.strip_backtrace())?;
    let fields = plan.schema().fields();
    Ok(Plan {
        names: fields.iter().map(|f| f.name().clone()).collect(),
        types: fields.iter().map(|f| f.data_type().clone()).collect(),
        text: plan.display_indent().to_string(),
    })
}

/// Returns the findings about a query, by rule, and what is said beside them.
fn said(case: &Case, old: &Schema, new: &Schema) -> (BTreeMap<&'static str, String>, Vec<String>) {
    let read = consumers::parse(&case.name, &case.sql);
    assert_eq!(read.notices, Vec::<String>::new());
    let (label, kind) = ("old".to_owned(), BaselineKind::Base);
    let baseline = Baseline { label, kind, schema: old.clone(), sources: None, lock: None, policy: None };
    let outcome = check(&Input {
        schema: new,
        sources: None,
        lock: None,
        history: None,
        baselines: &[&baseline],
        released: &[],
        queries: &read.queries,
        waivers: &[],
        waivers_path: "waivers.toml",
        policy: &Policy::default(),
        policy_before: None,
        today: None,
        languages: LANGUAGES,
    });
    let of_query = |f: &&unified_event_guard::Finding| matches!(f.change.subject, Subject::Query { .. });
    (outcome.findings.iter().filter(of_query).map(|f| (f.rule, f.message.clone())).collect(), outcome.notices)
}

/// Returns what is wrong with the findings, where the engine says otherwise.
fn contradiction(
    old: &Plan,
    new: &Result<Plan, String>,
    found: &BTreeMap<&'static str, String>,
    edit: Edit<'_>,
) -> Option<String> {
    let fails = ["UE-C80", "UE-C81", "UE-C84"].iter().any(|rule| found.contains_key(rule));
    match new {
        Err(error) if !fails => Some(format!("fails, unseen: {error}")),
        Err(_) => None,
        Ok(new) if new.names != old.names => (!found.contains_key("UE-C83") && !fails)
            .then(|| format!("other columns, unseen: {:?} and {:?}", old.names, new.names)),
        Ok(new) if new.types != old.types => {
            found.is_empty().then(|| format!("other types, unseen: {:?} and {:?}", old.types, new.types))
        }
        Ok(new) if new.text != old.text => {
            // The engine widens what it compares, which changes no result.
            let widened = matches!(edit, Edit::Widen(_));
            (found.is_empty() && !widened).then(|| format!("another plan, unseen:\n{}\n{}", old.text, new.text))
        }
        Ok(_) => {
            // Only the engine knows what its functions make of a wider type.
            let other = found.iter().find(|(rule, _)| !(matches!(edit, Edit::Widen(_)) && **rule == "UE-C82"));
            other.map(|(rule, message)| format!("nothing changes, but {rule}: {message}"))
        }
    }
}

#[tokio::test]
async fn every_query_is_judged_as_the_engine_would() {
    let cases = cases();
    let schema = base(&cases);
    let mut wrong = Vec::new();
    let (mut n_edits, mut n_fail) = (0, 0);
    for case in cases.iter().filter(|c| c.runs) {
        let old = match plan(&schema, &case.sql).await {
            Ok(plan) => plan,
            Err(error) => {
                wrong.push(format!("{}: does not run: {error}", case.name));
                continue;
            }
        };
        let words = case.words();
        for table in TABLES.iter().filter(|t| words.contains(**t) || case.sql.to_lowercase().contains(**t)) {
            for edit in edits(&schema, table, &words) {
                let next = edited(&schema, table, edit);
                let new = plan(&next, &case.sql).await;
                let (found, notices) = said(case, &schema, &next);
                n_edits += 1;
                n_fail += usize::from(new.is_err());
                if let Some(problem) = contradiction(&old, &new, &found, edit) {
                    wrong.push(format!("{}, {table} {edit:?}: {problem}", case.name));
                }
                if let Some(notice) = notices.iter().find(|n| n.contains(" fails ")) {
                    wrong.push(format!("{}: {notice}", case.name));
                    break;
                }
            }
        }
    }
    println!("{n_edits} edits, {n_fail} of them fail");
    assert!(wrong.is_empty(), "{} of {n_edits}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(n_edits > 600 && n_fail > 180, "only {n_edits} edits, of which {n_fail} fail");
}

/// What DataFusion does not take is at least read: nothing is said of a column that is not named.
#[test]
fn queries_of_other_dialects_are_silent_about_what_they_do_not_name() {
    let cases = cases();
    let schema = base(&cases);
    let of_others: Vec<&Case> = cases.iter().filter(|c| !c.runs).collect();
    assert!(of_others.len() >= 3);
    for case in of_others {
        let words = case.words();
        let silent = edited(&schema, "do_events", Edit::Add("unheard_of"));
        assert_eq!(said(case, &schema, &silent), Default::default(), "{}", case.name);
        for table in TABLES.iter().filter(|t| words.contains(**t)) {
            let table = schema.table(table).expect("a table");
            for name in words.iter().filter(|w| table.column(w).is_some()) {
                let (found, _) = said(case, &schema, &edited(&schema, &table.name, Edit::Drop(name)));
                assert!(found.contains_key("UE-C80"), "{}: {name} is dropped: {found:?}", case.name);
            }
        }
    }
}
