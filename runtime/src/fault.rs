//! Why an event is refused, and what is merely odd about it.

mod text;

use std::borrow::Cow;

pub(crate) use text::{excerpt, shortened};

/// What kind of fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FaultCode {
    /// A required column is absent: the sender must add it.
    MissingRequired,
    /// A required column is null.
    NullInRequired,
    /// The value is of another type than the column.
    TypeMismatch,
    /// The text in a timestamp column is not RFC 3339.
    MalformedTimestamp,
    /// The value is outside of the closed set of the column.
    ValueNotAllowed,
    /// A column that the event type requires has no value.
    RequirementNotMet,
    /// The table has no column of that name.
    UnknownField,
    /// The key appears twice, so that it is unclear which value counts.
    DuplicateKey,
    /// The number does not fit the column.
    NumberOutOfRange,
    /// The bytes are not UTF-8.
    InvalidUtf8,
    /// The text is not one JSON object.
    MalformedJson,
    /// The text does not have the format of the column.
    Format,
    /// The column is computed by the pipeline, so that no producer may set it.
    ComputedColumn,
    /// The text in a binary column is not base64.
    MalformedBase64,
    /// The line, or what it would make of the batch, is larger than the limit.
    TooLarge,
    /// The value nests deeper than the limit.
    TooDeep,
    /// The text has no characters, and the column must say something.
    EmptyText,
}

impl FaultCode {
    /// All codes.
    pub const ALL: [Self; 17] = [
        Self::MissingRequired,
        Self::NullInRequired,
        Self::TypeMismatch,
        Self::MalformedTimestamp,
        Self::ValueNotAllowed,
        Self::RequirementNotMet,
        Self::UnknownField,
        Self::DuplicateKey,
        Self::NumberOutOfRange,
        Self::InvalidUtf8,
        Self::MalformedJson,
        Self::Format,
        Self::ComputedColumn,
        Self::MalformedBase64,
        Self::TooLarge,
        Self::TooDeep,
        Self::EmptyText,
    ];

    /// Returns the stable name in kebab-case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissingRequired => "missing-required",
            Self::NullInRequired => "null-in-required",
            Self::TypeMismatch => "type-mismatch",
            Self::MalformedTimestamp => "malformed-timestamp",
            Self::ValueNotAllowed => "value-not-allowed",
            Self::RequirementNotMet => "requirement-not-met",
            Self::UnknownField => "unknown-field",
            Self::DuplicateKey => "duplicate-key",
            Self::NumberOutOfRange => "number-out-of-range",
            Self::InvalidUtf8 => "invalid-utf8",
            Self::MalformedJson => "malformed-json",
            Self::Format => "format",
            Self::ComputedColumn => "computed-column",
            Self::MalformedBase64 => "malformed-base64",
            Self::TooLarge => "too-large",
            Self::TooDeep => "too-deep",
            Self::EmptyText => "empty-text",
        }
    }
}

impl std::fmt::Display for FaultCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One reason for which an event is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// What kind of fault it is.
    pub code: FaultCode,
    /// The column, or the key as it was sent; none when it is about the whole event or about several.
    pub column: Option<Cow<'static, str>>,
    /// One line for people.
    pub message: String,
    /// What would have been right, where one phrase says it.
    pub expected: Option<Cow<'static, str>>,
    /// What came instead, as JSON and cut where it is long.
    pub received: Option<String>,
}

impl Fault {
    /// Returns a fault with only a message.
    pub fn new(code: FaultCode, message: impl Into<String>) -> Self {
        Self { code, column: None, message: message.into(), expected: None, received: None }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

impl From<Fault> for std::io::Error {
    fn from(fault: Fault) -> Self {
        Self::new(std::io::ErrorKind::InvalidData, fault)
    }
}

/// All reasons for which an event is refused; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Returns `value` when there are no faults, and the faults otherwise.
    pub(crate) fn or<T>(faults: Vec<Fault>, value: T) -> Result<T, Self> {
        if faults.is_empty() { Ok(value) } else { Err(Self(faults)) }
    }

    /// Returns the faults as a list.
    pub fn into_vec(self) -> Vec<Fault> {
        self.0
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl std::ops::Deref for Faults {
    type Target = [Fault];

    fn deref(&self) -> &[Fault] {
        &self.0
    }
}

impl IntoIterator for Faults {
    type Item = Fault;
    type IntoIter = std::vec::IntoIter<Fault>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl std::fmt::Display for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.len() > 1 {
            write!(f, "{} faults: ", self.len())?;
        }
        for (i, fault) in self.iter().enumerate() {
            write!(f, "{}{fault}", if i > 0 { "; " } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// What is odd about an event that is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// What kind of oddity it is.
    pub code: WarningCode,
    /// The column.
    pub column: &'static str,
    /// One line for people.
    pub message: String,
}

impl Warning {
    pub(crate) fn new(code: WarningCode, column: &'static str, message: String) -> Self {
        Self { code, column, message }
    }
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

/// What kind of oddity a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum WarningCode {
    /// The text departs from a convention, such as `noun.verb`.
    Convention,
    /// The value is none of the known ones: new, or a slip.
    UnknownValue,
    /// The column is deprecated.
    DeprecatedColumn,
    /// The value of a json column is JSON text in a string, so that it is stored encoded twice.
    JsonText,
}

impl WarningCode {
    /// Returns the stable name in kebab-case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Convention => "convention",
            Self::UnknownValue => "unknown-value",
            Self::DeprecatedColumn => "deprecated-column",
            Self::JsonText => "json-text",
        }
    }
}

impl std::fmt::Display for WarningCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
