//! Which findings a release answers for.

use std::collections::BTreeMap;

use unified_event_schema::Schema;

use super::change::Change;
use super::check::{Baseline, BaselineKind, Input};
use super::diff;
use super::finding::{Bump, Finding};
use super::lock::{Lock, Version};

/// What the newest release of each table froze, and whether it is what the definition says now.
pub(super) struct Frozen<'a> {
    /// No lock: the version in the definition alone says what was released.
    lock: Option<&'a Lock>,
    schema: &'a Schema,
    /// Tables whose newest release is not what the definition says, with that release where there is one.
    unreleased: BTreeMap<&'a str, Option<&'a Schema>>,
    /// Whether parts of no table differ from the newest release.
    rest_unreleased: bool,
}

impl<'a> Frozen<'a> {
    pub(super) fn of(input: &Input<'a>) -> Self {
        let mut unreleased: BTreeMap<&str, Option<&Schema>> =
            input.schema.tables.iter().map(|t| (t.name.as_str(), None)).collect();
        let mut rest_unreleased = true;
        for baseline in input.released {
            let BaselineKind::Released { release, tables, newest } = &baseline.kind else { continue };
            let changes = diff(&baseline.schema, input.schema);
            let differs = |table: &str| changes.iter().any(|c| c.subject.table() == Some(table));
            for table in tables.keys() {
                let is_newest = input.lock.and_then(|l| l.newest(table)).is_some_and(|t| t.release == *release);
                if is_newest && !differs(table) {
                    unreleased.remove(table.as_str());
                } else if let (true, Some(newest)) = (is_newest, unreleased.get_mut(table.as_str())) {
                    *newest = Some(&baseline.schema);
                }
            }
            if *newest && !changes.iter().any(|c| c.subject.table().is_none()) {
                rest_unreleased = false;
            }
        }
        Self { lock: input.lock, schema: input.schema, unreleased, rest_unreleased }
    }

    /// Says whether a release large enough was made since a baseline.
    pub(super) fn supports(
        &self,
        baseline: &Baseline,
        released: &BTreeMap<&str, Vec<Change>>,
        finding: &Finding,
    ) -> bool {
        if finding.requires == Bump::Refused {
            return false;
        }
        let step = match &finding.table {
            Some(table) => {
                let is_later = self.lock.is_some() && self.unreleased.contains_key(table.as_str());
                let is_released = || released.get(table.as_str()).is_some_and(|r| r.contains(&finding.change));
                if is_later && !is_released() { Bump::None } else { self.step(baseline, table) }
            }
            None => self.rest_step(baseline),
        };
        step != Bump::None && step >= finding.requires
    }

    /// Returns what the newest releases of tables that have changed since then changed in a baseline.
    pub(super) fn released_since(&self, baseline: &Baseline) -> BTreeMap<&'a str, Vec<Change>> {
        let newest = self.unreleased.iter().filter_map(|(table, newest)| Some((*table, (*newest)?)));
        let changes = newest.map(|(table, newest)| {
            let changes = diff(&baseline.schema, newest).into_iter();
            (table, changes.filter(|c| c.subject.table() == Some(table)).collect())
        });
        changes.collect()
    }

    /// Returns the release of a table that was made since a baseline.
    fn step(&self, baseline: &Baseline, table: &str) -> Bump {
        let major = |schema: &Schema| schema.table(table).map_or(0, |t| t.version);
        let (old, new) = (major(&baseline.schema), major(self.schema));
        let Some(lock) = self.lock else {
            return if new > old { Bump::Major } else { Bump::None };
        };
        let Some(now) = lock.newest(table) else { return Bump::None };
        let before = match &baseline.kind {
            BaselineKind::Released { tables, .. } => tables.get(table).copied(),
            BaselineKind::Base => baseline.lock.as_ref().and_then(|l| l.newest(table)).map(|t| t.version),
        };
        now.version.step_from(before.unwrap_or(Version { major: old, minor: 0, patch: 0 }))
    }

    fn rest_step(&self, baseline: &Baseline) -> Bump {
        let newest = |lock: &Lock| lock.releases.iter().map(|r| r.number).max().unwrap_or(0);
        let Some(lock) = self.lock else { return Bump::None };
        let before = match &baseline.kind {
            BaselineKind::Released { release, .. } => *release,
            BaselineKind::Base => baseline.lock.as_ref().map_or(0, newest),
        };
        if !self.rest_unreleased && newest(lock) > before { Bump::Major } else { Bump::None }
    }
}
