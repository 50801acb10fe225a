//! Files, standard input, what is compressed, and how far the reading has come.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, ErrorKind, Read, Result, Write, stderr, stdin};
use std::time::{Duration, Instant};

use flate2::bufread::GzDecoder;

use crate::cli::terminal::shows_progress;

/// Opens a file, or standard input for `-`, and looks at its first bytes for its compression.
pub(super) fn open(path: &str) -> Result<Box<dyn Read + Send>> {
    let (reader, total): (Box<dyn Read + Send>, Option<u64>) = if path == "-" {
        (Box::new(stdin()), None)
    } else {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        (Box::new(file), metadata.is_file().then_some(metadata.len()))
    };
    uncompressed(Progress::new(reader, path, total))
}

/// Returns what the first bytes say that there is to read: gzip, zstd or text.
fn uncompressed(mut reader: impl Read + Send + 'static) -> Result<Box<dyn Read + Send>> {
    let magic = first_bytes(&mut reader)?;
    let (is_gzip, is_zstd) = (magic.starts_with(&[0x1F, 0x8B]), is_zstd(&magic));
    let all = Cursor::new(magic).chain(reader);
    Ok(match () {
        () if is_gzip => Box::new(Gzip(Some(GzDecoder::new(BufReader::with_capacity(128 << 10, all))))),
        () if is_zstd => Box::new(zstd::stream::read::Decoder::new(all)?),
        () => Box::new(all),
    })
}

/// Returns the first four bytes, or fewer where there are no more; a pipe may yield them one by one.
///
/// What the reader says after that is what it says to the next one who asks, errors too.
fn first_bytes(reader: &mut impl Read) -> Result<Vec<u8>> {
    let (mut bytes, mut n) = ([0; 4], 0);
    while let Some(room) = bytes.get_mut(n..).filter(|room| !room.is_empty()) {
        match reader.read(room) {
            Ok(0) => break,
            Ok(more) => n += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(bytes.get(..n).unwrap_or_default().to_vec())
}

/// Returns true if a frame of zstd starts here: one with data, or one that readers skip.
fn is_zstd(magic: &[u8]) -> bool {
    matches!(magic, [0x28, 0xB5, 0x2F, 0xFD] | [0x50..=0x5F, 0x2A, 0x4D, 0x18])
}

/// Reads one member of gzip after another. Zeros behind a member are none: tapes and blocks are filled up
/// with them, and `gzip` passes over them too.
struct Gzip<R>(Option<GzDecoder<R>>);

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        while let Some(member) = self.0.as_mut().filter(|_| !out.is_empty()) {
            let n = member.read(out)?;
            if n > 0 {
                return Ok(n);
            }
            if skip_zeros(member.get_mut())? {
                self.0 = None;
            }
            self.0 = self.0.take().map(|member| GzDecoder::new(member.into_inner()));
        }
        Ok(0)
    }
}

/// Passes over zeros, and returns true if there is nothing behind them.
fn skip_zeros(reader: &mut impl BufRead) -> Result<bool> {
    loop {
        let bytes = reader.fill_buf()?;
        let n = bytes.iter().take_while(|byte| **byte == 0).count();
        let (is_end, is_other) = (bytes.is_empty(), n < bytes.len());
        reader.consume(n);
        if is_end || is_other {
            return Ok(is_end);
        }
    }
}

/// Counts what is read and says so, on a terminal only.
struct Progress<R> {
    reader: R,
    name: String,
    total: Option<u64>,
    n_bytes: u64,
    said: Option<Instant>,
    is_shown: bool,
}

/// How often it says so.
const EVERY: Duration = Duration::from_millis(200);

impl<R> Progress<R> {
    fn new(reader: R, name: &str, total: Option<u64>) -> Self {
        let said = shows_progress().then(Instant::now);
        Self { reader, name: name.to_owned(), total, n_bytes: 0, said, is_shown: false }
    }

    fn say(&mut self) {
        let done = self.n_bytes as f64 / 1e6;
        let text = match self.total.filter(|total| *total > 0) {
            Some(total) => {
                let share = (self.n_bytes as f64 / total as f64).min(1.0);
                let n = (share * 30.0) as usize;
                let bar = "█".repeat(n) + &"░".repeat(30 - n);
                format!("\r{bar} {:3.0} % of {:.1} MB  {}\x1B[K", share * 100.0, total as f64 / 1e6, self.name)
            }
            None => format!("\r{done:.1} MB  {}\x1B[K", self.name),
        };
        let _ = stderr().write_all(text.as_bytes());
        self.is_shown = true;
    }
}

impl<R: Read> Read for Progress<R> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        let n = self.reader.read(out)?;
        self.n_bytes += n as u64;
        if self.said.is_some_and(|said| said.elapsed() >= EVERY) {
            self.said = Some(Instant::now());
            self.say();
        }
        Ok(n)
    }
}

impl<R> Drop for Progress<R> {
    fn drop(&mut self) {
        if self.is_shown {
            let _ = stderr().write_all(b"\r\x1B[K");
        }
    }
}
