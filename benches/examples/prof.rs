//! Profile.
use unified_event_benches::write::*;
use std::time::Instant;
fn main() {
    let which = std::env::args().nth(1).unwrap();
    let events = requests(16_384);
    let schema = own_schema();
    let mut b = batch();
    let mut all = vec![];
    for _ in 0..6 {
        let t = Instant::now();
        if which == "ours" { ours(&mut b, &events); } else { by_hand(&schema, &events); }
        all.push(t.elapsed().as_nanos() as u64 / 16_384);
    }
    all.sort(); println!("{which} {all:?}");
}
