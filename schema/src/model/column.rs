//! Columns and what is said of their values.

use crate::{ColumnType, Format, Value};

/// One column of a table.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Column {
    /// The identity in all versions of the table, by which columns are sorted. It is never changed and never
    /// used again. The Iceberg field id is another number, [`Table::field_id`](crate::Table::field_id).
    pub id: u32,
    /// The snake_case name.
    pub name: String,
    /// The semantic group, for columns of the wide table.
    pub group: Option<String>,
    /// The logical type.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub ty: ColumnType,
    /// Whether every row has a value.
    pub required: bool,
    /// Whether a text of no characters is refused: it would say nothing, as null does.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub non_empty: bool,
    /// Who says it.
    pub kind: ColumnKind,
    /// What the value means; the first sentence stands alone.
    pub doc: String,
    /// A realistic value in wire form.
    pub example: Value,
    /// The shape of the text.
    pub format: Option<Format>,
    /// The values that are allowed or known.
    pub values: Option<ValueSet>,
    /// The unit of the number, as a UCUM code.
    pub unit: Option<String>,
    /// The expression with which the pipeline computes the column; no producer sets it.
    pub computed: Option<String>,
    /// The expression with which the pipeline rewrites what the producer sent.
    pub transform: Option<String>,
    /// How an `int64` travels in JSON.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub wire: Wire,
    /// How a `json` column is held in TypeScript.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub memory: Memory,
    /// The revision of the meaning: it rises when the same name and type come to mean something else.
    #[cfg_attr(feature = "serde", serde(default = "first", skip_serializing_if = "is_first"))]
    pub meaning: u32,
    /// The name that the column had before, under the same id.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_default"))]
    pub renamed_from: Option<String>,
    /// The table version that introduced the column.
    pub since: u32,
    /// Set when the column is going to be removed.
    pub deprecated: Option<Deprecation>,
}

impl Column {
    /// Returns an optional event column of which nothing further is said.
    pub fn new(id: u32, name: impl Into<String>, ty: ColumnType, doc: impl Into<String>, example: Value) -> Self {
        Self {
            id,
            name: name.into(),
            group: None,
            ty,
            required: false,
            non_empty: false,
            kind: ColumnKind::Event,
            doc: doc.into(),
            example,
            format: None,
            values: None,
            unit: None,
            computed: None,
            transform: None,
            wire: Wire::Number,
            memory: Memory::Object,
            meaning: 1,
            renamed_from: None,
            since: 1,
            deprecated: None,
        }
    }

    /// Says whether a producer may set the column, so that the stream carries it.
    pub fn is_settable(&self) -> bool {
        self.computed.is_none()
    }

    /// Returns the first sentence of the documentation.
    pub fn summary(&self) -> &str {
        first_sentence(&self.doc)
    }

    /// Returns the documentation for targets that have one comment a column, with the deprecation.
    pub fn comment(&self) -> String {
        match &self.deprecated {
            Some(deprecation) => deprecation.comment(&self.doc),
            None => self.doc.clone(),
        }
    }

    /// Returns the type that the stream declares for the column.
    pub fn stream_type(&self) -> ColumnType {
        match self.wire {
            Wire::DecimalString => ColumnType::String,
            Wire::Number => self.ty,
        }
    }

    /// Returns the values of a closed set, when the column has one.
    pub fn closed_values(&self) -> Option<&[ValueDoc]> {
        self.values.as_ref().filter(|v| v.closed).map(|v| v.values.as_slice())
    }
}

/// Returns `text` up to the end of its first sentence.
pub(crate) fn first_sentence(text: &str) -> &str {
    let mut from = 0;
    while let Some(at) = text[from..].find(". ") {
        let end = from + at;
        // "e.g. x" and "i.e. x" do not end a sentence; a capital letter after the space does.
        if text[end + 2..].starts_with(|c: char| c.is_uppercase() || c == '`') {
            return &text[..=end];
        }
        from = end + 2;
    }
    text
}

/// Who says what a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum ColumnKind {
    /// The producer: what happened.
    Event,
    /// The platform around the producer.
    System,
}

impl ColumnKind {
    /// Returns the name in the definition.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::System => "system",
        }
    }
}

/// Leaves out of the JSON what most columns have, and what says nothing of a column of another type.
#[cfg(feature = "serde")]
pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(feature = "serde")]
const fn first() -> u32 {
    1
}

#[cfg(feature = "serde")]
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_first(revision: &u32) -> bool {
    *revision == 1
}

/// How an `int64` travels in JSON.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
pub enum Wire {
    /// As a JSON number.
    #[default]
    Number,
    /// As decimal text, because JavaScript loses integers beyond 2^53.
    DecimalString,
}

/// How a `json` column is held in TypeScript.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
pub enum Memory {
    /// `Record<string, unknown>`.
    #[default]
    Object,
    /// `Record<string, string>`.
    StringMap,
    /// JSON text in a `string`.
    Text,
}

/// The values that a column may take, or is known to take.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ValueSet {
    /// `true`: any other value is refused. `false`: any other value is a warning.
    pub closed: bool,
    /// The values in the order of the definition.
    pub values: Vec<ValueDoc>,
}

/// One value of a set.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ValueDoc {
    /// The value: text or an integer, as the column's type says.
    pub value: Value,
    /// What it means.
    pub doc: String,
}

/// How and when a column goes away.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Deprecation {
    /// The table version since which it is deprecated.
    pub since: u32,
    /// The date before which it must not be removed, `YYYY-MM-DD`.
    pub remove_after: Option<String>,
    /// The column to use instead.
    pub replaced_by: Option<String>,
    /// Why it goes away.
    pub reason: String,
}

impl Deprecation {
    /// Returns a documentation with the deprecation.
    pub fn comment(&self, doc: &str) -> String {
        format!("{doc} Deprecated {}", self.note())
    }

    /// Returns what there is to say, to go on after the word "deprecated".
    pub fn note(&self) -> String {
        let end = if self.reason.ends_with(['.', '!', '?']) { "" } else { "." };
        let mut note = format!("since table version {}: {}{end}", self.since, self.reason);
        if let Some(column) = &self.replaced_by {
            note.push_str(&format!(" Use `{column}` instead."));
        }
        if let Some(date) = &self.remove_after {
            note.push_str(&format!(" It may be removed after {date}."));
        }
        note
    }
}

#[cfg(test)]
mod tests {
    use super::first_sentence;

    #[test]
    fn first_sentences_end_before_a_capital() {
        assert_eq!(first_sentence("One. Two."), "One.");
        assert_eq!(first_sentence("A thing, e.g. a tree. It grows."), "A thing, e.g. a tree.");
        assert_eq!(first_sentence("Only one."), "Only one.");
    }
}
