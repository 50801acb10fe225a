//! Findings in each format: one renderer a file, all from the same report.
//!
//! No renderer filters: every format has the same findings, and none of them decides the exit code.

mod github;
mod json;
mod junit;
mod markdown;
mod sarif;
pub mod schema;
mod text;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::{Bump, Consumer, Finding, Level, Location, Outcome, State, Subject, Verdict};

/// A format of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people, in a terminal.
    Text,
    /// For a comment on a pull request.
    Markdown,
    /// For programs.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// JUnit XML, for test reports.
    Junit,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 6] = [Self::Text, Self::Markdown, Self::Json, Self::Sarif, Self::Github, Self::Junit];

    /// Returns the name, as the command line takes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Junit => "junit",
        }
    }

    /// Returns what the format is for.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Text => "For people, in a terminal",
            Self::Markdown => "For a comment on a pull request",
            Self::Json => "For programs",
            Self::Sarif => "SARIF 2.1.0, for code scanning",
            Self::Github => "Annotations of GitHub Actions",
            Self::Junit => "JUnit XML, for test reports",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that names no format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownFormat;

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        write!(f, "expected one of {}", names.join(", "))
    }
}

impl std::error::Error for UnknownFormat {}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL.into_iter().find(|format| format.name() == name).ok_or(UnknownFormat)
    }
}

/// How text for people looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether levels are coloured.
    pub colour: bool,
    /// Whether each finding shows everything, instead of its one line.
    pub verbose: bool,
}

/// What a report is about.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The version of the JSON form.
    pub format: u32,
    /// `diff` describes, `check` gates.
    pub command: &'static str,
    /// From which level on open findings fail; `diff` has none.
    pub fail_on: Option<Level>,
    /// The exit code that goes with it.
    pub exit: u8,
    /// What is in it.
    pub summary: Summary,
    /// What was found.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// The counts of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// All findings.
    pub findings: usize,
    /// Those that count, by level.
    pub error: usize,
    /// Those that count and break somebody.
    pub breaking: usize,
    /// Those that count and are fine under a condition.
    pub warning: usize,
    /// Those that count and are fine.
    pub note: usize,
    /// Those for which a release was made.
    pub released: usize,
    /// Those that a waiver accepts.
    pub waived: usize,
    /// Those that were there before the change.
    pub before: usize,
    /// The release that those that count need.
    pub requires: Bump,
}

impl Report {
    /// Makes a report of an outcome.
    pub fn new(command: &'static str, fail_on: Option<Level>, outcome: Outcome) -> Self {
        let open =
            |level: Level| outcome.findings.iter().filter(|f| f.state == State::Open && f.level == level).count();
        let summary = Summary {
            findings: outcome.findings.len(),
            error: open(Level::Error),
            breaking: open(Level::Breaking),
            warning: open(Level::Warning),
            note: open(Level::Note),
            released: outcome.count(State::Released),
            waived: outcome.count(State::Waived),
            before: outcome.count(State::Before),
            requires: outcome.requires(),
        };
        let fails = fail_on.is_some_and(|level| outcome.open(level).next().is_some());
        Self { format: 1, command, fail_on, exit: u8::from(fails), summary, outcome }
    }

    /// Returns the report in a format; only text has a style.
    pub fn render(&self, format: Format, style: Style) -> String {
        match format {
            Format::Text => text::render(self, style),
            Format::Markdown => markdown::render(self),
            Format::Json => json::render(self),
            Format::Sarif => sarif::render(self),
            Format::Github => github::render(self),
            Format::Junit => junit::render(self),
        }
    }

    /// Returns the verdict in a few words: the worst level, and the release that each table needs.
    fn headline(&self) -> String {
        let Some(worst) = self.open().map(|f| f.level).max() else { return "NO OPEN FINDINGS".to_owned() };
        let mut needs: BTreeMap<&str, (Bump, &str)> = BTreeMap::new();
        for finding in self.open().filter(|f| f.requires != Bump::None) {
            let need = needs.entry(finding.table.as_deref().unwrap_or("the definition")).or_default();
            if finding.requires > need.0 {
                *need = (finding.requires, release(finding));
            }
        }
        let mut parts = vec![worst.name().to_uppercase()];
        parts.extend(needs.into_iter().map(|(table, (_, words))| format!("{table} needs {words}")));
        parts.join(" · ")
    }

    fn open(&self) -> impl Iterator<Item = &Finding> {
        self.outcome.open(Level::Note)
    }

    /// Returns the findings as people read them: those that count first, and the worst of them.
    fn by_weight(&self) -> Vec<&Finding> {
        let mut findings: Vec<&Finding> = self.outcome.findings.iter().collect();
        findings.sort_by_key(|f| (f.state, Reverse(f.level)));
        findings
    }

    /// Returns what to do about the findings that count and break somebody, or fail the check: each
    /// remedy once, with the codes of the rules that name it, and how many remedies are left out.
    fn remedies(&self) -> (Vec<(&str, Vec<&'static str>)>, usize) {
        let from = self.fail_on.unwrap_or(Level::Breaking).min(Level::Breaking);
        let mut remedies: Vec<(&str, Vec<&'static str>)> = Vec::new();
        for finding in self.by_weight().into_iter().filter(|f| f.state == State::Open && f.level >= from) {
            for next in &finding.next {
                match remedies.iter_mut().find(|(text, _)| text == next) {
                    Some((_, codes)) if codes.contains(&finding.rule) => {}
                    Some((_, codes)) => codes.push(finding.rule),
                    None => remedies.push((next, vec![finding.rule])),
                }
            }
        }
        let left_out = remedies.len().saturating_sub(REMEDIES);
        remedies.truncate(REMEDIES);
        (remedies, left_out)
    }

    /// Returns the counts as one line.
    fn counts(&self) -> String {
        let s = &self.summary;
        let mut parts: Vec<String> = Vec::new();
        for (n, word) in [
            (s.error, "error"),
            (s.breaking, "breaking"),
            (s.warning, "warning"),
            (s.note, "note"),
            (s.released, "released"),
            (s.waived, "waived"),
            (s.before, "there before"),
        ] {
            if n > 0 {
                parts.push(format!("{n} {word}"));
            }
        }
        let findings = if s.findings == 1 { "finding" } else { "findings" };
        let parts = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
        format!("{} {findings}{parts}", s.findings)
    }
}

/// How many remedies stand above the findings.
const REMEDIES: usize = 10;

/// Returns the consumers that a finding touches for the worse, worst first.
fn verdict_line(finding: &Finding) -> String {
    let mut parts = Vec::new();
    for (verdict, word) in [(Verdict::Break, "breaks"), (Verdict::Replace, "replaces"), (Verdict::Warn, "warns")] {
        let names: Vec<&str> = finding.verdicts.with(verdict).map(Consumer::title).collect();
        if !names.is_empty() {
            parts.push(format!("{word}: {}", names.join(", ")));
        }
    }
    if parts.is_empty() { "nobody is affected".to_owned() } else { parts.join(" · ") }
}

/// Returns the release that a finding needs, and who moves first.
fn needs(finding: &Finding) -> String {
    match finding.requires {
        Bump::None => "needs no release".to_owned(),
        Bump::Refused => "needs a correction: no release makes it right".to_owned(),
        _ => format!("needs {}: {}", release(finding), finding.first.words()),
    }
}

/// Returns the words for the release that a finding needs; a break that is no table's needs any.
fn release(finding: &Finding) -> &'static str {
    match (&finding.change.subject, finding.requires) {
        (Subject::Lake { .. }, Bump::Major) => "a release",
        (_, bump) => bump.words(),
    }
}

/// Returns where viewers of a checkout show a finding: for a part that is gone, the head of its file.
fn in_checkout(finding: &Finding) -> Option<Location> {
    let head = |old: &Location| {
        // The path of a baseline from git starts with its revision.
        let file = old.file.split_once(':').map_or(old.file.as_str(), |(_, path)| path);
        Location { file: file.to_owned(), line: 1, column: 1 }
    };
    finding.location.clone().or_else(|| finding.old_location.as_ref().map(head))
}

/// Returns the place of a finding as `file:line`; of a part that is gone, where it was.
fn place(finding: &Finding) -> Option<String> {
    if let Some(place) = &finding.location {
        return Some(format!("{}:{}", place.file, place.line));
    }
    let place = finding.old_location.as_ref()?;
    Some(format!("was at {}:{}", place.file, place.line))
}
