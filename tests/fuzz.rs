//! The fuzz property on stable: the corpus and the fixtures as they are, and mutated for a bounded time.

use std::panic::catch_unwind;
use std::time::{Duration, Instant};

use unified_event::DoThingsRecord;
use unified_event_tests::{repository, text};

#[path = "../fuzz/property.rs"]
mod property;

/// The fixtures, and what the folder of the fuzz target holds.
fn corpus() -> Vec<Vec<u8>> {
    let mut corpus = vec![text("tests/events/valid/unified_events.ndjson").into_bytes()];
    let valid = text("tests/events/valid/unified_events.ndjson");
    corpus.extend(valid.lines().map(|line| line.as_bytes().to_vec()));
    for case in text("tests/events/invalid.ndjson").lines() {
        let case: serde_json::Value = serde_json::from_str(case).expect("JSON");
        corpus.push(case["event"].as_str().expect("text").as_bytes().to_vec());
    }
    let mut files: Vec<_> = std::fs::read_dir(repository("fuzz/corpus/decode")).expect("the corpus").collect();
    files.sort_by_key(|file| file.as_ref().map(std::fs::DirEntry::path).ok());
    for file in files {
        corpus.push(std::fs::read(file.expect("a file").path()).expect("a file"));
    }
    corpus
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn the_corpus_has_the_property() {
    corpus().iter().for_each(|bytes| property::check(bytes));
}

/// Of a small table, so that a test can afford every byte.
const GOOD: &str = r#"{"ns":"a","id":"b","type":"C","version":2,"timestamp":"2026-11-20T10:00:00Z"}"#;

/// Lines of every kind, and an end that lacks its line feed.
fn lines() -> Vec<u8> {
    let (spaces, long) = (" ".repeat(90), "x".repeat(300));
    let text = format!("\u{feff}{GOOD}\r\n{spaces}\n{long}\n{GOOD}\n{{\n\n{GOOD}\t\n{{\"id\":1}}\n{GOOD}");
    text.into_bytes()
}

#[test]
fn readers_may_end_fail_or_panic_at_any_byte() {
    let bytes = lines();
    for at in 0..=bytes.len() {
        let max_line = [GOOD.len(), GOOD.len() + 1, GOOD.len() + 4, GOOD.len() - 1, 8][at % 5];
        property::check_ways::<DoThingsRecord>(&bytes, max_line, [1, 5, 64, 1_000][at / 5 % 4], at);
    }
}

#[test]
fn lines_may_be_as_long_as_the_limit_says() {
    let bytes = lines();
    for max_line in (0..=GOOD.len() + 5).chain(299..=301) {
        property::check_ways::<DoThingsRecord>(&bytes, max_line, 1 + max_line % 90, bytes.len() - max_line % 3);
    }
}

#[test]
fn mutations_have_the_property() {
    let corpus = corpus();
    let mut random = Random(number("FUZZ_SEED", 1));
    let end = Instant::now() + Duration::from_secs(number("FUZZ_SECONDS", 5));
    let mut n = 0;
    while Instant::now() < end {
        let mut bytes = corpus[random.below(corpus.len())].clone();
        // Most mutations of a whole file are far apart: take a few lines.
        let n_mutations = 1 + random.below(6);
        for _ in 0..n_mutations {
            mutate(&mut bytes, &corpus, &mut random);
        }
        bytes.truncate(20_000);
        if catch_unwind(|| property::check(&bytes)).is_err() {
            panic!("after {n} inputs, with FUZZ_SEED={}: b\"{}\"", number("FUZZ_SEED", 1), bytes.escape_ascii());
        }
        n += 1;
    }
    assert!(n > 20, "only {n} inputs: the time is too short to mean anything");
}

/// What syntax, numbers and text are made of.
const TOKENS: [&[u8]; 36] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"\\u",
    b"\\ud83d\\ude00",
    b"\\udc00",
    b"null",
    b"true",
    b"false",
    b"-0",
    b"1e400",
    b"9223372036854775808",
    b"0.1",
    b"1e-7",
    b"\n",
    b"\r\n",
    b" ",
    b"\t",
    b"\xFF",
    b"\xC3\xA9",
    b"\xF0\x9F\x98\x80",
    b"\0",
    b"\"id\":",
    b"\"data\":{}",
    b"\"event_type\":\"log\"",
    b"2026-02-29T24:00:60Z",
    b"\xEF\xBB\xBF",
    b"[[[[[[[[[[[[[[[[",
    b"\"timestamp\":null",
    b"\"day\":1",
    b"123456789012345678901234567890",
];

fn mutate(bytes: &mut Vec<u8>, corpus: &[Vec<u8>], random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    let end = (at + random.below(24)).min(bytes.len());
    match random.below(8) {
        0 => drop(bytes.drain(at..end)),
        1 => {
            let token = TOKENS[random.below(TOKENS.len())];
            bytes.splice(at..at, token.iter().copied());
        }
        2 => {
            let token = TOKENS[random.below(TOKENS.len())];
            bytes.splice(at..end, token.iter().copied());
        }
        3 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
        4 => {
            let piece = bytes[at..end].to_vec();
            let to = random.below(bytes.len() + 1);
            bytes.splice(to..to, piece);
        }
        5 => {
            let other = &corpus[random.below(corpus.len())];
            let from = random.below(other.len() + 1);
            let piece = other[from..(from + random.below(200)).min(other.len())].to_vec();
            bytes.splice(at..at, piece);
        }
        6 => {
            let run = [b'\n', b' ', b'"', b'{', b'[', b'\\', b'0', b'x', b'\r', b'\0', 0xFF][random.below(11)];
            let n = 8 + random.below(57);
            bytes.splice(at..at, std::iter::repeat_n(run, n));
        }
        _ => bytes.truncate(at),
    }
}

/// A linear congruence: the same inputs for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}
