//! A small table with a column of every type, as the generator would emit it: for the tests.

use crate::__private::Fields;
use crate::table::{Column, ColumnType, EventRules, Requirement, Table, Values, Wire};
use crate::{Field, Format, Json, Row, Timestamp};

pub(crate) static EVENTS: Table = Table {
    name: "events",
    version: 1,
    doc: "Things that happened.",
    columns: &[
        Column { id: 1, name: "id", required: true, ..Column::BLANK },
        Column {
            id: 2,
            name: "kind",
            required: true,
            values: Values::Closed(&["click", "key-press"]),
            ..Column::BLANK
        },
        Column { id: 3, name: "key", values: Values::Known(&["a", "b"]), ..Column::BLANK },
        Column { id: 4, name: "time", ty: ColumnType::Timestamp, ..Column::BLANK },
        Column { id: 5, name: "nanos", ty: ColumnType::Int64, wire: Wire::DecimalString, ..Column::BLANK },
        Column { id: 6, name: "count", ty: ColumnType::Int32, values: Values::Closed(&["1", "2"]), ..Column::BLANK },
        Column { id: 7, name: "ratio", ty: ColumnType::Float64, ..Column::BLANK },
        Column { id: 8, name: "extra", ty: ColumnType::Json, ..Column::BLANK },
        Column { id: 9, name: "blob", ty: ColumnType::Binary, ..Column::BLANK },
        Column { id: 10, name: "ok", ty: ColumnType::Bool, ..Column::BLANK },
        Column { id: 11, name: "span", format: Some(Format::Hex16), ..Column::BLANK },
        Column { id: 12, name: "ns", non_empty: true, format: Some(Format::Namespace), ..Column::BLANK },
        Column { id: 13, name: "day", computed: true, ..Column::BLANK },
        Column { id: 14, name: "total", ty: ColumnType::Int64, ..Column::BLANK },
    ],
    by_name: &[8, 5, 12, 7, 0, 2, 1, 4, 11, 9, 6, 10, 3, 13],
    event_type: Some(1),
    event_types: &[
        EventRules { name: "click", doc: "", requires: &[Requirement { any_of: &[5, 13] }] },
        EventRules { name: "key-press", doc: "", requires: &[Requirement { any_of: &[2] }] },
    ],
    max_depth: 8,
};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Click,
    KeyPress,
}

impl Kind {
    const ALL: &'static [Self] = &[Self::Click, Self::KeyPress];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Click => "click",
            Self::KeyPress => "key-press",
        }
    }
}

crate::impl_closed!(Kind, "kind");

#[derive(Clone, PartialEq)]
pub(crate) struct Event {
    pub id: String,
    pub kind: Kind,
    pub key: Option<String>,
    pub time: Option<Timestamp>,
    pub nanos: Option<i64>,
    pub count: Option<i32>,
    pub ratio: Option<f64>,
    pub extra: Option<Json>,
    pub blob: Option<Vec<u8>>,
    pub ok: Option<bool>,
    pub span: Option<String>,
    pub ns: Option<String>,
    pub day: Option<String>,
    pub total: Option<i64>,
}

macro_rules! field {
    ($row:ident, $position:ident, $($borrow:tt)+) => {
        Some(match $position {
            0 => $($borrow)+ $row.id,
            1 => $($borrow)+ $row.kind,
            2 => $($borrow)+ $row.key,
            3 => $($borrow)+ $row.time,
            4 => $($borrow)+ $row.nanos,
            5 => $($borrow)+ $row.count,
            6 => $($borrow)+ $row.ratio,
            7 => $($borrow)+ $row.extra,
            8 => $($borrow)+ $row.blob,
            9 => $($borrow)+ $row.ok,
            10 => $($borrow)+ $row.span,
            11 => $($borrow)+ $row.ns,
            12 => $($borrow)+ $row.day,
            13 => $($borrow)+ $row.total,
            _ => return None,
        })
    };
}

impl Fields for Event {
    fn field(&self, position: usize) -> Option<&dyn Field> {
        field!(self, position, &)
    }

    fn field_mut(&mut self, position: usize) -> Option<&mut dyn Field> {
        field!(self, position, &mut)
    }
}

impl Row for Event {
    const TABLE: &'static Table = &EVENTS;

    fn blank() -> Self {
        Self {
            id: String::new(),
            kind: Kind::Click,
            key: None,
            time: None,
            nanos: None,
            count: None,
            ratio: None,
            extra: None,
            blob: None,
            ok: None,
            span: None,
            ns: None,
            day: None,
            total: None,
        }
    }
}

crate::impl_row!(Event, sent);
