//! What holds of the decoder for any bytes whatsoever. The fuzz target checks it, and so does
//! `tests/fuzz.rs`, which replays the corpus and mutates it on stable.

use std::io::Read;

use arrow_array::{Array, RecordBatch};
use unified_event::tables::UNIFIED_EVENTS;
use unified_event::{FaultCode, UnifiedEventRow};
use unified_event_runtime::batch::{BatchReader, EventBatch};
use unified_event_runtime::ndjson::{Decoded, Decoder, Reject};

/// Checks that every line is in a batch or among the rejects, as the slow path has it, that batches are
/// valid, and that it does not matter how the bytes arrive.
pub fn check(bytes: &[u8]) {
    let decoder = Decoder::new(&UNIFIED_EVENTS);
    let whole: Vec<Decoded> = decoder.decode(bytes).collect();
    agrees_with_the_slow_path(bytes, &whole);
    for decoded in &whole {
        is_valid(&decoded.batch);
        comes_back(&decoded.batch);
    }
    let n = 1 + bytes.len() % 97;
    let small = decoder.with_max_rows(n).with_max_bytes(n * 50);
    same(&whole, &small.read(Trickle(bytes, n)).map(|decoded| decoded.expect("memory")).collect::<Vec<_>>());
}

/// Yields a few bytes at a time.
struct Trickle<'a>(&'a [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.1.min(self.0.len()).min(out.len());
        out[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

fn agrees_with_the_slow_path(bytes: &[u8], decoded: &[Decoded]) {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut rejects = decoded.iter().flat_map(|decoded| &decoded.rejects).peekable();
    let mut expected = EventBatch::new(&UNIFIED_EVENTS);
    let mut n_lines = 0;
    let body = text.strip_suffix(b"\n").unwrap_or(text);
    for (i, line) in body.split(|byte| *byte == b'\n').enumerate().filter(|_| !text.is_empty()) {
        n_lines += 1;
        let is_blank = line.iter().all(|byte| b" \t\r".contains(byte));
        let reject = rejects.next_if(|reject| reject.line == i as u64 + 1);
        match (is_blank, reject) {
            (true, reject) => assert!(reject.is_none(), "a blank line is no reject"),
            (false, Some(reject)) => is_a_fault(line, reject),
            (false, None) => {
                let row = UnifiedEventRow::from_wire(line).expect("what the decoder accepts is an event");
                expected.push_row(&row).expect("the row is complete");
            }
        }
    }
    assert!(rejects.next().is_none());
    assert_eq!(decoded.iter().map(|decoded| decoded.n_lines).sum::<u64>(), n_lines);
    let expected = expected.finish();
    let mut row = 0;
    for decoded in decoded {
        let n = decoded.batch.num_rows();
        assert_eq!(decoded.batch, expected.slice(row, n));
        row += n;
    }
    assert_eq!(row, expected.num_rows());
}

fn is_a_fault(line: &[u8], reject: &Reject) {
    let faults = reject.faults();
    assert!(reject.text.ends_with(line), "the line is given; a mark before it is space");
    assert!(reject.position <= reject.text.len());
    match UnifiedEventRow::from_wire(&reject.text) {
        // The decoder's own limits are the only reasons that the slow path does not know.
        Ok(_) => assert!(matches!(reject.code, FaultCode::TooDeep | FaultCode::TooLarge), "{:?}", reject.code),
        Err(slow) => {
            let is_known = |code| slow.iter().any(|fault| fault.code == code);
            // Text that breaks further on has no other fault there.
            let is_broken = is_known(FaultCode::MalformedJson) || is_known(FaultCode::InvalidUtf8);
            assert!(
                is_broken || is_known(reject.code) || reject.code == FaultCode::TooDeep,
                "{:?}: {slow}",
                reject.code
            );
            assert!(slow.iter().all(|fault| faults.contains(fault)));
        }
    }
}

fn is_valid(batch: &RecordBatch) {
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        column.to_data().validate_full().expect("a valid array");
        assert_eq!(field.data_type(), column.data_type());
        assert!(field.is_nullable() || column.null_count() == 0);
    }
}

/// Checks that a batch, written as NDJSON and decoded again, is what it was.
fn comes_back(batch: &RecordBatch) {
    let mut text = Vec::new();
    BatchReader::new(&UNIFIED_EVENTS, batch).expect("a batch of the table").write_ndjson(&mut text).expect("memory");
    let again: Vec<Decoded> = Decoder::new(&UNIFIED_EVENTS).decode(&text).collect();
    assert!(again.iter().all(|decoded| decoded.rejects.is_empty()));
    match &again[..] {
        [] => assert_eq!(batch.num_rows(), 0),
        [again] => assert_eq!(again.batch, *batch),
        _ => assert_eq!(again.iter().map(|decoded| decoded.batch.num_rows()).sum::<usize>(), batch.num_rows()),
    }
}

fn same(one: &[Decoded], other: &[Decoded]) {
    let rejects = |decoded: &[Decoded]| -> Vec<_> {
        let rejects = decoded.iter().flat_map(|decoded| &decoded.rejects);
        rejects.map(|r| (r.line, r.offset, r.position, r.code, r.text.clone())).collect()
    };
    assert_eq!(rejects(one), rejects(other));
    let rows = |decoded: &[Decoded]| -> Vec<UnifiedEventRow> {
        let read = |decoded: &Decoded| -> Vec<UnifiedEventRow> {
            let reader = BatchReader::new(&UNIFIED_EVENTS, &decoded.batch).expect("a batch of the table");
            (0..reader.len()).map(|row| reader.row(row).expect("a row")).collect()
        };
        decoded.iter().flat_map(read).collect()
    };
    assert!(rows(one) == rows(other));
}
