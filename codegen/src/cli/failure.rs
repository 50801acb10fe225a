//! Why a command cannot go on: the one error of every subcommand, which knows its exit code.

use std::fmt;
use std::io;

use unified_event_guard::FileFault;
use unified_event_schema::{LoadError, SourceError};

use super::Exit;
use crate::writer::WriteError;

/// Why a command cannot go on.
#[derive(Debug)]
pub(super) struct Failure {
    cause: Cause,
    text: String,
}

/// What kind of thing is wrong; the exit code follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// The arguments ask for something that is not there.
    Usage,
    /// A file of the definition, or one beside it, is broken: only its authors can mend it.
    Definition,
    /// Something could not be read, compared or written: never to be taken for "clean".
    Access,
}

impl Failure {
    /// The arguments ask for something that is not there.
    pub fn usage(text: impl fmt::Display) -> Self {
        Self { cause: Cause::Usage, text: format!("error: {text}\n") }
    }

    /// A file of the definition, or one beside it, is broken.
    pub fn definition(text: impl fmt::Display) -> Self {
        Self { cause: Cause::Definition, text: format!("error: {text}\n") }
    }

    /// Something could not be read, compared or written.
    pub fn access(text: impl fmt::Display) -> Self {
        Self { cause: Cause::Access, text: format!("error: {text}\n") }
    }

    /// A definition did not load; the faults are shown with excerpts.
    pub fn loading(error: &LoadError) -> Self {
        let cause = match error {
            LoadError::Definition(_) => Cause::Definition,
            LoadError::Source(error) => Self::source_cause(error),
            _ => Cause::Access,
        };
        Self { cause, text: error.render(true) }
    }

    /// A place that the user named and that holds nothing is wrong use; a place that refuses is not.
    fn source_cause(error: &SourceError) -> Cause {
        match error {
            SourceError::NoDefinition { .. } | SourceError::NoRevision { .. } => Cause::Usage,
            SourceError::Io { error, .. } if is_absent(error) => Cause::Usage,
            _ => Cause::Access,
        }
    }

    /// Adds what did not happen because of the failure.
    #[must_use]
    pub fn so(mut self, consequence: &str) -> Self {
        self.text.push_str(consequence);
        self.text.push('\n');
        self
    }

    /// Returns the exit code.
    pub const fn exit(&self) -> Exit {
        match self.cause {
            Cause::Usage | Cause::Definition => Exit::Usage,
            Cause::Access => Exit::Failed,
        }
    }
}

/// Writes the text as it goes to standard error, with its line feed.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Failure {}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        Self { cause: Self::source_cause(&error), text: format!("error: {error}\n") }
    }
}

/// Faults of the lock, the frozen models, the policy, the waivers and the registered queries.
impl From<Vec<FileFault>> for Failure {
    fn from(faults: Vec<FileFault>) -> Self {
        Self { cause: Cause::Definition, text: faults.iter().map(|f| format!("error: {f}\n")).collect() }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self::access(error)
    }
}

/// Returns true if a path leads nowhere.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
