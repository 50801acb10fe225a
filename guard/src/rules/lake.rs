//! Rules about the lake: where data goes, and how it is kept.

use super::{B, Context, Judged, O, R, Rule, U, sides};
use crate::change::{Change, Destination, Kind, Subject};
use crate::finding::{Bump, Consumer, First, Verdict};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "UE-C75", name: "DESTINATION_SAME",
        summary: "Checks that data goes where it went: to the same bucket, namespace, prefix and path.",
        why: "Nothing fails: new rows go elsewhere, and whoever reads the old place finds no more of them. A sink \
              cannot be changed, so that the platform needs another one.",
        next: &[
            "keep the place: a binding, and the name of a path, may change as long as they stand for the same",
            "run `unified-event release`: new versions write to the new place, and the old ones run on until readers have moved",
            "let readers look at both places until the old files are gone",
        ],
        //          rust in out ts valid stream pipe managed engine files list star queries
        verdicts: [U, U, U, U, U, U, R, R, B, B, B, B, U],
        requires: Bump::Major, first: First::Both, judge: destination_same,
    },
    Rule {
        code: "UE-C76", name: "LAKE_NOTED",
        summary: "Notes other settings of the lake.",
        why: "They say how files are written, kept and read, not what is in them.",
        next: &[],
        verdicts: [U, U, U, U, U, U, U, U, O, O, U, U, U],
        requires: Bump::Patch, first: First::Any, judge: lake_noted,
    },
];

/// Who sees the catalog of a table; raw files are for those who read files.
const OF_CATALOG: [Consumer; 4] =
    [Consumer::ManagedTable, Consumer::EngineTable, Consumer::SelectList, Consumer::SelectStar];

fn destination_same(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    match (&change.subject, &change.kind) {
        (Subject::Pipeline { table }, Kind::Destination { of, binding, old, new }) => {
            Some(destination(cx, table, of, binding.as_deref(), (old.as_deref(), new.as_deref())))
        }
        (Subject::Lake { path }, Kind::LakeSetting { old, new }) if is_path(path) && !old.is_empty() => {
            let message = match path.strip_prefix("buckets/").and_then(|rest| rest.strip_suffix("/name")) {
                Some(binding) if new.is_empty() => {
                    format!("the bucket {} of the binding `{binding}` is gone", plain(old))
                }
                Some(binding) => {
                    format!(
                        "Workers with the binding `{binding}` reach the bucket {} instead of {}",
                        plain(new),
                        plain(old)
                    )
                }
                None => {
                    let of = path.split('/').nth(1).unwrap_or_default();
                    let now = if new.is_empty() {
                        format!("{} is gone", plain(old))
                    } else {
                        format!("is {} instead of {}", plain(new), plain(old))
                    };
                    let message = format!("files of the path `{of}` lie elsewhere: its pattern {now}");
                    format!("{message}, for all tables whose files are written or listed by it")
                }
            };
            let kept = match path.strip_prefix("buckets/") {
                Some(_) => "keep the bucket, and give another one a binding of its own",
                None => "keep the pattern, and give another place a name of its own",
            };
            let judged = Judged::new(message)
                .verdict(&OF_CATALOG, Verdict::Untouched)
                .next(kept)
                .next("let whoever lists the old place look at both until its files are gone, then run `unified-event release`: it freezes the new place, and no table gets a new version for it")
                .next_alone();
            Some(judged.verdict(&[Consumer::PipelineSql], Verdict::Untouched))
        }
        _ => None,
    }
}

/// Returns a text of the model, which is JSON, as messages show it.
fn plain(json: &str) -> String {
    format!("`{}`", json.trim_matches('"'))
}

fn destination(
    cx: &Context<'_>,
    table: &str,
    of: &Destination,
    binding: Option<&str>,
    sides: (Option<&str>, Option<&str>),
) -> Judged {
    let pipeline = cx.new.pipeline(table).or_else(|| cx.old.pipeline(table)).map_or(table, |p| &p.name);
    let because = binding.map_or_else(String::new, |b| format!(", as the binding `{b}` reaches another bucket"));
    let message = match (sides, of) {
        ((Some(old), Some(new)), Destination::RawScheme) => {
            return Judged::new(format!(
                "the default scheme of the raw files of table `{table}` is `{new}` instead of `{old}`"
            ))
            .verdict(&OF_CATALOG, Verdict::Untouched)
            .verdict(&[Consumer::PipelineSql], Verdict::Untouched)
            .verdict(&[Consumer::Files], Verdict::Warn)
            .requires(Bump::Minor)
            .next("name the scheme with `--raw` when you deploy, and tell readers which one it is");
        }
        ((Some(old), Some(new)), Destination::RawBucket | Destination::RawPrefix | Destination::RawPath { .. }) => {
            format!("raw files of table `{table}` go elsewhere: the {of} is `{new}` instead of `{old}`{because}")
        }
        ((Some(old), Some(new)), _) => {
            format!(
                "the rows of table `{table}` go elsewhere: the {of} of pipeline `{pipeline}` is `{new}` instead of `{old}`{because}"
            )
        }
        ((old, None), _) => {
            let old = old.unwrap_or_default();
            format!("raw files of table `{table}` are no longer written: the {of} went to `{old}`")
        }
        ((None, new), _) => format!("the {of} of table `{table}` go to `{}`", new.unwrap_or_default()),
    };
    let judged = Judged::new(message);
    if matches!(of, Destination::Bucket | Destination::Namespace | Destination::SinkTable) {
        judged
    } else {
        judged.verdict(&OF_CATALOG, Verdict::Untouched)
    }
}

/// Says whether a setting is a place: a path, or the bucket that a Worker reaches by a binding.
fn is_path(path: &str) -> bool {
    let own = |list: &str| path.starts_with(list) && !path.ends_with("/doc") && !path.ends_with("(order)");
    own("paths/") || own("time_patterns/") || (own("buckets/") && path.ends_with("/name"))
}

fn lake_noted(change: &Change, cx: &Context<'_>) -> Option<Judged> {
    let Kind::LakeSetting { .. } = &change.kind else { return None };
    destination_same(change, cx)
        .is_none()
        .then(|| Judged::new(format!("{} changes {}", change.subject, sides(&change.kind))))
}
