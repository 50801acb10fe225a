//! What a change means: every rule on every pair of definitions, and what no rule may miss.
//!
//! Every folder `evolution/UE-…` is a case, and its `expected.snap` what `check` reports of it. That the
//! witnesses break is for `witnesses.rs`, `engines/witnesses.rs`, `evolution/engines/test_witnesses.py`
//! and `typescript/test/witnesses.test.ts`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use unified_event_codegen::target::LANGUAGES;
use unified_event_guard::lock::{Lock, Version};
use unified_event_guard::report::{Format, Report, Style};
use unified_event_guard::rules::{self, Context};
use unified_event_guard::{Bump, Change, Finding, Level, Policy, Verdict, diff, judge};
use unified_event_schema::Schema;
use unified_event_tests::evolution::{TODAY, cases, load, outcome, rule_of};
use unified_event_tests::{Edit, edited, real_schema, repository};

#[test]
fn every_case_is_reported_as_expected() {
    for case in cases() {
        let outcome = outcome(&case);
        let says = outcome.findings.iter().any(|f| f.rule == rule_of(&case));
        assert!(says, "{case}: the rule says nothing of its own case");
        let text = Report::new("check", Some(Level::Breaking), outcome)
            .render(Format::Text, Style { colour: false, verbose: true });
        insta::with_settings!({
            snapshot_path => Path::new("evolution").join(&case),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!("expected", text);
        });
    }
}

#[test]
fn every_rule_has_a_case_and_every_case_a_rule() {
    let codes: BTreeSet<String> = rules::all().map(|r| r.code.to_owned()).collect();
    assert_eq!(codes, cases().iter().map(|case| rule_of(case).to_owned()).collect());
}

#[test]
fn rules_are_registered_once_under_codes_that_stay() {
    let all: Vec<_> = rules::all().collect();
    let mut codes: Vec<&str> = all.iter().map(|r| r.code).collect();
    let names: BTreeSet<&str> = all.iter().map(|r| r.name).collect();
    assert_eq!(names.len(), all.len(), "a name stands twice");
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len(), "a code stands twice");
    for rule in all {
        assert!(rule.name.chars().all(|c| c.is_ascii_uppercase() || c == '_'), "{}", rule.name);
        assert!(rule.summary.starts_with("Checks") || rule.summary.starts_with("Notes"), "{}", rule.code);
        assert!(rule.summary.ends_with('.') && rule.why.ends_with('.'), "{}", rule.code);
        let breaks = rule.verdicts.contains(&Verdict::Break);
        assert!(!breaks || rule.requires >= Bump::Minor, "{}: a break needs a release", rule.code);
    }
}

#[test]
fn nothing_is_said_where_nothing_changed() {
    for case in cases() {
        for side in ["old", "new"] {
            let schema = load(&case, side);
            assert_eq!(diff(&schema, &load(&case, side)), Vec::new(), "{case}/{side}");
        }
    }
    assert_eq!(diff(&real_schema(), &real_schema()), Vec::new());
}

/// Every leaf of a model, changed; every list, with an entry less and in another order.
fn mutations(value: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    walk(value, value, &mut Vec::new(), &mut found);
    found
}

fn walk(root: &Value, value: &Value, path: &mut Vec<String>, found: &mut Vec<(String, Value)>) {
    let put = |new: Value, path: &[String], found: &mut Vec<(String, Value)>| {
        let mut copy = root.clone();
        let pointer: String = path.iter().map(|p| format!("/{}", p.replace('~', "~0").replace('/', "~1"))).collect();
        *copy.pointer_mut(&pointer).expect("a path") = new;
        found.push((pointer, copy));
    };
    match value {
        Value::Null => {
            for new in [Value::from("x"), Value::from(7), serde_json::json!({ "closed": true, "values": [] })] {
                put(new, path, found);
            }
        }
        Value::Bool(flag) => put(Value::Bool(!flag), path, found),
        Value::Number(number) if number.is_f64() => put(Value::from(number.as_f64().unwrap_or(0.0) + 1.5), path, found),
        Value::Number(number) => put(Value::from(number.as_i64().unwrap_or(0) + 1), path, found),
        Value::String(text) => {
            put(Value::from(format!("{text}x")), path, found);
            let others =
                ["int32", "string", "event", "system", "asc", "desc", "first", "last", "day", "month", "date", "text"];
            for other in others.iter().filter(|o| *o != text) {
                put(Value::from(*other), path, found);
            }
        }
        Value::Array(items) => {
            if !items.is_empty() {
                put(Value::from(items[1..].to_vec()), path, found);
            }
            if items.len() > 1 && items[0] != items[1] {
                let mut swapped = items.clone();
                swapped.swap(0, 1);
                put(Value::from(swapped), path, found);
            }
            for (i, item) in items.iter().enumerate() {
                path.push(i.to_string());
                walk(root, item, path, found);
                path.pop();
            }
        }
        Value::Object(entries) => {
            for (key, value) in entries {
                let mut less = entries.clone();
                less.remove(key);
                put(Value::Object(less), path, found);
                path.push(key.clone());
                walk(root, value, path, found);
                path.pop();
            }
        }
    }
}

/// The order of columns is their id, so that a model with the same columns in another order is the
/// same to everybody; the loader never makes one.
fn is_order_of_columns(old: &Schema, new: &Schema) -> bool {
    let mut sorted = new.clone();
    for table in &mut sorted.tables {
        table.columns.sort_by_key(|c| c.id);
    }
    sorted == *old
}

#[test]
fn no_edit_of_a_model_goes_unseen_or_unjudged() {
    let old = Schema::from_dir(&repository("tests/evolution/base")).expect("a definition");
    let (mut models, mut same) = (0, 0);
    for (path, value) in mutations(&serde_json::to_value(&old).expect("JSON")) {
        let Ok(new) = serde_json::from_value::<Schema>(value) else { continue };
        if new == old || is_order_of_columns(&old, &new) {
            same += 1;
            continue;
        }
        models += 1;
        let changes = diff(&old, &new);
        assert!(!changes.is_empty(), "{path}: the model differs, and no change says so");
        let unjudged: Vec<&Change> = changes
            .iter()
            .filter(|change| {
                let one = [(*change).clone()];
                let cx = Context {
                    old: &old,
                    new: &new,
                    changes: &one,
                    lock: None,
                    today: Some(TODAY),
                    languages: LANGUAGES,
                };
                judge(&cx, &Policy::default()).is_empty()
            })
            .collect();
        assert!(unjudged.is_empty(), "{path}: no rule is about {unjudged:?}");
    }
    assert!(models > 900, "only {models} models were tried ({same} were the same)");
}

/// A rule that starts to fire elsewhere shows up here, in one table.
#[test]
fn which_rules_fire_on_which_case() {
    let mut table = String::new();
    for case in cases() {
        let codes: BTreeSet<&str> = outcome(&case).findings.iter().map(|f| f.rule).collect();
        table.push_str(&format!("{case}: {}\n", codes.into_iter().collect::<Vec<_>>().join(" ")));
    }
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(table) });
}

#[test]
fn the_verdict_matrix_is_what_the_documents_say() {
    let matrix = unified_event_codegen::cli::rules_markdown();
    assert_eq!(matrix.lines().count(), rules::all().count() + 2);
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(matrix) });
}

/// A table that exists numbers what is added to it, so that a column in between others needs a new table.
#[test]
fn a_column_comes_last_or_in_a_new_version() {
    let column = |id: u32| Edit {
        file: "groups/everything.toml".to_owned(),
        old: String::new(),
        new: format!("\n[column.route]\nid = {id}\ntype = \"string\"\ndoc = \"A route.\"\nexample = \"/users\"\n"),
    };
    let spread =
        Edit { file: "groups/everything.toml".to_owned(), old: "id = 16\n".to_owned(), new: "id = 20\n".to_owned() };
    let version = Edit {
        file: "tables/tiny_events.toml".to_owned(),
        old: "version = 1".to_owned(),
        new: "version = 2".to_owned(),
    };
    let load = |edits: &[Edit]| edited("tests/evolution/base", "new", edits).expect("a definition");
    let old = load(std::slice::from_ref(&spread));
    let version_one = Version { major: 1, minor: 0, patch: 0 };
    let versions = BTreeMap::from([("tiny_events".to_owned(), version_one)]);
    let released = Lock::default().released(&old, String::new(), &versions);
    // The column with the id 20 is no released one: `main` has it, and no table yet.
    let before = Lock { columns: released.columns.iter().filter(|c| c.id < 20).cloned().collect(), ..released.clone() };
    let said = |edits: &[Edit], lock: Option<&Lock>| {
        let new = load(edits);
        let changes = diff(&old, &new);
        let found = judge(
            &Context { old: &old, new: &new, changes: &changes, lock, today: None, languages: LANGUAGES },
            &Policy::default(),
        );
        found.into_iter().find(|f| f.rule == "UE-C27").map(|f| (f.requires, f.next[0].clone()))
    };
    let shifts = Some((Bump::Major, "take the id 21".to_owned()));
    assert_eq!(said(&[spread.clone(), column(18)], None), shifts);
    assert_eq!(said(&[spread.clone(), column(18)], Some(&released)), shifts);
    assert_eq!(said(&[spread.clone(), column(18)], Some(&before)), None);
    assert_eq!(said(&[spread.clone(), column(18), version], Some(&released)), None);
    for id in [21, 22, 400] {
        assert_eq!(said(&[spread.clone(), column(id)], Some(&released)), None, "{id}");
    }
}

/// A first key asks for care; one that tells fewer rows apart breaks who writes, one that tells more apart who reads.
#[test]
fn a_key_is_judged_by_the_rows_that_it_tells_apart() {
    let model = |key: &str, transform: &str| {
        let edit = |file: &str, old: &str, new: &str| Edit { file: file.into(), old: old.into(), new: new.into() };
        let table = edit("tables/tiny_events.toml", "key = [\"ns\", \"id\"]\n", key);
        let id = edit("groups/core_identity.toml", "[column.ns]\n", &format!("[column.ns]\n{transform}"));
        edited("tests/evolution/base", "base", &[table, id]).unwrap_or_else(|e| panic!("{}", e.render(false)))
    };
    let judged = |old: &Schema, new: &Schema| {
        let changes = diff(old, new);
        let cx = Context { old, new, changes: &changes, lock: None, today: Some(TODAY), languages: LANGUAGES };
        let findings = judge(&cx, &Policy::default());
        let keys = findings.into_iter().filter(|f| ["UE-C63", "UE-C64"].contains(&f.rule));
        let breaks = |f: &Finding| f.verdicts.with(Verdict::Break).map(|c| c.title()).collect::<Vec<_>>().join(", ");
        keys.map(|f| format!("{} {:?}: {}", f.rule, f.requires, breaks(&f))).collect::<Vec<_>>().join("; ")
    };
    let (both, none) = ("key = [\"ns\", \"id\"]\n", "");
    let readers = "Parquet/Arrow, SELECT list, SELECT *";
    let cases = [
        (none, both, "UE-C63 Minor: ".to_owned()),
        (both, "key = [\"id\", \"ns\"]\n", "UE-C63 Patch: ".to_owned()),
        ("key = [\"id\"]\n", both, format!("UE-C64 Major: {readers}")),
        (both, none, format!("UE-C64 Major: {readers}")),
        (both, "key = [\"id\"]\n", "UE-C64 Major: JSON in, managed table, engine table".to_owned()),
        (
            both,
            "key = [\"ns\", \"event_type\"]\n",
            format!("UE-C64 Major: JSON in, managed table, engine table, {readers}"),
        ),
    ];
    for (old, new, expected) in cases {
        assert_eq!(judged(&model(old, ""), &model(new, "")), expected, "{old} to {new}");
    }
    let written = judged(&model(both, ""), &model(both, "transform = \"lower(ns)\"\n"));
    assert_eq!(written, format!("UE-C64 Major: managed table, engine table, {readers}"));
    assert_eq!(judged(&model(none, ""), &model(none, "transform = \"lower(ns)\"\n")), "");
}
