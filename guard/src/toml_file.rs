//! Small TOML files beside the definition, read with lines for their faults.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::FileFault;

/// A file that parsed, with the faults found since.
pub(super) struct File {
    pub root: Table,
    pub faults: Faults,
}

/// The faults of one file.
pub(super) struct Faults {
    path: String,
    list: Vec<FileFault>,
}

impl Faults {
    pub fn fault(&mut self, line: usize, message: impl Into<String>, help: impl Into<String>) {
        let (message, help) = (message.into(), help.into());
        self.list.push(FileFault { file: self.path.clone(), line, message, help });
    }

    pub fn finish<T>(self, value: T) -> Result<T, Vec<FileFault>> {
        if self.list.is_empty() { Ok(value) } else { Err(self.list) }
    }
}

/// A table with the lines of its entries.
pub(super) struct Table {
    pub line: usize,
    entries: Vec<(String, Item, usize)>,
}

enum Item {
    Text(String),
    Texts(Vec<(String, usize)>),
    Table(Table),
    List(Vec<Table>),
    Other,
}

pub(super) fn parse(path: &str, text: &str) -> Result<File, Vec<FileFault>> {
    let mut faults = Faults { path: path.to_owned(), list: Vec::new() };
    let line_of = |at: usize| text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
    match DeTable::parse(text) {
        Ok(root) => Ok(File { root: table(root.get_ref(), 1, &line_of), faults }),
        Err(error) => {
            let line = error.span().map_or(1, |s| line_of(s.start));
            faults.fault(line, format!("this is no TOML: {}", error.message().replace('\n', ", ")), "mend the line");
            Err(faults.list)
        }
    }
}

fn table(source: &DeTable<'_>, line: usize, line_of: &dyn Fn(usize) -> usize) -> Table {
    let mut entries: Vec<(String, Item, usize)> = Vec::new();
    for (key, value) in source {
        let line = line_of(key.span().start);
        entries.push((key.get_ref().to_string(), item(value, line, line_of), line));
    }
    entries.sort_by_key(|(_, _, line)| *line);
    Table { line, entries }
}

fn item(value: &Spanned<DeValue<'_>>, line: usize, line_of: &dyn Fn(usize) -> usize) -> Item {
    match value.get_ref() {
        DeValue::String(text) => Item::Text(text.to_string()),
        DeValue::Table(inner) => Item::Table(table(inner, line, line_of)),
        DeValue::Array(items) if items.iter().all(|i| i.get_ref().is_str()) => {
            let texts = items.iter().filter_map(|i| Some((i.get_ref().as_str()?.to_owned(), line_of(i.span().start))));
            Item::Texts(texts.collect())
        }
        DeValue::Array(items) if items.iter().all(|i| i.get_ref().as_table().is_some()) => {
            let tables = items.iter().filter_map(|i| Some((i.get_ref().as_table()?, line_of(i.span().start))));
            Item::List(tables.map(|(t, line)| table(t, line, line_of)).collect())
        }
        _ => Item::Other,
    }
}

impl Table {
    fn get(&self, key: &str) -> Option<&Item> {
        self.entries.iter().find(|(k, _, _)| k == key).map(|(_, item, _)| item)
    }

    pub fn text(&self, key: &str) -> Option<String> {
        match self.get(key)? {
            Item::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// Returns the texts of a list with their lines, and takes them out.
    pub fn texts(&mut self, key: &str) -> Vec<(String, usize)> {
        match self.entries.iter().position(|(k, item, _)| k == key && matches!(item, Item::Texts(_))) {
            Some(at) => match self.entries.remove(at).1 {
                Item::Texts(texts) => texts,
                _ => Vec::new(),
            },
            None => Vec::new(),
        }
    }

    /// Returns the tables under a key with their names, and takes them out; `form` is how one is written.
    pub fn tables(&mut self, key: &str, form: &str, faults: &mut Faults) -> Vec<(String, Table)> {
        let Some(at) = self.entries.iter().position(|(k, _, _)| k == key) else { return Vec::new() };
        let (_, item, line) = self.entries.remove(at);
        let mut found = Vec::new();
        let Item::Table(inner) = item else {
            faults.fault(line, format!("`{key}` is no table"), format!("write `{form}`"));
            return found;
        };
        for (name, item, line) in inner.entries {
            match item {
                Item::Table(table) => found.push((name, table)),
                _ => faults.fault(line, format!("`{key}.{name}` is no table"), format!("write `{form}`")),
            }
        }
        found
    }

    /// Returns the tables of a list, and takes them out.
    pub fn list(&mut self, key: &str, faults: &mut Faults) -> Vec<Table> {
        let Some(at) = self.entries.iter().position(|(k, _, _)| k == key) else { return Vec::new() };
        match self.entries.remove(at) {
            (_, Item::List(tables), _) => tables,
            (_, Item::Texts(texts), _) if texts.is_empty() => Vec::new(),
            (_, _, line) => {
                faults.fault(line, format!("`{key}` is no list of tables"), format!("write `[[{key}]]` over each"));
                Vec::new()
            }
        }
    }

    /// Returns the texts with their lines.
    pub fn entries(&self) -> impl Iterator<Item = (String, String, usize)> {
        self.entries.iter().filter_map(|(key, item, line)| match item {
            Item::Text(text) => Some((key.clone(), text.clone(), *line)),
            _ => None,
        })
    }

    /// Returns true if a key is there, whatever its value.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Reports values that are no text.
    pub fn only_texts(&self, faults: &mut Faults) {
        for (key, item, line) in &self.entries {
            if !matches!(item, Item::Text(_)) {
                faults.fault(*line, format!("the value of `{key}` is no text"), format!("write `{key} = \"…\"`"));
            }
        }
    }

    /// Reports keys that are none of `known`.
    pub fn only(&self, known: &[&str], faults: &mut Faults) {
        for (key, _, line) in self.entries.iter().filter(|(k, _, _)| !known.contains(&k.as_str())) {
            faults.fault(*line, format!("unknown key `{key}`"), format!("expected {}", known.join(", ")));
        }
    }
}
