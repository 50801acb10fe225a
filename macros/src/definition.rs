//! The definition, as the derive asks it.

#[cfg(test)]
pub(crate) mod resolve;
mod tables;

use unified_event_schema::{ColumnType, naming, suggest};

pub(crate) use tables::{Column, Definition, EventType, Group};

/// The definition that is compiled into the derive, or its faults.
static DEFINITION: Result<Definition, &str> = include!(concat!(env!("OUT_DIR"), "/definition.rs"));

impl Definition {
    /// Returns the definition that is compiled into the derive.
    ///
    /// # Errors
    ///
    /// The faults of the definition, as text.
    pub(crate) fn get() -> Result<&'static Self, &'static str> {
        DEFINITION.as_ref().map_err(|faults| *faults)
    }

    /// Returns the column that is called `name`.
    pub(crate) fn column(&self, name: &str) -> Option<&'static Column> {
        let found = self.by_name.binary_search_by_key(&name, |position| self.columns[*position].name).ok()?;
        Some(&self.columns[self.by_name[found]])
    }

    /// Returns the columns that every event must set.
    pub(crate) fn required_columns(&self) -> impl Iterator<Item = &'static Column> {
        self.columns.iter().filter(|column| column.required)
    }

    /// Returns the "did you mean" question for a column.
    pub(crate) fn similar_column(&self, name: &str) -> Option<String> {
        suggest::did_you_mean(name, self.columns.iter().filter(|column| column.settable).map(|column| column.name))
    }

    pub(crate) fn event_type(&self, name: &str) -> Option<&'static EventType> {
        self.event_types.iter().find(|event_type| event_type.name == name)
    }

    pub(crate) fn event_type_names(&self) -> impl Iterator<Item = &'static str> {
        self.event_types.iter().map(|event_type| event_type.name)
    }

    /// Returns the group that is called `name`, if a producer can set columns of it.
    pub(crate) fn group(&self, name: &str) -> Option<&'static Group> {
        self.groups.iter().find(|group| group.name == name)
    }

    pub(crate) fn group_names(&self) -> impl Iterator<Item = &'static str> {
        self.groups.iter().map(|group| group.name)
    }

    /// Returns the columns at positions.
    pub(crate) fn columns_at(&self, positions: &'static [usize]) -> impl Iterator<Item = &'static Column> {
        let columns = self.columns;
        positions.iter().map(move |position| &columns[*position])
    }
}

impl Column {
    /// Returns the name of the generated enum, of a column with a closed set of texts.
    pub(crate) fn enum_name(&self) -> Option<String> {
        (self.ty == ColumnType::String && self.closed).then(|| naming::pascal_case(self.name))
    }

    /// Returns the Rust type that the column is best given as.
    pub(crate) fn rust_type(&self) -> String {
        self.enum_name().unwrap_or_else(|| self.ty.rust().to_owned())
    }
}
