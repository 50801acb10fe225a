//! Types and functions for producers that feed both versions during the overlap.
//!
//! A producer makes the new record; the old one follows from it, but for what only the old one has.

mod rust;
mod typescript;

use unified_event_schema::{ColumnType, Pipeline, StreamField};

use super::views::Live;
use crate::Artifact;

/// How the old record gets the value of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As it is.
    Copy,
    /// As text.
    Text,
    /// As an integer of 32 or 64 bits, when it is one.
    Integer(i64, i64),
    /// As a number, when it is one.
    Number,
}

/// One field of the old record.
struct Field<'a> {
    old: &'a StreamField,
    /// The new field and the way from it; without one the producer has to say the value.
    from: Option<(&'a StreamField, Way)>,
}

/// The two streams of a move.
struct Streams<'a> {
    old: &'a Pipeline,
    new: &'a Pipeline,
    new_binding: String,
    table: &'a str,
    fields: Vec<Field<'a>>,
}

impl<'a> Streams<'a> {
    fn old_only(&self) -> impl Iterator<Item = &'a StreamField> {
        self.fields.iter().filter(|f| f.from.is_none()).map(|f| f.old)
    }
}

/// Returns `producer/dual_emission.rs` and `producer/dual-emission.ts`.
pub(super) fn emit(old: Live<'_>, new: Live<'_>) -> Vec<Artifact> {
    let pipelines = (old.schema.pipeline(&old.table.name), new.schema.pipeline(&new.table.name));
    let (Some(old_pipeline), Some(new_pipeline)) = pipelines else { return Vec::new() };
    let fields = old_pipeline.stream.fields.iter().map(|field| Field {
        old: field,
        from: source(old, new, field, new_pipeline).and_then(|from| Some((from, way(from.ty, field.ty)?))),
    });
    let streams = Streams {
        old: old_pipeline,
        new: new_pipeline,
        new_binding: super::tables::new_binding(new_pipeline, new.table.version),
        table: &new.table.name,
        fields: fields.collect(),
    };
    vec![
        Artifact::text("producer/dual_emission.rs", rust::emit(&streams)),
        Artifact::text("producer/dual-emission.ts", typescript::emit(&streams)),
    ]
}

/// Returns the new field that says the same as an old one.
///
/// Where the stream follows the columns they are paired by id; a stream of its own has only names.
fn source<'a>(old: Live<'_>, new: Live<'_>, field: &StreamField, pipeline: &'a Pipeline) -> Option<&'a StreamField> {
    if !(old.table.grouped && new.table.grouped) {
        return pipeline.stream.field(&field.name);
    }
    let column = old.table.column(&field.name)?;
    let same = new.table.columns.iter().find(|c| c.id == column.id)?;
    if same.meaning != column.meaning || same.unit != column.unit {
        return None;
    }
    pipeline.stream.field(&same.name)
}

fn way(new: ColumnType, old: ColumnType) -> Option<Way> {
    use ColumnType::{Bool, Float64, Int32, Int64, String as Text, Timestamp};
    Some(match (new, old) {
        _ if new == old => Way::Copy,
        (Int32, Int64) | (Int32 | Int64, Float64) | (Timestamp, Text) => Way::Copy,
        (Int64 | Float64 | Text, Int32) => Way::Integer(i64::from(i32::MIN), i64::from(i32::MAX)),
        // Beyond this a number of JavaScript is not exact.
        (Float64 | Text, Int64) => Way::Integer(-(1 << 53), 1 << 53),
        (Text, Float64) => Way::Number,
        (Bool | Int32 | Int64 | Float64, Text) => Way::Text,
        _ => return None,
    })
}
