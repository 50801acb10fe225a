//! What is checked of an event beyond its shape: presence, closed sets, formats, requirements.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::IgnoredAny;

use crate::fault::{WarningCode, shortened};
use crate::row::Fields;
use crate::sink::Sink;
use crate::table::{Column, EventRules, Table, Values};
use crate::{Fault, Json, Timestamp, Value, Warning};

/// Collects the faults of one event, value by value.
pub(crate) struct Check {
    table: &'static Table,
    present: Positions,
    /// Columns with a fault of their own, which is not reported again as an absence.
    faulty: Positions,
    repeated: Positions,
    rules: Option<&'static EventRules>,
    pub(crate) faults: Vec<Fault>,
}

impl Check {
    pub(crate) fn new(table: &'static Table) -> Self {
        let n_columns = table.columns.len();
        let [present, faulty, repeated] = [(); 3].map(|()| Positions::new(n_columns));
        Self { table, present, faulty, repeated, rules: None, faults: Vec::new() }
    }

    /// Reports a fault of one column.
    pub(crate) fn fault(&mut self, position: usize, fault: Fault) {
        self.faulty.insert(position);
        self.faults.push(fault);
    }

    /// Reports that a column is there again. Which of its values counts is unclear, so that nothing else is said of it.
    pub(crate) fn repeated(&mut self, position: usize) {
        let Some(column) = self.table.columns.get(position) else { return };
        if !self.repeated.insert(position) {
            return;
        }
        self.faults.retain(|fault| fault.column.as_deref() != Some(column.name));
        if self.table.event_type == Some(position) {
            self.rules = None;
        }
        self.fault(position, Fault::duplicate_key(column));
    }

    /// Notes that a column has a value, of the right type, and checks the value.
    pub(crate) fn value(&mut self, position: usize, value: &Value<'_>) {
        let Some(column) = self.table.columns.get(position) else { return };
        match value {
            Value::String(text) => self.text(position, column, text),
            Value::Int32(number) => self.number(position, column, i64::from(*number)),
            Value::Int64(number) => self.number(position, column, *number),
            Value::Float64(number) if !number.is_finite() => {
                self.fault(position, Fault::number_out_of_range(column, &number.to_string()));
            }
            Value::Json(json) => self.json_text(position, column, json),
            _ => {}
        }
        self.present.insert(position);
    }

    /// Notes that a column has a value of which there is nothing to check.
    pub(crate) fn present(&mut self, position: usize) {
        self.present.insert(position);
    }

    /// Checks what only the whole event shows, and returns all faults.
    pub(crate) fn finish(mut self) -> Vec<Fault> {
        self.required();
        self.requirements();
        self.faults
    }

    /// Reports the required columns that are absent.
    pub(crate) fn required(&mut self) {
        for (position, column) in self.table.columns.iter().enumerate() {
            if column.required && !self.is_settled(position) {
                self.faults.push(Fault::missing_required(column));
            }
        }
    }

    fn requirements(&mut self) {
        let Some(rules) = self.rules else { return };
        for requirement in rules.requires {
            if !requirement.any_of.iter().any(|position| self.is_settled(usize::from(*position))) {
                let fault = Fault::requirement_not_met(self.table, rules.name, requirement);
                // A derived event says so itself where its struct leaves it open.
                if !self.faults.contains(&fault) {
                    self.faults.push(fault);
                }
            }
        }
    }

    fn is_settled(&self, position: usize) -> bool {
        self.present.contains(position) || self.faulty.contains(position)
    }

    fn text(&mut self, position: usize, column: &'static Column, text: &str) {
        match text_fault(column, text) {
            Some(fault) => self.fault(position, fault),
            None if self.table.event_type == Some(position) => self.rules = self.table.rules(text),
            None => {}
        }
    }

    fn json_text(&mut self, position: usize, column: &'static Column, json: &Json) {
        if let Err(problem) = json.check(self.table.max_depth) {
            self.fault(position, Fault::json(column, &problem));
        }
    }

    fn number(&mut self, position: usize, column: &'static Column, number: i64) {
        if let Some(fault) = number_fault(column, number) {
            self.fault(position, fault);
        }
    }
}

/// Returns why a whole number is no value of a column.
pub(crate) fn number_fault(column: &Column, number: i64) -> Option<Fault> {
    match column.values {
        Values::Closed(values) if !values.iter().any(|value| value.parse() == Ok(number)) => {
            Some(Fault::value_not_allowed(column, values, &number.to_string()))
        }
        _ => None,
    }
}

/// Returns why a text is no value of a string column.
pub(crate) fn text_fault(column: &Column, text: &str) -> Option<Fault> {
    match (column.values, column.format) {
        (Values::Closed(values), _) if !values.contains(&text) => Some(Fault::value_not_allowed(column, values, text)),
        (_, Some(format)) if !format.is_convention() && !format.accepts(text) => {
            Some(Fault::format(column, format.expected(), text))
        }
        _ if column.non_empty && text.is_empty() => Some(Fault::empty_text(column)),
        _ => None,
    }
}

/// The check as a sink: for events that are not rows.
impl Sink for Check {
    fn string(&mut self, column: usize, value: &str) {
        self.value(column, &Value::String(value.into()));
    }

    fn bool(&mut self, column: usize, _: bool) {
        self.present(column);
    }

    fn int32(&mut self, column: usize, value: i32) {
        self.value(column, &Value::Int32(value));
    }

    fn int64(&mut self, column: usize, value: i64) {
        self.value(column, &Value::Int64(value));
    }

    fn float64(&mut self, column: usize, value: f64) {
        self.value(column, &Value::Float64(value));
    }

    fn timestamp(&mut self, column: usize, _: Timestamp) {
        self.present(column);
    }

    fn json<T: ?Sized + Serialize>(&mut self, column: usize, value: &T) {
        match self.table.at(column).and_then(|of| Json::of_column(value, of)) {
            Ok(json) if json.is_null() => {}
            Ok(json) => self.value(column, &Value::Json(Cow::Owned(json))),
            Err(fault) => self.fault(column, fault),
        }
    }

    fn binary(&mut self, column: usize, _: &[u8]) {
        self.present(column);
    }

    fn fault(&mut self, column: Option<usize>, fault: Fault) {
        match column {
            Some(column) => Self::fault(self, column, fault),
            None => self.faults.push(fault),
        }
    }
}

/// Returns what is odd about a row: conventions, unknown values, deprecated columns.
pub(crate) fn warnings(table: &'static Table, row: &dyn Fields) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (position, column) in table.columns.iter().enumerate() {
        if let Some(value) = row.field(position).and_then(|field| field.get()) {
            warnings.extend(warnings_of(column, &value));
        }
    }
    warnings
}

fn warnings_of(column: &'static Column, value: &Value<'_>) -> impl Iterator<Item = Warning> {
    let text = match value {
        Value::String(text) => Some(text.to_string()),
        Value::Int32(number) => Some(number.to_string()),
        Value::Int64(number) => Some(number.to_string()),
        _ => None,
    };
    let twice = matches!(value, Value::Json(json) if is_json_text(json)).then(|| json_text(column));
    let convention = text.as_deref().and_then(|text| unconventional(column, text));
    let unknown = text.as_deref().and_then(|text| unknown_value(column, text));
    [deprecated(column), convention, unknown, twice].into_iter().flatten()
}

/// Returns true for a string that holds JSON itself.
fn is_json_text(json: &Json) -> bool {
    let is_string = json.as_str().starts_with('"');
    let text = is_string.then(|| json.deserialize::<String>().ok()).flatten();
    text.is_some_and(|text| serde_json::from_str::<IgnoredAny>(&text).is_ok())
}

fn json_text(column: &'static Column) -> Warning {
    let message = format!("column `{}` is json; JSON text in a string is stored encoded twice", column.name);
    Warning::new(WarningCode::JsonText, column.name, message)
}

fn deprecated(column: &'static Column) -> Option<Warning> {
    let deprecation = column.deprecated?;
    let mut message = format!("column `{}` is deprecated: {}", column.name, deprecation.reason);
    if let Some(replacement) = deprecation.replaced_by {
        message.push_str(&format!("; use `{replacement}`"));
    }
    Some(Warning::new(WarningCode::DeprecatedColumn, column.name, message))
}

fn unconventional(column: &'static Column, text: &str) -> Option<Warning> {
    let format = column.format?;
    let outside = (format.is_convention() && !format.accepts(text)).then(|| format.expected());
    let (expected, found) = (outside.or_else(|| format.oddity(text))?, shortened(text));
    let message = format!("column `{}` has a convention; expected {expected}, found `{found}`", column.name);
    Some(Warning::new(WarningCode::Convention, column.name, message))
}

fn unknown_value(column: &'static Column, text: &str) -> Option<Warning> {
    let Values::Known(values) = column.values else { return None };
    if values.contains(&text) {
        return None;
    }
    let mut message = format!("`{}` is no known value of column `{}`", shortened(text), column.name);
    if let Some(question) = unified_event_types::suggest::did_you_mean(text, values.iter().copied()) {
        message.push_str("; ");
        message.push_str(&question);
    }
    Some(Warning::new(WarningCode::UnknownValue, column.name, message))
}

/// A set of positions.
pub(crate) struct Positions(Vec<u64>);

impl Positions {
    pub(crate) fn new(n_columns: usize) -> Self {
        Self(vec![0; n_columns.div_ceil(64)])
    }

    /// Adds a position and says whether it was new.
    pub(crate) fn insert(&mut self, position: usize) -> bool {
        let Some(word) = self.0.get_mut(position / 64) else { return false };
        let bit = 1 << (position % 64);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    pub(crate) fn contains(&self, position: usize) -> bool {
        self.0.get(position / 64).is_some_and(|word| word & 1 << (position % 64) != 0)
    }
}
