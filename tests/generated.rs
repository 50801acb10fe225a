//! Freshness: `generated/` is what the definition says, file by file.

use unified_event_codegen::target::emit_all;
use unified_event_codegen::writer::{self, Mode};
use unified_event_tests::{real_schema, repository};

#[test]
fn the_generated_files_are_current() {
    let report = writer::run(&repository("generated"), &emit_all(&real_schema()), true, Mode::Check).expect("a report");
    let different: Vec<String> = report.differences.iter().map(|d| format!("{} {}", d.change.name(), d.path)).collect();
    assert!(different.is_empty(), "run `cargo run codegen`: {different:#?}");
    assert!(report.unchanged > 50, "a check of nothing proves nothing");
}
