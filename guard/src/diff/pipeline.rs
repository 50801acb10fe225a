//! Pipelines: names, filter, fields of streams, settings of sinks.

use unified_event_schema::{Pipeline, Schema, Sink, Stream, StreamField};

use super::expression::Sides;
use super::lake::{self, Labels};
use super::table::unversioned;
use super::{Changes, column};
use crate::change::{Destination, Kind, NameOf, Subject};

/// Adds what differs between the pipelines of two models.
pub(super) fn diff(changes: &mut Changes, old: (&Schema, &[Pipeline]), new: (&Schema, &[Pipeline])) {
    let subject = |table: &str| Subject::Pipeline { table: table.to_owned() };
    for pipeline in old.1.iter().filter(|p| !new.1.iter().any(|n| n.table == p.table)) {
        // A pipeline that comes and goes with its table is part of that change.
        if new.0.table(&pipeline.table).is_some() || old.0.table(&pipeline.table).is_none() {
            changes.push(subject(&pipeline.table), Kind::PipelineDropped);
        }
    }
    for pipeline in new.1 {
        match old.1.iter().find(|p| p.table == pipeline.table) {
            Some(before) => diff_one(changes, (old.0, before), (new.0, pipeline)),
            None if old.0.table(&pipeline.table).is_some() || new.0.table(&pipeline.table).is_none() => {
                changes.push(subject(&pipeline.table), Kind::PipelineAdded);
            }
            None => {}
        }
    }
    let tables = |pipelines: &[Pipeline]| -> Vec<String> { pipelines.iter().map(|p| p.table.clone()).collect() };
    let follows =
        |schema: &Schema, pipelines: &[Pipeline]| tables(pipelines).iter().eq(schema.tables.iter().map(|t| &t.name));
    if !(follows(old.0, old.1) && follows(new.0, new.1)) {
        changes.order(tables(old.1), tables(new.1), Subject::Schema, |old, new| Kind::PipelineOrder { old, new });
    }
}

fn diff_one(changes: &mut Changes, old: (&Schema, &Pipeline), new: (&Schema, &Pipeline)) {
    let after = new.1;
    let Pipeline { name, table, doc, binding, filter, stream, sink } = old.1;
    let here = || Subject::Pipeline { table: table.clone() };
    let version = |schema: &Schema| schema.table(table).map_or(1, |t| t.version);
    let mut named = |of: NameOf, before: &str, now: &str| {
        let bare = |name: &str, version: u32| unversioned(name, version).to_owned();
        let (before, now) = (bare(before, version(old.0)), bare(now, version(new.0)));
        changes.differ(&before, &now, here, |old, new| Kind::Name { of, old, new });
    };
    let Stream { name: stream_name, fields } = stream;
    #[rustfmt::skip]
    let Sink {
        name: sink_name, bucket, namespace, table: sink_table, compression, roll_interval_seconds, roll_size_mb,
        row_group_mb,
    } = sink;
    named(NameOf::Pipeline, name, &after.name);
    named(NameOf::Stream, stream_name, &after.stream.name);
    named(NameOf::Sink, sink_name, &after.sink.name);
    let labels = Labels::between(&old.0.lake, &new.0.lake);
    let before = (old.0, bucket.as_str(), labels.binding(bucket));
    lake::diff_bucket(changes, table, Destination::Bucket, before, (new.0, &after.sink.bucket));
    let mut goes = |of: Destination, before: &str, now: &str| {
        changes.differ(&before.to_owned(), &now.to_owned(), here, |old, new| {
            let (old, new) = (Some(old), Some(new));
            Kind::Destination { of: of.clone(), binding: None, old, new }
        });
    };
    goes(Destination::Namespace, namespace, &after.sink.namespace);
    let bare = |name: &str, version: u32| unversioned(name, version).to_owned();
    let tables = (bare(sink_table, version(old.0)), bare(&after.sink.table, version(new.0)));
    goes(Destination::SinkTable, &tables.0, &tables.1);
    changes.differ(binding, &after.binding, here, |old, new| Kind::Name { of: NameOf::Binding, old, new });
    changes.differ(doc, &after.doc, here, |old, new| Kind::Doc { old, new });
    let tables = old.0.table(table).zip(new.0.table(table));
    match tables.map(|(before, after)| Sides::new((old.0, before), (new.0, after))) {
        Some(sides) => {
            if let Some(kind) = sides.filter() {
                changes.push(here(), kind);
            }
        }
        None => changes.differ(filter, &after.filter, here, |old, new| Kind::Filter { old, new }),
    }
    let mut setting = |key: &str, old: String, new: String| {
        changes.differ(&old, &new, here, |old, new| Kind::SinkSetting { key: key.to_owned(), old, new });
    };
    setting("compression", compression.clone(), after.sink.compression.clone());
    setting("roll_interval_seconds", roll_interval_seconds.to_string(), after.sink.roll_interval_seconds.to_string());
    setting("roll_size_mb", roll_size_mb.to_string(), after.sink.roll_size_mb.to_string());
    let size = |mb: &Option<u32>| mb.map_or_else(|| "the platform's".to_owned(), |mb| mb.to_string());
    setting("row_group_mb", size(row_group_mb), size(&after.sink.row_group_mb));
    if !(follows(old.0, table, fields) && follows(new.0, table, &after.stream.fields)) {
        diff_fields(changes, table, fields, &after.stream.fields);
    }
}

/// Says whether a stream carries exactly the columns that producers may set.
fn follows(schema: &Schema, table: &str, fields: &[StreamField]) -> bool {
    schema.table(table).is_some_and(|t| t.settable_columns().map(StreamField::from_column).eq(fields.iter().cloned()))
}

fn diff_fields(changes: &mut Changes, table: &str, old: &[StreamField], new: &[StreamField]) {
    let subject = |name: &str| Subject::Field { table: table.to_owned(), name: name.to_owned() };
    for field in old.iter().filter(|f| !new.iter().any(|n| n.name == f.name)) {
        changes.push(subject(&field.name), Kind::FieldDropped { field: Box::new(field.clone()) });
    }
    for field in new {
        match old.iter().find(|f| f.name == field.name) {
            None => changes.push(subject(&field.name), Kind::FieldAdded { field: Box::new(field.clone()) }),
            Some(before) => column::diff_field(changes, table, before, field),
        }
    }
    let names = |fields: &[StreamField]| fields.iter().map(|f| f.name.clone()).collect();
    let here = Subject::Pipeline { table: table.to_owned() };
    changes.order(names(old), names(new), here, |old, new| Kind::FieldOrder { old, new });
}
