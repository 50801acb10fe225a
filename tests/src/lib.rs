//! Helpers of the tests: the repository's files and definitions made from fixtures.

pub mod evolution;
pub mod witnesses;

use std::path::{Path, PathBuf};

use unified_event_schema::{LoadError, Schema, SourceSet};

/// Returns a path below the root of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the root").join(path)
}

/// Returns the text of a file of the repository.
pub fn text(path: &str) -> String {
    let path = repository(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Returns the definition of the repository, read from its folder.
pub fn real_schema() -> Schema {
    Schema::from_dir(&repository("schema")).unwrap_or_else(|e| panic!("{}", e.render(false)))
}

/// Returns the small definition of the fixtures.
pub fn tiny_schema() -> Schema {
    tiny(&[]).unwrap_or_else(|e| panic!("{}", e.render(false)))
}

/// A change to one file of a definition.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The file below the folder of the definition.
    pub file: String,
    /// The text to replace, which must be there once; empty to append.
    pub old: String,
    /// The text to put there.
    pub new: String,
}

/// Loads the small definition with some edits.
pub fn tiny(edits: &[Edit]) -> Result<Schema, LoadError> {
    edited("tests/fixtures/tiny", "tiny", edits)
}

/// Loads a definition of the repository with some edits; messages call it `label`.
pub fn edited(folder: &str, label: &str, edits: &[Edit]) -> Result<Schema, LoadError> {
    Schema::load(&edited_sources(folder, label, edits))
}

/// Returns the files of a definition of the repository with some edits.
pub fn edited_sources(folder: &str, label: &str, edits: &[Edit]) -> SourceSet {
    let sources = SourceSet::from_dir(&repository(folder)).expect("a definition");
    let mut files: Vec<(String, String)> = sources.files().iter().map(|f| (f.name.clone(), f.text.clone())).collect();
    for edit in edits {
        let Some((_, text)) = files.iter_mut().find(|(name, _)| *name == edit.file) else {
            files.push((edit.file.clone(), edit.new.clone()));
            continue;
        };
        if edit.old.is_empty() {
            text.push_str(&edit.new);
        } else {
            assert_eq!(text.matches(&edit.old).count(), 1, "`{}` in {}", edit.old, edit.file);
            *text = text.replace(&edit.old, &edit.new);
        }
    }
    // A file that is edited to nothing is not there.
    files.retain(|(_, text)| !text.is_empty());
    SourceSet::from_texts(label, files)
}

/// Returns the files of a definition without some columns, each of which must be there once.
pub fn without_columns(sources: &SourceSet, label: &str, names: &[&str]) -> SourceSet {
    let mut n_found = 0;
    let mut cut = |text: &str| {
        let (mut kept, mut is_dropped) = (String::new(), false);
        for line in text.lines() {
            if let Some(header) = line.strip_prefix("[column.") {
                let name = header.split(['.', ']']).next().unwrap_or_default();
                is_dropped = names.contains(&name);
                n_found += usize::from(is_dropped && header == format!("{name}]"));
            } else if line.starts_with('[') {
                is_dropped = false;
            }
            if !is_dropped {
                kept.push_str(line);
                kept.push('\n');
            }
        }
        kept
    };
    let files: Vec<(String, String)> = sources.files().iter().map(|f| (f.name.clone(), cut(&f.text))).collect();
    assert_eq!(n_found, names.len(), "{names:?}");
    SourceSet::from_texts(label, files)
}

/// The examples of the root README, which compile with the tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
