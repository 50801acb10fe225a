//! The lake: where raw files go, labels of the configuration, and every other setting.
//!
//! Bindings, names of path patterns and schemes are labels: what counts is the bucket or the path that one
//! stands for. An old lake is seen under the new labels, so that a new label for the same place is one change.

use std::collections::{BTreeMap, BTreeSet};

use unified_event_schema::{Lake, RawFiles, Schema};

use super::{Changes, setting};
use crate::change::{Change, Destination, Kind, NameOf, Subject};

/// Adds what differs between the lakes of two models.
pub(super) fn diff(changes: &mut Changes, old: &Schema, new: &Schema) {
    let labels = Labels::between(&old.lake, &new.lake);
    labels.diff(changes);
    let seen = labels.seen(&old.lake);
    diff_raw(changes, old, (&seen, new), &labels);
    let mut settings = Changes::default();
    let kind = |old, new| Kind::LakeSetting { old, new };
    setting::diff(&mut settings, &seen, &new.lake, |path| Subject::Lake { path: path.to_owned() }, kind);
    let told = told(old, new, &labels);
    let entries: BTreeSet<String> =
        settings.list.iter().filter_map(|c| entry_of(c, |list, key| !is_text(list, key))).collect();
    let is_told = |change: &Change| told.contains(change.subject.name().unwrap_or_default());
    // Label and text of an entry that comes or goes are part of that.
    let is_part = |change: &Change| {
        is_one_sided(&change.kind) && entry_of(change, is_text).is_some_and(|entry| entries.contains(&entry))
    };
    settings.list.retain(|change| !is_told(change) && !is_part(change) && !is_same_order(change));
    changes.list.append(&mut settings.list);
}

/// Returns the bucket that a binding reaches.
fn bucket_of<'a>(schema: &'a Schema, binding: &'a str) -> &'a str {
    schema.lake.buckets.iter().find(|b| b.binding == binding).map_or(binding, |b| &b.name)
}

/// Adds what differs between the buckets that two bindings reach, for the sink or the raw files of a table.
///
/// `label` is the label of the old binding in the new lake.
pub(super) fn diff_bucket(
    changes: &mut Changes,
    table: &str,
    of: Destination,
    (old_schema, old, label): (&Schema, &str, &str),
    (new_schema, new): (&Schema, &str),
) {
    let here = Subject::Pipeline { table: table.to_owned() };
    let (before, now) = (bucket_of(old_schema, old), bucket_of(new_schema, new));
    if before != now {
        let binding = (label == new).then(|| new.to_owned());
        let (old, new) = (Some(before.to_owned()), Some(now.to_owned()));
        changes.push(here, Kind::Destination { of, binding, old, new });
    } else if label != new {
        changes.push(here, Kind::Name { of: NameOf::BucketBinding, old: old.to_owned(), new: new.to_owned() });
    }
}

/// New labels for the same places, old to new.
pub(super) struct Labels {
    bindings: BTreeMap<String, String>,
    paths: BTreeMap<String, String>,
    schemes: BTreeMap<String, String>,
}

impl Labels {
    pub(super) fn between(old: &Lake, new: &Lake) -> Self {
        type Pairs = Vec<(String, String)>;
        let bindings = |l: &Lake| -> Pairs { l.buckets.iter().map(|b| (b.binding.clone(), b.name.clone())).collect() };
        let paths = |l: &Lake| -> Pairs { l.paths.iter().map(|p| (p.name.clone(), p.pattern.clone())).collect() };
        let schemes =
            |l: &Lake| -> Pairs { l.time_patterns.iter().map(|t| (t.scheme.clone(), t.pattern.clone())).collect() };
        Self {
            bindings: relabelled(&bindings(old), &bindings(new)),
            paths: relabelled(&paths(old), &paths(new)),
            schemes: relabelled(&schemes(old), &schemes(new)),
        }
    }

    /// Returns what the new lake calls the bucket of an old binding.
    pub(super) fn binding<'a>(&'a self, old: &'a str) -> &'a str {
        self.bindings.get(old).map_or(old, String::as_str)
    }

    fn diff(&self, changes: &mut Changes) {
        for (of, list, labels) in [
            (NameOf::BucketBinding, "buckets", &self.bindings),
            (NameOf::PathLabel, "paths", &self.paths),
            (NameOf::TimeScheme, "time_patterns", &self.schemes),
        ] {
            for (old, new) in labels {
                let (old, new) = (old.clone(), new.clone());
                changes.push(Subject::Lake { path: format!("{list}/{new}") }, Kind::Name { of, old, new });
            }
        }
    }

    /// Returns a lake under the new labels.
    fn seen(&self, lake: &Lake) -> Lake {
        let mut lake = lake.clone();
        let rename = |label: &mut String, labels: &BTreeMap<String, String>| {
            if let Some(new) = labels.get(label) {
                label.clone_from(new);
            }
        };
        lake.buckets.iter_mut().for_each(|b| rename(&mut b.binding, &self.bindings));
        lake.raw.iter_mut().for_each(|r| rename(&mut r.bucket, &self.bindings));
        lake.paths.iter_mut().for_each(|p| rename(&mut p.name, &self.paths));
        lake.time_patterns.iter_mut().for_each(|t| rename(&mut t.scheme, &self.schemes));
        lake
    }
}

/// Pairs labels that went with labels that came, where both stand for the same and nothing else does.
fn relabelled(old: &[(String, String)], new: &[(String, String)]) -> BTreeMap<String, String> {
    let only = |side: &[(String, String)], other: &[(String, String)]| -> Vec<(String, String)> {
        side.iter().filter(|(label, _)| other.iter().all(|(l, _)| l != label)).cloned().collect()
    };
    let (gone, come) = (only(old, new), only(new, old));
    let alone = |side: &[(String, String)], value: &str| side.iter().filter(|(_, v)| v == value).count() == 1;
    let pairs = gone.iter().filter_map(|(label, value)| {
        let (new, _) = come.iter().find(|(_, v)| v == value)?;
        (alone(&gone, value) && alone(&come, value)).then(|| (label.clone(), new.clone()))
    });
    pairs.collect()
}

/// Returns the raw files of both sides, where they are of the same table.
fn raw_pair<'a>(old: &'a Lake, new: &'a Lake) -> Option<(&'a RawFiles, &'a RawFiles)> {
    old.raw.as_ref().zip(new.raw.as_ref()).filter(|(old, new)| old.table == new.table)
}

/// Adds what differs in where raw files go.
fn diff_raw(changes: &mut Changes, old: &Schema, (seen, new): (&Lake, &Schema), labels: &Labels) {
    let Some(before) = &old.lake.raw else { return };
    let table = &before.table;
    let mut differ = |of: Destination, old: Option<&str>, new: Option<&str>| {
        if old != new {
            let (old, new) = (old.map(str::to_owned), new.map(str::to_owned));
            let kind = Kind::Destination { of, binding: None, old, new };
            changes.push(Subject::Pipeline { table: table.clone() }, kind);
        }
    };
    let Some((_, now)) = raw_pair(seen, &new.lake) else {
        let place = format!("{}/{}", bucket_of(old, &before.bucket), before.prefix);
        return differ(Destination::Raw, Some(&place), None);
    };
    differ(Destination::RawPrefix, Some(&before.prefix), Some(&now.prefix));
    let after = &new.lake.time_patterns;
    for old in &seen.time_patterns {
        let new = after.iter().find(|t| t.scheme == old.scheme).map(|t| t.pattern.as_str());
        differ(Destination::RawPath { scheme: old.scheme.clone() }, Some(&old.pattern), new);
    }
    let first = |lake: &Lake| lake.time_patterns.first().map(|t| t.scheme.clone());
    let (was, is) = (first(seen), first(&new.lake));
    // That the default scheme is gone is told of its path.
    if was.iter().all(|was| after.iter().any(|t| t.scheme == *was)) {
        differ(Destination::RawScheme, was.as_deref(), is.as_deref());
    }
    let (old_bucket, new_bucket) = (before.bucket.as_str(), now.bucket.as_str());
    let label = labels.binding(old_bucket);
    diff_bucket(changes, table, Destination::RawBucket, (old, old_bucket, label), (new, new_bucket));
}

/// Returns the settings that differ because data goes elsewhere, which is told of the tables.
fn told(old: &Schema, new: &Schema, labels: &Labels) -> BTreeSet<String> {
    let mut told = BTreeSet::new();
    let mut bucket = |before: &str, now: &str| {
        // A table that moved to another binding says nothing of the bucket behind it.
        if labels.binding(before) == now && bucket_of(old, before) != bucket_of(new, now) {
            told.insert(format!("buckets/{now}/name"));
        }
    };
    for before in &old.pipelines {
        if let Some(now) = new.pipeline(&before.table) {
            bucket(&before.sink.bucket, &now.sink.bucket);
        }
    }
    let raw = raw_pair(&old.lake, &new.lake);
    if let Some((before, now)) = raw {
        bucket(&before.bucket, &now.bucket);
        told.extend(["raw/bucket", "raw/prefix"].map(str::to_owned));
        let kept = old.lake.time_patterns.iter().map(|t| labels.schemes.get(&t.scheme).unwrap_or(&t.scheme));
        told.extend(kept.map(|scheme| format!("time_patterns/{scheme}/pattern")));
        let first = |lake: &Lake| lake.time_patterns.first().map(|t| t.scheme.clone());
        if first(&labels.seen(&old.lake)) != first(&new.lake) {
            told.insert("time_patterns/(order)".to_owned());
        }
    } else if old.lake.raw.is_some() && new.lake.raw.is_none() {
        told.extend(["table", "bucket", "prefix", "doc"].map(|key| format!("raw/{key}")));
    }
    told
}

/// Returns the entry of a named list that a setting is of, when its list and key are asked for.
fn entry_of(change: &Change, is_asked: impl Fn(&str, &str) -> bool) -> Option<String> {
    let Subject::Lake { path } = &change.subject else { return None };
    let (entry, key) = path.rsplit_once('/')?;
    let (list, _) = entry.split_once('/')?;
    is_asked(list, key).then(|| entry.to_owned())
}

/// Says whether a key holds the label or the text of an entry; the name of a bucket is neither.
fn is_text(list: &str, key: &str) -> bool {
    matches!(key, "doc" | "binding" | "scheme") || (key == "name" && list != "buckets")
}

fn is_one_sided(kind: &Kind) -> bool {
    matches!(kind, Kind::LakeSetting { old, new } if old.is_empty() || new.is_empty())
}

/// Says whether a change of an order is only that entries came or went.
fn is_same_order(change: &Change) -> bool {
    let (Subject::Lake { path }, Kind::LakeSetting { old, new }) = (&change.subject, &change.kind) else {
        return false;
    };
    let common = |list: &str, other: &str| -> Vec<String> {
        let other: BTreeSet<&str> = other.split(", ").collect();
        list.split(", ").filter(|name| other.contains(name)).map(str::to_owned).collect()
    };
    path.ends_with("/(order)") && common(old, new) == common(new, old)
}
