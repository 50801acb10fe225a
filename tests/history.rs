//! The lock and the frozen models are what releases wrote: every edit of a line gets an answer.

use std::collections::{BTreeMap, BTreeSet};

use unified_event_codegen::target::LANGUAGES;
use unified_event_guard::lock::{Frozen, Lock, LockedPartition, LockedText, Version, of_frozen};
use unified_event_guard::rules::Context;
use unified_event_guard::{
    Baseline, BaselineKind, Finding, History, Input, Policy, State, check, diff, judge, released,
};
use unified_event_schema::{NullOrder, Schema, SortDirection, Table, Transform};
use unified_event_tests::{Edit, real_schema, repository, tiny};

/// A definition with its lock and what its frozen models hold.
struct Project {
    schema: Schema,
    text: String,
    history: History,
    base: Baseline,
}

impl Project {
    fn new(schema: Schema, text: String, frozen: Frozen) -> Self {
        let base = Baseline {
            label: "the merge base".to_owned(),
            kind: BaselineKind::Base,
            schema: schema.clone(),
            sources: None,
            lock: Some(Lock::parse("schema.lock", &text).expect("a lock")),
            policy: None,
        };
        let history = History { path: "schema.lock".to_owned(), text: None, frozen };
        Self { schema, text, history, base }
    }

    /// The definition itself.
    fn real() -> Self {
        let text = std::fs::read_to_string(repository("schema/schema.lock")).expect("a lock");
        let lock = Lock::parse("schema.lock", &text).expect("a lock");
        let frozen = lock.releases.iter().map(|release| {
            let path = format!("schema/released/v{}.json", release.number);
            let model = std::fs::read_to_string(repository(&path)).expect("a model");
            (release.number, released::identities(&path, &model, release, "schema.lock").expect("a model"))
        });
        let frozen = frozen.collect();
        Self::new(real_schema(), text, frozen)
    }

    /// A small definition through four releases: an addition, a rename and its way back, a drop, and a version retired.
    fn small() -> Self {
        let column = |name: &str, more: &str| {
            format!(
                "\n[column.{name}]\nid = 17\ntype = \"string\"\n{more}doc = \"Route that was taken.\"\nexample = \"/users\"\n"
            )
        };
        let sort = "\n[sort]\norder_id = 2\nfields = [{ column = \"ns\", direction = \"desc\", nulls = \"last\" }]\n";
        let model = |wide: &str, own: &str| {
            let edit = |file: &str, new: &str| Edit { file: file.to_owned(), old: String::new(), new: new.to_owned() };
            let edits = [edit("groups/everything.toml", wide), edit("tables/notes.toml", own)];
            tiny(&edits).unwrap_or_else(|e| panic!("{}", e.render(false)))
        };
        let version = |major, minor, patch| Version { major, minor, patch };
        let releases = [
            (model("", ""), vec![("notes", version(2, 0, 0)), ("tiny_events", version(1, 0, 0))]),
            (model(&column("route", ""), ""), vec![("tiny_events", version(1, 1, 0))]),
            (
                model(&column("path", "renamed_from = \"route\"\n"), sort),
                vec![("notes", version(2, 0, 1)), ("tiny_events", version(2, 0, 0))],
            ),
            (model(&column("route", "renamed_from = \"path\"\n"), sort), vec![("tiny_events", version(3, 0, 0))]),
            (model("", sort), vec![("tiny_events", version(4, 0, 0))]),
        ];
        let (mut lock, mut frozen, mut newest) = (Lock::default(), Frozen::new(), None);
        for (number, (mut schema, versions)) in (1..).zip(releases) {
            for (table, version) in &versions {
                let table = schema.tables.iter_mut().find(|t| t.name == *table).expect("a table");
                table.version = version.major;
            }
            let (text, sha256) = released::freeze(&schema).expect("JSON");
            let versions: BTreeMap<String, Version> = versions.into_iter().map(|(t, v)| (t.to_owned(), v)).collect();
            lock = lock.released(&schema, sha256, &versions);
            frozen.insert(number, of_frozen(&serde_json::from_str(&text).expect("JSON")).expect("a model"));
            newest = Some(schema);
        }
        let lock = lock.retired("tiny_events", 1).expect("a version");
        Self::new(newest.expect("a model"), lock.to_string(), frozen)
    }

    /// Returns what a check says of a lock; nothing when the lock cannot be read.
    fn check(&mut self, text: &str, has_base: bool) -> Option<Vec<Finding>> {
        let lock = Lock::parse("schema.lock", text).ok()?;
        // A release that is gone or has another hash is none of the frozen models: reading them says so.
        let known = self.base.lock.iter().flat_map(|l| &l.releases).map(|r| (r.number, &r.sha256));
        if !lock.releases.iter().map(|r| (r.number, &r.sha256)).eq(known) {
            return None;
        }
        self.history.text = Some(text.to_owned());
        let baselines: Vec<&Baseline> = has_base.then_some(&self.base).into_iter().collect();
        let outcome = check(&Input {
            schema: &self.schema,
            sources: None,
            lock: Some(&lock),
            history: Some(&self.history),
            baselines: &baselines,
            released: &[],
            queries: &[],
            waivers: &[],
            waivers_path: "waivers.toml",
            policy: &Policy::default(),
            policy_before: None,
            today: None,
            languages: LANGUAGES,
        });
        Some(outcome.findings)
    }
}

/// Calls back with every edit of one line, and the number of the line.
fn edits(text: &str, mut put: impl FnMut(usize, &str)) {
    let lines: Vec<&str> = text.lines().collect();
    let is_content = |l: &str| !l.is_empty() && !l.starts_with('#');
    let mut replace_some = |at: usize, n: usize, new: &[&str]| {
        let all = [&lines[..at], new, &lines[at + n..]].concat();
        put(at + 1, &(all.join("\n") + "\n"));
    };
    for (at, line) in lines.iter().enumerate().filter(|(_, l)| is_content(l)) {
        replace_some(at, 1, &[]);
        replace_some(at, 1, &[line, line]);
        let words: Vec<&str> = line.split(' ').collect();
        for (i, word) in words.iter().enumerate() {
            for new in others(word) {
                let mut edited = words.clone();
                edited[i] = &new;
                replace_some(at, 1, &[edited.join(" ").trim()]);
            }
        }
        if let Some(next) = lines.get(at + 1).filter(|l| is_content(l)) {
            replace_some(at, 2, &[next, line]);
        }
    }
}

/// Returns what a word may be taken for.
fn others(word: &str) -> Vec<String> {
    let sets: [&[&str]; 5] = [
        &["live", "superseded", "retired"],
        &["live", "deprecated", "reserved"],
        &["required", "optional"],
        &["string", "int64", "json"],
        &["1.0.0", "1.0.1", "1.1.0", "1.2.0", "2.0.0", "2.0.1", "2.1.0", "3.0.0", "4.0.0", "5.0.0"],
    ];
    let mut found: Vec<String> =
        sets.iter().filter(|set| set.contains(&word)).flat_map(|set| set.iter().map(|w| (*w).to_owned())).collect();
    if let Ok(number) = word.parse::<u32>() {
        found.extend([number + 1, number.saturating_sub(1), number + 1000].map(|n| n.to_string()));
    }
    found.extend([format!("{word}x"), word[..word.len() - 1].to_owned()]);
    found.retain(|other| other != word);
    found
}

/// Tries one edit in so many; returns the lines of those that went unseen.
fn unseen(project: &mut Project, has_base: bool, one_in: usize) -> BTreeSet<String> {
    let text = project.text.clone();
    assert_eq!(project.check(&text, has_base).expect("a lock"), Vec::new(), "the lock is as it was released");
    let (mut unseen, mut n_findings, mut n_edits) = (BTreeSet::new(), 0, 0);
    edits(&text, |number, edited| {
        n_edits += 1;
        if n_edits % one_in != 0 {
            return;
        }
        let Some(findings) = project.check(edited, has_base) else { return };
        let open: Vec<&Finding> = findings.iter().filter(|f| f.state == State::Open).collect();
        if open.is_empty() {
            unseen.insert(text.lines().nth(number - 1).expect("a line").to_owned());
        }
        for finding in open {
            n_findings += 1;
            assert!(["UE-C95", "UE-C96"].contains(&finding.rule), "{}", finding.rule);
            assert!(finding.location.as_ref().is_some_and(|l| l.line >= 1), "{}", finding.message);
            assert!(!finding.next.is_empty(), "{}", finding.message);
        }
    });
    assert!(n_findings > 150, "only {n_findings} findings");
    unseen
}

#[test]
fn every_edit_of_the_lock_is_answered() {
    // The definition's own lock has many lines of one kind.
    assert_eq!(unseen(&mut Project::real(), true, 11), BTreeSet::new());
    assert_eq!(unseen(&mut Project::small(), true, 1), BTreeSet::new());
}

/// Without a baseline only the frozen models speak, which do not know what was retired since.
#[test]
fn frozen_models_alone_tell_all_but_versions() {
    assert_eq!(unseen(&mut Project::real(), false, 17), BTreeSet::new());
    for line in unseen(&mut Project::small(), false, 1) {
        assert!(line.starts_with("table "), "an edit of `{line}` goes unseen");
    }
}

/// A place tells the line to look at.
#[test]
fn a_finding_names_its_line() {
    let mut project = Project::real();
    let line = |text: &str| project.text.lines().position(|l| l.starts_with(text)).expect("a line") + 1;
    let (at, fifth) = (line("column unified_events 5 "), "column unified_events 5 ");
    let without: String = project.text.lines().filter(|l| !l.starts_with(fifth)).map(|l| format!("{l}\n")).collect();
    let changed = project.text.replace(" 5 trace_id string optional", " 5 trace_id string required");
    for (text, place) in [(without, at - 1), (changed, at)] {
        let findings = project.check(&text, true).expect("a lock");
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].location.as_ref().map(|l| l.line), Some(place), "{}", findings[0].message);
        assert_eq!(findings[0].rule, "UE-C95");
    }
}

/// Ids of specs, of partition fields and of sort orders stay what they were, also when nothing live has them.
#[test]
fn ids_of_specs_and_orders_that_are_gone_stay_taken() {
    let project = Project::real();
    let (old, mut lock) = (project.schema.clone(), project.base.lock.clone().expect("a lock"));
    let locked = |id, text: &str| LockedText { table: "unified_events".to_owned(), id, text: text.to_owned() };
    lock.specs.push(locked(7, "1000"));
    lock.sorts.push(locked(7, "4:asc:first"));
    let (table, source) = ("unified_events".to_owned(), 3);
    lock.partitions.push(LockedPartition { table, id: 1009, source, transform: Transform::Identity });
    let rules = |edit: &dyn Fn(&mut Table)| -> Vec<&'static str> {
        let mut new = old.clone();
        edit(new.tables.iter_mut().find(|t| t.name == "unified_events").expect("the table"));
        let changes = diff(&old, &new);
        let cx =
            Context { old: &old, new: &new, changes: &changes, lock: Some(&lock), today: None, languages: LANGUAGES };
        judge(&cx, &Policy::default()).iter().map(|f| f.rule).collect()
    };
    let spec = |t: &mut Table, id, field_id, source: u32| {
        let mut spec = t.partition_specs[0].clone();
        (spec.scheme, spec.spec_id) = ("other".to_owned(), id);
        spec.fields.truncate(1);
        let column = t.columns.iter().find(|c| c.id == source).expect("a column").name.clone();
        let field = &mut spec.fields[0];
        (field.id, field.source_id, field.name, field.column) = (field_id, source, column.clone(), column);
        t.partition_specs.push(spec);
    };
    // A spec that was there is fine again; its id for other fields is not.
    assert_eq!(rules(&|t| spec(t, 7, 1000, 2)), ["UE-C55"]);
    assert_eq!(rules(&|t| spec(t, 7, 1009, 3)), ["UE-C56"]);
    assert_eq!(rules(&|t| spec(t, 8, 1009, 3)), ["UE-C55"]);
    assert_eq!(rules(&|t| spec(t, 8, 1009, 5)), ["UE-C56"], "the field's id was another field's");
    assert_eq!(rules(&|t| spec(t, 8, 1010, 3)), ["UE-C56"], "the field had another id");
    let order = |t: &mut Table, id, source| {
        let order = t.sort_order.as_mut().expect("an order");
        order.order_id = id;
        order.fields.truncate(1);
        let column = t.columns.iter().find(|c| c.id == source).expect("a column").name.clone();
        let field = &mut order.fields[0];
        (field.source_id, field.column) = (source, column);
        (field.direction, field.nulls) = (SortDirection::Asc, NullOrder::First);
    };
    assert_eq!(rules(&|t| order(t, 7, 4)), ["UE-C58"]);
    assert_eq!(rules(&|t| order(t, 7, 5)), ["UE-C59"]);
    assert_eq!(rules(&|t| order(t, 8, 5)), ["UE-C58"]);
}
