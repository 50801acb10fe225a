//! What a change means: a verdict for every consumer, and what to do.

use serde::Serialize;

use super::Change;
use super::witness::Witness;

/// Who can be broken by a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Consumer {
    /// Code that uses the generated Rust crate.
    RustApi,
    /// New code that reads events as old producers send them.
    WireIn,
    /// Old code that reads events as new producers send them.
    WireOut,
    /// Code that uses the generated TypeScript package.
    TypeScript,
    /// Runtime validators in Rust and TypeScript.
    Validators,
    /// The stream of the platform, whose schema is immutable.
    Stream,
    /// The SQL of the platform's pipeline, which is immutable.
    PipelineSql,
    /// The table that the platform's sink creates.
    ManagedTable,
    /// A table of Iceberg format version 2 that engines create and alter.
    EngineTable,
    /// Programs that read Parquet files or Arrow batches themselves.
    Files,
    /// SQL that lists the columns it selects.
    SelectList,
    /// SQL that selects `*`, unions or inserts by position.
    SelectStar,
    /// The queries in `schema/consumers/`.
    Queries,
}

impl Consumer {
    /// All consumers, in the order of reports.
    pub const ALL: [Self; 13] = [
        Self::RustApi,
        Self::WireIn,
        Self::WireOut,
        Self::TypeScript,
        Self::Validators,
        Self::Stream,
        Self::PipelineSql,
        Self::ManagedTable,
        Self::EngineTable,
        Self::Files,
        Self::SelectList,
        Self::SelectStar,
        Self::Queries,
    ];

    /// Returns the name in JSON, in `policy.toml` and in waivers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RustApi => "rust_api",
            Self::WireIn => "wire_in",
            Self::WireOut => "wire_out",
            Self::TypeScript => "type_script",
            Self::Validators => "validators",
            Self::Stream => "stream",
            Self::PipelineSql => "pipeline_sql",
            Self::ManagedTable => "managed_table",
            Self::EngineTable => "engine_table",
            Self::Files => "files",
            Self::SelectList => "select_list",
            Self::SelectStar => "select_star",
            Self::Queries => "queries",
        }
    }

    /// Returns the words for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::RustApi => "Rust API",
            Self::WireIn => "JSON in",
            Self::WireOut => "JSON out",
            Self::TypeScript => "TypeScript",
            Self::Validators => "validators",
            Self::Stream => "stream",
            Self::PipelineSql => "pipeline SQL",
            Self::ManagedTable => "managed table",
            Self::EngineTable => "engine table",
            Self::Files => "Parquet/Arrow",
            Self::SelectList => "SELECT list",
            Self::SelectStar => "SELECT *",
            Self::Queries => "queries",
        }
    }

    /// Returns the consumer that is called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.name() == name)
    }
}

/// What a change does to one consumer, from harmless to worst.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The consumer does not see it.
    #[default]
    Untouched,
    /// It sees it and keeps working.
    Ok,
    /// It keeps working under a condition that the finding names.
    Warn,
    /// The platform's resource must be made anew under another name, though readers may be fine.
    Replace,
    /// It stops working, loses data or answers wrongly.
    Break,
}

impl Verdict {
    /// Returns the name in JSON and in `policy.toml`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Untouched => "untouched",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Replace => "replace",
            Self::Break => "break",
        }
    }

    /// Returns the verdict that is called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Untouched, Self::Ok, Self::Warn, Self::Replace, Self::Break].into_iter().find(|v| v.name() == name)
    }
}

/// One verdict for each consumer, in the order of [`Consumer::ALL`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verdicts([Verdict; 13]);

impl Verdicts {
    /// Returns the verdict for a consumer.
    pub fn of(&self, consumer: Consumer) -> Verdict {
        self.0.get(consumer as usize).copied().unwrap_or_default()
    }

    /// Sets the verdict for a consumer.
    pub fn set(&mut self, consumer: Consumer, verdict: Verdict) {
        if let Some(slot) = self.0.get_mut(consumer as usize) {
            *slot = verdict;
        }
    }

    /// Returns every consumer with its verdict.
    pub fn iter(&self) -> impl Iterator<Item = (Consumer, Verdict)> {
        Consumer::ALL.into_iter().map(|c| (c, self.of(c)))
    }

    /// Returns the consumers with a verdict.
    pub fn with(&self, verdict: Verdict) -> impl Iterator<Item = Consumer> {
        self.iter().filter(move |(_, v)| *v == verdict).map(|(c, _)| c)
    }

    /// Returns the worst verdict.
    pub fn worst(&self) -> Verdict {
        self.0.iter().copied().max().unwrap_or_default()
    }

    /// Says whether a resource of the platform must be made anew.
    pub fn replaces(&self) -> bool {
        let platform = [Consumer::Stream, Consumer::PipelineSql, Consumer::ManagedTable];
        platform.into_iter().any(|c| self.of(c) >= Verdict::Replace)
    }
}

impl Serialize for Verdicts {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(c, v)| (c.name(), v)))
    }
}

/// The release that a change needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bump {
    /// None.
    #[default]
    None,
    /// A patch: nothing that a program sees.
    Patch,
    /// A minor version: the same table, grown.
    Minor,
    /// A new table version, with names of its own.
    Major,
    /// No release makes it right.
    Refused,
}

impl Bump {
    /// Returns the name in JSON and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Refused => "refused",
        }
    }

    /// Returns the words for reports: what is needed.
    pub const fn words(self) -> &'static str {
        match self {
            Self::None => "no release",
            Self::Patch => "a revision",
            Self::Minor => "an addition",
            Self::Major => "a new table version",
            Self::Refused => "a correction",
        }
    }
}

/// Who has to move first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum First {
    /// The order does not matter.
    Any,
    /// Producers, then readers.
    Producers,
    /// Readers, then producers.
    Readers,
    /// The table, then producers, then readers.
    Table,
    /// Nobody can move alone: both versions run for a while.
    Both,
}

impl First {
    /// Returns the words for reports.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Any => "in any order",
            Self::Producers => "producers first",
            Self::Readers => "readers first",
            Self::Table => "the table first, then producers, then readers",
            Self::Both => "both versions side by side, then readers, then producers",
        }
    }
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Fine under a condition, or fine after the platform's resources are made anew.
    Warning,
    /// Somebody stops working.
    Breaking,
    /// Wrong whatever is released.
    Error,
}

impl Level {
    /// Returns the name in JSON and for `--fail-on`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Breaking => "breaking",
            Self::Error => "error",
        }
    }
}

/// Whether a finding counts against the change under review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The change introduces it, and nothing answers for it.
    Open,
    /// A release of the required size has been made for it.
    Released,
    /// A waiver accepts it.
    Waived,
    /// It was there before the change.
    Before,
}

impl State {
    /// Returns the name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Released => "released",
            Self::Waived => "waived",
            Self::Before => "before",
        }
    }
}

/// A place in a file, from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Location {
    /// The path, with `/`.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A change, judged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// The code of the rule, such as `UE-C01`.
    pub rule: &'static str,
    /// The name of the rule, such as `COLUMN_NO_DROP`.
    pub name: &'static str,
    /// How much it matters.
    pub level: Level,
    /// Whether it counts.
    pub state: State,
    /// The table it is about.
    pub table: Option<String>,
    /// The change.
    pub change: Change,
    /// The old side, as short text.
    pub from: String,
    /// The new side, as short text.
    pub to: String,
    /// What it does to each consumer.
    pub verdicts: Verdicts,
    /// The release that it needs.
    pub requires: Bump,
    /// Who moves first.
    pub first: First,
    /// Whether resources of the platform must be made anew.
    pub replaces: bool,
    /// One sentence that names old and new.
    pub message: String,
    /// Why it matters.
    pub why: &'static str,
    /// What to do instead or next.
    pub next: Vec<String>,
    /// The smallest things that break.
    pub witnesses: Vec<Witness>,
    /// Where it is in the new definition.
    pub location: Option<Location>,
    /// Where it was in the old one.
    pub old_location: Option<Location>,
    /// What the definition was compared with to find it.
    pub against: Vec<String>,
    /// The identity of the finding: a hash of its structured fields.
    pub fingerprint: String,
    /// The waiver that accepts it.
    pub waiver: Option<super::waiver::Waiver>,
}
