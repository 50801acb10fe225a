//! What pipelines compute: compared by what is emitted, and followed to what is made of it.

use unified_event_schema::sql::canonical::{self, Canonical, Renames};
use unified_event_schema::{Column, ColumnType, Pipeline, Schema, StreamField, Table};

use crate::change::Kind;

/// One table with its pipeline, before and after.
pub(super) struct Sides<'a> {
    old: (&'a Table, Option<&'a Pipeline>),
    new: (&'a Table, Option<&'a Pipeline>),
    renames: Renames,
}

impl<'a> Sides<'a> {
    pub fn new(old: (&'a Schema, &'a Table), new: (&'a Schema, &'a Table)) -> Self {
        let renames = super::table::renames(Some(old.1), Some(new.1));
        let pipeline = |(schema, table): (&'a Schema, &'a Table)| (table, schema.pipeline(&table.name));
        Self { old: pipeline(old), new: pipeline(new), renames }
    }

    /// Returns what is different about the expression of a column, if anything is.
    pub fn column(&self, before: &Column, after: &Column) -> Option<Kind> {
        let text = |c: &Column| c.computed.as_ref().or(c.transform.as_ref()).cloned();
        let expression = |kind| self.kind(text(before), text(after), self.output(before, after), kind);
        let now = self.output(before, after).map(|(_, now)| now);
        let mut from = self.sources(text(after).as_deref(), now.as_ref());
        // The column of that name has the change itself.
        from.retain(|source| *source != after.name);
        match expression(|old, new| Kind::Expression { old, new }) {
            Some(Kind::Derived { rewritten, .. }) => Some(Kind::Derived { from: self.rewritten(after), rewritten }),
            Some(kind) => Some(kind),
            None if from.is_empty() => None,
            None => Some(Kind::Derived { from, rewritten: false }),
        }
    }

    /// Returns what is different about the condition of the pipeline, if anything is.
    pub fn filter(&self) -> Option<Kind> {
        let (before, after) = (self.old.1?, self.new.1?);
        let form = |(table, _): (&Table, _), pipeline, renames: &Renames| canonical::filter(table, pipeline, renames);
        let emitted = form(self.old, before, &self.renames).zip(form(self.new, after, &Renames::new()));
        let now = emitted.as_ref().map(|(_, now)| now.clone());
        let (old, new) = (before.filter.clone(), after.filter.clone());
        match self.kind(old, new, emitted, |old, new| Kind::Filter { old, new }) {
            Some(Kind::Derived { rewritten, .. }) => {
                Some(Kind::Derived { from: self.changed_outputs(after.filter.as_deref()), rewritten })
            }
            Some(kind) => Some(kind),
            None => {
                let from = self.sources(None, now.as_ref());
                (!from.is_empty()).then_some(Kind::Derived { from, rewritten: false })
            }
        }
    }

    /// Tells another text, another expression of its own, and one that is made from another one apart.
    fn kind(
        &self,
        old: Option<String>,
        new: Option<String>,
        emitted: Option<(Canonical, Canonical)>,
        changed: impl Fn(Option<String>, Option<String>) -> Kind,
    ) -> Option<Kind> {
        let written = |text: &Option<String>, renames: &Renames| canonical::written(text.as_deref()?, renames);
        let same_words = || {
            let pair = written(&old, &self.renames).zip(written(&new, &Renames::new()));
            pair.is_some_and(|(then, now)| then == now)
        };
        match emitted {
            Some((then, now)) if then == now => (old != new).then_some(Kind::SqlText { old, new }),
            Some(_) if same_words() => Some(Kind::Derived { from: Vec::new(), rewritten: true }),
            _ => (old != new).then(|| changed(old, new)),
        }
    }

    fn output(&self, before: &Column, after: &Column) -> Option<(Canonical, Canonical)> {
        let (old, new) = (self.old.1?, self.new.1?);
        let then = canonical::output(self.old.0, old, before, &self.renames)?;
        Some((then, canonical::output(self.new.0, new, after, &Renames::new())?))
    }

    /// Returns the columns that an expression names as `output.<column>` and to which something else is written.
    fn rewritten(&self, column: &Column) -> Vec<String> {
        self.changed_outputs(column.computed.as_deref().or(column.transform.as_deref()))
    }

    fn changed_outputs(&self, text: Option<&str>) -> Vec<String> {
        let Some(form) = text.and_then(|t| canonical::written(t, &Renames::new())) else { return Vec::new() };
        let differs = |name: &String| {
            self.pair(name).is_some_and(|(old, new)| self.output(old, new).is_none_or(|(then, now)| then != now))
        };
        form.outputs().into_iter().filter(differs).collect()
    }

    /// Returns the fields that an expression reads and whose values are now of another kind.
    fn sources(&self, text: Option<&str>, emitted: Option<&Canonical>) -> Vec<String> {
        // A field that passes through is the column of its name, which has a change of its own.
        let is_itself = text.is_none() && emitted.is_some_and(|e| e.fields().len() == 1 && e.is_field());
        let Some(emitted) = emitted.filter(|_| !is_itself) else { return Vec::new() };
        emitted.fields().into_iter().filter(|field| self.means_otherwise(field)).collect()
    }

    fn means_otherwise(&self, name: &str) -> bool {
        let another_type =
            |old: ColumnType, new: ColumnType| old != new && (old, new) != (ColumnType::Int32, ColumnType::Int64);
        let field = |pipeline: Option<&'a Pipeline>| -> Option<&'a StreamField> { pipeline?.stream.field(name) };
        let retyped = field(self.old.1).zip(field(self.new.1)).is_some_and(|(old, new)| another_type(old.ty, new.ty));
        // Only a stream that carries the columns of its table has their units and meanings.
        let fields_are_columns = self.new.0.settable_columns().any(|c| c.name == name);
        let revised = || {
            self.pair(name).is_some_and(|(old, new)| {
                old.unit != new.unit || old.meaning != new.meaning || another_type(old.ty, new.ty)
            })
        };
        retyped || (fields_are_columns && revised())
    }

    fn pair(&self, name: &str) -> Option<(&'a Column, &'a Column)> {
        let new = self.new.0.column(name)?;
        Some((self.old.0.columns.iter().find(|c| c.id == new.id)?, new))
    }
}
