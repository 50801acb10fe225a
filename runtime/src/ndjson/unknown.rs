//! Keys that the table does not have, by the caller's policy.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use serde_json::value::RawValue;

use super::json::{self, Nesting};
use crate::batch::{Slot, Store};
use crate::raw::{Cursor, Stop};
use crate::table::{ColumnType, Table};

/// What happens to keys that the table does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum UnknownFields {
    /// The event is refused.
    #[default]
    Reject,
    /// The key and its value are left out, and counted.
    Ignore,
    /// They become members of the object in the `json` column `data`, behind those that it has.
    ///
    /// An event is refused whose `data` is no object or has a member of that name.
    Collect,
}

/// The column that collects.
pub(super) const COLLECTOR: &str = "data";

/// The unknown keys of a line.
#[derive(Debug)]
pub(super) struct Unknown {
    policy: UnknownFields,
    collector: Option<usize>,
    /// Keys with their quotes and values, as ranges of the chunk.
    entries: Vec<(Range<usize>, Range<usize>)>,
    pending: Option<Range<usize>>,
    in_line: u64,
    /// In all lines that became rows.
    pub(super) count: u64,
}

impl Unknown {
    pub(super) fn new(table: &'static Table, policy: UnknownFields) -> Self {
        let is_json = |position: &usize| table.columns.get(*position).is_some_and(|c| c.ty == ColumnType::Json);
        let collector = table.position(COLLECTOR).filter(is_json);
        let policy = match policy {
            UnknownFields::Collect if collector.is_none() => UnknownFields::Reject,
            policy => policy,
        };
        Self { policy, collector, entries: Vec::new(), pending: None, in_line: 0, count: 0 }
    }

    /// Takes a key with its quotes, which starts at `at`.
    pub(super) fn key(&mut self, key: &[u8], at: usize) -> Result<(), Stop> {
        if std::str::from_utf8(key).is_err() {
            return Err(Stop::InvalidUtf8);
        }
        if self.policy == UnknownFields::Reject {
            return Err(Stop::UnknownField);
        }
        self.pending = Some(at..at + key.len());
        Ok(())
    }

    /// Reads the value of the key.
    pub(super) fn value(
        &mut self,
        cursor: &mut Cursor<'_>,
        nesting: &mut Nesting,
        max_depth: usize,
    ) -> Result<(), Stop> {
        let start = cursor.position();
        // What is collected lies one level deeper: it becomes a member of an object.
        let is_collected = self.policy == UnknownFields::Collect;
        json::value(cursor, nesting, if is_collected { max_depth.saturating_sub(1) } else { json::UNLIMITED })?;
        let value = start..cursor.position();
        if std::str::from_utf8(cursor.slice(value.start, value.end)).is_err() {
            return Err(Stop::InvalidUtf8);
        }
        self.in_line += 1;
        if let (UnknownFields::Collect, Some(key)) = (self.policy, self.pending.take()) {
            self.entries.push((key, value));
        }
        Ok(())
    }

    /// Counts the keys of a line that became a row.
    #[inline(always)]
    pub(super) fn commit(&mut self) {
        self.count += std::mem::take(&mut self.in_line);
    }

    /// Forgets the keys of a line that is refused.
    pub(super) fn abandon(&mut self) {
        self.entries.clear();
        self.in_line = 0;
    }

    /// Adds what the line has collected to its row; an error comes with its place.
    #[inline]
    pub(super) fn finish(&mut self, cursor: &Cursor<'_>, store: &mut Store) -> Result<(), (Stop, usize)> {
        if self.entries.is_empty() {
            return Ok(());
        }
        self.collect(cursor, store)
    }

    #[cold]
    fn collect(&mut self, cursor: &Cursor<'_>, store: &mut Store) -> Result<(), (Stop, usize)> {
        let first = self.entries.first().map_or(0, |(key, _)| key.start);
        let row = store.len() as u32;
        let Some(position) = self.collector else { return Err((Stop::UnknownField, first)) };
        let bit = 1 << (position % 64);
        let Some(Slot::Json(texts)) = store.slots.get_mut(position) else { return Err((Stop::UnknownField, first)) };
        let is_present = store.present[position / 64] & bit != 0;
        let mut object = if is_present { texts.last().to_owned() } else { "{}".to_owned() };
        let mut names = names(&object).ok_or((Stop::UnknownField, first))?;
        for (key, value) in self.entries.drain(..) {
            let at = key.start;
            let text =
                |range: Range<usize>| std::str::from_utf8(cursor.slice(range.start, range.end)).unwrap_or_default();
            let (key, value) = (text(key), text(value));
            let name: String = serde_json::from_str(key).map_err(|_| (Stop::MalformedJson, at))?;
            if !names.insert(name) {
                return Err((Stop::DuplicateKey, at));
            }
            object.pop();
            if object.len() > 1 {
                object.push(',');
            }
            object.push_str(key);
            object.push(':');
            object.push_str(&crate::json::compact(value));
            object.push('}');
        }
        if is_present {
            texts.pop(row);
        }
        texts.push(row, &object).map_err(|stop| (stop, first))?;
        store.present[position / 64] |= bit;
        Ok(())
    }
}

/// Returns the names of the members, if the text is an object.
fn names(object: &str) -> Option<HashSet<String>> {
    let members: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(object).ok()?;
    Some(members.into_keys().map(Cow::into_owned).collect())
}
