//! One value into its column.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Lines;
use crate::batch::Slot;
use crate::check::number_fault;
use crate::ndjson::json;
use crate::ndjson::number::{digits, float, integer};
use crate::ndjson::plan::{Kind, Plan};
use crate::raw::{Cursor, Stop, TextColumn};

impl Lines {
    /// Reads the value of a column.
    #[inline(always)]
    pub(super) fn entry(
        &mut self,
        cursor: &mut Cursor<'_>,
        position: usize,
        kind: Kind,
        event_type: &mut usize,
    ) -> Result<(), Stop> {
        let (word, bit) = (position / 64, 1_u64 << (position % 64));
        let present = &mut self.store.present[word];
        if *present & bit != 0 {
            self.fault_column = Some(position);
            return Err(Stop::DuplicateKey);
        }
        *present |= bit;
        let value_at = cursor.clone();
        self.value(cursor, position, kind, event_type).inspect_err(|stop| {
            // A column that no producer may set is refused for its key.
            if *stop != Stop::ComputedColumn {
                self.fault_at = value_at.position();
            }
            self.fault_column = Some(position);
        })
    }

    #[inline(always)]
    fn value(
        &mut self,
        cursor: &mut Cursor<'_>,
        position: usize,
        kind: Kind,
        event_type: &mut usize,
    ) -> Result<(), Stop> {
        let row = self.store.len() as u32;
        let Some(slot) = self.store.slots.get_mut(position) else { return Err(Stop::UnknownField) };
        match kind {
            Kind::Text | Kind::NonEmptyText | Kind::CheckedText | Kind::EventType => {
                if let Slot::Text(texts, _) = slot
                    && cursor.eat(b'"')
                {
                    cursor.string_into(texts, row)?;
                    return match kind {
                        Kind::Text => Ok(()),
                        Kind::NonEmptyText if texts.last().is_empty() => Err(Stop::EmptyText),
                        Kind::NonEmptyText => Ok(()),
                        Kind::EventType => {
                            *event_type = event_type_of(&self.plan, position, texts.last())?;
                            Ok(())
                        }
                        _ => self.plan.columns[position].check(texts.last()),
                    };
                }
            }
            Kind::Float64 => {
                if let Slot::Float64(pairs) = slot
                    && is_number(cursor)
                {
                    pairs.push(row, float(cursor)?);
                    return Ok(());
                }
            }
            Kind::Int32 => {
                if let Slot::Int32(pairs, is_closed) = slot
                    && is_number(cursor)
                {
                    let number = integer(cursor)?;
                    pairs.push(row, i32::try_from(number).map_err(|_| Stop::NumberOutOfRange)?);
                    return if *is_closed { check_number(&self.plan, position, number) } else { Ok(()) };
                }
            }
            Kind::Int64 => {
                if let Slot::Int64(pairs, is_closed) = slot
                    && is_number(cursor)
                {
                    let number = integer(cursor)?;
                    pairs.push(row, number);
                    return if *is_closed { check_number(&self.plan, position, number) } else { Ok(()) };
                }
            }
            Kind::Decimal => {
                if let Slot::Int64(pairs, is_closed) = slot
                    && cursor.peek() == b'"'
                {
                    let number = match decimal(cursor) {
                        Some(number) => number,
                        None => cursor.aside(|cursor| rare_decimal(cursor, &mut self.scratch))?,
                    };
                    pairs.push(row, number);
                    return if *is_closed { check_number(&self.plan, position, number) } else { Ok(()) };
                }
            }
            Kind::Timestamp => {
                if let Slot::Timestamp(pairs) = slot
                    && cursor.peek() == b'"'
                {
                    let micros = match self.last_date.read(cursor) {
                        Some(micros) => micros,
                        None => cursor.aside(|cursor| rare_timestamp(cursor, &mut self.scratch))?,
                    };
                    pairs.push(row, micros);
                    return Ok(());
                }
            }
            Kind::Bool => {
                if let Slot::Bool(pairs) = slot
                    && let value @ (b't' | b'f') = cursor.peek()
                {
                    json::literal(cursor)?;
                    pairs.push(row, value == b't');
                    return Ok(());
                }
            }
            Kind::Json => {
                if let Slot::Json(texts) = slot
                    && cursor.peek() != b'n'
                {
                    let start = cursor.position();
                    let is_spaced = cursor.aside(|cursor| json::value(cursor, &mut self.nesting, self.max_depth))?;
                    return json_text(texts, row, cursor.slice(start, cursor.position()), is_spaced);
                }
            }
            Kind::Binary => {
                if let Slot::Binary(values) = slot
                    && cursor.eat(b'"')
                {
                    cursor.string_into(&mut self.scratch, 0)?;
                    let text = self.scratch.last();
                    let decode = |out: &mut _| STANDARD.decode_vec(text, out).map_err(|_| Stop::MalformedBase64);
                    let decoded = values.push_with(row, decode);
                    self.scratch.pop(0);
                    return decoded;
                }
            }
            Kind::Computed => {}
        }
        cursor.aside(|cursor| self.other(cursor, position))
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
        self.nulls[word] |= bit;
        self.has_nulls = true;
        Ok(())
    }
}

#[inline(always)]
fn is_number(cursor: &Cursor<'_>) -> bool {
    matches!(cursor.peek(), b'-' | b'0'..=b'9')
}

#[inline]
fn event_type_of(plan: &Plan, position: usize, text: &str) -> Result<usize, Stop> {
    match plan.event_type(text) {
        Some(event_type) => Ok(event_type),
        None => plan.columns[position].check(text).map(|()| 0),
    }
}

/// Checks a number of a closed set.
#[cold]
fn check_number(plan: &Plan, position: usize, number: i64) -> Result<(), Stop> {
    match number_fault(&plan.table.columns[position], number) {
        Some(_) => Err(Stop::ValueNotAllowed),
        None => Ok(()),
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
