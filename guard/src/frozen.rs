//! Which findings a release answers for.

use std::collections::BTreeSet;

use unified_event_schema::Schema;

use super::check::{Baseline, BaselineKind, Input, judged};
use super::diff;
use super::finding::{Bump, Finding};
use super::lock::{Lock, Version};

/// What was released last, beside what the definition says now.
pub(super) struct Frozen<'a> {
    input: &'a Input<'a>,
    /// The newest release, unless the definition says the same.
    behind: Option<&'a Schema>,
}

impl<'a> Frozen<'a> {
    pub(super) fn of(input: &'a Input<'a>) -> Self {
        let is_newest = |kind: &BaselineKind| matches!(kind, BaselineKind::Released { newest: true, .. });
        let newest = input.released.iter().find(|b| is_newest(&b.kind)).map(|b| &b.schema);
        Self { input, behind: newest.filter(|newest| !diff(newest, input.schema).is_empty()) }
    }

    /// Returns what the newest release has changed since a baseline, by fingerprint; `None` says all.
    pub(super) fn released_since(&self, baseline: &Baseline) -> Option<BTreeSet<String>> {
        let newest = self.behind?;
        let findings = judged(self.input, baseline, newest, &mut Vec::new());
        Some(findings.into_iter().map(|finding| finding.fingerprint).collect())
    }

    /// Says whether a release that is large enough and has what was found was made since a baseline.
    pub(super) fn supports(&self, baseline: &Baseline, released: Option<&BTreeSet<String>>, finding: &Finding) -> bool {
        // Without a lock the version in the definition alone says what was released.
        let is_later = self.input.lock.is_some() && released.is_some_and(|r| !r.contains(&finding.fingerprint));
        if finding.requires == Bump::Refused || is_later {
            return false;
        }
        let step = match &finding.table {
            Some(table) => self.step(baseline, table),
            None => self.rest_step(baseline),
        };
        step != Bump::None && step >= finding.requires
    }

    /// Returns the release of a table that was made since a baseline.
    fn step(&self, baseline: &Baseline, table: &str) -> Bump {
        let major = |schema: &Schema| schema.table(table).map_or(0, |t| t.version);
        let (old, new) = (major(&baseline.schema), major(self.input.schema));
        let Some(lock) = self.input.lock else {
            return if new > old { Bump::Major } else { Bump::None };
        };
        let Some(now) = lock.newest(table) else { return Bump::None };
        let before = match &baseline.kind {
            BaselineKind::Released { tables, .. } => tables.get(table).copied(),
            BaselineKind::Base => baseline.lock.as_ref().and_then(|l| l.newest(table)).map(|t| t.version),
        };
        now.version.step_from(before.unwrap_or(Version { major: old, minor: 0, patch: 0 }))
    }

    /// Returns the release of what is no table's that was made since a baseline: any will do.
    fn rest_step(&self, baseline: &Baseline) -> Bump {
        let newest = |lock: &Lock| lock.releases.iter().map(|r| r.number).max().unwrap_or(0);
        let Some(lock) = self.input.lock else { return Bump::None };
        let before = match &baseline.kind {
            BaselineKind::Released { release, .. } => *release,
            BaselineKind::Base => baseline.lock.as_ref().map_or(0, newest),
        };
        if newest(lock) > before { Bump::Major } else { Bump::None }
    }
}
