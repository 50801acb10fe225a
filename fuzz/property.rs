//! What holds of the decoder for any bytes whatsoever. The fuzz target checks it, and so does
//! `tests/fuzz.rs`, which replays the corpus and mutates it on stable.

use std::io::{Error, ErrorKind, Read};
use std::num::NonZero;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use arrow_array::{Array, RecordBatch};
use unified_event::tables::UNIFIED_EVENTS;
use unified_event::{Fault, FaultCode, Row, UnifiedEventRow};
use unified_event_runtime::batch::{BatchReader, EventBatch};
use unified_event_runtime::ndjson::{Decoded, Decoder, Reject, UnknownFields};

/// Checks that every line is in a batch or among the rejects, as the slow path has it, that batches are
/// valid, and that neither limits nor the way in which the bytes arrive change that.
pub fn check(bytes: &[u8]) {
    let decoder = Decoder::new(&UNIFIED_EVENTS);
    let whole: Vec<Decoded> = decoder.decode(bytes).collect();
    agrees_with_the_slow_path::<UnifiedEventRow>(bytes, usize::MAX, &whole);
    for decoded in &whole {
        is_valid(&decoded.batch);
        comes_back(&decoded.batch);
    }
    // The rest follows from the bytes, so that an input that fails fails again.
    let seed = bytes.iter().fold(7_usize, |seed, byte| seed.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let max_line = [0, 1, 2, 7, 8, 16, 64, 78, 100, 255, 256, 300, 1_000, 20_000][seed % 14];
    let n_read = [1, 2, 3, 7, 33, 1_000][seed / 16 % 6];
    let some = &bytes[..bytes.len().min(2_000)];
    check_ways::<UnifiedEventRow>(some, max_line, n_read, seed / 128 % (some.len() + 1));
}

/// Checks the rule of lines with a small limit: memory, a reader and threads give the same, and they give
/// what the slow path gives, also where the reader ends, fails or panics at a byte.
pub fn check_ways<R: Row>(bytes: &[u8], max_line: usize, n_read: usize, at: usize) {
    let policy = [UnknownFields::Reject, UnknownFields::Ignore, UnknownFields::Collect][(max_line + at) % 3];
    let decoder = Decoder::new(R::TABLE).with_max_line(max_line).with_unknown_fields(policy);
    let decoder = decoder.with_max_rows(1 + at % 9).with_max_bytes(1 + at % 2_000).with_piece_bytes(1 + at % 300);
    for end in [End::Read, End::Nothing, End::Error, End::Panic] {
        let yielded = if end == End::Read { bytes } else { &bytes[..at] };
        let whole_lines = yielded.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let counts = if matches!(end, End::Error | End::Panic) { &yielded[..whole_lines] } else { yielded };
        let expected: Vec<Decoded> = decoder.decode(counts).collect();
        if policy == UnknownFields::Reject {
            agrees_with_the_slow_path::<R>(counts, max_line, &expected);
        }
        let reader = || Trickle { bytes: yielded, n: n_read, end, n_reads: 0 };
        let (read, outcome) = read(&decoder, reader());
        same(&expected, &read);
        assert_eq!(outcome, end.outcome());
        let mut decoded = Vec::new();
        let each = |some| {
            decoded.push(some);
            ControlFlow::Continue(())
        };
        let n_threads = NonZero::new(1 + at % 3).expect("a thread");
        let parallel = || decoder.read_parallel(reader(), n_threads, each);
        let outcome = Outcome::of(catch_unwind(AssertUnwindSafe(parallel)));
        assert_eq!(outcome, end.outcome());
        // What a panic leaves unsaid is no loss that could stay unnoticed.
        if outcome != Outcome::Panicked {
            same(&expected, &decoded);
        }
    }
}

/// What a reader does behind its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Nothing is left out.
    Read,
    /// It yields nothing, and more if it were asked again.
    Nothing,
    Error,
    Panic,
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Fine,
    Failed,
    Panicked,
}

impl End {
    fn outcome(self) -> Outcome {
        match self {
            Self::Read | Self::Nothing => Outcome::Fine,
            Self::Error => Outcome::Failed,
            Self::Panic => Outcome::Panicked,
        }
    }
}

impl Outcome {
    fn of(result: std::thread::Result<std::io::Result<()>>) -> Self {
        match result {
            Ok(Ok(())) => Self::Fine,
            Ok(Err(_)) => Self::Failed,
            Err(panic) if panic.downcast_ref() == Some(&End::Panic) => Self::Panicked,
            Err(panic) => resume_unwind(panic),
        }
    }
}

/// Reads to the end, beyond a panic too.
fn read(decoder: &Decoder, reader: Trickle<'_>) -> (Vec<Decoded>, Outcome) {
    let mut batches = decoder.read(reader);
    let (mut decoded, mut outcome) = (Vec::new(), Outcome::Fine);
    loop {
        match catch_unwind(AssertUnwindSafe(|| batches.next())) {
            Ok(Some(Ok(some))) => {
                assert!(outcome != Outcome::Failed, "an error is the last item");
                decoded.push(some);
            }
            Ok(None) => return (decoded, outcome),
            Ok(Some(Err(error))) => outcome = Outcome::of(Ok(Err(error))),
            Err(panic) => outcome = Outcome::of(Err(panic)),
        }
    }
}

/// Yields a few bytes at a time, and is interrupted now and then.
struct Trickle<'a> {
    bytes: &'a [u8],
    n: usize,
    end: End,
    n_reads: usize,
}

impl Read for Trickle<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.n_reads += 1;
        if self.n_reads.is_multiple_of(5) {
            return Err(ErrorKind::Interrupted.into());
        }
        let n = self.n.min(self.bytes.len()).min(out.len());
        out[..n].copy_from_slice(&self.bytes[..n]);
        self.bytes = &self.bytes[n..];
        match self.end {
            _ if n > 0 => Ok(n),
            End::Read => Ok(0),
            End::Nothing => {
                self.bytes = b"\n{}\n";
                Ok(0)
            }
            End::Error => Err(Error::other("broken")),
            // Without the hook, which would end the fuzzer.
            End::Panic => resume_unwind(Box::new(End::Panic)),
        }
    }
}

fn agrees_with_the_slow_path<R: Row>(bytes: &[u8], max_line: usize, decoded: &[Decoded]) {
    let mut bytes = bytes.to_vec();
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes[..3].fill(b' ');
    }
    let mut rejects = decoded.iter().flat_map(|decoded| &decoded.rejects).peekable();
    let mut expected = EventBatch::new(R::TABLE);
    let (mut n_lines, mut offset) = (0, 0);
    let body = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    for line in body.split(|byte| *byte == b'\n').filter(|_| !bytes.is_empty()) {
        n_lines += 1;
        let is_blank = line.iter().all(|byte| b" \t\r".contains(byte));
        let reject = rejects.next_if(|reject| reject.line == n_lines);
        match reject {
            _ if is_blank => assert!(reject.is_none(), "a blank line is no reject"),
            Some(reject) => {
                assert_eq!((reject.offset, reject.len), (offset, line.len() as u64));
                is_a_fault::<R>(line, max_line, reject);
            }
            None => {
                assert!(line.len() <= max_line, "a line beyond the limit is a reject");
                let row = R::from_wire(line).expect("what the decoder accepts is an event");
                expected.push_row(&row).expect("the row is complete");
            }
        }
        offset += line.len() as u64 + 1;
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

fn is_a_fault<R: Row>(line: &[u8], max_line: usize, reject: &Reject) {
    let faults = reject.faults();
    assert_eq!(reject.code == FaultCode::TooLarge, line.len() > max_line);
    if reject.code == FaultCode::TooLarge {
        assert_eq!((&reject.text[..], reject.position), (&line[..line.len().min(256)], 0));
        return assert!(faults.len() == 1 && faults[0].code == FaultCode::TooLarge);
    }
    assert_eq!(reject.text, line);
    assert!(reject.position <= line.len());
    match R::from_wire(line) {
        // The decoder's own limits are the only reasons that the slow path does not know.
        Ok(_) => assert_eq!(reject.code, FaultCode::TooDeep),
        Err(slow) => {
            let is_known = |code| slow.iter().any(|fault| fault.code == code);
            // Text that breaks further on has no other fault there, and a key that comes again no other either.
            let is_broken = is_known(FaultCode::MalformedJson) || is_known(FaultCode::InvalidUtf8);
            let is_repeated =
                |fault: &Fault| fault.code == FaultCode::DuplicateKey && fault.column.as_deref() == reject.column;
            assert!(
                is_broken || is_known(reject.code) || reject.code == FaultCode::TooDeep || slow.iter().any(is_repeated),
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
        rejects.map(|r| (r.line, r.offset, r.position, r.code, r.column, r.text.clone(), r.len)).collect()
    };
    assert_eq!(rejects(one), rejects(other));
    let counts =
        |decoded: &[Decoded]| decoded.iter().fold((0, 0), |n, one| (n.0 + one.n_lines, n.1 + one.n_unknown_fields));
    assert_eq!(counts(one), counts(other));
    let rows = |decoded: &[Decoded]| -> Vec<RecordBatch> {
        let one_by_one =
            |decoded: &Decoded| (0..decoded.batch.num_rows()).map(|row| decoded.batch.slice(row, 1)).collect();
        decoded.iter().flat_map::<Vec<_>, _>(one_by_one).collect()
    };
    assert!(rows(one) == rows(other));
}
