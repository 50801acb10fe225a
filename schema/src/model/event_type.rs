//! Event types and what each one requires.

/// One value of `event_type`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct EventType {
    /// The value of the column.
    pub name: String,
    /// What one event of the type records.
    pub doc: String,
    /// What an event of the type must set beyond the required columns.
    pub requires: Vec<Requirement>,
    /// The groups that it mainly uses.
    pub groups: Vec<String>,
}

/// Columns of which at least one must be set; mostly there is only one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Requirement {
    /// The names of the columns.
    pub any_of: Vec<String>,
}

impl std::fmt::Display for Requirement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, column) in self.any_of.iter().enumerate() {
            write!(f, "{}`{column}`", if i > 0 { " or " } else { "" })?;
        }
        Ok(())
    }
}
