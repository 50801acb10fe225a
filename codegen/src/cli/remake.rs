//! `unified-event release --remake-lock`: the lock written anew, after a merge or an accident.
//!
//! Where the own history is whole, the lock is made again from the frozen models. Where it is not, as
//! with a merge conflict in it, the releases of the base branch stand: what this branch had released
//! beyond them is released anew, because two branches cannot both have made the same release.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use unified_event_guard::lock::{Frozen, Lock};
use unified_event_guard::released;

use super::git::Repository;
use super::project::{LOCK, RELEASED, names_in, read, shown};
use super::{Failure, place, say, table_file};
use crate::writer;

/// A lock and the frozen models that belong to it, by the number of the release.
struct Releases {
    lock: Lock,
    models: Vec<(u32, String)>,
}

impl Releases {
    /// Reads a lock and its models; nothing where one of them is not whole.
    fn read(text: &str, model: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let lock = Lock::parse(LOCK, text).ok()?;
        let (mut models, mut frozen) = (Vec::new(), Frozen::new());
        for release in &lock.releases {
            let name = file(release.number);
            let text = model(&name)?;
            frozen.insert(release.number, released::identities(&name, &text, release, LOCK).ok()?);
            models.push((release.number, text));
        }
        let lock = lock.replayed(&frozen, lock.newest_release());
        Some(Self { lock, models })
    }

    /// Returns true if these releases begin with others.
    fn continues(&self, other: &Self) -> bool {
        let hashes =
            |r: &Self| -> Vec<(u32, String)> { r.lock.releases.iter().map(|r| (r.number, r.sha256.clone())).collect() };
        hashes(self).starts_with(&hashes(other))
    }
}

fn file(release: u32) -> String {
    format!("{RELEASED}/v{release}.json")
}

/// Writes the lock anew, and the frozen models where those of the base branch stand.
pub(super) fn remake(folder: Option<&Path>, base: Option<&str>, dry_run: bool) -> Result<(), Failure> {
    let dir = folder.map_or_else(place::schema_folder, |folder| Ok(folder.to_owned()))?;
    let text = read(&dir.join(LOCK))?.unwrap_or_default();
    let own = Releases::read(&text, |name| std::fs::read_to_string(dir.join(name)).ok());
    let git = Repository::around(&dir);
    let theirs = git.as_ref().map(|git| of_base(git, base)).transpose()?.flatten();
    let (releases, from, is_own) = match (own, theirs) {
        (Some(own), None) => (own, "the frozen models".to_owned(), true),
        (Some(own), Some((theirs, _))) if own.continues(&theirs) => (own, "the frozen models".to_owned(), true),
        (_, Some((theirs, label))) => (theirs, label, false),
        (None, None) => {
            let help = "take both from version control, as one branch has them, and run `unified-event release`";
            return Err(Failure::definition(format!(
                "neither `{}` nor the base branch has a whole history\n  help: {help}",
                shown(&dir, LOCK)
            )));
        }
    };
    let versions = if is_own { Vec::new() } else { versions(&dir, &releases.lock)? };
    let mut files: Vec<(PathBuf, &[u8])> =
        releases.models.iter().map(|(number, text)| (dir.join(file(*number)), text.as_bytes())).collect();
    files.extend(versions.iter().map(|table| (dir.join(&table.file), table.text.as_bytes())));
    let lock = releases.lock.to_string();
    files.push((dir.join(LOCK), lock.as_bytes()));
    let kept: Vec<String> = releases.models.iter().map(|(number, _)| format!("v{number}.json")).collect();
    let gone: Vec<String> =
        names_in(&dir.join(RELEASED))?.into_iter().filter(|n| n.ends_with(".json") && !kept.contains(n)).collect();
    let word = if dry_run { "would remake" } else { "remade" };
    say(&format!("{word} {} from {from}\n", shown(&dir, LOCK)));
    for table in &versions {
        let word = if dry_run { "would put" } else { "put" };
        let branch = from.trim_start_matches("the releases of ");
        let (old, new, path) = (table.old, table.new, shown(&dir, &table.file));
        say(&format!("{word} version {new} back into {path}: no release of {branch} made version {old}\n"));
    }
    if !dry_run {
        writer::write_all(&dir, &files)?;
    }
    for name in gone {
        let path = dir.join(RELEASED).join(name);
        if !dry_run {
            std::fs::remove_file(&path)
                .map_err(|error| Failure::access(format!("cannot remove `{}`: {error}", path.display())))?;
        }
        let word = if dry_run { "would remove" } else { "removed" };
        say(&format!("{word} {}: what it froze is released anew\n", path.display()));
    }
    Ok(())
}

/// The file of a table whose version goes back to what was released.
struct Unmade {
    file: String,
    text: String,
    old: u32,
    new: u32,
}

/// Returns the table files with a version that only a release made that does not stand: the next one raises it again
/// where that is needed.
fn versions(dir: &Path, lock: &Lock) -> Result<Vec<Unmade>, Failure> {
    let mut found = Vec::new();
    let names: BTreeSet<&str> = lock.tables.iter().map(|t| t.table.as_str()).collect();
    for name in names {
        let file = format!("tables/{name}.toml");
        let Some(text) = read(&dir.join(&file))? else { continue };
        let newest = lock.tables.iter().filter(|t| t.table == name).map(|t| t.version.major).max().unwrap_or(0);
        let Some(old) = table_file::version(&text).filter(|version| *version > newest) else { continue };
        let Some(text) = table_file::with_version(&text, newest) else { continue };
        found.push(Unmade { file, text, old, new: newest });
    }
    Ok(found)
}

/// Returns the releases of the base branch, when it has some.
fn of_base(git: &Repository<'_>, base: Option<&str>) -> Result<Option<(Releases, String)>, Failure> {
    let Some((commit, branch)) = git.tip(base).map_err(Failure::usage)? else { return Ok(None) };
    let text = git.text(&commit, &format!("{}{LOCK}", git.prefix)).map_err(Failure::access)?;
    let Some(text) = text else { return Ok(None) };
    if !git.holds(&commit) {
        let help = format!("merge or rebase onto `{branch}` first, or name another branch with `--base`");
        return Err(Failure::usage(format!("`{branch}` has commits that are not here\n  help: {help}")));
    }
    let releases = Releases::read(&text, |name| git.text(&commit, &format!("{}{name}", git.prefix)).ok()?);
    Ok(releases.map(|releases| (releases, format!("the releases of {branch}"))))
}
