//! The same measurements for criterion: its statistics, its comparison with the last run.

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use unified_event_benches::{generate, read};

fn reading(c: &mut Criterion) {
    let text = generate::ndjson(20_000);
    let (decoder, schema) = (read::decoder(), read::plain_schema());
    let mut group = c.benchmark_group("ndjson to record batch");
    group.sample_size(20).measurement_time(Duration::from_secs(3)).throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("ours", |b| b.iter(|| read::ours(&decoder, text.as_bytes())));
    group.bench_function("arrow-json", |b| b.iter(|| read::arrow_json(&schema, text.as_bytes())));
    let lines = read::lines(text.as_bytes());
    let mut buffers = simd_json::Buffers::new(2_048);
    group.bench_function("simd-json tape", |b| {
        b.iter_batched_ref(
            || text.clone().into_bytes(),
            |bytes| read::simd_json_tape(&lines, bytes, &mut buffers),
            criterion::BatchSize::LargeInput,
        );
    });
}

criterion_group!(benches, reading);
criterion_main!(benches);
