//! Every target on the small definition: one snapshot a file.

use unified_event_codegen::target::{TARGETS, emit_all};
use unified_event_tests::{real_schema, tiny_schema};

#[test]
fn targets_on_the_small_definition() {
    let schema = tiny_schema();
    for target in TARGETS {
        let artifacts = (target.emit)(&schema);
        assert!(!artifacts.is_empty(), "target `{}` yields nothing", target.name);
        let mut out = String::new();
        for artifact in artifacts {
            let text = String::from_utf8(artifact.contents.clone()).unwrap_or_else(|_| describe(&artifact.contents));
            out.push_str(&format!("=== {}\n{text}", artifact.path));
        }
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(target.name, out) });
    }
}

/// Bytes are shown as what a reader gets from them.
fn describe(bytes: &[u8]) -> String {
    let reader = arrow_ipc::reader::StreamReader::try_new(bytes, None).expect("an IPC stream");
    let mut out = String::new();
    for field in reader.schema().fields() {
        let mut metadata: Vec<String> = field.metadata().iter().map(|(k, v)| format!("{k}={v:?}")).collect();
        metadata.sort();
        let null = if field.is_nullable() { "" } else { " not null" };
        out.push_str(&format!("{} {}{null} {}\n", field.name(), field.data_type(), metadata.join(" ")));
    }
    out
}

#[test]
fn targets_are_pure() {
    let schema = real_schema();
    assert_eq!(emit_all(&schema), emit_all(&schema.clone()));
}

#[test]
fn no_two_targets_yield_the_same_file() {
    let mut paths: Vec<String> = emit_all(&real_schema()).into_iter().map(|a| a.path).collect();
    let n = paths.len();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), n);
}

#[test]
fn every_file_belongs_to_its_target_and_is_marked() {
    let schema = real_schema();
    for target in TARGETS {
        for artifact in (target.emit)(&schema) {
            assert!(artifact.path.starts_with(target.owns), "{}: {}", target.name, artifact.path);
            let Ok(text) = String::from_utf8(artifact.contents) else { continue };
            assert!(text.ends_with('\n') && !text.contains('\r'), "{}: one newline at the end", artifact.path);
            // JSON has no comments, and strict readers take no extra keys.
            if !artifact.path.ends_with(".json") {
                assert!(text.lines().take(3).any(|l| l.contains("@generated")), "{}: no head-note", artifact.path);
            }
        }
    }
}
