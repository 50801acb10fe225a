//! Where a part of the definition stands, found in the text by the keys that lead to it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};
use unified_event_schema::{Schema, SourceSet};

use super::change::{Change, Destination, Kind, NameOf, Subject};
use super::finding::Location;

/// The places of the keys in a set of files, each read when it is first asked for.
pub(super) struct Places<'a> {
    sources: &'a SourceSet,
    files: RefCell<BTreeMap<String, Option<Keys>>>,
}

/// A table of TOML: its keys with their lines, from 1, and what stands below them.
#[derive(Default)]
struct Keys(BTreeMap<String, (usize, Keys)>);

/// What to look for: the table must be there, the key in it need not.
struct Spot {
    file: String,
    table: Vec<String>,
    key: Option<String>,
}

impl Spot {
    fn new(file: impl Into<String>, table: &[&str], key: Option<&str>) -> Self {
        let table = table.iter().map(|part| (*part).to_owned()).collect();
        Self { file: file.into(), table, key: key.map(str::to_owned) }
    }
}

impl<'a> Places<'a> {
    pub fn of(sources: &'a SourceSet) -> Self {
        Self { sources, files: RefCell::default() }
    }

    /// Returns the place of what changed; of a part that is not there, nothing.
    pub fn find(&self, schema: &Schema, change: &Change) -> Option<Location> {
        let Spot { file, table, key } = spot(schema, change)?;
        let source = self.sources.files().iter().find(|f| f.name == file)?;
        let mut files = self.files.borrow_mut();
        let mut keys = files.entry(file).or_insert_with(|| Keys::of(&source.text)).as_ref()?;
        let mut line = 1;
        for part in &table {
            let (at, below) = keys.0.get(part)?;
            (line, keys) = (*at, below);
        }
        if let Some((at, _)) = key.and_then(|key| keys.0.get(&key)) {
            line = *at;
        }
        Some(Location { file: source.path.clone(), line, column: 1 })
    }

    /// Returns the head of the file in which a part that is gone stood.
    pub fn head(&self, old: &Schema, change: &Change) -> Option<Location> {
        let Spot { file, .. } = spot(old, change)?;
        let source = self.sources.files().iter().find(|f| f.name == file)?;
        Some(Location { file: source.path.clone(), line: 1, column: 1 })
    }
}

impl Keys {
    fn of(text: &str) -> Option<Self> {
        let line_of = |at: usize| text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
        Some(Self::below(DeTable::parse(text).ok()?.get_ref(), &line_of))
    }

    fn below(table: &DeTable<'_>, line_of: &dyn Fn(usize) -> usize) -> Self {
        let entries = table.iter().map(|(key, value)| {
            let below = match value.get_ref() {
                DeValue::Table(table) => Self::below(table, line_of),
                _ => Self::default(),
            };
            (key.get_ref().to_string(), (line_of(key.span().start), below))
        });
        Self(entries.collect())
    }
}

fn spot(schema: &Schema, change: &Change) -> Option<Spot> {
    let key = key(&change.kind);
    let section = section(&change.kind);
    let section: &[&str] = section.as_slice();
    Some(match &change.subject {
        Subject::Schema => Spot::new("schema.toml", section, key.or(Some("name"))),
        Subject::Table { table } => Spot::new(format!("tables/{table}.toml"), section, key),
        Subject::Column { table, id, name } => {
            let column = schema.table(table)?.columns.iter().find(|c| c.id == *id)?;
            let module = column.group.as_ref().and_then(|g| schema.group(g)).map(|g| g.module.as_str());
            let file = module.map_or_else(|| format!("tables/{table}.toml"), |m| format!("groups/{m}.toml"));
            let key = key.map(|k| if k == "transform" && column.computed.is_some() { "computed" } else { k });
            let name = if schema.table(table)?.column(name).is_some() { name } else { &column.name };
            Spot::new(file, &["column", name], key)
        }
        Subject::PartitionSpec { table, scheme } => {
            Spot::new(format!("tables/{table}.toml"), &["partition", scheme], key)
        }
        Subject::Pipeline { table } => match &change.kind {
            Kind::Destination { of, binding, new, .. } => destination(table, of, binding.as_deref(), new.as_deref()),
            Kind::Name { of: NameOf::BucketBinding, .. } => {
                let is_raw = schema.pipeline(table).is_some_and(|p| Some(&p.sink.bucket) != new_name(&change.kind));
                if is_raw {
                    Spot::new("lake.toml", &["raw"], Some("bucket"))
                } else {
                    Spot::new(format!("pipelines/{table}.toml"), &["sink"], Some("bucket"))
                }
            }
            _ => {
                let key = key.map(|k| if k == "transform" { "where" } else { k });
                Spot::new(format!("pipelines/{table}.toml"), section, key)
            }
        },
        Subject::Field { table, name } => Spot::new(format!("pipelines/{table}.toml"), &["field", name], key),
        Subject::Group { name, .. } => {
            Spot::new(format!("groups/{}.toml", schema.group(name)?.module), &[], key.or(Some("name")))
        }
        Subject::EventType { name, .. } => Spot::new("event_types.toml", &["event_type", name], key),
        Subject::Lake { path } => lake(path),
        Subject::Query { name } => Spot::new(format!("queries/{name}.toml"), &[], Some("sql")),
        Subject::Waiver { .. } | Subject::Policy { .. } | Subject::Lock { .. } => return None,
    })
}

fn new_name(kind: &Kind) -> Option<&String> {
    let Kind::Name { new, .. } = kind else { return None };
    Some(new)
}

/// Returns where the definition says where data goes.
fn destination(table: &str, of: &Destination, binding: Option<&str>, new: Option<&str>) -> Spot {
    if let Some(binding) = binding {
        return Spot::new("lake.toml", &["bucket", binding], Some("name"));
    }
    match of {
        Destination::Bucket => Spot::new(format!("pipelines/{table}.toml"), &["sink"], Some("bucket")),
        Destination::Namespace => Spot::new(format!("pipelines/{table}.toml"), &["sink"], Some("namespace")),
        Destination::SinkTable => Spot::new(format!("pipelines/{table}.toml"), &["sink"], Some("name")),
        Destination::Raw => Spot::new("lake.toml", &["raw"], None),
        Destination::RawBucket => Spot::new("lake.toml", &["raw"], Some("bucket")),
        Destination::RawPrefix => Spot::new("lake.toml", &["raw"], Some("prefix")),
        Destination::RawPath { scheme } => Spot::new("lake.toml", &["time_pattern", scheme], Some("pattern")),
        Destination::RawScheme => Spot::new("lake.toml", &["time_pattern", new.unwrap_or_default()], Some("default")),
    }
}

/// Returns where a setting of the lake is, by its path in the model.
fn lake(path: &str) -> Spot {
    let (list, below) = path.split_once('/').unwrap_or((path, ""));
    let list = match list {
        "buckets" => "bucket",
        "paths" => "path",
        "time_patterns" => "time_pattern",
        "tiers" => "tier",
        "targets" => "target",
        other => other,
    };
    match (list, below.rsplit_once('/'), below) {
        // The order is that of the tables, or of the default before the others: no key says it.
        (_, _, "" | "(order)") => Spot::new("lake.toml", &[], Some(list)),
        (_, Some((name, key)), _) => Spot::new("lake.toml", &[list, name], Some(key)),
        ("writer" | "compaction" | "snapshots" | "raw", None, key) => Spot::new("lake.toml", &[list], Some(key)),
        (_, None, name) => Spot::new("lake.toml", &[list, name], None),
    }
}

/// Returns the key of the definition that a change is about.
fn key(kind: &Kind) -> Option<&str> {
    Some(match kind {
        Kind::Type { .. } => "type",
        Kind::Presence { .. } => "required",
        Kind::EmptyText { .. } => "non_empty",
        Kind::WireLimit { limit, .. } => limit,
        Kind::Doc { .. } => "doc",
        Kind::Example { .. } => "example",
        Kind::Format { .. } => "format",
        Kind::ValueSet { new: Some(false), .. } => "known_values",
        Kind::ValueSet { .. } | Kind::ValueAdded { .. } | Kind::ValueDropped { .. } => "values",
        Kind::Unit { .. } => "unit",
        Kind::Meaning { .. } => "meaning",
        Kind::Expression { .. } | Kind::SqlText { .. } | Kind::Derived { .. } => "transform",
        Kind::Settable { .. } => "computed",
        Kind::Wire { .. } => "wire",
        Kind::Memory { .. } => "memory",
        Kind::ColumnKind { .. } => "kind",
        Kind::Since { .. } => "since",
        Kind::RenamedFrom { .. } | Kind::ColumnRenamed { .. } => "renamed_from",
        Kind::Deprecation { .. } => "deprecated",
        Kind::ColumnReplaced { .. } => "id",
        Kind::RequirementAdded { requirement } if requirement.any_of.len() > 1 => "requires_any",
        Kind::RequirementAdded { .. } => "requires",
        Kind::EventTypeGroups { .. } | Kind::GroupOrder { .. } => "groups",
        Kind::TableVersion { .. } => "version",
        Kind::Key { .. } => "key",
        Kind::TableOrder { .. } => "tables",
        Kind::PartitionChanged { .. } => "fields",
        Kind::Filter { .. } => "where",
        Kind::SinkSetting { key, .. } => key,
        Kind::Property { key, .. } => key,
        Kind::Name { of: NameOf::Binding, .. } => "binding",
        Kind::Name { .. } => "name",
        _ => return None,
    })
}

/// Returns the table of a file that a change of the whole file is about.
fn section(kind: &Kind) -> Option<&'static str> {
    match kind {
        Kind::WireLimit { .. } => Some("wire"),
        Kind::Sort { .. } => Some("sort"),
        Kind::Distribution { .. } => Some("distribution"),
        Kind::Metrics { .. } => Some("metrics"),
        Kind::Property { .. } => Some("properties"),
        Kind::Name { of: NameOf::Stream, .. } => Some("stream"),
        Kind::Name { of: NameOf::Sink, .. } | Kind::SinkSetting { .. } => Some("sink"),
        _ => None,
    }
}
