//! Which key comes next: events of one type mostly say the same things in the same order.

use super::plan::Plan;
use crate::raw::Cursor;

/// For every event type and column, the two columns that followed last.
#[derive(Debug)]
pub(super) struct Guesses {
    next: Box<[[u16; 2]]>,
    /// Columns, and one for the start of an event.
    n_before: usize,
}

impl Guesses {
    pub(super) fn new(n_columns: usize, n_event_types: usize) -> Self {
        let n_before = n_columns + 1;
        // The key behind the last column is one that nothing has.
        let nothing = u16::try_from(n_columns).unwrap_or(u16::MAX);
        Self { next: vec![[nothing; 2]; n_before * n_event_types].into(), n_before }
    }

    /// Passes the key here, if it is one of the two, and returns its column.
    ///
    /// `before` is the column before, counted from 1, or 0.
    #[inline(always)]
    pub(super) fn key(
        &mut self,
        plan: &Plan,
        event_type: usize,
        before: usize,
        cursor: &mut Cursor<'_>,
    ) -> Option<usize> {
        let next = self.next.get_mut(event_type * self.n_before + before)?;
        let first = usize::from(next[0]);
        if cursor.key(plan.keys.get(first)?) {
            return Some(first);
        }
        let second = usize::from(next[1]);
        if cursor.key(plan.keys.get(second)?) {
            next.swap(0, 1);
            return Some(second);
        }
        None
    }

    pub(super) fn learn(&mut self, event_type: usize, before: usize, position: usize) {
        if let Some(next) = self.next.get_mut(event_type * self.n_before + before) {
            *next = [u16::try_from(position).unwrap_or(u16::MAX), next[0]];
        }
    }
}
