//! Lays out the witnesses of all cases for the tests that are not in Rust.
//!
//! `cargo run -p unified-event-tests --bin witnesses -- FOLDER` writes `FOLDER/witnesses.json`, and the npm
//! packages of both versions of every case where programs in `FOLDER/<case>/<old|new>/` find them.

use std::path::{Path, PathBuf};

use unified_event_codegen::target::typescript;
use unified_event_guard::WitnessKind;
use unified_event_tests::evolution::load;
use unified_event_tests::witnesses::exhibits;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("a folder to write to"));
    let exhibits = exhibits();
    let concerned = [WitnessKind::TypeScript, WitnessKind::RefusedEvent, WitnessKind::UnreadableEvent];
    let mut cases: Vec<&str> =
        exhibits.iter().filter(|e| concerned.contains(&e.kind)).map(|e| e.case.as_str()).collect();
    cases.dedup();
    for case in cases {
        for side in ["old", "new"] {
            for artifact in typescript::emit(&load(case, side)) {
                let name = artifact.path.strip_prefix("typescript/").expect("the folder of the package");
                let package = folder.join(case).join(side).join("node_modules/unified-event");
                write(&package.join(name), &artifact.contents);
            }
        }
    }
    write(&folder.join("witnesses.json"), serde_json::to_string_pretty(&exhibits).expect("JSON").as_bytes());
}

fn write(path: &Path, contents: &[u8]) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, contents).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}
