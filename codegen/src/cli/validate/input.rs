//! Files, standard input, what is compressed, and how far the reading has come.

use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Read, Result, Write, stderr, stdin};
use std::time::{Duration, Instant};

/// Opens a file, or standard input for `-`, and looks at its first bytes for its compression.
pub(super) fn open(path: &str) -> Result<Box<dyn Read + Send>> {
    let (reader, total): (Box<dyn Read + Send>, Option<u64>) = if path == "-" {
        (Box::new(stdin()), None)
    } else {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(std::io::ErrorKind::IsADirectory.into());
        }
        (Box::new(file), metadata.is_file().then_some(metadata.len()))
    };
    let mut reader = BufReader::with_capacity(128 << 10, Progress::new(reader, path, total));
    // The bytes stay in the buffer.
    let magic = reader.fill_buf()?;
    if magic.starts_with(&[0x1F, 0x8B]) {
        Ok(Box::new(flate2::bufread::MultiGzDecoder::new(reader)))
    } else if magic.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
        Ok(Box::new(zstd::stream::read::Decoder::with_buffer(reader)?))
    } else {
        Ok(Box::new(reader))
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
        let said = stderr().is_terminal().then(Instant::now);
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
