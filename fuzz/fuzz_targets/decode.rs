//! `cargo fuzz run decode` (needs nightly): arbitrary bytes through the decoder.

#![no_main]

#[path = "../property.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| property::check(bytes));
