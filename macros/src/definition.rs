//! The definition, read once in each compiler process.

mod fingerprint;

use std::sync::OnceLock;

use unified_event_schema::{Column, ColumnType, EventType, Group, Schema, naming};

/// The definition with what the derive asks of it.
pub(crate) struct Definition {
    schema: Schema,
    pub(crate) fingerprint: u64,
}

/// A column of the wide table and its position.
#[derive(Clone, Copy)]
pub(crate) struct Positioned<'a> {
    pub(crate) column: &'a Column,
    pub(crate) position: usize,
}

impl Definition {
    /// Returns the definition that is compiled into the derive.
    ///
    /// # Errors
    ///
    /// The faults of the definition, as text.
    pub(crate) fn get() -> Result<&'static Self, &'static str> {
        static DEFINITION: OnceLock<Result<Definition, String>> = OnceLock::new();
        let definition = DEFINITION.get_or_init(|| Schema::embedded().map(Self::of).map_err(|error| error.to_string()));
        definition.as_ref().map_err(String::as_str)
    }

    /// Returns a definition with what is computed of it once.
    pub(crate) fn of(schema: Schema) -> Self {
        Self { fingerprint: fingerprint::fingerprint(&schema), schema }
    }

    fn columns(&self) -> &[Column] {
        &self.schema.events_table().columns
    }

    /// Returns the column that is called `name`.
    pub(crate) fn column(&self, name: &str) -> Option<Positioned<'_>> {
        self.all_columns().find(|positioned| positioned.column.name == name)
    }

    pub(crate) fn all_columns(&self) -> impl Iterator<Item = Positioned<'_>> {
        self.columns().iter().enumerate().map(|(position, column)| Positioned { column, position })
    }

    /// Returns the "did you mean" question for a column.
    pub(crate) fn similar_column(&self, name: &str) -> Option<String> {
        let names = self.columns().iter().filter(|column| column.is_settable()).map(|column| column.name.as_str());
        naming::did_you_mean(name, names)
    }

    pub(crate) fn event_type(&self, name: &str) -> Option<&EventType> {
        self.schema.event_type(name)
    }

    pub(crate) fn event_types(&self) -> impl Iterator<Item = &str> {
        self.schema.event_types.iter().map(|event_type| event_type.name.as_str())
    }

    /// Returns the group that is called `name`, if a producer can set columns of it.
    pub(crate) fn group(&self, name: &str) -> Option<&Group> {
        self.schema.group(name).filter(|group| self.group_columns(group).next().is_some())
    }

    pub(crate) fn groups(&self) -> impl Iterator<Item = &str> {
        self.schema.groups.iter().map(|group| group.name.as_str())
    }

    /// Returns the columns of a group's struct: those that a producer may set.
    pub(crate) fn group_columns(&self, group: &Group) -> impl Iterator<Item = Positioned<'_>> {
        let of_group = |column: &Column| column.group.as_ref() == Some(&group.name) && column.is_settable();
        let columns: Vec<_> = self.all_columns().filter(|positioned| of_group(positioned.column)).collect();
        columns.into_iter()
    }
}

/// Returns the name of the generated enum of a column with a closed set of texts.
pub(crate) fn enum_name(column: &Column) -> Option<String> {
    (column.ty == ColumnType::String && column.closed_values().is_some()).then(|| naming::pascal_case(&column.name))
}

/// Returns the Rust type that a column is best given as.
pub(crate) fn rust_type(column: &Column) -> String {
    enum_name(column).unwrap_or_else(|| column.ty.names().rust.to_owned())
}
