//! The kit for the platform: what its tools read, and a script that puts it all in place.

mod deploy;
mod lifecycle;
mod retire;
mod sinks;
mod streams;
mod terraform;
mod worker;

use unified_event_schema::{Bucket, Schema};

use crate::Artifact;
pub(super) use streams::stream_type;

pub use retire::{drain_seconds, retire};
pub use worker::stream_placeholder;

/// What the platform's tools call a megabyte.
const MIB: u64 = 1024 * 1024;

/// Returns everything below `cloudflare/`.
pub fn emit(schema: &Schema) -> Vec<Artifact> {
    [
        streams::emit(schema),
        sinks::emit(schema),
        worker::emit(schema),
        lifecycle::emit(schema),
        deploy::emit(schema),
        terraform::emit(schema),
    ]
    .concat()
}

/// Returns the bucket that a binding reaches.
///
/// The loader knows every binding; an unknown one of a hand-made model is its own name.
fn bucket_name<'a>(schema: &'a Schema, binding: &'a str) -> &'a str {
    schema.lake.buckets.iter().find(|b| b.binding == binding).map_or(binding, |b| &b.name)
}

/// Returns the buckets that hold a catalog, in the order of the definition.
fn catalog_buckets(schema: &Schema) -> Vec<&Bucket> {
    let holds = |b: &&Bucket| schema.pipelines.iter().any(|p| p.sink.bucket == b.binding);
    schema.lake.buckets.iter().filter(holds).collect()
}
