//! Every witness of every case breaks as it says: it works with one version and fails with the other.
//!
//! Events and Rust are tried here against the generated crates of both versions; queries in
//! `engines/witnesses.rs`, Parquet files in `evolution/engines/test_witnesses.py`, TypeScript (and the
//! events in its validators) in `typescript/test/witnesses.test.ts`.

#[path = "witnesses/project.rs"]
mod project;

use std::collections::BTreeSet;

use serde_json::Value;
use unified_event_guard::{Consumer, Finding, Kind, Verdict, WitnessKind, takes};
use unified_event_tests::witnesses::{findings, of_kind};

use project::Project;

const EVENTS: [WitnessKind; 2] = [WitnessKind::RefusedEvent, WitnessKind::UnreadableEvent];

/// Says why a finding that breaks somebody can have no witness.
fn why_none(finding: &Finding) -> Option<&'static str> {
    Some(match (finding.rule, &finding.change.kind) {
        ("UE-C08", _) => "what refuses it is one Rust crate for Iceberg; the matrix of engines shows that",
        ("UE-C15", Kind::Meaning { .. }) => "only people know what the new meaning makes of a value",
        ("UE-C15", Kind::Unit { .. }) => "nothing says how many of the one unit make the other",
        ("UE-C04" | "UE-C05", Kind::ColumnAdded { .. }) => "what the id or the name was is only in the lock, as a name",
        ("UE-C27", _) => "files and table disagree on a number; the tests of field ids make both",
        ("UE-C39", _) => "the event is as deep or as long as the limit that the message names",
        ("UE-C54", _) => "what refuses the name is the catalog; the matrix of engines shows that",
        ("UE-C56", _) => "manifests prune by the id; no single file or query shows it",
        ("UE-C59", _) => "files name the order that they were written in, and no reader here sorts by it",
        ("UE-C64", _) => "one row becomes two, or two become one; no single event, file or query has both",
        ("UE-C71", _) => "the filters keep the same rows, or call functions that the guard cannot evaluate",
        ("UE-C85" | "UE-C86", _) => "what the query makes of other values, only an engine knows",
        ("UE-C75", _) => "it is a place in the account or a path: the message shows where nothing is found",
        _ => return None,
    })
}

#[test]
fn whoever_breaks_is_shown_what_breaks() {
    let (mut proven, mut excused) = (0, BTreeSet::new());
    for (case, finding) in findings() {
        if finding.verdicts.worst() != Verdict::Break {
            continue;
        }
        match (finding.witnesses.is_empty(), why_none(&finding)) {
            (false, _) => proven += 1,
            (true, Some(_)) => {
                excused.insert(finding.rule);
            }
            (true, None) => panic!("{case}: {} breaks somebody and has no witness: {}", finding.rule, finding.message),
        }
    }
    assert!(proven >= 100, "only {proven} findings are proven");
    // A reason that no case needs may be out of date.
    let known = ["UE-C15", "UE-C27", "UE-C39", "UE-C54", "UE-C56", "UE-C59", "UE-C64", "UE-C75", "UE-C85", "UE-C86"];
    assert_eq!(excused.into_iter().collect::<Vec<_>>(), known);
}

/// Whoever finds a table by a name with another version, Rust and queries apart.
const RENAMED: [Consumer; 5] =
    [Consumer::TypeScript, Consumer::WireIn, Consumer::WireOut, Consumer::Validators, Consumer::Files];

/// Consumers that break without a witness of their own kind, although the finding has others, and why.
const SHOWN_BY_OTHERS: [(&str, &[Consumer], &str); 7] = [
    ("UE-C15", &[Consumer::WireOut], "the number stands in the event as before; the query shows what it amounts to"),
    ("UE-C16", &[Consumer::RustApi], "the types stay; what the crate reads and writes is the event's to show"),
    ("UE-C32", &[Consumer::RustApi], "a closed set of numbers is no enum; the event shows what is refused"),
    ("UE-C42", &[Consumer::RustApi], "the derive reads the definition, not the crate; the event shows what it refuses"),
    ("UE-C51", &[Consumer::Files], "the query shows that the table is gone"),
    ("UE-C52", &RENAMED, "the query shows that the name with the version is gone; nothing else of the table changes"),
    ("UE-C75", &[Consumer::Files], "the query shows that the place is gone"),
];

/// Returns the kinds of witness for a consumer; of the platform's parts, the reports say what to make anew.
const fn kinds_for(consumer: Consumer) -> &'static [WitnessKind] {
    match consumer {
        Consumer::RustApi => &[WitnessKind::Rust],
        Consumer::TypeScript => &[WitnessKind::TypeScript],
        Consumer::WireIn | Consumer::WireOut | Consumer::Validators => &EVENTS,
        Consumer::SelectList | Consumer::SelectStar | Consumer::Queries => &[WitnessKind::Sql],
        Consumer::Files => &[WitnessKind::Parquet],
        Consumer::Stream | Consumer::PipelineSql | Consumer::ManagedTable | Consumer::EngineTable => &[],
    }
}

#[test]
fn each_consumer_is_shown_what_breaks_in_its_own_language() {
    let (mut shown, mut elsewhere) = (0, BTreeSet::new());
    for (case, finding) in findings() {
        for consumer in finding.verdicts.with(Verdict::Break).filter(|c| !kinds_for(*c).is_empty()) {
            if finding.witnesses.iter().any(|w| kinds_for(consumer).contains(&w.kind)) {
                shown += 1;
            } else if !finding.witnesses.is_empty() {
                let known = SHOWN_BY_OTHERS.iter().any(|(rule, of, _)| *rule == finding.rule && of.contains(&consumer));
                assert!(known, "{case}: {} has nothing for {}", finding.rule, consumer.title());
                elsewhere.insert(finding.rule);
            }
        }
    }
    assert!(shown >= 500, "{shown} consumers are shown what breaks");
    assert_eq!(elsewhere.into_iter().collect::<Vec<_>>(), SHOWN_BY_OTHERS.map(|(rule, ..)| rule));
}

#[test]
fn events_are_taken_by_one_model_and_refused_by_the_other() {
    let exhibits = of_kind(&EVENTS);
    assert!(exhibits.len() >= 80, "only {} events", exhibits.len());
    for exhibit in exhibits {
        let (works, fails) = exhibit.models();
        let event: Value = serde_json::from_str(&exhibit.text).expect("JSON");
        let event = event.as_object().expect("an object");
        let table = exhibit.table.as_deref().expect("a table");
        takes(&works, table, event).unwrap_or_else(|e| panic!("{}: {e}", exhibit.label()));
        assert!(takes(&fails, table, event).is_err(), "{} is taken", exhibit.label());
    }
}

#[test]
fn events_and_rust_work_with_one_generated_crate_and_fail_with_the_other() {
    let events = of_kind(&EVENTS);
    let rust = of_kind(&[WitnessKind::Rust]);
    assert!(events.len() >= 80 && rust.len() >= 80, "{} events, {} items of Rust", events.len(), rust.len());
    let mut project = Project::new();
    for exhibit in &rust {
        let (works, fails) = exhibit.models();
        project.item(exhibit.label(), &exhibit.text, &works, &fails);
    }
    for exhibit in &events {
        let (works, fails) = exhibit.models();
        let table = exhibit.table.as_deref().expect("a table");
        project.event(exhibit.label(), &exhibit.text, table, &works, &fails);
    }
    project.write();
    project.compiles_what_works();
    project.refuses_what_fails();
    project.judges_events();
}
