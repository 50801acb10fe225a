//! The two sides of a change as short text: for reports and for fingerprints.

use unified_event_schema::{
    Deprecation, Distribution, Format, Memory, Metrics, NullOrder, PartitionSpec, Requirement, SortDirection,
    SortOrder, Value, Wire,
};

use super::change::Kind;

/// Returns the old and the new side.
pub(super) fn sides(kind: &Kind) -> (String, String) {
    let none = || NOTHING.to_owned();
    match kind {
        Kind::ColumnAdded { column } => (none(), presence_and_type(column.required, column.ty.name())),
        Kind::ColumnDropped { column, .. } => (presence_and_type(column.required, column.ty.name()), none()),
        Kind::ColumnReplaced { old, new } => (old.name.clone(), new.name.clone()),
        Kind::FieldAdded { field } => (none(), presence_and_type(field.required, field.ty.name())),
        Kind::FieldDropped { field } => (presence_and_type(field.required, field.ty.name()), none()),
        Kind::ColumnRenamed { old, new }
        | Kind::Doc { old, new }
        | Kind::Name { old, new, .. }
        | Kind::Counts { old, new }
        | Kind::SinkSetting { old, new, .. } => (old.clone(), new.clone()),
        Kind::LakeSetting { old, new } | Kind::QueryText { old, new } => (or_nothing(old), or_nothing(new)),
        Kind::FieldOrder { old, new }
        | Kind::GroupOrder { old, new }
        | Kind::GroupColumns { old, new }
        | Kind::EventTypeOrder { old, new }
        | Kind::EventTypeGroups { old, new }
        | Kind::TableOrder { old, new }
        | Kind::PipelineOrder { old, new }
        | Kind::PartitionDefault { old, new } => (old.join(", "), new.join(", ")),
        Kind::Key { old, new } => (key(old), key(new)),
        Kind::Type { old, new } => (old.name().to_owned(), new.name().to_owned()),
        Kind::Presence { required } => (presence(!required).to_owned(), presence(*required).to_owned()),
        Kind::EmptyText { non_empty } => {
            let word = |non_empty: bool| if non_empty { "refused" } else { "taken" }.to_owned();
            (word(!non_empty), word(*non_empty))
        }
        Kind::WireLimit { old, new, .. } => (old.to_string(), new.to_string()),
        Kind::Example { old, new } => (old.to_string(), new.to_string()),
        Kind::Format { old, new } => (format(*old), format(*new)),
        Kind::ValueSet { old, new } => (set(*old), set(*new)),
        Kind::ValueAdded { value, .. } => (none(), plain(value)),
        Kind::ValueDropped { value, .. } => (plain(value), none()),
        Kind::ValueDoc { value, old, new } => (format!("{}: {old}", plain(value)), format!("{}: {new}", plain(value))),
        Kind::ValueOrder { old, new } => (values(old), values(new)),
        Kind::Unit { old, new }
        | Kind::Expression { old, new }
        | Kind::SqlText { old, new }
        | Kind::Group { old, new }
        | Kind::RenamedFrom { old, new }
        | Kind::Filter { old, new }
        | Kind::Destination { old, new, .. }
        | Kind::Property { old, new, .. } => (optional(old), optional(new)),
        Kind::Meaning { old, new } => (format!("meaning {old}"), format!("meaning {new}")),
        Kind::Settable { settable } => (settable_word(!settable).to_owned(), settable_word(*settable).to_owned()),
        Kind::Wire { old, new } => (wire(*old).to_owned(), wire(*new).to_owned()),
        Kind::Memory { old, new } => (memory(*old).to_owned(), memory(*new).to_owned()),
        Kind::ColumnKind { old, new } => (old.name().to_owned(), new.name().to_owned()),
        Kind::Since { old, new } | Kind::TableVersion { old, new } => (format!("v{old}"), format!("v{new}")),
        Kind::Deprecation { old, new } => (deprecation(old.as_ref()), deprecation(new.as_ref())),
        Kind::GroupAdded | Kind::EventTypeAdded | Kind::TableAdded | Kind::PipelineAdded => {
            (none(), "there".to_owned())
        }
        Kind::GroupDropped | Kind::EventTypeDropped | Kind::TableDropped | Kind::PipelineDropped => {
            ("there".to_owned(), none())
        }
        Kind::RequirementAdded { requirement } => (none(), any_of(requirement)),
        Kind::RequirementDropped { requirement } => (any_of(requirement), none()),
        Kind::RequirementText { old, new } => (all_of(old), all_of(new)),
        Kind::Derived { from, .. } => (none(), from.join(", ")),
        Kind::TableGrouped { grouped } => (grouped_word(!grouped).to_owned(), grouped_word(*grouped).to_owned()),
        Kind::PartitionAdded { spec } => (none(), partition(spec)),
        Kind::PartitionDropped { spec } => (partition(spec), none()),
        Kind::PartitionChanged { old, new } => (partition(old), partition(new)),
        Kind::Sort { old, new } => (sort(old.as_ref()), sort(new.as_ref())),
        Kind::Distribution { old, new } => (distribution(old.as_ref()), distribution(new.as_ref())),
        Kind::Metrics { old, new } => (metrics(old.as_ref()), metrics(new.as_ref())),
        Kind::QueryResult { detail, .. } => ("resolved".to_owned(), detail.clone()),
        Kind::LockLine { released: old, found: new } | Kind::HistoryRewritten { old, new } => {
            (optional(old), optional(new))
        }
        Kind::LockVersion { version, problem } => (version.clone(), problem.clone()),
        Kind::LockOrder { old, new } => (old.clone(), new.clone()),
        Kind::VersionRetired { version } => (version.clone(), "retired".to_owned()),
        Kind::PolicyLowered { old, new, .. } => (old.clone(), new.clone()),
        Kind::WaiverUnused { owner } => (none(), owner.clone()),
        Kind::WaiverExpired { owner, expires } | Kind::PolicyExpired { owner, expires } => {
            (expires.clone(), owner.clone())
        }
    }
}

/// Stands for a side that has nothing.
pub(super) const NOTHING: &str = "nothing";

fn or_nothing(text: &str) -> String {
    if text.is_empty() { NOTHING.to_owned() } else { text.to_owned() }
}

fn optional(text: &Option<String>) -> String {
    text.clone().unwrap_or_else(|| NOTHING.to_owned())
}

/// Returns a value as people write it: text without quotes.
pub(super) fn plain(value: &Value) -> String {
    value.as_text().map_or_else(|| value.to_string(), str::to_owned)
}

fn values(values: &[Value]) -> String {
    values.iter().map(plain).collect::<Vec<_>>().join(", ")
}

pub(super) const fn presence(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}

fn presence_and_type(required: bool, ty: &str) -> String {
    format!("{} {ty}", presence(required))
}

const fn settable_word(settable: bool) -> &'static str {
    if settable { "set by producers" } else { "computed by the pipeline" }
}

const fn grouped_word(grouped: bool) -> &'static str {
    if grouped { "the columns of the groups" } else { "columns of its own" }
}

fn format(format: Option<Format>) -> String {
    format.map_or_else(|| "any text".to_owned(), |f| f.to_string())
}

fn set(closed: Option<bool>) -> String {
    match closed {
        None => "any value",
        Some(true) => "closed set",
        Some(false) => "known values",
    }
    .to_owned()
}

const fn wire(wire: Wire) -> &'static str {
    match wire {
        Wire::Number => "number",
        Wire::DecimalString => "decimal-string",
    }
}

const fn memory(memory: Memory) -> &'static str {
    match memory {
        Memory::Object => "object",
        Memory::StringMap => "string-map",
        Memory::Text => "text",
    }
}

fn deprecation(deprecation: Option<&Deprecation>) -> String {
    let Some(d) = deprecation else { return "not deprecated".to_owned() };
    let mut text = format!("deprecated since v{}", d.since);
    for (words, part) in [(", removed after ", &d.remove_after), (", replaced by ", &d.replaced_by)] {
        if let Some(part) = part {
            text.push_str(words);
            text.push_str(part);
        }
    }
    format!("{text}: {}", d.reason)
}

fn any_of(requirement: &Requirement) -> String {
    requirement.any_of.join(" or ")
}

fn key(columns: &[String]) -> String {
    or_nothing(&columns.join(", "))
}

fn all_of(requirements: &[Requirement]) -> String {
    requirements.iter().map(any_of).collect::<Vec<_>>().join(", ")
}

fn partition(spec: &PartitionSpec) -> String {
    let fields: Vec<String> = spec.fields.iter().map(|f| format!("{} {}({})", f.id, f.transform, f.column)).collect();
    format!("spec {}: {}", spec.spec_id, if fields.is_empty() { "unpartitioned".to_owned() } else { fields.join(", ") })
}

fn sort(order: Option<&SortOrder>) -> String {
    let Some(order) = order else { return "unsorted".to_owned() };
    let fields = order.fields.iter().map(|f| {
        let direction = if f.direction == SortDirection::Desc { "desc" } else { "asc" };
        let nulls = if f.nulls == NullOrder::Last { "last" } else { "first" };
        format!("{} {direction} nulls {nulls}", f.column)
    });
    format!("order {}: {}", order.order_id, fields.collect::<Vec<_>>().join(", "))
}

fn distribution(distribution: Option<&Distribution>) -> String {
    distribution.map_or_else(|| NOTHING.to_owned(), |d| format!("{} by {}", d.mode, d.columns.join(", ")))
}

fn metrics(metrics: Option<&Metrics>) -> String {
    metrics.map_or_else(|| NOTHING.to_owned(), |m| format!("{}, keys {}", m.default, m.keys))
}
