//! Where a part of the definition stands, found in the text by its header and key.

use unified_event_schema::{Schema, SourceSet};

use super::change::{Change, Kind, NameOf, Subject};
use super::finding::Location;

/// Returns the place of what changed; of a part that is not there, nothing.
pub(super) fn find(sources: &SourceSet, schema: &Schema, change: &Change) -> Option<Location> {
    let key = key(&change.kind);
    match &change.subject {
        Subject::Schema => in_file(sources, "schema.toml", section(&change.kind), key.or(Some("name"))),
        Subject::Table { table } => in_file(sources, &format!("tables/{table}.toml"), section(&change.kind), key),
        Subject::Column { table, id, name } => {
            let column = schema.table(table)?.columns.iter().find(|c| c.id == *id)?;
            let module = column.group.as_ref().and_then(|g| schema.group(g)).map(|g| g.module.as_str());
            let file = module.map_or_else(|| format!("tables/{table}.toml"), |m| format!("groups/{m}.toml"));
            let key = key.map(|k| if k == "transform" && column.computed.is_some() { "computed" } else { k });
            let name = if schema.table(table)?.column(name).is_some() { name } else { &column.name };
            in_file(sources, &file, Some(&format!("[column.{name}]")), key)
        }
        Subject::PartitionSpec { table, scheme } => {
            in_file(sources, &format!("tables/{table}.toml"), Some(&format!("[partition.{scheme}]")), key)
        }
        Subject::Pipeline { table } => {
            let key = key.map(|k| if k == "transform" { "where" } else { k });
            in_file(sources, &format!("pipelines/{table}.toml"), section(&change.kind), key)
        }
        Subject::Field { table, name } => {
            in_file(sources, &format!("pipelines/{table}.toml"), Some(&format!("[field.{name}]")), key)
        }
        Subject::Group { name, .. } => {
            let file = format!("groups/{}.toml", schema.group(name)?.module);
            in_file(sources, &file, None, key.or(Some("name")))
        }
        Subject::EventType { name, .. } => {
            in_file(sources, "event_types.toml", Some(&format!("[event_type.{name}]")), key)
        }
        Subject::Lake { path } => {
            let mut parts = path.split('/');
            let header = match (parts.next()?, parts.next()) {
                (kind @ ("writer" | "compaction" | "snapshots" | "raw"), _) => format!("[{kind}]"),
                (list, Some(name)) => format!("[{}.{name}]", list.trim_end_matches('s')),
                _ => return in_file(sources, "lake.toml", None, Some("doc")),
            };
            in_file(sources, "lake.toml", Some(&header), path.rsplit('/').next())
        }
        Subject::Query { name } => in_file(sources, &format!("queries/{name}.toml"), None, Some("sql")),
        Subject::Waiver { .. } | Subject::Lock { .. } => None,
    }
}

/// Returns the key of the definition that a change is about.
fn key(kind: &Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Type { .. } => "type",
        Kind::Presence { .. } => "required",
        Kind::EmptyText { .. } => "non_empty",
        Kind::WireLimit { limit, .. } => match limit.as_str() {
            "max_depth" => "max_depth",
            "max_record_bytes" => "max_record_bytes",
            _ => "max_request_bytes",
        },
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
        Kind::SinkSetting { key, .. } => match key.as_str() {
            "compression" => "compression",
            "roll_interval_seconds" => "roll_interval_seconds",
            "roll_size_mb" => "roll_size_mb",
            _ => "row_group_mb",
        },
        Kind::Name { of, .. } => match of {
            NameOf::Binding => "binding",
            NameOf::Bucket => "bucket",
            NameOf::Namespace => "namespace",
            _ => "name",
        },
        _ => return None,
    })
}

/// Returns the table of a file that a change of the whole file is about.
fn section(kind: &Kind) -> Option<&'static str> {
    match kind {
        Kind::WireLimit { .. } => Some("[wire]"),
        Kind::Sort { .. } => Some("[sort]"),
        Kind::Distribution { .. } => Some("[distribution]"),
        Kind::Metrics { .. } => Some("[metrics]"),
        Kind::Property { .. } => Some("[properties]"),
        Kind::Name { of: NameOf::Stream, .. } => Some("[stream]"),
        Kind::Name { of: NameOf::Sink | NameOf::SinkTable | NameOf::Namespace | NameOf::Bucket, .. }
        | Kind::SinkSetting { .. } => Some("[sink]"),
        _ => None,
    }
}

/// Returns the line of a key below a header, of the header where the key is not there.
fn in_file(sources: &SourceSet, name: &str, header: Option<&str>, key: Option<&str>) -> Option<Location> {
    let file = sources.files().iter().find(|f| f.name == name)?;
    let lines: Vec<&str> = file.text.lines().collect();
    let start = match header {
        Some(header) => lines.iter().position(|l| l.trim_end() == header)?,
        None => 0,
    };
    let below = lines.iter().enumerate().skip(start + usize::from(header.is_some()));
    let is_key =
        |line: &str| key.is_some_and(|k| line.strip_prefix(k).is_some_and(|r| r.trim_start().starts_with('=')));
    let line = below.take_while(|(_, l)| !l.starts_with('[')).find(|(_, l)| is_key(l)).map_or(start, |(i, _)| i);
    Some(Location { file: file.path.clone(), line: line + 1, column: 1 })
}
