//! Several threads over one input: each reads a piece of whole lines, in turn, and decodes it.
//!
//! Who reads holds the input and writes its turn down, so that the batches can be taken in the order of
//! the pieces. A thread has one piece and a few batches under way: what waits is bounded.

use std::io::{self, Read};
use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, ScopedJoinHandle};

use super::batches::Batches;
use super::feed::{Feed, Piece};
use super::source::Filled;
use super::{Decoded, Decoder, MAX_THREADS};

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
    let feed = Mutex::new(Feed::new(reader, decoder.limits.max_line));
    thread::scope(|scope| {
        let (turn, turns) = channel();
        let mut outputs = Vec::new();
        let mut workers = Vec::new();
        for place in 0..n_threads.get().min(MAX_THREADS) {
            // The batches of one piece are made while those of another are taken.
            let (made, output) = sync_channel(2);
            let (feed, turn) = (&feed, turn.clone());
            let work = move || Worker { place, decoder, feed, turn, made }.run();
            match thread::Builder::new().spawn_scoped(scope, work) {
                Ok(worker) => workers.push(worker),
                // Those that there are do the work.
                Err(_) if !workers.is_empty() => break,
                Err(error) => return Err(error),
            }
            outputs.push(output);
        }
        drop(turn);
        // The outputs are dropped before the workers are waited for: nobody is left sending to nobody.
        let result = collect(&turns, outputs, &mut each);
        join(workers);
        result
    })
}

/// Waits for the workers; the panic of one is that of the caller.
fn join(workers: Vec<ScopedJoinHandle<'_, ()>>) {
    let panics: Vec<_> = workers.into_iter().filter_map(|worker| worker.join().err()).collect();
    if let Some(panic) = panics.into_iter().next() {
        std::panic::resume_unwind(panic);
    }
}

/// One thread.
struct Worker<'a, R> {
    place: usize,
    decoder: &'a Decoder,
    feed: &'a Mutex<Feed<R>>,
    /// Takes the places of the workers in the order of their pieces.
    turn: Sender<usize>,
    made: SyncSender<Made>,
}

impl<R: Read> Worker<'_, R> {
    /// Decodes pieces until there are no more, or nobody takes what is made of them.
    fn run(self) {
        let Decoder { plan, limits, unknown_fields } = self.decoder;
        let mut batches = Batches::new(Piece::new(limits.piece), plan, *limits, *unknown_fields);
        while let Some(filled) = self.fill(&mut batches.source) {
            batches.restart();
            let n_bytes = match filled {
                Ok(Filled::Lines) => batches.source.len() as u64,
                Ok(Filled::Long(line)) => {
                    let n_bytes = line.len + u64::from(line.has_end);
                    batches.long_line(line);
                    n_bytes
                }
                Ok(Filled::End) => return,
                Err(error) => {
                    let _ = self.made.send(Made::Failed(error));
                    return;
                }
            };
            // A piece does not fail to be read.
            while let Ok(Some(decoded)) = batches.next() {
                if self.made.send(Made::Batch(decoded)).is_err() {
                    return;
                }
            }
            if self.made.send(Made::Done { n_bytes }).is_err() {
                return;
            }
        }
    }

    /// Reads the next piece; none when a reader has panicked or the caller has gone.
    fn fill(&self, piece: &mut Piece) -> Option<io::Result<Filled>> {
        let mut feed = self.feed.lock().ok()?;
        self.turn.send(self.place).ok()?;
        Some(feed.fill(piece, self.decoder.limits.piece))
    }
}

/// Takes the batches in the order of the pieces.
fn collect(
    turns: &Receiver<usize>,
    outputs: Vec<Receiver<Made>>,
    each: &mut impl FnMut(Decoded) -> ControlFlow<()>,
) -> io::Result<()> {
    let (mut n_lines, mut offset) = (0, 0);
    for output in turns.iter().filter_map(|place| outputs.get(place)) {
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
                // The worker met the end of the input, or panicked.
                Err(_) => return Ok(()),
            }
        }
    }
    Ok(())
}
