//! What changes in the values that a query reads, although every name and type in it stays.

use std::collections::BTreeSet;

use unified_event_schema::{Column, ColumnType, Schema, ValueSet};

use super::resolve::{How, Mention, Origin, Output};
use crate::change::{Change, Kind, Subject};
use crate::describe::plain;

/// Something that a query reads and that is not what it was.
pub(super) struct Affected {
    /// What it is, as the end of a sentence about the query.
    pub detail: String,
    /// Whether the answer is wrong and not only another one.
    pub breaks: bool,
    /// The line of the query; 0 where it is not known.
    pub line: u64,
}

/// Returns the literals of a query that were values of a column and are none any more.
pub(super) fn literals(output: &Output, old: &Schema, new: &Schema) -> Vec<Affected> {
    let mut found = Vec::new();
    for mention in &output.mentions {
        for origin in &mention.origins {
            let Some((before, after)) = pair(origin, old, new) else { continue };
            let Some(now) = &after.values else { continue };
            let gone = gone(before, now, mention);
            if gone.is_empty() || knows_successor(output, origin, before, now) {
                continue;
            }
            let values = gone.iter().map(|v| format!("`{v}`")).collect::<Vec<_>>().join(", ");
            let which = if now.closed { "no value" } else { "no known value" };
            let beside = match mention.how {
                How::Whole => format!("it compares `{}` with {values}", after.name),
                How::Pattern | How::Part => {
                    format!("it compares `{}` with `{}`, which is about {values}", after.name, mention.literal)
                }
            };
            let detail = format!("{beside}: {which} of `{}` any more", origin.table);
            found.push(Affected { detail, breaks: now.closed, line: mention.line });
        }
    }
    found
}

fn pair<'a>(origin: &Origin, old: &'a Schema, new: &'a Schema) -> Option<(&'a Column, &'a Column)> {
    let find = |schema: &'a Schema| schema.table(&origin.table)?.columns.iter().find(|c| c.id == origin.id);
    Some((find(old)?, find(new)?))
}

/// Returns the values that a literal is about, and that a column had and has no more.
fn gone(before: &Column, now: &ValueSet, mention: &Mention) -> BTreeSet<String> {
    let is_now = |text: &str| now.values.iter().any(|v| same(&plain(&v.value), text));
    let Some(then) = &before.values else {
        // Any value was fine; what the set does not list is refused from now on.
        let meets = now.values.iter().any(|v| is_about(mention, &plain(&v.value)));
        let refused = now.closed && mention.how == How::Whole && !meets;
        return refused.then(|| mention.literal.clone()).into_iter().collect();
    };
    let dropped = then.values.iter().map(|v| plain(&v.value)).filter(|v| !is_now(v));
    dropped.filter(|v| is_about(mention, v)).collect()
}

/// Says whether the query compares the column with a value that came in the place of what is gone.
fn knows_successor(output: &Output, origin: &Origin, before: &Column, now: &ValueSet) -> bool {
    let known = |text: &str| before.values.iter().flat_map(|s| &s.values).any(|v| same(&plain(&v.value), text));
    let added = || now.values.iter().map(|v| plain(&v.value)).filter(|v| !known(v));
    let about = output.mentions.iter().filter(|m| m.origins.contains(origin));
    before.values.is_some() && about.into_iter().any(|m| added().any(|v| is_about(m, &v)))
}

/// Says whether two texts are one value: numbers may be written in more than one way.
fn same(a: &str, b: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok();
    a == b || number(a).zip(number(b)).is_some_and(|(a, b)| a == b)
}

/// Says whether a literal is about a value; case apart, as a query may compare what `lower` makes of it.
fn is_about(mention: &Mention, value: &str) -> bool {
    let (literal, text) = (mention.literal.to_lowercase(), value.to_lowercase());
    match mention.how {
        How::Whole => same(&literal, &text),
        How::Pattern => matches(&literal.chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>()),
        How::Part => same(&literal, &text) || (!text.is_empty() && literal.contains(&text)),
    }
}

/// Says whether a pattern of `LIKE` matches a whole text.
fn matches(pattern: &[char], text: &[char]) -> bool {
    // The states that the pattern may be in after each character: linear in both, whatever the pattern is.
    let closure = |mut states: BTreeSet<usize>| {
        let mut more: Vec<usize> = states.iter().copied().collect();
        while let Some(state) = more.pop() {
            if pattern.get(state) == Some(&'%') && states.insert(state + 1) {
                more.push(state + 1);
            }
        }
        states
    };
    let mut states = closure(BTreeSet::from([0]));
    for c in text {
        let step = |state: usize| match pattern.get(state) {
            Some('%') => Some(state),
            Some(p) if *p == '_' || p == c => Some(state + 1),
            _ => None,
        };
        states = closure(states.into_iter().filter_map(step).collect());
    }
    states.contains(&pattern.len())
}

/// Returns what means something else in the columns and tables that a query reads.
pub(super) fn meanings(output: &Output, changes: &[Change]) -> Vec<Affected> {
    let origins = output.origins();
    let mut found = Vec::new();
    for change in changes {
        match &change.subject {
            Subject::Column { table, id, name } if origins.contains(&Origin { table: table.clone(), id: *id }) => {
                let (old, new) = change.kind.sides();
                let (what, breaks) = match &change.kind {
                    // An integer of another width holds the same numbers.
                    Kind::Type { old: a, new: b } if !(is_integer(*a) && is_integer(*b)) => {
                        (format!("whose type changes from {old} to {new}"), true)
                    }
                    Kind::Unit { .. } => (format!("whose unit changes from {old} to {new}"), true),
                    Kind::Meaning { .. } => ("whose meaning is revised".to_owned(), true),
                    Kind::Expression { .. } => ("to which another expression is written".to_owned(), false),
                    Kind::Derived { from, .. } => {
                        let from = from.iter().map(|f| format!("`{f}`")).collect::<Vec<_>>().join(" and ");
                        (format!("which is computed from {from}, and that changes"), false)
                    }
                    _ => continue,
                };
                let (compared, line) = compared(output, table, *id);
                found.push(Affected { detail: format!("it reads `{table}.{name}`, {what}{compared}"), breaks, line });
            }
            Subject::Pipeline { table } if output.tables.contains(table) => {
                if matches!(change.kind, Kind::Filter { .. } | Kind::Derived { .. }) {
                    let detail = format!("it reads `{table}`, of which other rows are stored");
                    found.push(Affected { detail, breaks: true, line: 0 });
                }
            }
            _ => {}
        }
    }
    found
}

const fn is_integer(ty: ColumnType) -> bool {
    matches!(ty, ColumnType::Int32 | ColumnType::Int64)
}

/// Returns what a query compares a column with, and where it does first.
fn compared(output: &Output, table: &str, id: u32) -> (String, u64) {
    let origin = Origin { table: table.to_owned(), id };
    let beside: Vec<&Mention> =
        output.mentions.iter().filter(|m| m.how == How::Whole && m.origins.contains(&origin)).collect();
    let literals: BTreeSet<String> = beside.iter().map(|m| format!("`{}`", m.literal)).collect();
    if literals.is_empty() {
        return (String::new(), 0);
    }
    let literals = literals.into_iter().collect::<Vec<_>>().join(", ");
    (format!("; it compares it with {literals}"), beside.first().map_or(0, |m| m.line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_texts() {
        let like = |pattern: &str, text: &str| {
            matches(&pattern.chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>())
        };
        for (pattern, text, expected) in [
            ("trace", "trace", true),
            ("trace", "traces", false),
            ("tr%", "trace", true),
            ("%ace", "trace", true),
            ("%a%", "trace", true),
            ("t_ace", "trace", true),
            ("t_ace", "tace", false),
            ("%", "", true),
            ("_", "", false),
            ("%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%x", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ] {
            assert_eq!(like(pattern, text), expected, "{pattern} and {text}");
        }
    }
}
