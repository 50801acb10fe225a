//! The whole check: every baseline, lock, waivers and policy, one outcome.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use unified_event_schema::{Schema, SourceSet};

use super::change::Kind;
use super::consumers::{self, ConsumerQuery};
use super::finding::{Bump, Finding, Level, State};
use super::frozen::Frozen;
use super::history::History;
use super::language::Languages;
use super::locate::Places;
use super::lock::{Lock, Version};
use super::policy::{self, Policy};
use super::rules::Context;
use super::waiver::Waiver;
use super::{beside, diff, judge};

/// What a definition is compared with.
pub struct Baseline {
    /// What reports call it.
    pub label: String,
    /// What kind of comparison it makes.
    pub kind: BaselineKind,
    /// The model.
    pub schema: Schema,
    /// The files it was loaded from, for places; a frozen model has none.
    pub sources: Option<SourceSet>,
    /// The lock as it stood there.
    pub lock: Option<Lock>,
    /// The policy as it stood there, where that is known.
    pub policy: Option<Policy>,
}

/// What kind of comparison a baseline makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaselineKind {
    /// Where the change under review started: what differs was introduced by it.
    Base,
    /// A release; only these tables are live in it.
    Released {
        /// The number.
        release: u32,
        /// The live tables with their versions.
        tables: BTreeMap<String, Version>,
        /// Whether parts that belong to no table are compared with it too.
        newest: bool,
    },
}

/// What a check looks at.
pub struct Input<'a> {
    /// The definition under review.
    pub schema: &'a Schema,
    /// Its files, for places.
    pub sources: Option<&'a SourceSet>,
    /// Its lock.
    pub lock: Option<&'a Lock>,
    /// The lock's text and the frozen models; without them the lock is believed.
    pub history: Option<&'a History>,
    /// What it is compared with.
    pub baselines: &'a [&'a Baseline],
    /// The live releases, which tell what was released, compared with or not.
    pub released: &'a [Baseline],
    /// The registered queries.
    pub queries: &'a [ConsumerQuery],
    /// The accepted breaks.
    pub waivers: &'a [Waiver],
    /// The path of the file that holds them.
    pub waivers_path: &'a str,
    /// What the project decided for itself.
    pub policy: &'a Policy,
    /// What it had decided before the change under review: what was lowered since has to say why. Without it that is
    /// not asked.
    pub policy_before: Option<&'a Policy>,
    /// The date of the judgement, `YYYY-MM-DD`.
    pub today: Option<&'a str>,
    /// The languages of those who compile generated code.
    pub languages: Languages,
}

/// What a check found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Outcome {
    /// What the definition was compared with.
    pub baselines: Vec<String>,
    /// The findings: by table, then by place in the definition.
    pub findings: Vec<Finding>,
    /// The tables with something to release.
    pub tables: Vec<TableBump>,
    /// What was left out, and why.
    pub notices: Vec<String>,
    /// The date of the judgement.
    pub today: Option<String>,
}

/// What the findings of one table add up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableBump {
    /// The table.
    pub table: String,
    /// The release that its findings need.
    pub requires: Bump,
    /// The release that was made for them.
    pub released: Bump,
    /// Whether resources of the platform must be made anew.
    pub replaces: bool,
}

impl Outcome {
    /// Returns the findings that count, from a level on.
    pub fn open(&self, from: Level) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |f| f.state == State::Open && f.level >= from)
    }

    /// Returns how many findings are in a state.
    pub fn count(&self, state: State) -> usize {
        self.findings.iter().filter(|f| f.state == state).count()
    }

    /// Returns the largest release that open findings need.
    pub fn requires(&self) -> Bump {
        self.findings.iter().filter(|f| f.state == State::Open).map(|f| f.requires).max().unwrap_or_default()
    }
}

/// Compares a definition with every baseline.
pub fn check(input: &Input<'_>) -> Outcome {
    let in_force = input.policy.in_force(input.today);
    let past = policy::expired(input.policy, input.today);
    let input = &Input { policy: &in_force, ..*input };
    let mut outcome = Outcome {
        baselines: input.baselines.iter().map(|b| b.label.clone()).collect(),
        today: input.today.map(str::to_owned),
        ..Outcome::default()
    };
    let base = input.baselines.iter().find(|b| b.kind == BaselineKind::Base);
    let frozen = Frozen::of(input);
    let mut found: BTreeMap<String, Finding> = BTreeMap::new();
    for baseline in input.baselines {
        let counts = base.is_none_or(|base| is_since(baseline, base));
        let released = frozen.released_since(baseline);
        for mut finding in findings_against(input, baseline, &mut outcome.notices) {
            finding.state = match (counts, frozen.supports(baseline, released.as_ref(), &finding)) {
                (_, true) => State::Released,
                (true, false) => State::Open,
                (false, false) => State::Before,
            };
            match found.get_mut(&finding.fingerprint) {
                Some(known) => {
                    known.state = known.state.min(finding.state);
                    // One baseline may say the same of two lines of a query.
                    let new = finding.against.into_iter().filter(|label| !known.against.contains(label));
                    known.against.extend(new.collect::<Vec<_>>());
                }
                None => {
                    found.insert(finding.fingerprint.clone(), finding);
                }
            }
        }
    }
    outcome.findings = found.into_values().collect();
    outcome.findings.extend(beside::history(input, base));
    outcome.findings.extend(beside::policy(input, past));
    beside::waivers(input, &mut outcome);
    let order =
        |f: &Finding| (f.table.clone().unwrap_or_default(), f.change.subject.clone(), f.rule, f.fingerprint.clone());
    outcome.findings.sort_by_cached_key(order);
    outcome.notices.sort();
    outcome.notices.dedup();
    outcome.tables = bumps(&outcome.findings);
    outcome
}

/// Says whether what differs from a baseline came with the change under review: the baseline is where
/// that started, or a release that was made in its course.
fn is_since(baseline: &Baseline, base: &Baseline) -> bool {
    match &baseline.kind {
        BaselineKind::Base => true,
        BaselineKind::Released { release, .. } => {
            base.lock.as_ref().is_none_or(|lock| lock.releases.iter().all(|known| known.number < *release))
        }
    }
}

fn findings_against(input: &Input<'_>, baseline: &Baseline, notices: &mut Vec<String>) -> Vec<Finding> {
    let mut findings = judged(input, baseline, input.schema, notices);
    let (places, old_places) = (input.sources.map(Places::of), baseline.sources.as_ref().map(Places::of));
    for finding in &mut findings {
        let change = &finding.change;
        finding.against = vec![baseline.label.clone()];
        finding.old_location = old_places.as_ref().and_then(|p| p.find(&baseline.schema, change));
        let here = |places: &Places<'_>| {
            let head = || if finding.old_location.is_none() { places.head(&baseline.schema, change) } else { None };
            places.find(input.schema, change).or_else(head)
        };
        finding.location = places.as_ref().and_then(here);
        if let Some(query) = consumers::file_of(&finding.change, input.queries) {
            finding.location = Some(query);
        }
    }
    findings
}

/// Returns what a model changes in a baseline, judged.
pub(super) fn judged(
    input: &Input<'_>,
    baseline: &Baseline,
    model: &Schema,
    notices: &mut Vec<String>,
) -> Vec<Finding> {
    let schema = seen_from(input, model, &baseline.schema);
    let mut changes = diff(&baseline.schema, &schema);
    if let BaselineKind::Released { tables, newest, .. } = &baseline.kind {
        changes.retain(|c| match c.subject.table() {
            // A table that a release does not know came later, and no reader of the release misses it.
            Some(table) => tables.contains_key(table) && c.kind != Kind::TableAdded,
            None => *newest,
        });
    }
    changes.extend(consumers::compare(input.queries, (&baseline.schema, model), &changes, notices));
    let (old, new, lock, today) = (&baseline.schema, schema.as_ref(), input.lock, input.today);
    judge(&Context { old, new, changes: &changes, lock, today, languages: input.languages }, input.policy)
}

/// Returns a model as it looks from a baseline.
///
/// A column says only what it was called last; what it was called before that, when it was renamed
/// more than once since the baseline, the lock knows.
fn seen_from<'a>(input: &Input<'_>, model: &'a Schema, baseline: &Schema) -> Cow<'a, Schema> {
    let mut seen = Cow::Borrowed(model);
    let Some(lock) = input.lock else { return seen };
    for (at, table) in model.tables.iter().enumerate() {
        let before = baseline.table(&table.name).map_or(&[][..], |t| &t.columns);
        for (place, column) in table.columns.iter().enumerate() {
            let Some(old) = before.iter().find(|c| c.id == column.id) else { continue };
            let is_known = lock.former.iter().any(|f| f.table == table.name && f.id == old.id && f.name == old.name);
            let newest = lock.column(&table.name, column.id).map(|c| &c.name);
            let is_declared = newest == Some(&column.name) || newest == column.renamed_from.as_ref();
            if old.name != column.name && is_known && is_declared {
                let slot = seen.to_mut().tables.get_mut(at).and_then(|t| t.columns.get_mut(place));
                slot.into_iter().for_each(|c| c.renamed_from = Some(old.name.clone()));
            }
        }
    }
    seen
}

fn bumps(findings: &[Finding]) -> Vec<TableBump> {
    let mut tables: BTreeMap<&str, TableBump> = BTreeMap::new();
    for finding in findings {
        let Some(table) = &finding.table else { continue };
        let bump = tables.entry(table).or_insert_with(|| TableBump {
            table: table.clone(),
            requires: Bump::None,
            released: Bump::None,
            replaces: false,
        });
        let slot = if finding.state == State::Released { &mut bump.released } else { &mut bump.requires };
        *slot = (*slot).max(finding.requires);
        bump.replaces |= finding.replaces;
    }
    tables.into_values().collect()
}
