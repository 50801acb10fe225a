//! Several threads over one input: one reads pieces of whole lines, the others decode them in turn.
//!
//! Piece `i` goes to worker `i % n`, and the batches are taken from the workers in the same turn, so that
//! the order needs no sorting. All channels are short: what is under way is bounded.

use std::io::{self, Read};
use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::batches::Batches;
use super::source::{Filled, PieceSource, ReaderSource, Source};
use super::{Decoded, Decoder};

/// The size of a piece, give or take what the reader yields at once.
const PIECE: usize = 4 << 20;

/// What the reading thread hands out.
enum Piece {
    /// Whole lines.
    Lines(Vec<u8>),
    /// A line that is longer than the limit.
    TooLong {
        head: Vec<u8>,
        len: u64,
    },
    Failed(io::Error),
}

/// What a worker has made of a piece: its batches, one by one, and then that it is done.
enum Made {
    Batch(Decoded),
    Done { n_bytes: u64 },
    Failed(io::Error),
}

pub(super) fn run<R: Read + Send>(
    decoder: &Decoder,
    reader: R,
    n_threads: NonZero<usize>,
    mut each: impl FnMut(Decoded) -> ControlFlow<()>,
) -> io::Result<()> {
    thread::scope(|scope| {
        let mut inputs = Vec::new();
        let mut outputs = Vec::new();
        for _ in 0..n_threads.get() {
            let (to_worker, from_reader) = sync_channel(1);
            let (to_caller, from_worker) = sync_channel(2);
            scope.spawn(move || work(decoder, &from_reader, &to_caller));
            inputs.push(to_worker);
            outputs.push(from_worker);
        }
        let source = ReaderSource::new(reader, decoder.limits.max_line);
        scope.spawn(move || Cutter { source, held: None }.hand_out(&inputs));
        // The outputs are dropped before the scope waits: nobody is left sending to nobody.
        collect(outputs, &mut each)
    })
}

/// Cuts the input into pieces.
struct Cutter<R> {
    source: ReaderSource<R>,
    /// What comes behind the piece that was handed out last.
    held: Option<Piece>,
}

impl<R: Read> Cutter<R> {
    /// Hands pieces to the workers in turn, until the end, an error, or nobody listens.
    fn hand_out(mut self, workers: &[SyncSender<Piece>]) {
        for worker in workers.iter().cycle() {
            let Some(piece) = self.held.take().or_else(|| self.next()) else { return };
            let is_last = matches!(piece, Piece::Failed(_));
            if worker.send(piece).is_err() || is_last {
                return;
            }
        }
    }

    fn next(&mut self) -> Option<Piece> {
        let mut lines = Vec::new();
        while lines.len() < PIECE {
            let next = match self.source.fill() {
                Ok(Filled::Lines) => {
                    let n = self.source.chunk().len();
                    lines.extend_from_slice(self.source.chunk().bytes());
                    self.source.consume(n);
                    continue;
                }
                Ok(Filled::TooLong { head, len }) => Some(Piece::TooLong { head, len }),
                Ok(Filled::End) => None,
                Err(error) => Some(Piece::Failed(error)),
            };
            if lines.is_empty() {
                return next;
            }
            self.held = next;
            break;
        }
        Some(Piece::Lines(lines))
    }
}

/// Decodes pieces until there are no more, or nobody takes what is made of them.
fn work(decoder: &Decoder, pieces: &Receiver<Piece>, made: &SyncSender<Made>) {
    let source = PieceSource::new(Vec::new());
    let mut batches = Batches::new(source, &decoder.plan, decoder.limits, decoder.unknown_fields);
    for piece in pieces {
        let n_bytes = match piece {
            Piece::Failed(error) => {
                let _ = made.send(Made::Failed(error));
                return;
            }
            Piece::TooLong { head, len } => {
                batches.restart(PieceSource::new(Vec::new()));
                batches.too_long(head, len);
                len
            }
            Piece::Lines(lines) => {
                let n_bytes = lines.len() as u64;
                batches.restart(PieceSource::new(lines));
                n_bytes
            }
        };
        // Memory does not fail to be read.
        while let Ok(Some(decoded)) = batches.next() {
            if made.send(Made::Batch(decoded)).is_err() {
                return;
            }
        }
        if made.send(Made::Done { n_bytes }).is_err() {
            return;
        }
    }
}

/// Takes the batches in the order of the pieces.
fn collect(outputs: Vec<Receiver<Made>>, each: &mut impl FnMut(Decoded) -> ControlFlow<()>) -> io::Result<()> {
    let (mut n_lines, mut offset) = (0, 0);
    for output in outputs.iter().cycle() {
        let mut in_piece = 0;
        loop {
            match output.recv() {
                Ok(Made::Batch(mut decoded)) => {
                    for reject in &mut decoded.rejects {
                        reject.line += n_lines;
                        reject.offset += offset;
                    }
                    in_piece += decoded.n_lines;
                    if each(decoded).is_break() {
                        return Ok(());
                    }
                }
                Ok(Made::Done { n_bytes }) => {
                    n_lines += in_piece;
                    offset += n_bytes;
                    break;
                }
                Ok(Made::Failed(error)) => return Err(error),
                // The worker got no piece in this turn, so that there are none.
                Err(_) => return Ok(()),
            }
        }
    }
    Ok(())
}
