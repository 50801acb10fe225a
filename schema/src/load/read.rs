//! Second stage: lenient reading. What the first stage refused reads as absent or as a default.

use toml::de::{DeTable, DeValue};

use super::shape::{self, Item};
use crate::Value;
use crate::diag::Place;

/// A table with the file it stands in.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    pub file: usize,
    pub table: &'a DeTable<'a>,
}

/// A value with its place.
#[derive(Debug, Clone)]
pub(crate) struct At<T> {
    pub value: T,
    pub place: Place,
}

impl<'a> Node<'a> {
    fn item(&self, key: &str) -> Option<&'a Item<'a>> {
        self.table.get(key)
    }

    fn at<T>(&self, item: &Item<'_>, value: T) -> At<T> {
        At { value, place: Place { file: self.file, span: item.span() } }
    }

    /// Returns the place of the value under a key, whatever it is.
    pub fn place(&self, key: &str) -> Option<Place> {
        Some(Place { file: self.file, span: self.item(key)?.span() })
    }

    pub fn text(&self, key: &str) -> Option<At<String>> {
        let item = self.item(key)?;
        Some(self.at(item, item.get_ref().as_str()?.to_owned()))
    }

    /// Returns the text under a key, or nothing and no place when it is absent.
    pub fn text_or_empty(&self, key: &str) -> String {
        self.text(key).map(|t| t.value).unwrap_or_default()
    }

    pub fn bool(&self, key: &str) -> bool {
        self.item(key).and_then(|i| i.get_ref().as_bool()).unwrap_or(false)
    }

    pub fn integer(&self, key: &str) -> Option<At<i64>> {
        let item = self.item(key)?;
        Some(self.at(item, shape::integer(item.get_ref())?))
    }

    pub fn u32(&self, key: &str) -> Option<u32> {
        self.integer(key).and_then(|n| u32::try_from(n.value).ok())
    }

    pub fn value(&self, key: &str) -> Option<At<Value>> {
        let item = self.item(key)?;
        Some(self.at(item, value(item.get_ref())?))
    }

    pub fn texts(&self, key: &str) -> Vec<At<String>> {
        let items = self.item(key).and_then(|i| i.get_ref().as_array());
        let items = items.into_iter().flat_map(|a| a.iter());
        items.filter_map(|i| Some(self.at(i, i.get_ref().as_str()?.to_owned()))).collect()
    }

    pub fn table(&self, key: &str) -> Option<Node<'a>> {
        let table = self.item(key)?.get_ref().as_table()?;
        Some(Node { file: self.file, table })
    }

    pub fn list(&self, key: &str) -> Vec<At<Node<'a>>> {
        let items = self.item(key).and_then(|i| i.get_ref().as_array());
        let items = items.into_iter().flat_map(|a| a.iter());
        items.filter_map(|i| Some(self.at(i, Node { file: self.file, table: i.get_ref().as_table()? }))).collect()
    }

    /// Returns the named tables under a key, in the order of the file.
    pub fn tables(&self, key: &str) -> Vec<(At<String>, Node<'a>)> {
        let mut found = Vec::new();
        for (name, item) in self.item(key).and_then(|i| i.get_ref().as_table()).into_iter().flatten() {
            let place = Place { file: self.file, span: name.span() };
            if let Some(table) = item.get_ref().as_table() {
                let name = At { value: name.get_ref().to_string(), place };
                found.push((name, Node { file: self.file, table }));
            }
        }
        found.sort_by_key(|(name, _)| name.place.span.start);
        found
    }

    /// Returns the texts under the free keys of a table, in the order of the file.
    pub fn text_map(&self, key: &str) -> Vec<(At<String>, At<String>)> {
        let mut found = Vec::new();
        for (name, item) in self.item(key).and_then(|i| i.get_ref().as_table()).into_iter().flatten() {
            let place = Place { file: self.file, span: name.span() };
            if let Some(text) = item.get_ref().as_str() {
                found.push((At { value: name.get_ref().to_string(), place }, self.at(item, text.to_owned())));
            }
        }
        found.sort_by_key(|(name, _)| name.place.span.start);
        found
    }
}

/// Returns a plain value; a TOML date has none, and an integer beyond 64 bits neither.
fn value(item: &DeValue<'_>) -> Option<Value> {
    Some(match item {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(_) => Value::Int(shape::integer(item)?),
        DeValue::Float(number) => {
            Value::Float(number.as_str().replace('_', "").parse().ok().filter(|n: &f64| n.is_finite())?)
        }
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(_) => return None,
        DeValue::Array(items) => Value::List(items.iter().map(|i| value(i.get_ref())).collect::<Option<_>>()?),
        DeValue::Table(table) => {
            let mut entries: Vec<_> = table.iter().collect();
            entries.sort_by_key(|(key, _)| key.span().start);
            let entries = entries.into_iter().map(|(k, v)| Some((k.get_ref().to_string(), value(v.get_ref())?)));
            Value::Object(entries.collect::<Option<_>>()?)
        }
    })
}
