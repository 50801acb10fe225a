//! NDJSON → Arrow, by everyone.

use std::io::Read;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Schema, SchemaRef};
use unified_event::tables::UNIFIED_EVENTS;
use unified_event_runtime::ndjson::{Decoded, Decoder};
use unified_event_runtime::table::{Column, Table};

/// Rows in a batch, for everyone.
pub const BATCH_ROWS: usize = 8_192;

/// Decodes with every check and returns how many rows there are.
pub fn ours(decoder: &Decoder, bytes: &[u8]) -> usize {
    decoder.decode(bytes).map(n_rows).sum()
}

/// The same through `std::io::Read`.
pub fn ours_streamed(decoder: &Decoder, reader: impl Read) -> usize {
    decoder.read(reader).map(|decoded| n_rows(decoded.expect("memory"))).sum()
}

/// The same on several threads.
pub fn ours_parallel(decoder: &Decoder, reader: impl Read + Send, n_threads: usize) -> usize {
    let mut n = 0;
    let n_threads = NonZero::new(n_threads).expect("a thread");
    let each = |decoded| {
        n += n_rows(decoded);
        ControlFlow::Continue(())
    };
    decoder.read_parallel(reader, n_threads, each).expect("memory");
    n
}

fn n_rows(decoded: Decoded) -> usize {
    assert!(decoded.rejects.is_empty(), "{}", decoded.rejects[0]);
    decoded.batch.num_rows()
}

/// A decoder of the wide table.
pub fn decoder() -> Decoder {
    Decoder::new(&UNIFIED_EVENTS).with_max_rows(BATCH_ROWS)
}

/// A decoder of the wide table with as many columns more, which no event uses.
pub fn wider_decoder() -> Decoder {
    let extra = UNIFIED_EVENTS.columns.iter().map(|column| Column {
        id: column.id + 1_000,
        name: format!("x_{}", column.name).leak(),
        required: false,
        ..*column
    });
    let columns: Vec<Column> = UNIFIED_EVENTS.columns.iter().copied().chain(extra).collect();
    let mut by_name: Vec<u16> = (0..columns.len() as u16).collect();
    by_name.sort_by_key(|position| columns[usize::from(*position)].name);
    let table = Table { columns: columns.leak(), by_name: by_name.leak(), ..UNIFIED_EVENTS };
    Decoder::new(Box::leak(Box::new(table))).with_max_rows(BATCH_ROWS)
}

/// The Arrow schema without what arrow-json cannot read from the wire form: JSON as text, base64.
pub fn plain_schema() -> SchemaRef {
    let schema = unified_event_runtime::arrow::schema(&UNIFIED_EVENTS);
    let is_plain = |field: &&arrow_schema::FieldRef| {
        field.extension_type_name().is_none() && *field.data_type() != DataType::Binary
    };
    Arc::new(Schema::new(schema.fields().iter().filter(is_plain).cloned().collect::<Vec<_>>()))
}

/// arrow-json with the same batch size.
pub fn arrow_json(schema: &SchemaRef, bytes: &[u8]) -> usize {
    let builder = arrow_json::ReaderBuilder::new(Arc::clone(schema)).with_batch_size(BATCH_ROWS);
    let reader = builder.build(bytes).expect("a reader");
    reader.map(|batch| batch.expect("a batch").num_rows()).sum()
}

/// Where the lines of a text are.
pub fn lines(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut start = 0;
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
    ends.map(|end| std::mem::replace(&mut start, end + 1)..end).collect()
}

/// simd-json, which only builds its tape: no columns, no checks. It works in place, on a copy that was made before.
pub fn simd_json_tape(lines: &[std::ops::Range<usize>], bytes: &mut [u8], buffers: &mut simd_json::Buffers) -> usize {
    let mut n = 0;
    for line in lines {
        let tape = simd_json::to_tape_with_buffers(&mut bytes[line.clone()], buffers).expect("JSON");
        n += usize::from(!tape.0.is_empty());
    }
    n
}

/// serde_json into its value tree.
pub fn serde_json_value(bytes: &[u8]) -> usize {
    serde_json::Deserializer::from_slice(bytes).into_iter::<serde_json::Value>().map(|v| usize::from(v.is_ok())).sum()
}

/// The batches, to look at.
pub fn batches(bytes: &[u8]) -> Vec<RecordBatch> {
    decoder().decode(bytes).map(|decoded| decoded.batch).collect()
}
