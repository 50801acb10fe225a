//! The one place that writes files.
//!
//! All files of a run are staged beside their targets before the first one is renamed, so that a
//! full disk or a read-only folder leaves the output as it was. A manifest names what the last run
//! wrote: a file of ours that no target yields any more is removed, a file of anybody else is
//! reported and left alone. What a killed run staged is neither: the next run takes it away.

mod staging;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::{Artifact, head_note};

pub use staging::write_all;

/// The list of the files that the last run wrote.
const MANIFEST: &str = ".manifest";
/// Folders that tools make below the output folder; version control ignores them.
const IGNORED: [&str; 3] = ["node_modules", "dist", "target"];

/// What a run does with differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Writes them.
    Write,
    /// Reports them with a diff, as a failure.
    Check,
    /// Reports them.
    DryRun,
}

/// What is different about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// A target yields it and it is not there.
    Missing,
    /// It is there with other contents.
    Stale,
    /// We wrote it, and no target yields it any more.
    Obsolete,
    /// It is in the output folder and not ours.
    Orphan,
}

impl Change {
    /// Returns the word for reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Obsolete => "obsolete",
            Self::Orphan => "orphan",
        }
    }
}

/// One difference between the output folder and what the targets yield.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What is different.
    pub change: Change,
    /// The path below the output folder.
    pub path: String,
    /// What is there, where it is text.
    pub old: Option<String>,
    /// What the target yields, where it is text.
    pub new: Option<String>,
}

/// The outcome of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// All differences, by path.
    pub differences: Vec<Difference>,
    /// How many files were as they should be.
    pub unchanged: usize,
}

/// The output folder could not be read or written.
#[derive(Debug)]
pub struct WriteError {
    /// The file or folder.
    pub path: PathBuf,
    /// What was tried.
    pub action: &'static str,
    /// Why it failed.
    pub error: io::Error,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} `{}`: {}", self.action, self.path.display(), self.error)
    }
}

impl std::error::Error for WriteError {}

/// Compares the artefacts with the output folder and, in [`Mode::Write`], makes it equal.
///
/// With `complete` the artefacts are those of all targets, so that obsolete and orphan files can be
/// told; without, only the given artefacts are looked at.
///
/// # Errors
///
/// When the folder cannot be read or the files cannot be staged; then nothing in it has changed.
pub fn run(out: &Path, artifacts: &[Artifact], complete: bool, mode: Mode) -> Result<Report, WriteError> {
    let turn = match mode {
        Mode::Write => {
            std::fs::create_dir_all(out).map_err(fault(out, "create"))?;
            Some(staging::Turn::wait(out))
        }
        Mode::Check | Mode::DryRun => None,
    };
    let manifest = complete.then(|| manifest(artifacts));
    let wanted: BTreeMap<&str, &[u8]> =
        artifacts.iter().chain(&manifest).map(|a| (a.path.as_str(), a.contents.as_slice())).collect();
    let mut report = Report::default();
    let mut stale: Vec<(&str, &[u8])> = Vec::new();
    for (path, contents) in &wanted {
        let old = read(&out.join(path))?;
        if old.as_deref() == Some(*contents) {
            report.unchanged += 1;
            continue;
        }
        stale.push((path, contents));
        report.differences.push(Difference {
            change: if old.is_some() { Change::Stale } else { Change::Missing },
            path: (*path).to_owned(),
            old: old.and_then(|o| String::from_utf8(o).ok()),
            new: String::from_utf8(contents.to_vec()).ok(),
        });
    }
    let ours = read_manifest(out)?;
    let is_left_over = |path: &String| {
        staging::target_of(path).is_some_and(|target| wanted.contains_key(target.as_str()) || ours.contains(&target))
    };
    let (left_over, found): (BTreeSet<String>, BTreeSet<String>) =
        files_below(out)?.into_iter().partition(is_left_over);
    let mut obsolete = Vec::new();
    if complete {
        for path in found.iter().filter(|path| !wanted.contains_key(path.as_str())) {
            let change = if ours.contains(path) { Change::Obsolete } else { Change::Orphan };
            if change == Change::Obsolete {
                obsolete.push(path.clone());
            }
            report.differences.push(Difference { change, path: path.clone(), old: None, new: None });
        }
    }
    report.differences.sort_by(|a, b| a.path.cmp(&b.path));
    if let Some(turn) = turn {
        let files: Vec<(PathBuf, &[u8])> = stale.iter().map(|(path, contents)| (out.join(path), *contents)).collect();
        staging::write_in_turn(&files)?;
        let left_over = left_over.into_iter().filter(|_| turn.is_alone());
        for path in obsolete.into_iter().chain(left_over).map(|path| out.join(path)) {
            staging::remove(&path)?;
            remove_empty_folders(out, &path);
        }
    }
    Ok(report)
}

fn fault<'a>(path: &'a Path, action: &'static str) -> impl FnOnce(io::Error) -> WriteError + 'a {
    move |error| WriteError { path: path.to_owned(), action, error }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, WriteError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        // A file where a folder should be reads as absent; staging will report it.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(fault(path, "read")(error)),
    }
}

fn manifest(artifacts: &[Artifact]) -> Artifact {
    let paths: BTreeSet<&str> = artifacts.iter().map(|a| a.path.as_str()).collect();
    let lines: Vec<&str> = paths.into_iter().collect();
    Artifact::text(MANIFEST, format!("{}{}\n", head_note("#"), lines.join("\n")))
}

fn read_manifest(out: &Path) -> Result<BTreeSet<String>, WriteError> {
    let bytes = read(&out.join(MANIFEST))?.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(str::to_owned).collect())
}

/// Returns the paths of all files below a folder, but for those in ignored folders.
fn files_below(root: &Path) -> Result<BTreeSet<String>, WriteError> {
    let mut found = BTreeSet::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let path = root.join(&folder);
        let entries = match std::fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(fault(&path, "read")(error)),
        };
        for entry in entries {
            let entry = entry.map_err(fault(&path, "read"))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type().map_err(fault(&path, "read"))?;
            if !kind.is_dir() {
                found.insert(slashed(&folder.join(name)));
            } else if !IGNORED.contains(&name.as_str()) {
                folders.push(folder.join(name));
            }
        }
    }
    Ok(found)
}

fn slashed(path: &Path) -> String {
    path.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn remove_empty_folders(out: &Path, file: &Path) {
    for folder in file.ancestors().skip(1).take_while(|f| *f != out) {
        // Fails on the first folder that still holds something, which ends the walk.
        if std::fs::remove_dir(folder).is_err() {
            return;
        }
    }
}
