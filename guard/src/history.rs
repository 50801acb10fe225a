//! Whether the lock is what releases wrote: compared with the frozen models, and with the lock of a baseline.
//!
//! The frozen models say everything but which versions of tables each release made and which were
//! retired since. A baseline pins those, and the hashes of the models.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Kind, Subject};
use super::check::Baseline;
use super::finding::{Location, State};
use super::lock::{Frozen, Lock, TableState, TableVersion};

/// The lock's file and what the frozen models hold.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The path of the lock, as reports show it.
    pub path: String,
    /// The text of the lock, when there is one.
    pub text: Option<String>,
    /// The identities of every frozen model.
    pub frozen: Frozen,
}

/// Something in the history that no release wrote.
pub(super) struct Deviation {
    pub change: Change,
    pub location: Location,
    pub state: State,
    /// Whether only the comparison with a baseline shows it.
    pub is_since: bool,
}

/// The lines of a lock by what they are about, and their order.
#[derive(Default)]
struct Lines<'a> {
    by_key: BTreeMap<String, (usize, &'a str)>,
    order: Vec<String>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let mut lines = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let key = key(line);
            lines.order.push(key.clone());
            lines.by_key.insert(key, (number, line.trim_end()));
        }
        lines
    }

    fn line(&self, key: &str) -> Option<&'a str> {
        self.by_key.get(key).map(|(_, line)| *line)
    }
}

/// Returns what a line is about: its first words, up to the identity.
fn key(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let n_words = match words.first() {
        Some(&("format" | "release")) => words.len().min(if words.first() == Some(&"format") { 1 } else { 2 }),
        Some(&"last") => 2,
        Some(&"former") => 4,
        _ => 3,
    };
    words.into_iter().take(n_words).collect::<Vec<_>>().join(" ")
}

/// Returns everything in a lock that is not as releases left it.
pub(super) fn deviations(history: &History, lock: Option<&Lock>, base: Option<&Baseline>) -> Vec<Deviation> {
    let before = base.and_then(|b| b.lock.as_ref());
    let text = history.text.as_deref().unwrap_or_default();
    let found = Lines::of(text);
    let mut report = Report { path: &history.path, found: &found, seen: BTreeSet::new(), list: Vec::new() };
    let Some(lock) = lock else {
        if before.is_some_and(|l| !l.releases.is_empty()) {
            let kind = Kind::HistoryRewritten { old: Some("the lock".to_owned()), new: None };
            report.add("lock", kind, State::Open, true);
        }
        return report.list;
    };
    if let Some(before) = before {
        since(&mut report, before, lock);
    }
    let newest = lock.newest_release();
    if lock.releases.iter().map(|r| r.number).collect::<BTreeSet<_>>() != (1..=newest).collect() {
        let kind =
            Kind::LockLine { released: None, found: found.line(&format!("release {newest}")).map(str::to_owned) };
        report.add(&format!("release {newest}"), kind, State::Open, false);
        return report.list;
    }
    for (line, problem) in lock.odd_versions(&history.frozen) {
        let kind = Kind::LockVersion { version: line.version.to_string(), problem };
        let key = version_key(line);
        let state = if before.is_some_and(|b| b.tables.contains(line)) { State::Before } else { State::Open };
        report.add(&key, kind, state, false);
    }
    against_models(&mut report, history, lock, before);
    report.list
}

struct Report<'a> {
    path: &'a str,
    found: &'a Lines<'a>,
    seen: BTreeSet<String>,
    list: Vec<Deviation>,
}

impl Report<'_> {
    /// Adds a finding about a line, unless something was said of it before.
    fn add(&mut self, key: &str, kind: Kind, state: State, is_since: bool) {
        let line = self.found.by_key.get(key).map_or(1, |(number, _)| *number);
        self.add_at(key, line, kind, state, is_since);
    }

    fn add_at(&mut self, key: &str, line: usize, kind: Kind, state: State, is_since: bool) {
        if self.seen.insert(key.to_owned()) {
            let change = Change { subject: Subject::Lock { line: key.to_owned() }, kind };
            let location = Location { file: self.path.to_owned(), line, column: 1 };
            self.list.push(Deviation { change, location, state, is_since });
        }
    }
}

fn version_key(line: &TableVersion) -> String {
    format!("table {} {}", line.table, line.version)
}

fn version_line(line: &TableVersion) -> String {
    format!("table {} {} release {} {}", line.table, line.version, line.release, line.state.name())
}

/// Compares releases and versions with those of a baseline: they only ever become more.
fn since(report: &mut Report<'_>, before: &Lock, lock: &Lock) {
    for old in &before.releases {
        let new = lock.releases.iter().find(|r| r.number == old.number);
        if new.is_none_or(|new| new.sha256 != old.sha256) {
            let text = |r: &super::lock::Release| format!("release {} sha256:{}", r.number, r.sha256);
            let kind = Kind::HistoryRewritten { old: Some(text(old)), new: new.map(text) };
            report.add(&format!("release {}", old.number), kind, State::Open, true);
        }
    }
    for old in &before.tables {
        let new = lock.tables.iter().find(|t| t.table == old.table && t.version == old.version);
        let stays = new
            .is_some_and(|new| new.release == old.release && (new.state == old.state || old.state == TableState::Live));
        if !stays {
            let kind = Kind::HistoryRewritten { old: Some(version_line(old)), new: new.map(version_line) };
            report.add(&version_key(old), kind, State::Open, true);
        } else if let Some(new) = new.filter(|t| t.state == TableState::Retired && old.state == TableState::Live) {
            // As `release --retire` does: a version of a table is always left.
            let kind = if lock.newest(&new.table).is_some() {
                Kind::VersionRetired { version: new.version.to_string() }
            } else {
                Kind::HistoryRewritten { old: Some(version_line(old)), new: Some(version_line(new)) }
            };
            report.add(&version_key(old), kind, State::Open, true);
        }
    }
    let newest = before.newest_release();
    let is_new = |line: &&TableVersion| {
        line.release <= newest && !before.tables.iter().any(|t| t.table == line.table && t.version == line.version)
    };
    for line in lock.tables.iter().filter(is_new) {
        let kind = Kind::HistoryRewritten { old: None, new: Some(version_line(line)) };
        report.add(&version_key(line), kind, State::Open, true);
    }
}

/// Compares every line with what the frozen models make of it, and then the order of the lines.
fn against_models(report: &mut Report<'_>, history: &History, lock: &Lock, before: Option<&Lock>) {
    let expected_text = lock.replayed(&history.frozen, lock.newest_release()).to_string();
    let expected = Lines::of(&expected_text);
    let mut was_so = WasSo::new(before, &history.frozen);
    let found = report.found;
    let mut last = 1;
    for key in &expected.order {
        last = found.by_key.get(key).map_or(last, |(number, _)| *number);
        compare(report, key, last, &expected, &mut was_so);
    }
    for key in &found.order {
        let number = found.by_key.get(key).map_or(1, |(number, _)| *number);
        compare(report, key, number, &expected, &mut was_so);
    }
    if report.list.is_empty()
        && let Some((first, should)) = found.order.iter().zip(&expected.order).find(|(a, b)| a != b)
    {
        let kind = Kind::LockOrder { old: should.clone(), new: first.clone() };
        report.add(first, kind, State::Open, false);
    }
}

/// Tells what was wrong already where the change under review started.
struct WasSo<'a> {
    before: Option<&'a Lock>,
    frozen: &'a Frozen,
    /// The lock there, and what it should have been: made when first asked for.
    texts: Option<(String, String)>,
}

impl<'a> WasSo<'a> {
    const fn new(before: Option<&'a Lock>, frozen: &'a Frozen) -> Self {
        Self { before, frozen, texts: None }
    }

    fn of(&mut self, key: &str, found: Option<&str>) -> bool {
        let Some(before) = self.before else { return false };
        let (text, expected) = self.texts.get_or_insert_with(|| {
            (before.to_string(), before.replayed(self.frozen, before.newest_release()).to_string())
        });
        Lines::of(text).line(key) == found && Lines::of(expected).line(key) != found
    }
}

fn compare(report: &mut Report<'_>, key: &str, place: usize, expected: &Lines<'_>, was_so: &mut WasSo<'_>) {
    let (released, found) = (expected.line(key), report.found.line(key));
    if released == found || report.seen.contains(key) {
        return;
    }
    let state = if was_so.of(key, found) { State::Before } else { State::Open };
    let kind = Kind::LockLine { released: released.map(str::to_owned), found: found.map(str::to_owned) };
    report.add_at(key, place, kind, state, false);
}
