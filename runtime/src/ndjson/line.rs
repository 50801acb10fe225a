//! One line into the columns of a batch, in one pass over its text.

mod value;

use std::sync::Arc;

use super::guess::Guesses;
use super::json::{Nesting, space};
use super::plan::{Bits, Kind, Plan, none};
use super::time::LastDate;
use super::unknown::{Unknown, UnknownFields};
use crate::batch::Store;
use crate::raw::{Cursor, Stop, TextColumn};

/// Reads lines into a store.
#[derive(Debug)]
pub(super) struct Lines {
    pub(super) plan: Arc<Plan>,
    pub(super) store: Store,
    guesses: Guesses,
    /// The columns that were null in this line. As long as it is read they count as present, so that no key
    /// appears twice.
    nulls: Bits,
    has_nulls: bool,
    last_date: LastDate,
    pub(super) nesting: Nesting,
    max_depth: usize,
    pub(super) unknown: Unknown,
    /// A text on its way: a key with escapes, base64, a rare form of a number or a timestamp.
    pub(super) scratch: TextColumn,
    /// Where in the chunk the fault is, when a line is refused.
    pub(super) fault_at: usize,
    /// The column with the fault, where it is that of one.
    pub(super) fault_column: Option<usize>,
}

impl Lines {
    pub(super) fn new(plan: &Arc<Plan>, unknown_fields: UnknownFields) -> Self {
        let table = plan.table;
        Self {
            plan: Arc::clone(plan),
            store: Store::new(table),
            guesses: Guesses::new(table.columns.len(), plan.needs.len()),
            nulls: none(table),
            has_nulls: false,
            last_date: LastDate::default(),
            nesting: Nesting::new(),
            max_depth: table.max_depth,
            unknown: Unknown::new(table, unknown_fields),
            scratch: TextColumn::default(),
            fault_at: 0,
            fault_column: None,
        }
    }

    /// Reads the line here up to its line feed, and says whether it holds an event: it may be blank.
    ///
    /// The row is neither finished nor abandoned.
    pub(super) fn read(&mut self, cursor: &mut Cursor<'_>) -> Result<bool, Stop> {
        self.fault_column = None;
        if self.has_nulls {
            self.nulls.fill(0);
            self.has_nulls = false;
        }
        space(cursor);
        if cursor.peek() == b'\n' {
            return Ok(false);
        }
        let event_type = match self.object(cursor) {
            Ok(event_type) => {
                self.drop_nulls();
                event_type
            }
            Err(stop) => {
                // Faults of a value are where it starts, those of the syntax where it breaks.
                if matches!(stop, Stop::MalformedJson | Stop::TooDeep) {
                    self.fault_at = cursor.position();
                    self.fault_column = None;
                }
                return Err(stop);
            }
        };
        self.unknown.finish(cursor, &mut self.store).map_err(|(stop, at)| {
            self.fault_at = at;
            stop
        })?;
        self.complete(event_type).inspect_err(|_| self.fault_at = cursor.position())?;
        Ok(true)
    }

    /// Makes the row one of the batch.
    #[inline(always)]
    pub(super) fn commit(&mut self) {
        self.store.commit_row();
        self.unknown.commit();
    }

    /// Forgets the row.
    #[cold]
    pub(super) fn abandon(&mut self) {
        self.store.abandon_row();
        self.unknown.abandon();
    }

    /// Reads the object and returns its event type, by its place among the needs.
    fn object(&mut self, outer: &mut Cursor<'_>) -> Result<usize, Stop> {
        // A copy of its own can stay in registers.
        let mut cursor = outer.clone();
        let result = self.entries(&mut cursor);
        *outer = cursor;
        result
    }

    #[inline(always)]
    fn entries(&mut self, cursor: &mut Cursor<'_>) -> Result<usize, Stop> {
        let (mut event_type, mut before) = (0, 0);
        if !cursor.eat(b'{') {
            return Err(Stop::MalformedJson);
        }
        space(cursor);
        if !cursor.eat(b'}') {
            loop {
                self.fault_at = cursor.position();
                let key = self.guesses.key(&self.plan, event_type, before, cursor);
                let column = match key {
                    Some(column) => Some(column),
                    None => cursor.aside(|cursor| self.key(cursor, event_type, before))?,
                };
                space(cursor);
                match column {
                    Some((position, kind)) => {
                        self.entry(cursor, position, kind, &mut event_type)?;
                        before = position + 1;
                    }
                    None => {
                        cursor.aside(|cursor| self.unknown.value(cursor, &mut self.nesting, self.max_depth))?;
                        before = 0;
                    }
                }
                // Mostly there is no space; where there is some behind the comma, no key is foreseen.
                let has_more = cursor.eat(b',') || (space(cursor) && cursor.eat(b','));
                if !has_more {
                    break;
                }
            }
            if !cursor.eat(b'}') {
                return Err(Stop::MalformedJson);
            }
        }
        space(cursor);
        if cursor.peek() == b'\n' { Ok(event_type) } else { Err(Stop::MalformedJson) }
    }

    /// Reads a key that was not foreseen and its colon; none when the policy takes unknown ones.
    #[cold]
    #[inline(never)]
    fn key(
        &mut self,
        cursor: &mut Cursor<'_>,
        event_type: usize,
        before: usize,
    ) -> Result<Option<(usize, Kind)>, Stop> {
        if space(cursor) {
            self.fault_at = cursor.position();
            if let Some(column) = self.guesses.key(&self.plan, event_type, before, cursor) {
                return Ok(Some(column));
            }
        }
        let from = cursor.clone();
        let start = cursor.position();
        if !cursor.eat(b'"') {
            return Err(Stop::MalformedJson);
        }
        cursor.skip_plain();
        let position = if cursor.eat(b'"') {
            self.plan.position(cursor.slice(start + 1, cursor.position() - 1))
        } else {
            // It has an escape: only its text says which column it is.
            *cursor = from.clone();
            cursor.advance(1);
            cursor.string_into(&mut self.scratch, 0)?;
            let position = self.plan.position(self.scratch.last().as_bytes());
            self.scratch.pop(0);
            position
        };
        let end = cursor.position();
        space(cursor);
        if !cursor.eat(b':') {
            return Err(Stop::MalformedJson);
        }
        match position {
            Some(position) => self.guesses.learn(&self.plan, event_type, before, position),
            None => self.unknown.key(cursor.slice(start, end), start)?,
        }
        Ok(position.map(|position| (position, self.plan.columns[position].kind)))
    }

    /// Makes columns absent that were null.
    #[inline]
    fn drop_nulls(&mut self) {
        if self.has_nulls {
            self.store.present.iter_mut().zip(&self.nulls).for_each(|(present, nulls)| *present &= !nulls);
        }
    }

    /// Checks that the row has what every row and what its event type needs.
    #[inline]
    fn complete(&mut self, event_type: usize) -> Result<(), Stop> {
        let present = &self.store.present;
        let needs = &self.plan.needs[event_type];
        let has_all = needs.all.iter().zip(present).all(|(need, present)| need & !present == 0);
        let has_any = |bits: &Bits| bits.iter().zip(present).any(|(bits, present)| bits & present != 0);
        if has_all && needs.any.iter().all(has_any) {
            return Ok(());
        }
        let is_missing = |position: &usize| {
            self.plan.table.columns[*position].required && present[position / 64] & 1 << (position % 64) == 0
        };
        self.fault_column = (0..self.plan.table.columns.len()).find(is_missing);
        Err(if self.fault_column.is_some() { Stop::MissingRequired } else { Stop::RequirementNotMet })
    }
}
