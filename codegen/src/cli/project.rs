//! A definition with what stands beside it: lock, frozen models, policy, waivers, registered queries.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use unified_event_guard::consumers::{self, Registered};
use unified_event_guard::lock::{Frozen, Lock, TableState, TableVersion};
use unified_event_guard::waiver::{self, Waiver};
use unified_event_guard::{Baseline, BaselineKind, FileFault, History, Policy, released};
use unified_event_schema::{Schema, SourceSet, normal_text};

use super::failure::{Failure, is_absent};
use super::place;

/// The name of the policy.
pub(super) const POLICY: &str = "policy.toml";
/// The name of the accepted breaks.
const WAIVERS: &str = "waivers.toml";
/// The name of the lock.
pub(super) const LOCK: &str = "schema.lock";
/// The folder of the frozen models.
pub(super) const RELEASED: &str = "released";

/// A definition and what stands beside it.
pub(super) struct Project {
    /// The folder of the definition.
    pub dir: PathBuf,
    /// Its files.
    pub sources: SourceSet,
    /// Its model.
    pub schema: Schema,
    /// Its lock.
    pub lock: Option<Lock>,
    /// The text of the lock.
    lock_text: Option<String>,
}

impl Project {
    /// Loads the definition of a folder with its lock; the folder is found from here when none is named.
    pub fn open(folder: Option<&Path>) -> Result<Self, Failure> {
        let dir = folder.map_or_else(place::schema_folder, |folder| Ok(folder.to_owned()))?;
        let lock_text = read(&dir.join(LOCK))?;
        let sources = SourceSet::from_dir(&dir)?.with_released(owners(lock_text.as_deref()));
        let schema = Schema::load(&sources).map_err(|e| Failure::loading(&e))?;
        let lock = match &lock_text {
            Some(text) => Some(Lock::parse(&shown(&dir, LOCK), text)?),
            None => None,
        };
        let project = Self { dir, sources, schema, lock, lock_text };
        project.check_files()?;
        Ok(project)
    }

    /// Every frozen model has a line in the lock, and the other way round.
    fn check_files(&self) -> Result<(), Failure> {
        let folder = self.dir.join(RELEASED);
        let known = |name: &str| {
            let releases = self.lock.iter().flat_map(|l| &l.releases);
            releases.map(|r| format!("v{}.json", r.number)).any(|n| n == name)
        };
        for name in names_in(&folder)? {
            if name.ends_with(".json") && !known(&name) {
                return Err(Failure::definition(FileFault {
                    file: shown(&self.dir, &format!("{RELEASED}/{name}")),
                    line: 1,
                    message: format!("`{LOCK}` knows no such release"),
                    help: "only `unified-event release` writes frozen models: restore the lock, or delete the file"
                        .to_owned(),
                }));
            }
        }
        Ok(())
    }

    /// Returns the frozen models that are live, as baselines; checks every one against the lock.
    pub fn released(&self) -> Result<Vec<Baseline>, Failure> {
        let Some(lock) = &self.lock else { return Ok(Vec::new()) };
        let mut live: BTreeMap<u32, BTreeMap<String, unified_event_guard::lock::Version>> = BTreeMap::new();
        for line in lock.live() {
            live.entry(line.release).or_default().insert(line.table.clone(), line.version);
        }
        let newest = lock.releases.iter().map(|r| r.number).max().unwrap_or(0);
        let mut baselines = Vec::new();
        let mut faults = Vec::new();
        for release in &lock.releases {
            let name = format!("{RELEASED}/v{}.json", release.number);
            let path = shown(&self.dir, &name);
            let lock_path = shown(&self.dir, LOCK);
            let Some(text) = read(&self.dir.join(&name))? else {
                faults.push(FileFault {
                    file: lock_path,
                    line: release.line,
                    message: format!("the released model `{path}` is missing"),
                    help: format!("restore it with `git checkout -- {path}`"),
                });
                continue;
            };
            let tables = live.remove(&release.number);
            if tables.is_none() && release.number != newest {
                faults.extend(released::verify(&path, &text, release, &lock_path).err());
                continue;
            }
            match released::thaw(&path, &text, release, &lock_path) {
                Ok(schema) => baselines.push(Baseline {
                    label: format!("release v{}", release.number),
                    kind: BaselineKind::Released {
                        release: release.number,
                        tables: tables.unwrap_or_default(),
                        newest: release.number == newest,
                    },
                    schema,
                    sources: None,
                    lock: None,
                    policy: None,
                }),
                Err(fault) => faults.push(self.with_line(fault, &text, release)),
            }
        }
        if faults.is_empty() { Ok(baselines) } else { Err(faults.into()) }
    }

    /// Returns the text of the lock, and what every frozen model holds.
    pub fn history(&self) -> Result<History, Failure> {
        let path = shown(&self.dir, LOCK);
        let (mut frozen, mut faults) = (Frozen::new(), Vec::new());
        for release in self.lock.iter().flat_map(|l| &l.releases) {
            let name = format!("{RELEASED}/v{}.json", release.number);
            // That a model is missing, `released` says.
            let Some(text) = read(&self.dir.join(&name))? else { continue };
            match released::identities(&shown(&self.dir, &name), &text, release, &path) {
                Ok(tables) => {
                    frozen.insert(release.number, tables);
                }
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(History { path, text: self.lock_text.clone(), frozen }) } else { Err(faults.into()) }
    }

    /// Returns the releases that a minor one has superseded, of table versions that are live, by number.
    ///
    /// What the platform made of them is still as they say.
    pub fn superseded(&self) -> Result<Vec<(u32, Schema)>, Failure> {
        let Some(lock) = &self.lock else { return Ok(Vec::new()) };
        let is_live =
            |line: &TableVersion| lock.live().any(|l| l.table == line.table && l.version.major == line.version.major);
        let lines = lock.tables.iter().filter(|l| l.state == TableState::Superseded && is_live(l));
        let numbers: std::collections::BTreeSet<u32> = lines.map(|l| l.release).collect();
        let mut models = Vec::new();
        for release in lock.releases.iter().filter(|r| numbers.contains(&r.number)) {
            let name = format!("{RELEASED}/v{}.json", release.number);
            // One that is missing is the fault of whoever asks for what is released.
            let Some(text) = read(&self.dir.join(&name))? else { continue };
            let model = released::thaw(&shown(&self.dir, &name), &text, release, &shown(&self.dir, LOCK));
            models.push((release.number, model.map_err(|fault| vec![fault])?));
        }
        Ok(models)
    }

    /// Finds the line that was edited, where version control still has the file as it was frozen.
    fn with_line(&self, mut fault: FileFault, text: &str, release: &unified_event_guard::lock::Release) -> FileFault {
        let original = super::git::Repository::around(&self.dir).and_then(|git| {
            let text = git.text("HEAD", &format!("{}{RELEASED}/v{}.json", git.prefix, release.number)).ok()??;
            let value = serde_json::from_str(&text).ok()?;
            (released::canonical_sha256(&value) == release.sha256).then_some(text)
        });
        if let Some(original) = original {
            let same = text.lines().zip(original.lines()).take_while(|(a, b)| a == b).count();
            fault.line = same + 1;
        }
        fault
    }

    /// Returns what the project decided for itself.
    pub fn policy(&self) -> Result<Policy, Failure> {
        match read(&self.dir.join(POLICY))? {
            Some(text) => Ok(Policy::parse(&shown(&self.dir, POLICY), &text)?),
            None => Ok(Policy::default()),
        }
    }

    /// Returns the path of the waivers, as reports show it.
    pub fn waivers_path(&self) -> String {
        shown(&self.dir, WAIVERS)
    }

    /// Returns the accepted breaks.
    pub fn waivers(&self) -> Result<Vec<Waiver>, Failure> {
        match read(&self.dir.join(WAIVERS))? {
            Some(text) => Ok(waiver::parse(&self.waivers_path(), &text)?),
            None => Ok(Vec::new()),
        }
    }

    /// Returns what to say of files that stand beside the definition and that nothing reads.
    pub fn unread(&self) -> Result<Vec<String>, Failure> {
        const READ: [&str; 6] = ["schema.toml", "event_types.toml", "lake.toml", POLICY, WAIVERS, "Cargo.toml"];
        let names = names_in(&self.dir)?;
        let unread = names.iter().filter(|name| {
            name.to_ascii_lowercase().ends_with(".toml") && !name.starts_with('.') && !READ.contains(&name.as_str())
        });
        let told = unread.map(|name| {
            let known = unified_event_schema::suggest::did_you_mean(name, READ);
            let known = known.map_or_else(String::new, |known| format!(": {known}"));
            format!("{}: nothing reads a file of this name{known}", shown(&self.dir, name))
        });
        Ok(told.collect())
    }

    /// Returns the registered queries, by file, and what is not understood in them.
    pub fn queries(&self) -> Result<Registered, Failure> {
        let folder = self.dir.join("consumers");
        let mut found = Registered::default();
        for name in below(&folder)? {
            let place = shown(&self.dir, &format!("consumers/{name}"));
            let path = folder.join(&name);
            if !path.extension().is_some_and(|e| e.eq_ignore_ascii_case("sql")) {
                found.notices.push(format!("{place}: not checked: registered queries are files that end in `.sql`"));
                continue;
            }
            let bytes = std::fs::read(&path).map_err(|error| unreadable(&path, &error))?;
            match String::from_utf8(bytes) {
                Ok(text) => {
                    let Registered { queries, notices } = consumers::parse(&place, &normal_text(text));
                    found.queries.extend(queries);
                    found.notices.extend(notices);
                }
                Err(_) => found.notices.push(format!("{place}: not checked: the file is no UTF-8")),
            }
        }
        Ok(found)
    }
}

/// Returns the columns that the lock knows; none when it cannot be read, which has a fault of its own.
fn owners(lock: Option<&str>) -> Vec<(String, u32, String)> {
    let lock = lock.and_then(|text| Lock::parse(LOCK, text).ok()).unwrap_or_default();
    lock.columns.into_iter().map(|c| (c.table, c.id, c.name)).collect()
}

/// Returns a path below the definition as messages show it.
pub(super) fn shown(dir: &Path, name: &str) -> String {
    dir.join(name).display().to_string().replace('\\', "/")
}

/// Returns the files below a folder, at any depth, by path; documents and hidden files apart.
fn below(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(parent) = folders.pop() {
        let path = folder.join(&parent);
        for name in names_in(&path)? {
            if name.starts_with('.') || name.to_ascii_lowercase().ends_with(".md") {
                continue;
            }
            // A link to a folder may lead back to where it stands.
            let is_folder = path.join(&name).symlink_metadata().is_ok_and(|m| m.is_dir());
            if is_folder { folders.push(format!("{parent}{name}/")) } else { found.push(format!("{parent}{name}")) }
        }
    }
    found.sort();
    Ok(found)
}

/// Returns the text of a file; nothing when there is no such file.
pub(super) fn read(path: &Path) -> Result<Option<String>, Failure> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(normal_text(text))),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// Returns the names in a folder, sorted; none when there is no such folder.
pub(super) fn names_in(folder: &Path) -> Result<Vec<String>, Failure> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if is_absent(&error) => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(folder, &error)),
    };
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<std::io::Result<Vec<_>>>().map_err(|error| unreadable(folder, &error))?;
    names.sort();
    Ok(names)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::access(format!("cannot read `{}`: {error}", path.display()))
}
