//! The table of a definition as the runtime wants it, for definitions that are loaded while the program
//! runs. The generated crate has the same as constants.

use unified_event_runtime::table::{
    Column as RuntimeColumn, EventRules, Requirement, Table, Values, Wire as RuntimeWire,
};
use unified_event_schema::{Column, ColumnKind, Schema, StreamField, Value, ValueSet, Wire};

/// Returns what producers send for a table: the wide table itself, or the stream that feeds another one.
///
/// The runtime works with tables that live as long as the program, so that the result is never freed:
/// build it once.
pub fn event_table(schema: &Schema, name: &str) -> Option<&'static Table> {
    let table = schema.table(name)?;
    let max_depth = schema.wire.max_depth as usize;
    let table = if table.grouped {
        let columns: Vec<RuntimeColumn> = table.columns.iter().map(column).collect();
        let position = |name: &str| table.columns.iter().position(|column| column.name == name);
        let rules = rules(schema, position);
        build(&table.physical_name, table.version, &table.doc, columns, position("event_type"), rules, max_depth)
    } else {
        let stream = &schema.pipeline(name)?.stream;
        let columns = stream.fields.iter().zip(1..).map(|(of, id)| field(of, id)).collect();
        build(&stream.name, table.version, &table.doc, columns, None, Vec::new(), max_depth)
    };
    Some(Box::leak(Box::new(table)))
}

fn build(
    name: &str,
    version: u32,
    doc: &str,
    columns: Vec<RuntimeColumn>,
    event_type: Option<usize>,
    event_types: Vec<EventRules>,
    max_depth: usize,
) -> Table {
    let mut by_name: Vec<u16> = (0..).take(columns.len()).collect();
    by_name.sort_by_key(|position| columns.get(usize::from(*position)).map(|column| column.name));
    Table {
        name: text(name),
        version,
        doc: text(doc.lines().next().unwrap_or_default()),
        columns: columns.leak(),
        by_name: by_name.leak(),
        event_type,
        event_types: event_types.leak(),
        max_depth,
    }
}

fn text(text: &str) -> &'static str {
    text.to_owned().leak()
}

fn rules(schema: &Schema, position: impl Fn(&str) -> Option<usize>) -> Vec<EventRules> {
    let requirement = |names: &Vec<String>| {
        let positions: Vec<u16> = names.iter().filter_map(|name| u16::try_from(position(name)?).ok()).collect();
        Requirement { any_of: positions.leak() }
    };
    let of_type = schema.event_types.iter().map(|event_type| EventRules {
        name: text(&event_type.name),
        doc: text(&event_type.doc),
        requires: event_type.requires.iter().map(|r| requirement(&r.any_of)).collect::<Vec<_>>().leak(),
    });
    of_type.collect()
}

fn column(column: &Column) -> RuntimeColumn {
    RuntimeColumn {
        id: column.id,
        name: text(&column.name),
        ty: column.ty,
        required: column.required,
        non_empty: column.non_empty,
        system: column.kind == ColumnKind::System,
        computed: column.computed.is_some(),
        group: column.group.as_deref().map(text),
        doc: text(&column.doc),
        unit: column.unit.as_deref().map(text),
        format: column.format,
        values: column.values.as_ref().map_or(Values::Any, values),
        wire: match column.wire {
            Wire::Number => RuntimeWire::Number,
            Wire::DecimalString => RuntimeWire::DecimalString,
        },
        since: column.since,
        ..RuntimeColumn::BLANK
    }
}

fn field(field: &StreamField, id: u32) -> RuntimeColumn {
    RuntimeColumn {
        id,
        name: text(&field.name),
        ty: field.ty,
        required: field.required,
        non_empty: field.non_empty,
        doc: text(&field.doc),
        format: field.format,
        values: field.values.as_ref().map_or(Values::Any, values),
        ..RuntimeColumn::BLANK
    }
}

fn values(set: &ValueSet) -> Values {
    let plain = |value: &Value| match value {
        Value::Text(value) => text(value),
        Value::Int(value) => text(&value.to_string()),
        // Sets have only text and integers: the loader refuses others.
        _ => "",
    };
    let values = set.values.iter().map(|value| plain(&value.value)).collect::<Vec<_>>().leak();
    if set.closed { Values::Closed(values) } else { Values::Known(values) }
}
