//! The rules: one table of records, one short function each.
//!
//! A rule looks at one change and says nothing, or what it means. Its name states what is allowed
//! or what is merely noted; its verdicts are one row of the matrix that `unified-event rules` prints.

mod columns;
mod events;
mod history;
mod lake;
mod pipelines;
mod project;
mod queries;
mod tables;
mod values;

use unified_event_schema::{Schema, Table};

use super::change::{Change, Kind};
use super::finding::{Bump, Consumer, First, Verdict};
use super::language::Languages;
use super::lock::Lock;

/// What rules may look at beside the change.
pub struct Context<'a> {
    /// The model that was.
    pub old: &'a Schema,
    /// The model that is.
    pub new: &'a Schema,
    /// All changes between the two.
    pub changes: &'a [Change],
    /// The identities that were ever given, when the project has a lock.
    pub lock: Option<&'a Lock>,
    /// The date of the judgement, `YYYY-MM-DD`.
    pub today: Option<&'a str>,
    /// The languages of those who compile generated code.
    pub languages: Languages,
}

impl<'a> Context<'a> {
    fn old_table(&self, change: &Change) -> Option<&'a Table> {
        self.old.table(change.subject.table()?)
    }
}

/// A rule.
pub struct Rule {
    /// The code, stable for ever.
    pub code: &'static str,
    /// The name: what is allowed, or what is noted.
    pub name: &'static str,
    /// What the rule checks, as one sentence.
    pub summary: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do instead or next.
    pub next: &'static [&'static str],
    /// The verdicts in the order of [`Consumer::ALL`].
    pub verdicts: [Verdict; 13],
    /// The release that such a change needs.
    pub requires: Bump,
    /// Who moves first.
    pub first: First,
    /// Says what a change means, when the rule is about it.
    pub judge: fn(&Change, &Context<'_>) -> Option<Judged>,
}

/// What a rule says of one change.
#[derive(Debug, Default)]
pub struct Judged {
    /// One sentence that names old and new: lower case, no final period.
    pub message: String,
    /// Verdicts that differ from the rule's row.
    pub verdicts: Vec<(Consumer, Verdict)>,
    /// Another release than the rule's.
    pub requires: Option<Bump>,
    /// What to do, before what the rule says.
    pub next: Vec<String>,
    /// Whether that is all there is to do, and what the rule says does not hold.
    pub next_alone: bool,
}

impl Judged {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    fn verdict(mut self, consumers: &[Consumer], verdict: Verdict) -> Self {
        self.verdicts.extend(consumers.iter().map(|c| (*c, verdict)));
        self
    }

    fn requires(mut self, bump: Bump) -> Self {
        self.requires = Some(bump);
        self
    }

    fn next(mut self, next: impl Into<String>) -> Self {
        self.next.push(next.into());
        self
    }

    /// Says that what the rule advises does not fit this change.
    fn next_alone(mut self) -> Self {
        self.next_alone = true;
        self
    }
}

/// Returns all rules, by code.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let columns = [columns::identity::RULES, columns::types::RULES, columns::meaning::RULES, columns::field_ids::RULES];
    let parts = [values::RULES, events::RULES, lake::RULES, queries::RULES, project::RULES];
    let tables = [tables::version::RULES, tables::partition::RULES, tables::layout::RULES, tables::identity::RULES];
    columns.into_iter().chain(parts).chain(tables).chain([pipelines::RULES, history::RULES]).flatten()
}

/// Returns the rule with a code or a name.
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    all().find(|r| r.code.eq_ignore_ascii_case(code_or_name) || r.name.eq_ignore_ascii_case(code_or_name))
}

// One letter a verdict, so that a row of the matrix reads as one.
const U: Verdict = Verdict::Untouched;
const O: Verdict = Verdict::Ok;
const W: Verdict = Verdict::Warn;
const R: Verdict = Verdict::Replace;
const B: Verdict = Verdict::Break;

/// Returns what something is made from and how that changed, for messages.
fn derived_from(from: &[String], rewritten: bool) -> String {
    let names = from.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(" and ");
    let what = if rewritten { "to which something else is written" } else { "whose values are of another kind" };
    format!("{names}, {what}")
}

/// Returns what changed for messages: both sides, or what happened to the items of a list.
fn sides(kind: &Kind) -> String {
    if let Some((old, new)) = kind.lists() {
        return super::order::steps(&old, &new);
    }
    let (old, new) = kind.sides();
    let quoted = |side: String| if side == super::describe::NOTHING { side } else { format!("`{side}`") };
    format!("from {} to {}", quoted(old), quoted(new))
}
