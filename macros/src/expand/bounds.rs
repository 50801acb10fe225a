//! The traits of values, and the bounds of generic structs that follow from them.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::{Generics, Type, WherePredicate};
use unified_event_schema::ColumnType;

use crate::check::{Plan, StepKind};
use crate::definition::Column;
use crate::hygiene::{parse_quoted, quoted, site};
use crate::rust_type::{option_contents, referent};

/// Returns the generics with a bound for every field whose type mentions a type parameter.
pub(super) fn with_bounds(generics: &Generics, plan: &Plan<'_>) -> Generics {
    let params = Params::of(generics);
    let mut generics = generics.clone();
    for step in &plan.steps {
        let predicate = match &step.kind {
            StepKind::Field { ty, column, is_json, .. } if params.are_in(ty) => {
                bound(params.bounded(option_contents(ty).unwrap_or(ty)), column, *is_json)
            }
            StepKind::Group { ty, .. } if params.are_in(ty) => {
                let ty = params.bounded(option_contents(ty).unwrap_or(ty));
                parse_quoted!(#ty: __unified_event::ColumnGroup<Row = __unified_event::EventRow>)
            }
            _ => continue,
        };
        generics.make_where_clause().predicates.push(predicate);
    }
    generics
}

/// The names of the type parameters of a struct.
pub(super) struct Params(Vec<String>);

impl Params {
    pub(super) fn of(generics: &Generics) -> Self {
        Self(generics.type_params().map(|param| param.ident.to_string()).collect())
    }

    fn are_in(&self, ty: &Type) -> bool {
        !self.0.is_empty() && has_any(ty.to_token_stream(), &self.0)
    }

    /// Returns the type whose trait is called, and bounded where it is generic: then without references.
    ///
    /// Bounds of `&'a T` and `&'b T` would be two answers to the same question.
    pub(super) fn bounded<'a>(&self, ty: &'a Type) -> &'a Type {
        if self.are_in(ty) { referent(ty) } else { ty }
    }
}

fn bound(ty: &Type, column: &Column, is_json: bool) -> WherePredicate {
    let values = value_trait(column, is_json);
    parse_quoted!(#ty: #values)
}

/// Returns the trait of the values of a column.
pub(super) fn value_trait(column: &Column, is_json: bool) -> TokenStream {
    if let Some(name) = column.enum_name() {
        let name = format_ident!("{name}", span = site());
        return quoted! { __unified_event::values::ClosedValue<__unified_event::enums::#name> };
    }
    let name = match column.ty {
        ColumnType::String => "StringValue",
        ColumnType::Bool => "BoolValue",
        ColumnType::Int32 => "Int32Value",
        ColumnType::Int64 => "Int64Value",
        ColumnType::Float64 => "Float64Value",
        ColumnType::Timestamp => "TimestampValue",
        ColumnType::Json if is_json => "SerializedValue",
        ColumnType::Json => "JsonValue",
        ColumnType::Binary => "BinaryValue",
    };
    let name = format_ident!("{name}", span = site());
    quoted! { __unified_event::values::#name }
}

fn has_any(tokens: TokenStream, names: &[String]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => names.iter().any(|name| ident == name),
        TokenTree::Group(group) => has_any(group.stream(), names),
        _ => false,
    })
}
