//! Streams a gigabyte that is made on the fly and reports the peak of the resident memory.
//!
//! `memory [BYTES [THREADS]]`: with threads, the decoder's own.

use std::io::Read;

use unified_event_benches::generate::Generator;
use unified_event_benches::read;

/// Makes events as they are read.
struct Stream {
    generator: Generator,
    line: String,
    at: usize,
    left: usize,
}

impl Read for Stream {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.line.len() {
            if self.left == 0 {
                return Ok(0);
            }
            self.line.clear();
            self.generator.event(&mut self.line);
            self.at = 0;
            self.left = self.left.saturating_sub(self.line.len());
        }
        let n = out.len().min(self.line.len() - self.at);
        out[..n].copy_from_slice(&self.line.as_bytes()[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

fn main() {
    let n_bytes: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000_000);
    let stream = Stream { generator: Generator::new(), line: String::new(), at: 0, left: n_bytes };
    let n_threads: usize = std::env::args().nth(2).and_then(|n| n.parse().ok()).unwrap_or(1);
    let decoder = read::decoder();
    let n_rows = if n_threads > 1 {
        read::ours_parallel(&decoder, stream, n_threads)
    } else {
        read::ours_streamed(&decoder, stream)
    };
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown").trim();
    println!("{n_bytes} bytes, {n_rows} rows, peak resident memory {peak}");
}
