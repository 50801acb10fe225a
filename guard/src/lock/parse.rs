//! Reading and writing the lock's lines.

use std::collections::BTreeMap;
use std::fmt;

use unified_event_schema::Transform;

use super::{
    ColumnState, FormerName, Lock, LockedColumn, LockedPartition, LockedText, Release, TableState, TableVersion,
    Version,
};
use crate::FileFault;

const REGENERATE: &str = "take the file from version control; only `unified-event release` writes it";
/// What to do about a merge conflict in the lock or in a frozen model.
pub(crate) const CONFLICT: &str = "keep the columns of both branches in the definition, the later one under the next \
                                   free id, and run `unified-event release --remake-lock`: it takes the releases of \
                                   the base branch and releases the rest anew";

/// Returns true if a line is a mark of a merge conflict.
pub(crate) fn is_conflict(line: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|m| line.starts_with(m))
}

/// Reads all lines; reports every fault.
pub(super) fn parse(path: &str, text: &str) -> Result<Lock, Vec<FileFault>> {
    let mut reader =
        Reader { path, lock: Lock::default(), faults: Vec::new(), taken: BTreeMap::new(), last: Vec::new() };
    for (i, line) in text.lines().enumerate() {
        reader.line(i + 1, line.trim_end());
    }
    if !text.lines().any(|l| l.trim_end() == "format 1") && reader.faults.is_empty() {
        reader.fault(1, "the lock has no line `format 1`".to_owned(), REGENERATE);
    }
    reader.check_last();
    if reader.faults.is_empty() { Ok(reader.lock) } else { Err(reader.faults) }
}

/// The counters of a table as the lock says them.
struct Counters {
    line: usize,
    table: String,
    values: Vec<(String, u32)>,
}

struct Reader<'a> {
    path: &'a str,
    lock: Lock,
    faults: Vec<FileFault>,
    /// The identities seen so far, with their lines.
    taken: BTreeMap<String, usize>,
    last: Vec<Counters>,
}

impl Reader<'_> {
    fn fault(&mut self, line: usize, message: String, help: &str) {
        self.faults.push(FileFault { file: self.path.to_owned(), line, message, help: help.to_owned() });
    }

    fn line(&mut self, number: usize, line: &str) {
        if is_conflict(line) {
            self.fault(number, "a merge conflict stands here".to_owned(), CONFLICT);
            return;
        }
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        if self.read(number, &words).is_none() {
            self.fault(number, format!("`{line}` is no line of a lock"), REGENERATE);
        }
    }

    /// Reads one line; nothing when it is none.
    fn read(&mut self, number: usize, words: &[&str]) -> Option<()> {
        match *words {
            ["format", version] => {
                self.take(number, "the format".to_owned());
                if version != "1" {
                    let help = "use a later version of this program";
                    self.fault(number, format!("the lock has format {version}, and this program reads format 1"), help);
                }
            }
            ["release", release, sha256] => {
                let release: u32 = release.parse().ok()?;
                let sha256 = sha256.strip_prefix("sha256:").filter(|s| s.len() == 64)?.to_owned();
                self.take(number, format!("release {release}"));
                self.lock.releases.push(Release { number: release, sha256, line: number });
            }
            ["table", table, version, "release", release, state] => {
                let version = parse_version(version)?;
                self.take(number, format!("version {version} of table `{table}`"));
                self.lock.tables.push(TableVersion {
                    table: table.to_owned(),
                    version,
                    release: release.parse().ok()?,
                    state: [TableState::Live, TableState::Superseded, TableState::Retired]
                        .into_iter()
                        .find(|s| s.name() == state)?,
                });
            }
            ["last", table, ref counters @ ..] if counters.len() % 2 == 0 => {
                let pairs = counters.chunks(2).map(|p| Some((p.first()?.to_string(), p.get(1)?.parse().ok()?)));
                let values = pairs.collect::<Option<_>>()?;
                self.take(number, format!("the counter of `{table}`"));
                self.last.push(Counters { line: number, table: table.to_owned(), values });
            }
            ["column", table, id, name, ty, presence, state] => {
                let id: u32 = id.parse().ok()?;
                self.take(number, format!("column id {id} of `{table}`"));
                let state = [ColumnState::Live, ColumnState::Deprecated, ColumnState::Reserved]
                    .into_iter()
                    .find(|s| s.name() == state)?;
                self.take(number, format!("column name `{table}.{name}`"));
                self.lock.columns.push(LockedColumn {
                    table: table.to_owned(),
                    id,
                    name: name.to_owned(),
                    ty: ty.to_owned(),
                    required: match presence {
                        "required" => true,
                        "optional" => false,
                        _ => return None,
                    },
                    state,
                });
            }
            ["former", table, id, name] => {
                let id = id.parse().ok()?;
                self.take(number, format!("column name `{table}.{name}`"));
                self.lock.former.push(FormerName { table: table.to_owned(), id, name: name.to_owned() });
            }
            ["partition", table, id, transform, source] => {
                let id = id.parse().ok()?;
                self.take(number, format!("partition field id {id} of `{table}`"));
                let transform = Transform::from_text(transform)?;
                let source = source.parse().ok()?;
                self.lock.partitions.push(LockedPartition { table: table.to_owned(), id, source, transform });
            }
            [kind @ ("spec" | "sort"), table, id, text] => {
                let id = id.parse().ok()?;
                self.take(number, format!("{kind} id {id} of `{table}`"));
                let line = LockedText { table: table.to_owned(), id, text: text.to_owned() };
                if kind == "spec" { self.lock.specs.push(line) } else { self.lock.sorts.push(line) }
            }
            _ => return None,
        }
        Some(())
    }

    /// Notes an identity, and reports it when it was taken before.
    fn take(&mut self, line: usize, what: String) {
        if let Some(first) = self.taken.get(&what) {
            let message = format!("{what} is taken twice: line {first} has it too");
            let help =
                "give the later one the next free id, in the definition and here; the counters in `last` tell it";
            self.fault(line, message, help);
            return;
        }
        self.taken.insert(what, line);
    }

    /// A counter below what was given would give an id again.
    fn check_last(&mut self) {
        for Counters { line, table, values } in std::mem::take(&mut self.last) {
            let known = counters_of(&self.lock, &table);
            for (name, value) in values {
                let given = known.iter().find(|(n, _)| *n == name).map_or(0, |(_, v)| *v);
                if value < given {
                    let message = format!("the last {name} id of `{table}` is {given}, not {value}");
                    self.fault(line, message, "ids are never given again: set the counter to the highest id");
                }
            }
        }
    }
}

fn parse_version(text: &str) -> Option<Version> {
    let mut parts = text.split('.').map(str::parse);
    let mut next = || parts.next()?.ok();
    let version = Version { major: next()?, minor: next()?, patch: next()? };
    next().is_none().then_some(version)
}

/// Returns the highest ids of a table.
fn counters_of(lock: &Lock, table: &str) -> [(&'static str, u32); 4] {
    let partitions = lock.partitions.iter().filter(|p| p.table == table).map(|p| p.id).max().unwrap_or(999);
    let highest = |lines: &[LockedText]| lines.iter().filter(|l| l.table == table).map(|l| l.id).max().unwrap_or(0);
    [
        ("column", lock.last_column(table)),
        ("partition", partitions),
        ("spec", highest(&lock.specs)),
        ("sort", highest(&lock.sorts)),
    ]
}

const HEAD: &str = "\
# The identities of the tables: what was ever given, and what is never given again.
# `unified-event release` writes this file; a merge conflict in it means that two branches took one id.
format 1
";

/// Writes the lines, sorted.
impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEAD)?;
        f.write_str("\n")?;
        for release in &self.releases {
            writeln!(f, "release {} sha256:{}", release.number, release.sha256)?;
        }
        f.write_str("\n")?;
        for t in &self.tables {
            writeln!(f, "table {} {} release {} {}", t.table, t.version, t.release, t.state.name())?;
        }
        let mut names: Vec<&str> = self.tables.iter().map(|t| t.table.as_str()).collect();
        names.dedup();
        for table in names {
            f.write_str("\n")?;
            let counters: Vec<String> = counters_of(self, table).iter().map(|(n, v)| format!("{n} {v}")).collect();
            writeln!(f, "last {table} {}", counters.join(" "))?;
            for c in self.columns.iter().filter(|c| c.table == table) {
                let presence = if c.required { "required" } else { "optional" };
                writeln!(f, "column {table} {} {} {} {presence} {}", c.id, c.name, c.ty, c.state.name())?;
            }
            for former in self.former.iter().filter(|n| n.table == table) {
                writeln!(f, "former {table} {} {}", former.id, former.name)?;
            }
            for p in self.partitions.iter().filter(|p| p.table == table) {
                writeln!(f, "partition {table} {} {} {}", p.id, p.transform, p.source)?;
            }
            for (word, lines) in [("spec", &self.specs), ("sort", &self.sorts)] {
                for line in lines.iter().filter(|l| l.table == table) {
                    writeln!(f, "{word} {table} {} {}", line.id, line.text)?;
                }
            }
        }
        Ok(())
    }
}
