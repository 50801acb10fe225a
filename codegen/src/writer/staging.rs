//! Staged files: written beside their places, renamed together, and taken away after runs that were killed.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::{WriteError, fault};

/// The right to write below a folder, which one run has at a time.
///
/// The operating system ends it with the process, however that ends, so that nothing is left to clean up.
pub(super) struct Turn(Option<File>);

impl Turn {
    /// Waits until no other run writes below a folder.
    pub fn wait(root: &Path) -> Self {
        Self(File::open(root).ok().filter(|folder| folder.lock().is_ok()))
    }

    /// Returns true if no other run writes now; false where a folder cannot be locked, as on some network drives.
    pub fn is_alone(&self) -> bool {
        self.0.is_some()
    }
}

/// Returns the name under which a file is staged.
fn temporary_name(name: &str) -> String {
    format!(".{name}.{}.tmp", std::process::id())
}

/// Returns the path of the file for which one of this name was staged, by whatever run.
pub(super) fn target_of(path: &str) -> Option<String> {
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let (target, process) = name.strip_prefix('.')?.strip_suffix(".tmp")?.rsplit_once('.')?;
    let is_process = !process.is_empty() && process.bytes().all(|b| b.is_ascii_digit());
    let slash = if folder.is_empty() { "" } else { "/" };
    is_process.then(|| format!("{folder}{slash}{target}"))
}

/// Writes files below a folder, and takes away what killed runs staged for the same ones.
///
/// Each file is staged beside its place before the first one is renamed.
///
/// # Errors
///
/// When a file cannot be staged: then no file has changed. A rename that fails after that, as on a
/// disk that breaks meanwhile, leaves the files before it renamed.
pub fn write_all(root: &Path, files: &[(PathBuf, &[u8])]) -> Result<(), WriteError> {
    let turn = Turn::wait(root);
    write_in_turn(files)?;
    if turn.is_alone() {
        let targets: BTreeSet<&Path> = files.iter().map(|(target, _)| target.as_path()).collect();
        for folder in targets.iter().map(|t| folder_of(t)).collect::<BTreeSet<_>>() {
            for entry in std::fs::read_dir(folder).map_err(fault(folder, "read"))? {
                let entry = entry.map_err(fault(folder, "read"))?;
                let target = target_of(&entry.file_name().to_string_lossy()).map(|name| folder.join(name));
                if target.is_some_and(|t| targets.contains(t.as_path())) {
                    remove(&entry.path())?;
                }
            }
        }
    }
    Ok(())
}

/// Removes a file that may be gone already.
pub(super) fn remove(path: &Path) -> Result<(), WriteError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(fault(path, "remove")(error)),
        _ => Ok(()),
    }
}

/// Writes files for a run that has its turn.
pub(super) fn write_in_turn(files: &[(PathBuf, &[u8])]) -> Result<(), WriteError> {
    let mut staged: Vec<(PathBuf, &PathBuf)> = Vec::new();
    let result = stage(files, &mut staged).and_then(|()| {
        for (temporary, target) in &staged {
            std::fs::rename(temporary, target).map_err(fault(target, "write"))?;
        }
        Ok(())
    });
    if result.is_err() {
        for (temporary, _) in &staged {
            // What is left over is only ours; the fault that matters is the one above.
            let _ = std::fs::remove_file(temporary);
        }
    }
    result
}

fn stage<'a>(files: &'a [(PathBuf, &[u8])], staged: &mut Vec<(PathBuf, &'a PathBuf)>) -> Result<(), WriteError> {
    let mut created: BTreeSet<&Path> = BTreeSet::new();
    for (target, contents) in files {
        let folder = folder_of(target);
        if created.insert(folder) {
            std::fs::create_dir_all(folder).map_err(fault(folder, "create"))?;
        }
        let temporary = folder.join(temporary_name(&target.file_name().unwrap_or_default().to_string_lossy()));
        staged.push((temporary.clone(), target));
        std::fs::write(&temporary, contents).map_err(fault(target, "write"))?;
    }
    Ok(())
}

/// A bare file name has an empty parent, which stands for the current folder.
fn folder_of(target: &Path) -> &Path {
    target.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
