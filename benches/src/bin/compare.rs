//! Measures everyone on the same events in the same run and prints the tables of BENCHMARKS.md.
//!
//! `compare [ROUNDS [NAME]]`: with names, NAME|NAME, only those that start so, to look at a profile.

use unified_event_benches::generate::{N_EVENTS, ndjson};
use unified_event_benches::measure::{Contender, Times, run};
use unified_event_benches::{read, write};

fn main() {
    let n_rounds = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(9);
    let text = ndjson(N_EVENTS);
    let lines = read::lines(text.as_bytes());
    println!("{N_EVENTS} events, {} bytes an event, {n_rounds} rounds\n", text.len() / N_EVENTS);
    reading(&text, &lines, n_rounds);
    drop(text);
    writing(n_rounds);
}

fn reading(text: &str, lines: &[std::ops::Range<usize>], n_rounds: usize) {
    let bytes = text.as_bytes();
    let (decoder, wider, schema) = (read::decoder(), read::wider_decoder(), read::plain_schema());
    let mut buffers = simd_json::Buffers::new(2_048);
    let mut contenders = vec![
        Contender::new("ours", || read::ours(&decoder, bytes)),
        Contender::new("ours, from a reader", || read::ours_streamed(&decoder, bytes)),
        Contender::new("ours, 175 columns more", || read::ours(&wider, bytes)),
        Contender::prepared(
            "simd-json, tape only",
            || bytes.to_vec(),
            |bytes| read::simd_json_tape(lines, bytes, &mut buffers),
        ),
        Contender::new("arrow-json, without json columns", || read::arrow_json(&schema, bytes)),
        Contender::new("serde_json, value trees only", || read::serde_json_value(bytes)),
    ];
    table("NDJSON → RecordBatch", &mut contenders, n_rounds, Some(text.len()));
    let mut contenders = vec![
        Contender::on_the_clock("ours, from a reader", || read::ours_streamed(&decoder, bytes)),
        Contender::on_the_clock("ours, two threads", || read::ours_parallel(&decoder, bytes, 2)),
    ];
    table("The same, time on the clock", &mut contenders, n_rounds, Some(text.len()));
}

fn writing(n_rounds: usize) {
    let events = write::requests(N_EVENTS);
    let for_serde: Vec<_> = events.iter().map(write::Request::for_serde).collect();
    let (fields, schema, mut batch) = (write::fields(), write::own_schema(), write::batch());
    let mut contenders = vec![
        Contender::new("ours, derived", || write::ours(&mut batch, &events)),
        Contender::new("by hand, its own 28 columns only", || write::by_hand(&schema, &events)),
        Contender::new("serde_arrow", || write::serde_arrow(&fields, &for_serde)),
    ];
    table("Struct of 25 fields → RecordBatch", &mut contenders, n_rounds, None);
}

/// Runs the rounds and prints the times; every ratio is the median of those of the rounds.
fn table(title: &str, contenders: &mut Vec<Contender<'_>>, n_rounds: usize, n_bytes: Option<usize>) {
    if let Some(name) = std::env::args().nth(2) {
        contenders.retain(|contender| name.split('|').any(|name| contender.name.starts_with(name)));
    }
    let times: Vec<Times> = run(contenders, N_EVENTS, n_rounds);
    println!("### {title}\n\n| what | ns an event | spread | MB/s | ours is faster by |\n|---|---|---|---|---|");
    for one in &times {
        let (low, high) = one.spread();
        let rate =
            n_bytes.map_or(String::new(), |n| format!("{:.0}", n as f64 / (one.median() * N_EVENTS as f64) * 1_000.0));
        println!(
            "| {} | {:.0} | {low:.0}–{high:.0} | {rate} | {:.2} × |",
            one.name,
            one.median(),
            times[0].faster_than(one)
        );
    }
    println!();
}
