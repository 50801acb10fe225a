#![doc = include_str!("../README.md")]

mod diag;
mod embedded;
mod example;
mod load;
mod model;
mod source;
#[cfg(feature = "sql")]
pub mod sql;
mod value;

use std::path::Path;

pub use diag::{Code, Diagnostic, Diagnostics};
pub use load::keys::{FILE_KINDS, FileKind, Key, Kind};
pub use model::*;
pub use source::{SourceError, SourceFile, SourceSet, git_in, normal_text};
pub use unified_event_types::{ColumnType, Format, naming, suggest};
pub use value::Value;

/// Why a definition could not be loaded.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoadError {
    /// It could not be read.
    Source(SourceError),
    /// It was read, and is faulty.
    Definition(Box<Diagnostics>),
}

impl LoadError {
    /// Returns the text for people: excerpts for faults, one line otherwise.
    pub fn render(&self, colour: bool) -> String {
        match self {
            Self::Source(error) => format!("error: {error}\n"),
            Self::Definition(faults) => faults.render(colour),
        }
    }
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Source(error) => error.fmt(f),
            Self::Definition(faults) => faults.fmt(f),
        }
    }
}

impl std::error::Error for LoadError {}

/// Returns true if a text is a day of the calendar, as YYYY-MM-DD.
pub fn is_day(text: &str) -> bool {
    Format::Date.accepts(text) && unified_event_types::instant::from_rfc3339(&format!("{text}T00:00:00Z")).is_ok()
}

impl From<SourceError> for LoadError {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}

impl Schema {
    /// Resolves the definition that is compiled into this crate.
    ///
    /// # Errors
    ///
    /// When the definition is faulty; a released crate's is not.
    pub fn embedded() -> Result<Self, LoadError> {
        Self::load(&SourceSet::embedded())
    }

    /// Resolves the definition in a folder.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read or the definition in it is faulty.
    pub fn from_dir(dir: &Path) -> Result<Self, LoadError> {
        Self::load(&SourceSet::from_dir(dir)?)
    }

    /// Resolves the definition in `folder` of a git revision, without a checkout.
    ///
    /// # Errors
    ///
    /// When git cannot read the revision or the definition in it is faulty.
    pub fn from_git(repo: &Path, revision: &str, folder: &str) -> Result<Self, LoadError> {
        Self::load(&SourceSet::from_git(repo, revision, folder)?)
    }

    /// Resolves the definition in a set of files.
    ///
    /// ```
    /// use unified_event_schema::{Schema, SourceSet};
    ///
    /// let broken = SourceSet::from_texts("demo", [("schema.toml".to_owned(), "format = 2".to_owned())]);
    /// let faults = Schema::load(&broken).unwrap_err().to_string();
    /// assert!(faults.contains("demo/schema.toml:1:10: `format` is out of range"));
    /// ```
    ///
    /// # Errors
    ///
    /// When the definition is faulty: all faults at once.
    pub fn load(sources: &SourceSet) -> Result<Self, LoadError> {
        load::load(sources).map_err(|faults| LoadError::Definition(Box::new(faults)))
    }
}
