//! What a release writes into the lock.

use std::collections::BTreeMap;

use unified_event_schema::{NullOrder, PartitionSpec, Schema, SortDirection, SortOrder};

use super::identity::{self, TableIdentities};
use super::{
    ColumnState, FormerName, Lock, LockedColumn, LockedPartition, LockedText, Release, TableState, TableVersion,
    Version,
};

impl Lock {
    /// Returns the lock after a release: `versions` holds the tables that it freezes.
    #[must_use]
    pub fn released(&self, schema: &Schema, sha256: String, versions: &BTreeMap<String, Version>) -> Self {
        self.with_release(&identity::of_model(schema), sha256, versions)
    }

    /// Returns the lock after a release of a model with these identities.
    pub(super) fn with_release(
        &self,
        tables: &[TableIdentities],
        sha256: String,
        versions: &BTreeMap<String, Version>,
    ) -> Self {
        let mut lock = self.clone();
        let number = self.newest_release() + 1;
        lock.releases.push(Release { number, sha256, line: 0 });
        for (table, version) in versions {
            for known in lock.tables.iter_mut().filter(|t| t.table == *table && t.version.major == version.major) {
                known.state = TableState::Superseded;
            }
            let line =
                TableVersion { table: table.clone(), version: *version, release: number, state: TableState::Live };
            lock.tables.push(line);
        }
        lock.tables.sort_by(|a, b| (&a.table, a.version).cmp(&(&b.table, b.version)));
        for table in tables.iter().filter(|t| versions.contains_key(&t.name)) {
            lock.identify(table);
        }
        lock
    }

    /// Returns the lock with a table version taken out of use; nothing when there is none that is live.
    #[must_use]
    pub fn retired(&self, table: &str, major: u32) -> Option<Self> {
        let mut lock = self.clone();
        let mut live = lock.tables.iter_mut().filter(|t| t.state == TableState::Live);
        live.find(|t| t.table == table && t.version.major == major)?.state = TableState::Retired;
        Some(lock)
    }

    fn identify(&mut self, table: &TableIdentities) {
        let name = &table.name;
        for column in self.columns.iter_mut().filter(|c| c.table == *name) {
            if !table.columns.iter().any(|c| c.id == column.id) {
                column.state = ColumnState::Reserved;
            }
        }
        for column in &table.columns {
            let line = LockedColumn {
                table: name.clone(),
                id: column.id,
                name: column.name.clone(),
                ty: column.ty.name().to_owned(),
                required: column.required,
                state: if column.deprecated { ColumnState::Deprecated } else { ColumnState::Live },
            };
            match self.columns.iter_mut().find(|c| c.table == *name && c.id == column.id) {
                Some(known) => {
                    if known.name != line.name {
                        let former = FormerName { table: name.clone(), id: known.id, name: known.name.clone() };
                        self.former.push(former);
                    }
                    *known = line;
                    // A column that has its former name back is called so, and no longer was.
                    self.former.retain(|f| !(f.table == *name && f.name == column.name));
                }
                None => self.columns.push(line),
            }
        }
        self.columns.sort_by(|a, b| (&a.table, a.id).cmp(&(&b.table, b.id)));
        self.former.sort_by(|a, b| (&a.table, a.id, &a.name).cmp(&(&b.table, b.id, &b.name)));
        for field in table.partition_specs.iter().flat_map(|s| &s.fields) {
            if self.partition(name, field.id).is_none() {
                let (id, source, transform) = (field.id, field.source_id, field.transform);
                self.partitions.push(LockedPartition { table: name.clone(), id, source, transform });
            }
        }
        self.partitions.sort_by(|a, b| (&a.table, a.id).cmp(&(&b.table, b.id)));
        for spec in &table.partition_specs {
            keep(&mut self.specs, name, spec.spec_id, spec_text(spec));
        }
        if let Some(order) = &table.sort_order {
            keep(&mut self.sorts, name, order.order_id, sort_text(order));
        }
    }
}

/// Adds a line unless its id is known: what an id once said stays.
fn keep(lines: &mut Vec<LockedText>, table: &str, id: u32, text: String) {
    if !lines.iter().any(|l| l.table == table && l.id == id) {
        lines.push(LockedText { table: table.to_owned(), id, text });
        lines.sort_by(|a, b| (&a.table, a.id).cmp(&(&b.table, b.id)));
    }
}

/// Returns what the lock says of a spec.
pub fn spec_text(spec: &PartitionSpec) -> String {
    let fields: Vec<String> = spec.fields.iter().map(|f| f.id.to_string()).collect();
    if fields.is_empty() { "unpartitioned".to_owned() } else { fields.join(",") }
}

/// Returns what the lock says of a sort order.
pub fn sort_text(order: &SortOrder) -> String {
    let fields = order.fields.iter().map(|f| {
        let direction = if f.direction == SortDirection::Desc { "desc" } else { "asc" };
        let nulls = if f.nulls == NullOrder::Last { "last" } else { "first" };
        format!("{}:{direction}:{nulls}", f.source_id)
    });
    fields.collect::<Vec<_>>().join(",")
}
