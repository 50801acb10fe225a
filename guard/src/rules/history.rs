//! Rules about the lock and the frozen models: what only `unified-event release` writes.

use super::{Context, Judged, Rule, U};
use crate::change::{Change, Kind};
use crate::finding::{Bump, First};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "UE-C95", name: "HISTORY_KEPT",
        summary: "Checks that the lock is what releases wrote, and that no release is changed or taken back.",
        why: "The lock is the only memory of ids and names that are gone: with a line less, one comes back for something else.",
        next: &[
            "take `schema.lock` and `released/` from version control as they were; only `unified-event release` writes them",
            "`unified-event release --remake-lock` writes the lock anew from the frozen models",
        ],
        verdicts: [U, U, U, U, U, U, U, U, U, U, U, U, U],
        requires: Bump::Refused, first: First::Any, judge: history_kept,
    },
    Rule {
        code: "UE-C96", name: "VERSION_RETIRED_NOTED",
        summary: "Notes a table version that is taken out of use.",
        why: "Nothing is generated for it or compared with it any more: who still uses it is on their own.",
        next: &["be sure that its stream is closed and that its rows were moved"],
        verdicts: [U, U, U, U, U, U, U, U, U, U, U, U, U],
        requires: Bump::None, first: First::Both, judge: version_retired_noted,
    },
];

fn history_kept(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let message = match &change.kind {
        Kind::LockLine { released: Some(released), found: None } => {
            format!("the lock has lost the line `{released}`, which the frozen models call for")
        }
        Kind::LockLine { released: Some(released), found: Some(found) } => {
            format!("the lock says `{found}` where the frozen models call for `{released}`")
        }
        Kind::LockLine { released: None, found } => {
            format!("no release wrote the line `{}` of the lock", found.as_deref().unwrap_or_default())
        }
        Kind::LockOrder { old, new } => format!("the lock has `{new}` where a release writes `{old}`"),
        Kind::LockVersion { problem, .. } => format!("the {} of the lock is no release's: {problem}", change.subject),
        Kind::HistoryRewritten { old: Some(old), new: None } => format!("what the baseline released is gone: {old}"),
        Kind::HistoryRewritten { old: Some(old), new: Some(new) } => {
            format!("what the baseline released as `{old}` is `{new}` now")
        }
        Kind::HistoryRewritten { old: None, new } => {
            format!("`{}` was put into a release of the baseline", new.as_deref().unwrap_or_default())
        }
        _ => return None,
    };
    let judged = Judged::new(message);
    Some(match &change.kind {
        Kind::HistoryRewritten { .. } => judged.next(
            "where two branches made one release, run `unified-event release --remake-lock`: the releases of the base \
             branch stand, and what this branch released beside them is released anew",
        ),
        _ => judged,
    })
}

fn version_retired_noted(change: &Change, _: &Context<'_>) -> Option<Judged> {
    let Kind::VersionRetired { .. } = &change.kind else { return None };
    Some(Judged::new(format!("{} is retired", change.subject)))
}
