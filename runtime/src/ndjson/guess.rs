//! Which key comes next: events of one type mostly say the same things in the same order.

use super::plan::{Kind, Plan};
use crate::raw::Cursor;

/// For every event type and column, the two columns that followed last.
#[derive(Debug)]
pub(super) struct Guesses {
    next: Box<[[Guess; 2]]>,
    /// Columns, and one for the start of an event.
    n_before: usize,
}

/// The position of a column, counted from 1; 0 is none, and no text is compared with it.
type Guess = u16;

impl Guesses {
    pub(super) fn new(n_columns: usize, n_event_types: usize) -> Self {
        let n_before = n_columns + 1;
        Self { next: vec![[0; 2]; n_before * n_event_types].into(), n_before }
    }

    /// Passes the key here, if it is one of the two, and returns its column and the kind of that.
    ///
    /// `before` is the column before, counted from 1, or 0.
    #[inline(always)]
    pub(super) fn key(
        &mut self,
        plan: &Plan,
        event_type: usize,
        before: usize,
        cursor: &mut Cursor<'_>,
    ) -> Option<(usize, Kind)> {
        let next = self.next.get_mut(event_type * self.n_before + before)?;
        let first = usize::from(next[0]).checked_sub(1)?;
        let column = plan.columns.get(first)?;
        if cursor.key(column.key.as_ref()?) {
            return Some((first, column.kind));
        }
        let second = usize::from(next[1]).checked_sub(1)?;
        let column = plan.columns.get(second)?;
        if cursor.key(column.key.as_ref()?) {
            next.swap(0, 1);
            return Some((second, column.kind));
        }
        None
    }

    /// Guesses the column behind `before` from now on, if its key can be compared at once.
    pub(super) fn learn(&mut self, plan: &Plan, event_type: usize, before: usize, position: usize) {
        let has_pattern = plan.columns.get(position).is_some_and(|column| column.key.is_some());
        if let Some(next) = self.next.get_mut(event_type * self.n_before + before)
            && has_pattern
            && let Ok(guess) = Guess::try_from(position + 1)
        {
            *next = [guess, next[0]];
        }
    }
}
