//! `schema.lock`: every identity that was ever given, one line each.
//!
//! Two branches that take the same id write two lines for it at the same place, so that git reports
//! a conflict: that is what the file is for. Nothing in it is computed from positions.

mod identity;
mod parse;
mod replay;
mod update;

use std::fmt;

use serde::Serialize;
use unified_event_schema::Transform;

pub use identity::{TableIdentities, of_frozen};
pub(crate) use parse::{CONFLICT, is_conflict};
pub use replay::Frozen;
pub use update::{sort_text, spec_text};

/// The identities of all tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// The releases, by number.
    pub releases: Vec<Release>,
    /// The released versions of tables.
    pub tables: Vec<TableVersion>,
    /// The columns that ever were, by table and id.
    pub columns: Vec<LockedColumn>,
    /// The former names of columns that were renamed, by table.
    pub former: Vec<FormerName>,
    /// The partition fields that ever were, by table and id.
    pub partitions: Vec<LockedPartition>,
    /// The partition specs that ever were, by table and id: scheme and fields.
    pub specs: Vec<LockedText>,
    /// The sort orders that ever were, by table and id.
    pub sorts: Vec<LockedText>,
}

/// A release: the model as frozen in `released/v<number>.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The number, from 1.
    pub number: u32,
    /// The hash of the canonical form of the model.
    pub sha256: String,
    /// The line in the lock; 0 when it was not read from one.
    pub line: usize,
}

/// A version of a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The table version; `schema_version` in the rows.
    pub major: u32,
    /// Additions to the same table.
    pub minor: u32,
    /// What no program sees.
    pub patch: u32,
}

impl Version {
    /// Returns the version after a release of some size.
    pub const fn bumped(self, bump: super::Bump) -> Self {
        let Self { major, minor, patch } = self;
        match bump {
            super::Bump::None | super::Bump::Refused => self,
            super::Bump::Patch => Self { major, minor, patch: patch + 1 },
            super::Bump::Minor => Self { major, minor: minor + 1, patch: 0 },
            super::Bump::Major => Self { major: major + 1, minor: 0, patch: 0 },
        }
    }

    /// Returns the size of the step from an older version to this one.
    pub const fn step_from(self, old: Self) -> super::Bump {
        if self.major > old.major {
            super::Bump::Major
        } else if self.major < old.major {
            super::Bump::None
        } else if self.minor > old.minor {
            super::Bump::Minor
        } else if self.minor == old.minor && self.patch > old.patch {
            super::Bump::Patch
        } else {
            super::Bump::None
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Whether a released table version is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableState {
    /// It runs: readers and producers may use it.
    Live,
    /// A later minor or patch of the same table took its place.
    Superseded,
    /// It is gone; nothing is generated or checked for it.
    Retired,
}

impl TableState {
    /// Returns the word in the lock.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Superseded => "superseded",
            Self::Retired => "retired",
        }
    }
}

/// A released version of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableVersion {
    /// The table without a version.
    pub table: String,
    /// The version.
    pub version: Version,
    /// The release that froze it.
    pub release: u32,
    /// Whether it is in use.
    pub state: TableState,
}

/// What became of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnState {
    /// It is there.
    Live,
    /// It is there and goes away.
    Deprecated,
    /// It is gone; id and name are never used again.
    Reserved,
}

impl ColumnState {
    /// Returns the word in the lock.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Deprecated => "deprecated",
            Self::Reserved => "reserved",
        }
    }
}

/// A column that ever was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedColumn {
    /// The table.
    pub table: String,
    /// The id.
    pub id: u32,
    /// The newest name.
    pub name: String,
    /// The newest type, as the definition calls it.
    pub ty: String,
    /// Whether every row has a value.
    pub required: bool,
    /// What became of it.
    pub state: ColumnState,
}

/// A name that a column had before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerName {
    /// The table.
    pub table: String,
    /// The id of the column.
    pub id: u32,
    /// The name that it had.
    pub name: String,
}

/// A partition field that ever was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedPartition {
    /// The table.
    pub table: String,
    /// The id, from 1000.
    pub id: u32,
    /// The id of the source column.
    pub source: u32,
    /// The function applied to it.
    pub transform: Transform,
}

/// A spec or an order that ever was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedText {
    /// The table.
    pub table: String,
    /// The id.
    pub id: u32,
    /// What it says, without spaces.
    pub text: String,
}

impl Lock {
    /// Reads a lock; `path` is what faults call it.
    ///
    /// # Errors
    ///
    /// All faults, each with its line.
    pub fn parse(path: &str, text: &str) -> Result<Self, Vec<super::FileFault>> {
        parse::parse(path, text)
    }

    /// Returns the released versions that are in use, by table and version.
    pub fn live(&self) -> impl Iterator<Item = &TableVersion> {
        self.tables.iter().filter(|t| t.state == TableState::Live)
    }

    /// Returns the number of the newest release; 0 without one.
    pub fn newest_release(&self) -> u32 {
        self.releases.iter().map(|r| r.number).max().unwrap_or(0)
    }

    /// Returns the newest version of a table that was not retired.
    pub fn newest(&self, table: &str) -> Option<&TableVersion> {
        self.live().filter(|t| t.table == table).max_by_key(|t| t.version)
    }

    /// Returns the column with an id, gone or not.
    pub fn column(&self, table: &str, id: u32) -> Option<&LockedColumn> {
        self.columns.iter().find(|c| c.table == table && c.id == id)
    }

    /// Returns the column that has or ever had a name.
    pub fn column_named(&self, table: &str, name: &str) -> Option<&LockedColumn> {
        let own = self.columns.iter().find(|c| c.table == table && c.name == name);
        own.or_else(|| {
            let former = self.former.iter().find(|f| f.table == table && f.name == name)?;
            self.column(table, former.id)
        })
    }

    /// Returns the next column id that a table never had.
    pub fn next_column(&self, table: &str) -> u32 {
        self.last_column(table) + 1
    }

    fn last_column(&self, table: &str) -> u32 {
        self.columns.iter().filter(|c| c.table == table).map(|c| c.id).max().unwrap_or(0)
    }

    /// Returns the partition field with an id.
    pub fn partition(&self, table: &str, id: u32) -> Option<&LockedPartition> {
        self.partitions.iter().find(|p| p.table == table && p.id == id)
    }
}
