//! The loop that reads a row, entry by entry.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::input::Input;
use super::{Fields, parse};
use crate::check::{Check, Positions};
use crate::table::{ColumnType, Table, Values};
use crate::{Fault, Faults, Value};

/// After so many unknown keys no more resemblances are looked for: each costs a look at all names.
const MAX_SUGGESTIONS: usize = 8;

/// Reads a stored row from any format that serde reads; `json` columns need serde_json.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    table: &'static Table,
    row: &mut dyn Fields,
    deserializer: D,
) -> Result<(), D::Error> {
    let mut reader = Reader::new(table, row);
    deserializer.deserialize_map(StoredRow(&mut reader))?;
    reader.check.required();
    Faults::or(reader.check.faults, ()).map_err(D::Error::custom)
}

/// Sets the fields of a row and collects the faults of its values.
pub(super) struct Reader<'r> {
    table: &'static Table,
    row: &'r mut dyn Fields,
    seen: Positions,
    n_unknown: usize,
    pub(super) check: Check,
}

impl<'r> Reader<'r> {
    pub(super) fn new(table: &'static Table, row: &'r mut dyn Fields) -> Self {
        let seen = Positions::new(table.columns.len());
        Self { table, row, seen, n_unknown: 0, check: Check::new(table) }
    }

    /// Returns the position of a key, or reports why the entry does not count.
    pub(super) fn position(&mut self, key: &str) -> Option<usize> {
        let Some(position) = self.table.position(key) else {
            let suggest = self.n_unknown < MAX_SUGGESTIONS;
            self.n_unknown += 1;
            self.check.faults.push(Fault::unknown_field(self.table, key, suggest));
            return None;
        };
        if !self.seen.insert(position) {
            self.check.repeated(position);
            return None;
        }
        Some(position)
    }

    pub(super) fn is_json(&self, position: usize) -> bool {
        self.table.columns[position].ty == ColumnType::Json
    }

    /// Takes the value of a column as it is stored: only its shape is checked.
    fn stored(&mut self, position: usize, value: Result<Option<Value<'_>>, Fault>) {
        if let Some(value) = self.accepted(position, value) {
            self.check.present(position);
            self.set(position, value);
        }
    }

    /// Takes the value of a column as a producer sends it: everything is checked.
    pub(super) fn sent(&mut self, position: usize, value: Result<Option<Value<'_>>, Fault>) {
        let column = &self.table.columns[position];
        if column.computed && !matches!(value, Ok(None)) {
            return self.check.fault(position, Fault::computed_column(column));
        }
        let Some(value) = self.accepted(position, value) else { return };
        let n_faults = self.check.faults.len();
        self.check.value(position, &value);
        if self.check.faults.len() == n_faults {
            self.set(position, value);
        }
    }

    /// Returns the value that sets the column. Null says nothing, so it sets nothing.
    fn accepted<'a>(&mut self, position: usize, value: Result<Option<Value<'a>>, Fault>) -> Option<Value<'a>> {
        let column = &self.table.columns[position];
        match value {
            Ok(None) if column.required => {
                self.check.fault(position, Fault::null_in_required(column));
                None
            }
            Ok(value) => value,
            Err(fault) => {
                self.check.fault(position, fault);
                None
            }
        }
    }

    fn set(&mut self, position: usize, value: Value<'_>) {
        let column = &self.table.columns[position];
        if let (Values::Closed(values), Value::String(text)) = (column.values, &value)
            && !values.contains(&text.as_ref())
        {
            return self.check.fault(position, Fault::value_not_allowed(column, values, text));
        }
        let taken = self.row.field_mut(position).is_some_and(|field| field.set(Some(value)).is_ok());
        if !taken {
            self.check.fault(position, Fault::type_mismatch(column, "a value that the field does not take"));
        }
    }
}

struct StoredRow<'a, 'r>(&'a mut Reader<'r>);

impl<'de> Visitor<'de> for StoredRow<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a row of `{}`", self.0.table.name)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let reader = self.0;
        while let Some(Key(key)) = map.next_key()? {
            let Some(position) = reader.position(&key) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if reader.is_json(position) {
                let raw: Option<Box<RawValue>> = map.next_value()?;
                let column = &reader.table.columns[position];
                reader.stored(position, raw.map_or(Ok(None), |raw| parse::json(column, &raw)));
            } else {
                let input: Input<'de> = map.next_value()?;
                reader.stored(position, parse::value(&reader.table.columns[position], input));
            }
        }
        Ok(())
    }
}

/// A key, borrowed where the format allows it.
pub(super) struct Key<'a>(pub(super) Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a column")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(Text)
    }
}
