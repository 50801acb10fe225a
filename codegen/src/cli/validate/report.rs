//! What was found: counts by event type and by reason, and the first examples of each reason.

use std::collections::BTreeMap;

use serde::Serialize;
use unified_event_runtime::Fault;
use unified_event_runtime::ndjson::{Decoded, Reject};
use unified_event_runtime::table::Table;

use super::excerpt::{Excerpt, excerpt};
use super::keys::Keys;

/// The result of one run.
pub(super) struct Report {
    pub files: Vec<FileReport>,
    /// Accepted events by event type.
    pub event_types: BTreeMap<String, u64>,
    /// By code.
    pub reasons: BTreeMap<&'static str, Reason>,
    pub n_unknown_fields: u64,
    max_examples: usize,
}

/// One file.
#[derive(Default, Serialize)]
pub(super) struct FileReport {
    pub path: String,
    /// Blank ones included.
    pub lines: u64,
    pub accepted: u64,
    pub rejected: u64,
    /// Why it could not be read to its end.
    pub error: Option<String>,
}

/// One reason.
#[derive(Default)]
pub(super) struct Reason {
    /// How many faults; an event can have several.
    pub count: u64,
    pub examples: Vec<Example>,
}

/// One fault of one line.
pub(super) struct Example {
    pub path: String,
    pub line: u64,
    /// In bytes, from 1.
    pub column: usize,
    pub message: String,
    pub excerpt: Excerpt,
}

impl Report {
    pub(super) fn new(max_examples: usize) -> Self {
        Self {
            files: Vec::new(),
            event_types: BTreeMap::new(),
            reasons: BTreeMap::new(),
            n_unknown_fields: 0,
            max_examples,
        }
    }

    pub(super) fn start(&mut self, path: &str) {
        self.files.push(FileReport { path: path.to_owned(), ..FileReport::default() });
    }

    pub(super) fn unreadable(&mut self, error: &str) {
        if let Some(file) = self.files.last_mut() {
            file.error = Some(error.to_owned());
        }
    }

    pub(super) fn add(&mut self, table: &Table, decoded: &Decoded) {
        if let Some(file) = self.files.last_mut() {
            file.lines += decoded.n_lines;
            file.accepted += decoded.batch.num_rows() as u64;
            file.rejected += decoded.rejects.len() as u64;
        }
        self.n_unknown_fields += decoded.n_unknown_fields;
        let types = table.event_type.and_then(|position| decoded.batch.columns().get(position));
        let types = types.and_then(|column| column.as_any().downcast_ref::<arrow_array::StringArray>());
        for name in types.into_iter().flatten().flatten() {
            match self.event_types.get_mut(name) {
                Some(count) => *count += 1,
                None => drop(self.event_types.insert(name.to_owned(), 1)),
            }
        }
        decoded.rejects.iter().for_each(|reject| self.reject(reject));
    }

    fn reject(&mut self, reject: &Reject) {
        let path = self.files.last().map_or("", |file| &file.path);
        let mut keys = None;
        for fault in reject.faults() {
            let reason = self.reasons.entry(fault.code.as_str()).or_default();
            reason.count += 1;
            if reason.examples.len() < self.max_examples {
                let position = position(reject, &fault, &mut keys);
                reason.examples.push(Example {
                    path: path.to_owned(),
                    line: reject.line,
                    column: position + 1,
                    message: fault.message,
                    excerpt: excerpt(&reject.text, position),
                });
            }
        }
    }

    pub(super) fn n_rejected(&self) -> u64 {
        self.files.iter().map(|file| file.rejected).sum()
    }

    pub(super) fn n_accepted(&self) -> u64 {
        self.files.iter().map(|file| file.accepted).sum()
    }
}

/// Returns where a fault is: the decoder knows of the first, the others are where their key is.
///
/// The keys of the line are looked for once, when the first fault asks.
fn position<'a>(reject: &'a Reject, fault: &Fault, keys: &mut Option<Keys<'a>>) -> usize {
    let column = fault.column.as_deref();
    let is_first = fault.code == reject.code && (column == reject.column || reject.column.is_none());
    if is_first && column == reject.column {
        return reject.position;
    }
    let found = column.and_then(|column| keys.get_or_insert_with(|| Keys::of(&reject.text)).position(column));
    found.unwrap_or(if is_first { reject.position } else { reject.text.len() })
}
