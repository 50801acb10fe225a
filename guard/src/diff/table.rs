//! Tables: columns by id, partition specs by scheme, sort order, properties.

use std::collections::BTreeMap;

use unified_event_schema::{
    Column, Distribution, PartitionField, PartitionSpec, Schema, SortField, SortOrder, Table, naming, suggest,
};

use super::expression::Sides;
use super::{Changes, Renames, column};
use crate::change::{Kind, NameOf, Subject};

/// Adds what differs between the tables of two models.
pub(super) fn diff(changes: &mut Changes, old_schema: &Schema, new_schema: &Schema, old: &[Table], new: &[Table]) {
    let subject = |name: &str| Subject::Table { table: name.to_owned() };
    for table in old.iter().filter(|t| !new.iter().any(|n| n.name == t.name)) {
        changes.push(subject(&table.name), Kind::TableDropped);
    }
    for table in new {
        match old.iter().find(|t| t.name == table.name) {
            None => changes.push(subject(&table.name), Kind::TableAdded),
            Some(before) => diff_one(changes, old_schema, new_schema, before, table),
        }
    }
    let names = |tables: &[Table]| tables.iter().map(|t| t.name.clone()).collect();
    changes.order(names(old), names(new), Subject::Schema, |old, new| Kind::TableOrder { old, new });
}

/// Returns the declared renames between two tables, old name to new name.
pub(super) fn renames(old: Option<&Table>, new: Option<&Table>) -> Renames {
    let (Some(old), Some(new)) = (old, new) else { return Renames::new() };
    let by_id: BTreeMap<u32, &Column> = old.columns.iter().map(|c| (c.id, c)).collect();
    let pairs = new.columns.iter().filter_map(|c| Some((by_id.get(&c.id)?, c)));
    let declared = pairs.filter(|(old, new)| old.name != new.name && new.renamed_from.as_ref() == Some(&old.name));
    declared.map(|(old, new)| (old.name.clone(), new.name.clone())).collect()
}

fn diff_one(changes: &mut Changes, old_schema: &Schema, new_schema: &Schema, before: &Table, after: &Table) {
    #[rustfmt::skip]
    let Table {
        name, version, physical_name, doc, grouped, columns, key, partition_specs, sort_order, distribution, metrics,
        properties,
    } = before;
    let here = || Subject::Table { table: name.clone() };
    changes.differ(version, &after.version, here, |old, new| Kind::TableVersion { old, new });
    let bare = |name: &str, version: u32| unversioned(name, version).to_owned();
    let (old_name, new_name) = (bare(physical_name, *version), bare(&after.physical_name, after.version));
    changes.differ(&old_name, &new_name, here, |old, new| Kind::Name { of: NameOf::Table, old, new });
    changes.differ(doc, &after.doc, here, |old, new| Kind::Doc { old, new });
    if *grouped != after.grouped {
        changes.push(here(), Kind::TableGrouped { grouped: after.grouped });
    }
    let follow = |column: &Column| {
        values_follow(old_schema, before, column) && {
            after.columns.iter().find(|c| c.id == column.id).is_some_and(|c| values_follow(new_schema, after, c))
        }
    };
    let sides = Sides::new((old_schema, before), (new_schema, after));
    diff_columns(changes, name, columns, &after.columns, follow, &sides);
    let renames = renames(Some(before), Some(after));
    let key: Vec<String> = key.iter().map(|c| renamed(c, &renames)).collect();
    changes.differ(&key, &after.key, here, |old, new| Kind::Key { old, new });
    diff_partitions(changes, name, partition_specs, &after.partition_specs, &renames);
    let sort = sort_order.as_ref().map(|s| renamed_sort(s, &renames));
    changes.differ(&sort, &after.sort_order, here, |old, new| Kind::Sort { old, new });
    let distribution = distribution.as_ref().map(|Distribution { mode, columns }| Distribution {
        mode: mode.clone(),
        columns: columns.iter().map(|c| renamed(c, &renames)).collect(),
    });
    changes.differ(&distribution, &after.distribution, here, |old, new| Kind::Distribution { old, new });
    changes.differ(metrics, &after.metrics, here, |old, new| Kind::Metrics { old, new });
    let (derived, new_derived) = (before.derived_properties(), after.derived_properties());
    let mut keys: Vec<&String> = properties.keys().chain(after.properties.keys()).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let (old, new) = (properties.get(key).cloned(), after.properties.get(key).cloned());
        let follows = derived.get(key) == old.as_ref() && new_derived.get(key) == new.as_ref();
        if !follows {
            changes.differ(&old, &new, here, |old, new| Kind::Property { key: key.clone(), old, new });
        }
    }
}

/// Returns a name without the suffix of its table version.
pub(super) fn unversioned(name: &str, version: u32) -> &str {
    let suffix = naming::versioned("", version);
    if suffix.is_empty() { name } else { name.strip_suffix(suffix.as_str()).unwrap_or(name) }
}

/// Says whether the values of a column are the event types, which have changes of their own.
fn values_follow(schema: &Schema, table: &Table, column: &Column) -> bool {
    table.grouped
        && column.values.as_ref().is_some_and(|set| {
            let types = schema.event_types.iter().map(|t| (Some(t.name.as_str()), t.doc.as_str()));
            set.closed && set.values.iter().map(|v| (v.value.as_text(), v.doc.as_str())).eq(types)
        })
}

fn diff_columns(
    changes: &mut Changes,
    table: &str,
    old: &[Column],
    new: &[Column],
    values_follow: impl Fn(&Column) -> bool,
    sides: &Sides<'_>,
) {
    let subject = |c: &Column| Subject::Column { table: table.to_owned(), id: c.id, name: c.name.clone() };
    let by_id = |columns: &'_ [Column]| columns.iter().map(|c| c.id).collect::<std::collections::BTreeSet<u32>>();
    let (old_ids, new_ids) = (by_id(old), by_id(new));
    let added: Vec<&Column> = new.iter().filter(|c| !old_ids.contains(&c.id)).collect();
    let before: BTreeMap<u32, &Column> = old.iter().map(|c| (c.id, c)).collect();
    for column in old.iter().filter(|c| !new_ids.contains(&c.id)) {
        let similar = similar(column, &added);
        changes.push(subject(column), Kind::ColumnDropped { column: Box::new(column.clone()), similar });
    }
    for column in new {
        match before.get(&column.id) {
            None => changes.push(subject(column), Kind::ColumnAdded { column: Box::new(column.clone()) }),
            Some(before) => {
                let expression = sides.column(before, column);
                if *before != column || expression.is_some() {
                    column::diff(changes, table, before, column, values_follow(before), expression);
                }
            }
        }
    }
}

/// Returns an added column that a dropped one may have become: a question, never an answer.
fn similar(dropped: &Column, added: &[&Column]) -> Option<String> {
    let same_type = || added.iter().filter(|c| c.ty == dropped.ty);
    let alike = same_type().find(|c| c.name == dropped.name || c.doc == dropped.doc);
    let near =
        || suggest::nearest(&dropped.name, same_type().map(|c| c.name.as_str())).first().map(|n| (*n).to_owned());
    let part = |c: &&&Column| c.name.contains(&dropped.name) || dropped.name.contains(&c.name);
    alike.map(|c| c.name.clone()).or_else(near).or_else(|| same_type().find(part).map(|c| c.name.clone()))
}

fn diff_partitions(
    changes: &mut Changes,
    table: &str,
    old: &[PartitionSpec],
    new: &[PartitionSpec],
    renames: &Renames,
) {
    let subject = |scheme: &str| Subject::PartitionSpec { table: table.to_owned(), scheme: scheme.to_owned() };
    for spec in old.iter().filter(|s| !new.iter().any(|n| n.scheme == s.scheme)) {
        changes.push(subject(&spec.scheme), Kind::PartitionDropped { spec: spec.clone() });
    }
    for spec in new {
        match old.iter().find(|s| s.scheme == spec.scheme) {
            None => changes.push(subject(&spec.scheme), Kind::PartitionAdded { spec: spec.clone() }),
            Some(before) => {
                let before = renamed_spec(before, renames);
                let here = || subject(&spec.scheme);
                changes.differ(&before, spec, here, |old, new| Kind::PartitionChanged { old, new });
            }
        }
    }
    let names = |specs: &[PartitionSpec]| -> Vec<String> { specs.iter().map(|s| s.scheme.clone()).collect() };
    let here = Subject::Table { table: table.to_owned() };
    changes.order(names(old), names(new), here, |old, new| Kind::PartitionDefault { old, new });
}

fn renamed(name: &String, renames: &Renames) -> String {
    renames.get(name).unwrap_or(name).clone()
}

fn renamed_spec(spec: &PartitionSpec, renames: &Renames) -> PartitionSpec {
    let PartitionSpec { scheme, spec_id, fields } = spec;
    let fields = fields.iter().map(|PartitionField { id, name, column, source_id, transform }| {
        let now = renamed(column, renames);
        let derived = *name == transform.field_name(column);
        let name = if derived { transform.field_name(&now) } else { name.clone() };
        PartitionField { id: *id, name, column: now, source_id: *source_id, transform: *transform }
    });
    PartitionSpec { scheme: scheme.clone(), spec_id: *spec_id, fields: fields.collect() }
}

fn renamed_sort(order: &SortOrder, renames: &Renames) -> SortOrder {
    let SortOrder { order_id, fields } = order;
    let fields = fields.iter().map(|SortField { column, source_id, direction, nulls }| SortField {
        column: renamed(column, renames),
        source_id: *source_id,
        direction: *direction,
        nulls: *nulls,
    });
    SortOrder { order_id: *order_id, fields: fields.collect() }
}
