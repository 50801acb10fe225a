//! Witnesses: the smallest things that break, made from the two models.
//!
//! One is shown for each kind of consumer that breaks, and only where the models themselves say that
//! it works on one side and fails on the other. The tests execute every one on both sides.

mod event;
mod filter;
mod parquet;
mod readers;
mod rust;
mod sql;
mod typescript;

use serde::Serialize;
use serde_json::Value as Json;

use super::change::{Change, Kind};
use super::finding::{Consumer, Verdict, Verdicts};
use super::rules::Context;

pub use event::check;

/// What kind of thing a witness is, and with that how to try it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WitnessKind {
    /// An event as JSON that the validators of the old version take and those of the new one refuse.
    RefusedEvent,
    /// An event as JSON that the validators of the new version take and those of the old one refuse.
    UnreadableEvent,
    /// An item of Rust that compiles against the old crate `unified_event` and not against the new one.
    Rust,
    /// A module of TypeScript that compiles against the old package `unified-event` and not against the
    /// new one.
    TypeScript,
    /// A query that fails on the new version, or answers otherwise than on the old one. Where the
    /// answer depends on what happened, `given` says it.
    Sql,
    /// A program for Python and pyarrow that writes the smallest Parquet file under the schema `writer`
    /// of one version and reads it under the schema `reader` of the other. It is refused, or finds
    /// another value; with the same schema on both sides it ends well.
    Parquet,
}

/// One of the two versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The version that was.
    Old,
    /// The version that is.
    New,
}

/// The smallest thing that breaks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Witness {
    /// What it is.
    pub kind: WitnessKind,
    /// The version with which it works; with the other one it fails.
    pub works_on: Side,
    /// The thing itself.
    pub text: String,
    /// What happened, for a query whose answer depends on it.
    pub given: Option<Given>,
}

/// What happens before a query is asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Given {
    /// The same thing, as each version stores it.
    Rows {
        /// The row under the old version.
        old: Json,
        /// The row under the new one.
        new: Json,
    },
    /// An event that both versions take.
    Event {
        /// The event as it is sent.
        event: Json,
    },
}

impl Witness {
    fn new(kind: WitnessKind, works_on: Side, text: impl Into<String>) -> Self {
        Self { kind, works_on, text: text.into(), given: None }
    }

    /// Returns what it shows, for people.
    pub fn what(&self) -> String {
        let words = match self.kind {
            WitnessKind::RefusedEvent => "an event that the old version takes and the new one refuses",
            WitnessKind::UnreadableEvent => "an event that the new version takes and the old one refuses",
            WitnessKind::Rust => "Rust that compiles against the old crate only",
            WitnessKind::TypeScript => "TypeScript that compiles against the old package only",
            WitnessKind::Sql => "a query that fails on the new version, or yields other columns or types",
            WitnessKind::Parquet => "a file of one version that a reader of the other refuses, or reads otherwise",
        };
        match &self.given {
            Some(Given::Rows { old, new }) => {
                format!("a query that answers otherwise where the old version stores `{old}` and the new one `{new}`")
            }
            Some(Given::Event { event }) => {
                format!("a query that answers otherwise when `{event}` is sent: only one version stores it")
            }
            None => words.to_owned(),
        }
    }
}

/// Returns what proves the verdicts on a change: one witness for each kind of consumer that breaks.
pub(super) fn of(change: &Change, cx: &Context<'_>, verdicts: &Verdicts) -> Vec<Witness> {
    let breaks = |consumers: &[Consumer]| consumers.iter().any(|c| verdicts.of(*c) == Verdict::Break);
    let mut found = Vec::new();
    if breaks(&[Consumer::WireIn, Consumer::WireOut, Consumer::Validators])
        || refuses_under_a_condition(change, verdicts)
    {
        found.extend(event::witness(change, cx, verdicts));
    }
    if breaks(&[Consumer::RustApi]) {
        found.extend(rust::witness(change, cx));
    }
    if breaks(&[Consumer::TypeScript]) {
        found.extend(typescript::witness(change, cx));
    }
    if breaks(&[Consumer::SelectList, Consumer::SelectStar]) || matches!(change.kind, Kind::QueryResult { .. }) {
        found.extend(sql::witness(change, cx));
    }
    if breaks(&[Consumer::Files]) {
        found.extend(parquet::witness(change, cx));
    }
    found
}

/// Says whether the event is worth showing although nobody breaks for sure: it is what the condition is about.
fn refuses_under_a_condition(change: &Change, verdicts: &Verdicts) -> bool {
    let is_about_events = matches!(
        change.kind,
        Kind::ValueSet { .. }
            | Kind::ValueAdded { .. }
            | Kind::Format { .. }
            | Kind::EmptyText { .. }
            | Kind::Presence { .. }
            | Kind::EventTypeAdded
            | Kind::RequirementDropped { .. }
    );
    is_about_events && verdicts.of(Consumer::Validators) == Verdict::Warn
}
