//! `pipelines/<table>.toml`: stream, filter, sink.

use super::column;
use super::read::{At, Node};
use super::table::RawTable;
use crate::diag::{Code, Place, Sink as Faults};
use crate::{Pipeline, Sink, Stream, StreamField, naming, suggest};

/// A pipeline with the places of what later checks point at.
pub(crate) struct RawPipeline {
    pub model: Pipeline,
    /// Only the check of expressions looks at it.
    #[cfg_attr(not(feature = "sql"), expect(dead_code))]
    pub filter: Option<Place>,
    pub stream_name: Option<At<String>>,
    pub sink_name: Option<At<String>>,
    pub binding: Option<At<String>>,
}

pub(super) fn read(
    sink: &mut Faults,
    stem: &str,
    node: Node<'_>,
    table: Option<&RawTable>,
    buckets: &[&str],
) -> Option<RawPipeline> {
    super::table::check_name(sink, node.text("table"), stem);
    super::check_doc(sink, node.text("doc").as_ref());
    let table = &table?.model;
    let version = table.version;
    let stream = node.table("stream")?;
    let written = node.tables("field");
    let from_columns = stream.text("fields").is_some();
    if let (true, Some((name, _))) = (from_columns, written.first()) {
        sink.fault(Code::Conflict, &name.place, "the stream takes its fields from the columns")
            .help("define a column, or leave `fields = \"columns\"` out");
    }
    if !from_columns && written.is_empty() {
        sink.fault(Code::MissingKey, &Place { file: node.file, span: 0..0 }, "the stream has no fields")
            .help("add `[field.<name>]` tables, or `fields = \"columns\"` in `[stream]`");
    }
    for (i, (name, _)) in written.iter().enumerate() {
        let is_same =
            |(first, _): &&(At<String>, Node<'_>)| naming::snake_case(&first.value) == naming::snake_case(&name.value);
        if let Some((first, _)) = written[..i].iter().find(is_same) {
            let message = format!("fields `{}` and `{}` would be one field of a Rust struct", first.value, name.value);
            sink.fault(Code::DuplicateName, &name.place, message).help("choose another name");
        }
    }
    let fields = if from_columns {
        table.settable_columns().map(StreamField::from_column).collect()
    } else {
        written.iter().map(|(name, node)| column::read_field(sink, name, *node)).collect()
    };
    let target = node.table("sink")?;
    if let Some(bucket) = target.text("bucket") {
        known_bucket(sink, &bucket, buckets.iter().copied());
    }
    let filter = node.text("where");
    let (stream_name, sink_name) = (stream.text("name"), target.text("name"));
    let name_of = |at: &Option<At<String>>| naming::versioned(at.as_ref().map_or(stem, |n| &n.value), version);
    Some(RawPipeline {
        model: Pipeline {
            name: naming::versioned(stem, version),
            table: stem.to_owned(),
            doc: node.text_or_empty("doc"),
            binding: node.text_or_empty("binding"),
            filter: filter.as_ref().map(|f| f.value.trim().to_owned()),
            stream: Stream { name: name_of(&stream_name), fields },
            sink: Sink {
                name: name_of(&sink_name),
                bucket: target.text_or_empty("bucket"),
                namespace: target.text_or_empty("namespace"),
                table: table.physical_name.clone(),
                compression: target.text_or_empty("compression"),
                roll_interval_seconds: target.u32("roll_interval_seconds").unwrap_or(300),
                roll_size_mb: target.u32("roll_size_mb").unwrap_or(128),
                row_group_mb: target.u32("row_group_mb"),
            },
        },
        filter: filter.map(|f| f.place),
        stream_name,
        sink_name,
        binding: node.text("binding"),
    })
}

/// Reports a bucket that `lake.toml` does not define.
pub(super) fn known_bucket<'a>(sink: &mut Faults, name: &At<String>, buckets: impl Iterator<Item = &'a str> + Clone) {
    if !buckets.clone().any(|b| b == name.value) {
        sink.fault(Code::UnknownReference, &name.place, format!("bucket `{}` is not defined", name.value)).help(
            suggest::did_you_mean(&name.value, buckets)
                .unwrap_or_else(|| "name the binding of a `[bucket.<BINDING>]` table in `lake.toml`".to_owned()),
        );
    }
}
