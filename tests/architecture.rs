//! The arrows between crates are those of ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// What each crate depends on within the workspace, as libraries and in build scripts.
const ARROWS: &[(&str, &[&str])] = &[
    ("unified-event-types", &[]),
    ("unified-event-schema", &["unified-event-types"]),
    ("unified-event-guard", &["unified-event-schema"]),
    ("unified-event-runtime", &["unified-event-types"]),
    ("unified-event-macros", &["unified-event-schema"]),
    ("unified-event", &["unified-event-macros", "unified-event-runtime"]),
    ("unified-event-codegen", &["unified-event-guard", "unified-event-runtime", "unified-event-schema"]),
];

/// Crates of tests and benches: they may use everything, and are in no list above.
const LEAVES: &[&str] = &["unified-event-tests", "unified-event-engines", "unified-event-benches"];

#[test]
fn crates_depend_on_each_other_as_the_architecture_says() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let arguments = ["metadata", "--no-deps", "--format-version", "1", "--manifest-path", manifest];
    let output = Command::new(cargo).args(arguments).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");

    let packages = metadata["packages"].as_array().expect("packages");
    let name = |package: &serde_json::Value| package["name"].as_str().expect("a name").to_owned();
    let members: BTreeSet<String> = packages.iter().map(name).collect();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages {
        let dependencies = package["dependencies"].as_array().expect("dependencies");
        // Examples in documentation may look at everything.
        let of_users = dependencies.iter().filter(|d| d["kind"] != "dev").map(name);
        found.insert(name(package), of_users.filter(|d| members.contains(d)).collect());
    }

    let (leaves, found): (Vec<_>, Vec<_>) = found.into_iter().partition(|(by, _)| LEAVES.contains(&by.as_str()));
    assert_eq!(leaves.len(), LEAVES.len(), "a crate of tests is gone, or has another name");
    let found: BTreeMap<String, BTreeSet<String>> = found.into_iter().collect();
    let expected: BTreeMap<String, BTreeSet<String>> =
        ARROWS.iter().map(|(by, on)| ((*by).to_owned(), on.iter().map(|on| (*on).to_owned()).collect())).collect();
    assert_eq!(found, expected);
}
