//! What names may mean at one place of a query.

use std::collections::BTreeSet;

use sqlparser::ast::Ident;
use unified_event_schema::{INGEST_COLUMN, Schema, Table};

use super::{Column, Fault, Origin, same};
use crate::change::QueryProblem;

/// A relation in a `FROM` clause, or a named query.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    /// The alias, or the name of the table.
    pub name: String,
    pub columns: Vec<Column>,
    /// Whether it may have more columns than these.
    pub open: bool,
    /// Columns that a join has merged into those of another relation: only a qualified name means them.
    merged: Vec<String>,
}

impl Relation {
    pub fn new(name: String, columns: Vec<Column>, open: bool) -> Self {
        Self { name, columns, open, merged: Vec::new() }
    }

    /// Returns a relation that may have any column.
    pub fn open(name: String) -> Self {
        Self::new(name, Vec::new(), true)
    }

    /// Returns a table as readers see it: the platform's sink adds the time of arrival.
    pub fn of_table(name: String, schema: &Schema, table: &Table) -> Self {
        let column = |c: &unified_event_schema::Column| {
            let origin = BTreeSet::from([Origin { table: table.name.clone(), id: c.id }]);
            Column { name: c.name.clone(), ty: c.ty.name().to_owned(), from: origin.clone(), carries: origin }
        };
        let mut columns: Vec<Column> = table.columns.iter().map(column).collect();
        if schema.pipelines.iter().any(|p| p.table == table.name) {
            columns.push(Column::new(INGEST_COLUMN, "timestamp"));
        }
        Self::new(name, columns, false)
    }

    /// Returns the columns that `*` and unqualified names mean.
    pub fn visible(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|c| !self.merged.iter().any(|m| same(m, &c.name)))
    }

    /// Says whether an unqualified name means a column of this relation, as far as it is known.
    pub fn shows(&self, name: &str) -> bool {
        self.visible().any(|c| same(&c.name, name))
    }

    /// Hides a column that a join has merged into another relation's.
    pub fn merge(&mut self, name: &str) {
        self.merged.push(name.to_owned());
    }
}

/// The relations that a query reads.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub relations: Vec<Relation>,
}

/// What a name means.
pub(super) enum Meaning<'s> {
    /// A column of a relation; `depth` queries further out.
    Column { relation: &'s str, column: &'s Column, depth: usize },
    /// An alias of the result.
    Alias(&'s Column),
    /// Something that only relations outside of the definition can have.
    Unknown,
    /// More than one thing.
    Several(Vec<String>),
    /// A part of a value: the name before it means a column.
    Part(Box<Meaning<'s>>),
    /// What needs no column, such as `current_date`.
    Keyword,
    /// Nothing.
    Nothing,
}

/// Names that some dialects write without parentheses.
const KEYWORDS: [&str; 12] = [
    "current_timestamp",
    "current_date",
    "current_time",
    "current_role",
    "localtime",
    "localtimestamp",
    "current_user",
    "session_user",
    // What hierarchical queries number.
    "level",
    "rownum",
    "connect_by_isleaf",
    "connect_by_iscycle",
];

/// Returns what a name means: from the innermost scope outwards, then as an alias.
pub(super) fn lookup<'s>(parts: &[Ident], scopes: &'s [Scope], aliases: &'s [Column]) -> Meaning<'s> {
    let (column, qualifier) = match parts {
        [column] => (&column.value, None),
        [.., qualifier, column] => (&column.value, Some(&qualifier.value)),
        [] => return Meaning::Unknown,
    };
    for (depth, scope) in scopes.iter().rev().enumerate() {
        let named = |r: &&Relation| qualifier.is_none_or(|q| same(&r.name, q));
        let relations: Vec<&Relation> = scope.relations.iter().filter(named).collect();
        let mut found: Vec<(&str, &Column)> = Vec::new();
        for relation in &relations {
            let columns: Vec<&Column> = match qualifier {
                Some(_) => relation.columns.iter().collect(),
                None => relation.visible().collect(),
            };
            found.extend(columns.into_iter().filter(|c| same(&c.name, column)).map(|c| (relation.name.as_str(), c)));
        }
        match found.as_slice() {
            [(relation, column)] => return Meaning::Column { relation, column, depth },
            [] if relations.iter().any(|r| r.open) => return Meaning::Unknown,
            [] => {
                // Engines with structs take `a.b` for a part of the nearest column `a`.
                if let ([first, _], true) = (parts, relations.is_empty())
                    && let Meaning::Column { relation, column, .. } =
                        lookup(std::slice::from_ref(first), std::slice::from_ref(scope), &[])
                {
                    return Meaning::Part(Box::new(Meaning::Column { relation, column, depth }));
                }
            }
            several => {
                return Meaning::Several(several.iter().map(|(r, c)| format!("`{r}.{}`", c.name)).collect());
            }
        }
    }
    if let Some(alias) = aliases.iter().find(|a| qualifier.is_none() && same(&a.name, column)) {
        return Meaning::Alias(alias);
    }
    // A part of what the query calls so, or of what a relation outside of the definition has.
    let is_relation = |q: &String| scopes.iter().any(|s| s.relations.iter().any(|r| same(&r.name, q)));
    if let [first, _] = parts
        && !is_relation(&first.value)
        && let meaning @ (Meaning::Alias(_) | Meaning::Unknown) = lookup(std::slice::from_ref(first), scopes, aliases)
    {
        return Meaning::Part(Box::new(meaning));
    }
    if KEYWORDS.iter().any(|k| same(k, column)) { Meaning::Keyword } else { Meaning::Nothing }
}

/// Gives columns the names of an alias; says where these are not as many.
pub(super) fn rename<'i>(
    columns: &mut [Column],
    names: impl IntoIterator<Item = &'i Ident>,
    open: bool,
    relation: &str,
) -> Option<Fault> {
    let names: Vec<&Ident> = names.into_iter().collect();
    let fits = names.is_empty() || open || super::widths(columns).contains(&names.len());
    for (column, name) in columns.iter_mut().zip(names) {
        column.name.clone_from(&name.value);
    }
    // No counts: engines that take fewer names than columns still do when there is a column more.
    let message = format!("the names that `{relation}` gives are not as many as its columns");
    (!fits).then_some(Fault { problem: QueryProblem::Unresolved, message, line: 0 })
}
