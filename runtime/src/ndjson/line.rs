//! One line into the columns of a batch, in one pass over its text.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::guess::Guesses;
use super::json::{self, Nesting, space};
use super::number::{digits, float, integer};
use super::plan::{Bits, Kind, Plan, none};
use super::time::LastDate;
use super::unknown::{Unknown, UnknownFields};
use crate::batch::{Slot, Store};
use crate::raw::{Cursor, Stop, TextColumn};
use crate::table::Values;

/// Reads lines into a store.
#[derive(Debug)]
pub(super) struct Lines {
    pub(super) plan: Arc<Plan>,
    pub(super) store: Store,
    guesses: Guesses,
    /// The columns that were null in this line, which counts only for keys that appear twice.
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
            Ok(event_type) => event_type,
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
                let position = match key {
                    Some(position) => Some(position),
                    None => cursor.aside(|cursor| self.key(cursor, event_type, before))?,
                };
                space(cursor);
                match position {
                    Some(position) => {
                        self.entry(cursor, position, &mut event_type)?;
                        before = position + 1;
                    }
                    None => {
                        cursor.aside(|cursor| self.unknown.value(cursor, &mut self.nesting, self.max_depth))?;
                        before = 0;
                    }
                }
                space(cursor);
                if !cursor.eat(b',') {
                    break;
                }
                space(cursor);
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
    fn key(&mut self, cursor: &mut Cursor<'_>, event_type: usize, before: usize) -> Result<Option<usize>, Stop> {
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
        Ok(position)
    }

    /// Reads the value of a column.
    #[inline(always)]
    fn entry(&mut self, cursor: &mut Cursor<'_>, position: usize, event_type: &mut usize) -> Result<(), Stop> {
        let (word, bit) = (position / 64, 1_u64 << (position % 64));
        let present = &mut self.store.present[word];
        if *present & bit != 0 || (self.has_nulls && self.nulls[word] & bit != 0) {
            self.fault_column = Some(position);
            return Err(Stop::DuplicateKey);
        }
        *present |= bit;
        let key_at = self.fault_at;
        self.fault_at = cursor.position();
        let result = self.value(cursor, position, event_type);
        match result {
            Ok(()) => Ok(()),
            Err(stop) => {
                if stop == Stop::ComputedColumn {
                    self.fault_at = key_at;
                }
                self.fault_column = Some(position);
                Err(stop)
            }
        }
    }

    #[inline(always)]
    fn value(&mut self, cursor: &mut Cursor<'_>, position: usize, event_type: &mut usize) -> Result<(), Stop> {
        let row = self.store.len() as u32;
        let kind = self.plan.kinds[position];
        let Some(slot) = self.store.slots.get_mut(position) else { return Err(Stop::UnknownField) };
        match (kind, slot) {
            (Kind::Text, Slot::Text(texts)) if cursor.eat(b'"') => cursor.string_into(texts, row),
            (Kind::CheckedText, Slot::Text(texts)) if cursor.eat(b'"') => {
                cursor.string_into(texts, row)?;
                check(&self.plan, position, texts.last())
            }
            (Kind::EventType, Slot::Text(texts)) if cursor.eat(b'"') => {
                cursor.string_into(texts, row)?;
                *event_type = event_type_of(&self.plan, position, texts.last())?;
                Ok(())
            }
            (Kind::Float64, Slot::Float64(pairs)) if is_number(cursor) => {
                pairs.push(row, float(cursor)?);
                Ok(())
            }
            (Kind::Int32, Slot::Int32(pairs)) if is_number(cursor) => {
                let number = integer(cursor)?;
                pairs.push(row, i32::try_from(number).map_err(|_| Stop::NumberOutOfRange)?);
                check_number(&self.plan, position, number)
            }
            (Kind::Int64, Slot::Int64(pairs)) if is_number(cursor) => {
                let number = integer(cursor)?;
                pairs.push(row, number);
                check_number(&self.plan, position, number)
            }
            (Kind::Decimal, Slot::Int64(pairs)) if cursor.peek() == b'"' => {
                let number = match decimal(cursor) {
                    Some(number) => number,
                    None => cursor.aside(|cursor| rare_decimal(cursor, &mut self.scratch))?,
                };
                pairs.push(row, number);
                check_number(&self.plan, position, number)
            }
            (Kind::Timestamp, Slot::Timestamp(pairs)) if cursor.peek() == b'"' => {
                let micros = match self.last_date.read(cursor) {
                    Some(micros) => micros,
                    None => cursor.aside(|cursor| rare_timestamp(cursor, &mut self.scratch))?,
                };
                pairs.push(row, micros);
                Ok(())
            }
            (Kind::Bool, Slot::Bool(pairs)) if matches!(cursor.peek(), b't' | b'f') => {
                let value = cursor.peek() == b't';
                json::literal(cursor)?;
                pairs.push(row, value);
                Ok(())
            }
            (Kind::Json, Slot::Json(texts)) if cursor.peek() != b'n' => {
                let start = cursor.position();
                let is_spaced = cursor.aside(|cursor| json::value(cursor, &mut self.nesting, self.max_depth))?;
                json_text(texts, row, cursor.slice(start, cursor.position()), is_spaced)
            }
            (Kind::Binary, Slot::Binary(values)) if cursor.eat(b'"') => {
                cursor.string_into(&mut self.scratch, 0)?;
                let text = self.scratch.last();
                let decode = |out: &mut _| STANDARD.decode_vec(text, out).map_err(|_| Stop::MalformedBase64);
                let decoded = values.push_with(row, decode);
                self.scratch.pop(0);
                decoded
            }
            _ => cursor.aside(|cursor| self.other(cursor, position)),
        }
    }

    /// Reads a value that is null or of another type than the column.
    #[cold]
    #[inline(never)]
    fn other(&mut self, cursor: &mut Cursor<'_>, position: usize) -> Result<(), Stop> {
        let is_null = cursor.peek() == b'n';
        json::value(cursor, &mut self.nesting, json::UNLIMITED)?;
        let column = &self.plan.table.columns[position];
        if !is_null {
            return Err(if column.computed { Stop::ComputedColumn } else { Stop::TypeMismatch });
        }
        if column.required {
            return Err(Stop::NullInRequired);
        }
        let (word, bit) = (position / 64, 1 << (position % 64));
        self.store.present[word] &= !bit;
        self.nulls[word] |= bit;
        self.has_nulls = true;
        Ok(())
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

#[inline(always)]
fn is_number(cursor: &Cursor<'_>) -> bool {
    matches!(cursor.peek(), b'-' | b'0'..=b'9')
}

#[inline]
fn check(plan: &Plan, position: usize, text: &str) -> Result<(), Stop> {
    let column = &plan.table.columns[position];
    if let Values::Closed(values) = column.values
        && !values.contains(&text)
    {
        return Err(Stop::ValueNotAllowed);
    }
    match column.format {
        Some(format) if !format.is_convention() && !format.accepts(text) => Err(Stop::Format),
        _ if column.non_empty && text.is_empty() => Err(Stop::EmptyText),
        _ => Ok(()),
    }
}

#[inline]
fn event_type_of(plan: &Plan, position: usize, text: &str) -> Result<usize, Stop> {
    match plan.event_type(text) {
        Some(event_type) => Ok(event_type),
        None => check(plan, position, text).map(|()| 0),
    }
}

#[inline]
fn check_number(plan: &Plan, position: usize, number: i64) -> Result<(), Stop> {
    match plan.table.columns[position].values {
        Values::Closed(values) if !values.iter().any(|value| value.parse() == Ok(number)) => Err(Stop::ValueNotAllowed),
        _ => Ok(()),
    }
}

/// Reads up to 18 digits in quotes, or 19 that fit.
#[inline]
fn decimal(cursor: &mut Cursor<'_>) -> Option<i64> {
    let window = cursor.window();
    let is_negative = window[1] == b'-';
    let start = 1 + usize::from(is_negative);
    let (value, n) = digits(window, start);
    let value = i64::try_from(value).ok()?;
    if n == 0 || n > 19 || window[start + n] != b'"' {
        return None;
    }
    cursor.advance(start + n + 1);
    Some(if is_negative { -value } else { value })
}

#[cold]
fn rare_decimal(cursor: &mut Cursor<'_>, scratch: &mut TextColumn) -> Result<i64, Stop> {
    cursor.eat(b'"');
    cursor.string_into(scratch, 0)?;
    let text = scratch.last();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let result = if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Err(Stop::TypeMismatch)
    } else {
        text.parse().map_err(|_| Stop::NumberOutOfRange)
    };
    scratch.pop(0);
    result
}

#[cold]
fn rare_timestamp(cursor: &mut Cursor<'_>, scratch: &mut TextColumn) -> Result<i64, Stop> {
    cursor.eat(b'"');
    cursor.string_into(scratch, 0)?;
    let result = scratch.last().parse::<crate::Timestamp>();
    scratch.pop(0);
    result.map(crate::Timestamp::as_micros).map_err(|_| Stop::MalformedTimestamp)
}

/// Appends JSON text, whose syntax is checked, without the space between its tokens.
#[inline]
fn json_text(texts: &mut TextColumn, row: u32, text: &[u8], is_spaced: bool) -> Result<(), Stop> {
    if !is_spaced {
        return texts.push_bytes(row, text);
    }
    let text = std::str::from_utf8(text).map_err(|_| Stop::InvalidUtf8)?;
    texts.push(row, &crate::json::compact(text))
}
