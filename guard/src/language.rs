//! Languages whose code is generated: what the guard asks of them, and never looks up itself.

use std::fmt;

use unified_event_schema::{Column, Schema, Value};

/// A language whose code is generated from the definition.
pub trait Language: fmt::Debug + Sync {
    /// Returns code that uses one thing of what is generated from a model, when that has the thing.
    ///
    /// Where two models make the same line, it compiles against both; where they differ, it names what
    /// only one of them has.
    fn line(&self, schema: &Schema, thing: Thing<'_>) -> Option<String>;

    /// Returns the type of a column's values in memory.
    fn value_type(&self, column: &Column) -> String;
}

/// The languages of the consumers that compile generated code.
#[derive(Debug, Clone, Copy)]
pub struct Languages {
    /// That of the crate.
    pub rust: &'static dyn Language,
    /// That of the npm package.
    pub typescript: &'static dyn Language,
}

/// What a line may use; a language has no line for a thing that it does not know.
#[derive(Debug, Clone, Copy)]
pub enum Thing<'a> {
    /// A column of an event in memory.
    EventColumn(&'a str),
    /// A field of a stored row, by the table and the column.
    RowField(&'a str, &'a str),
    /// A field of a stream's record, by the table and the key.
    RecordField(&'a str, &'a str),
    /// A field of a group, by the group and the column.
    GroupField(&'a str, &'a str),
    /// A group itself.
    Group(&'a str),
    /// A value of a closed set, by the table, the column and the value.
    Value(&'a str, &'a str, &'a Value),
    /// An event type.
    EventType(&'a str),
    /// What an event of one type must set.
    Requirement(&'a str),
    /// A stored row with what it must have, by the table.
    NewRow(&'a str),
    /// A stream's record with what it must have, by the table.
    NewRecord(&'a str),
    /// The type of a stored row, by the table.
    RowType(&'a str),
    /// The type of a stream's records, by the table.
    RecordType(&'a str),
    /// The version of a table.
    TableVersion(&'a str),
    /// The binding of a stream, by the table.
    Binding(&'a str),
}
