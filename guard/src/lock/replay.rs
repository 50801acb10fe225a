//! The lock as the releases wrote it: made again from the frozen models.

use std::collections::BTreeMap;

use super::{Lock, TableIdentities, TableState, Version};
use crate::Bump;

/// The identities of the frozen models, by release.
pub type Frozen = BTreeMap<u32, Vec<TableIdentities>>;

impl Lock {
    /// Returns the lock that `release` writes for the releases and versions that this one names, up to a release.
    ///
    /// A table that a model holds and no line names gets the version of its first release. What was
    /// retired stays so where it may be.
    #[must_use]
    pub fn replayed(&self, frozen: &Frozen, newest: u32) -> Self {
        let mut lock = Self::default();
        for release in self.releases.iter().filter(|r| r.number <= newest) {
            let Some(tables) = frozen.get(&release.number) else { continue };
            let versions = tables.iter().filter_map(|table| {
                let named = self.tables.iter().find(|t| t.table == table.name && t.release == release.number);
                let first = Version { major: table.version, minor: 0, patch: 0 };
                let is_known = self.tables.iter().any(|t| t.table == table.name)
                    || lock.tables.iter().any(|t| t.table == table.name);
                Some((table.name.clone(), named.map(|t| t.version).or((!is_known).then_some(first))?))
            });
            let versions = versions.collect();
            lock = lock.with_release(tables, release.sha256.clone(), &versions);
        }
        let is_there = |table: &str| frozen.get(&newest).is_some_and(|tables| tables.iter().any(|t| t.name == table));
        for line in lock.tables.iter_mut().filter(|t| t.state == TableState::Live) {
            let found = self.tables.iter().find(|t| t.table == line.table && t.version == line.version);
            // As `release --retire` does: what the definition has is never without a version in use.
            let may_go = self.newest(&line.table).is_some() || !is_there(&line.table);
            if may_go && found.is_some_and(|t| t.state == TableState::Retired) {
                line.state = TableState::Retired;
            }
        }
        lock
    }

    /// Returns the versions that do not follow the one before, or are not those of their models.
    pub fn odd_versions(&self, frozen: &Frozen) -> Vec<(&super::TableVersion, String)> {
        let mut odd = Vec::new();
        for (at, line) in self.tables.iter().enumerate() {
            let model = frozen.get(&line.release).and_then(|tables| tables.iter().find(|t| t.name == line.table));
            let older = self.tables.iter().take(at).chain(self.tables.iter().skip(at + 1));
            let before = older.filter(|t| t.table == line.table && t.release < line.release).map(|t| t.version).max();
            let first_release = frozen.iter().find(|(_, tables)| tables.iter().any(|t| t.name == line.table));
            let next = |old: Version| [Bump::Patch, Bump::Minor, Bump::Major].map(|bump| old.bumped(bump));
            let problem = match (model, before) {
                (None, _) => format!("release {} has no table `{}`", line.release, line.table),
                (Some(model), _) if model.version != line.version.major => {
                    format!("release {} froze `{}` as version {}", line.release, line.table, model.version)
                }
                (_, None) if (line.version.minor, line.version.patch) != (0, 0) => {
                    format!("the first version of `{}` is {}.0.0", line.table, line.version.major)
                }
                (_, None) if first_release.is_some_and(|(release, _)| *release != line.release) => {
                    let release = first_release.map_or(0, |(release, _)| *release);
                    format!("the first release of `{}` is release {release}", line.table)
                }
                (_, Some(old)) if !next(old).contains(&line.version) => {
                    format!("no release makes version {} of `{}` out of {old}", line.version, line.table)
                }
                _ => continue,
            };
            odd.push((line, problem));
        }
        odd
    }
}
