//! The struct against the definition: one function a rule. What passes is a plan that only has to be
//! written out.

mod required;
mod types;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Ident, LitStr, Path, Type};
use unified_event_schema::suggest;

use crate::ast::{Container, Field, Role, place};
use crate::attr::Key;
use crate::ctxt::Ctxt;
use crate::definition::{Column, Definition, EventType, Group};
use crate::rust_type::{last_name, option_contents, pointee};

/// What the expansion records, in the order of the columns.
pub(crate) struct Plan<'a> {
    pub(crate) steps: Vec<Step<'a>>,
    /// Requirements of the event type that only the values can meet.
    pub(crate) guards: Vec<Guard<'a>>,
    /// Where deprecated columns are used.
    pub(crate) deprecated: Vec<Deprecated<'a>>,
}

/// A use of a deprecated column.
pub(crate) struct Deprecated<'a> {
    pub(crate) at: TokenStream,
    pub(crate) column: &'static str,
    /// What the compiler is to say.
    pub(crate) note: &'static str,
    /// What levels of lints the user has set there.
    pub(crate) lints: &'a [&'a Attribute],
}

/// One thing to record.
pub(crate) struct Step<'a> {
    /// The position of its first column.
    pub(crate) position: usize,
    pub(crate) kind: StepKind<'a>,
}

pub(crate) enum StepKind<'a> {
    /// A text that is the same for all values of the struct.
    Literal(&'a LitStr),
    /// A field and its column.
    Field { ident: &'a Ident, ty: &'a Type, column: &'static Column, is_json: bool },
    /// A field that is a group.
    Group { ident: &'a Ident, ty: &'a Type },
}

/// A requirement that the struct leaves open: at least one of the columns must have a value.
pub(crate) struct Guard<'a> {
    pub(crate) event_type: &'static str,
    /// The positions of all columns of the requirement.
    pub(crate) any_of: &'static [usize],
    /// Where values for them may be.
    pub(crate) places: Vec<Presence<'a>>,
}

/// Whether a column that a struct sets has a value.
#[derive(Clone)]
pub(crate) enum Presence<'a> {
    /// Always.
    Always,
    /// When the field is `Some`.
    IfSome(&'a Ident),
    /// When the column of the group is `Some`, and so is the group where it is optional.
    InGroup { ident: &'a Ident, is_optional: bool, column: &'static str },
}

/// The columns that have been set so far, and by what.
struct Setters<'a> {
    by_position: BTreeMap<usize, Setter<'a>>,
}

#[derive(Clone)]
struct Setter<'a> {
    described: String,
    presence: Presence<'a>,
    /// The type of the field, where it is one.
    ty: Option<&'a Type>,
}

impl<'a> Setters<'a> {
    fn insert(&mut self, cx: &Ctxt, at: TokenStream, column: &Column, setter: Setter<'a>) {
        if let Some(first) = self.by_position.get(&column.position) {
            let message = format!("column `{}` is set twice", column.name);
            cx.error_with_help(at, message, format_args!("{} sets it already", first.described));
        } else {
            self.by_position.insert(column.position, setter);
        }
    }
}

/// Checks a struct and returns what to expand to.
pub(crate) fn check<'a>(cx: &Ctxt, definition: &Definition, container: &'a Container<'a>) -> Plan<'a> {
    let event_type = event_type(cx, definition, container);
    let mut plan = Plan { steps: Vec::new(), guards: Vec::new(), deprecated: Vec::new() };
    let mut setters = Setters { by_position: BTreeMap::new() };
    literals(cx, definition, container, &mut plan, &mut setters);
    for field in &container.fields {
        match &field.role {
            Role::Column { name, written, json } => {
                let named = Named { name, written: written.as_ref(), json };
                column(cx, definition, container, field, named, &mut plan, &mut setters);
            }
            Role::Flatten => flatten(cx, definition, field, &mut plan, &mut setters),
            Role::Skip | Role::Faulty => {}
        }
    }
    if !container.is_partial {
        required::core(cx, definition, container, &setters.by_position);
        if let Some(event_type) = event_type {
            plan.guards = required::by_event_type(cx, definition, container, event_type, &setters.by_position);
        }
    }
    plan.steps.sort_by_key(|step| step.position);
    plan
}

/// Returns the event type of the struct, if it is written and there is such a one.
fn event_type(cx: &Ctxt, definition: &Definition, container: &Container<'_>) -> Option<&'static EventType> {
    let written = container.attrs.event_type.given()?;
    let name = written.value();
    let event_type = definition.event_type(&name);
    if event_type.is_none() {
        let all: Vec<String> = definition.event_type_names().map(|name| format!("`{name}`")).collect();
        let all = format!("the event types are {}", all.join(", "));
        let help =
            suggest::did_you_mean(&name, definition.event_type_names()).map_or(all.clone(), |q| format!("{q} {all}"));
        cx.error_with_help(written, format_args!("event type `{name}` is not defined in the schema"), help);
    }
    event_type
}

/// The keys of the struct that set a column each.
fn literals<'a>(
    cx: &Ctxt,
    definition: &Definition,
    container: &'a Container<'a>,
    plan: &mut Plan<'a>,
    setters: &mut Setters<'a>,
) {
    let attrs = &container.attrs;
    for (key, column, text) in
        [("type", "event_type", &attrs.event_type), ("name", "event_name", &attrs.name), ("ns", "ns", &attrs.ns)]
    {
        let Some(column) = definition.column(column) else { continue };
        let described = format!("`#[event({key} = \"…\")]`");
        let setter = Setter { described, presence: Presence::Always, ty: None };
        match text {
            Key::Absent => {}
            Key::Faulty => setters.insert(cx, TokenStream::new(), column, setter),
            Key::Given(text) => {
                setters.insert(cx, text.to_token_stream(), column, setter);
                if column.non_empty && text.value().is_empty() {
                    let message = format!("column `{}` must not be empty", column.name);
                    cx.error_with_help(text, message, "say what it is, or set the column with a field");
                }
                plan.steps.push(Step { position: column.position, kind: StepKind::Literal(text) });
            }
        }
    }
}

/// How a field names its column.
struct Named<'a> {
    name: &'a str,
    written: Option<&'a LitStr>,
    json: &'a Key<Path>,
}

fn column<'a>(
    cx: &Ctxt,
    definition: &Definition,
    container: &Container<'_>,
    field: &'a Field<'a>,
    named: Named<'a>,
    plan: &mut Plan<'a>,
    setters: &mut Setters<'a>,
) {
    let at = place(named.written, field.ident);
    let Some(column) = definition.column(named.name) else {
        return unknown_column(cx, definition, named.name, at);
    };
    let contents = option_contents(field.ty);
    let presence = if contents.is_some() { Presence::IfSome(field.ident) } else { Presence::Always };
    let described = format!("field `{}`", field.ident);
    setters.insert(cx, at.clone(), column, Setter { described, presence, ty: Some(field.ty) });
    if !column.settable {
        let message = format!("column `{}` is computed by the pipeline; no event sets it", column.name);
        cx.error_with_help(&at, message, "remove the field, or exclude it with `#[event(skip)]`");
        return;
    }
    if let Some(note) = column.deprecated {
        plan.deprecated.push(Deprecated { at, column: column.name, note, lints: &field.lints });
    }
    types::check(cx, container, column, contents.unwrap_or(field.ty), named.json);
    let kind = StepKind::Field { ident: field.ident, ty: field.ty, column, is_json: named.json.given().is_some() };
    plan.steps.push(Step { position: column.position, kind });
}

fn unknown_column(cx: &Ctxt, definition: &Definition, name: &str, at: TokenStream) {
    let help = definition.similar_column(name).unwrap_or_else(|| {
        "name a column with `#[event(column = \"…\")]`, or exclude the field with `#[event(skip)]`".to_owned()
    });
    cx.error_with_help(at, format_args!("column `{name}` is not defined in the schema"), help);
}

fn flatten<'a>(
    cx: &Ctxt,
    definition: &Definition,
    field: &'a Field<'a>,
    plan: &mut Plan<'a>,
    setters: &mut Setters<'a>,
) {
    let contents = option_contents(field.ty);
    let ty = pointee(contents.unwrap_or(field.ty));
    let Some(group) = group(cx, definition, ty) else { return };
    let mut columns = definition.columns_at(group.columns).peekable();
    let position = columns.peek().map_or(0, |first| first.position);
    for column in columns {
        let presence = match (contents, column.required) {
            (None, true) => Presence::Always,
            (Some(_), true) => Presence::IfSome(field.ident),
            (_, false) => {
                Presence::InGroup { ident: field.ident, is_optional: contents.is_some(), column: column.name }
            }
        };
        let described = format!("the flattened `{}`", group.name);
        let setter = Setter { described, presence, ty: Some(field.ty) };
        setters.insert(cx, field.ident.to_token_stream(), column, setter);
    }
    plan.steps.push(Step { position, kind: StepKind::Group { ident: field.ident, ty: field.ty } });
}

fn group(cx: &Ctxt, definition: &Definition, ty: &Type) -> Option<&'static Group> {
    let name = last_name(ty);
    let group = name.as_deref().and_then(|name| definition.group(name));
    if group.is_none() {
        let found = crate::rust_type::text(ty);
        let all: Vec<String> = definition.group_names().map(|name| format!("`{name}`")).collect();
        let all = format!("the groups are {}", all.join(", "));
        let question = name.and_then(|name| suggest::did_you_mean(&name, definition.group_names()));
        let message = format!("`{found}` is not a group of the schema");
        cx.error_with_help(ty, message, question.unwrap_or(all));
    }
    group
}
