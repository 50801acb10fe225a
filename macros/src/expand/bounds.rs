//! The traits of values, and the bounds of generic structs that follow from them.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{Generics, Type, WherePredicate, parse_quote};
use unified_event_schema::ColumnType;

use crate::check::{Plan, StepKind};
use crate::definition::Column;
use crate::rust_type::option_contents;

/// Returns the generics with a bound for every field whose type mentions a type parameter.
pub(super) fn with_bounds(generics: &Generics, plan: &Plan<'_>) -> Generics {
    let params: Vec<String> = generics.type_params().map(|param| param.ident.to_string()).collect();
    let mut generics = generics.clone();
    if params.is_empty() {
        return generics;
    }
    for step in &plan.steps {
        let predicate = match &step.kind {
            StepKind::Field { ty, column, is_json, .. } if mentions(ty, &params) => {
                bound(option_contents(ty).unwrap_or(ty), column, *is_json)
            }
            StepKind::Group { ty, .. } if mentions(ty, &params) => {
                let ty = option_contents(ty).unwrap_or(ty);
                parse_quote!(#ty: ::unified_event::ColumnGroup<Row = ::unified_event::__private::EventRow>)
            }
            _ => continue,
        };
        generics.make_where_clause().predicates.push(predicate);
    }
    generics
}

fn bound(ty: &Type, column: &Column, is_json: bool) -> WherePredicate {
    let values = value_trait(column, is_json);
    parse_quote!(#ty: #values)
}

/// Returns the trait of the values of a column.
pub(super) fn value_trait(column: &Column, is_json: bool) -> TokenStream {
    if let Some(name) = column.enum_name() {
        let name = format_ident!("{name}");
        return quote! { ::unified_event::values::ClosedValue<::unified_event::#name> };
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
    let name = format_ident!("{name}");
    quote! { ::unified_event::values::#name }
}

fn mentions(ty: &Type, params: &[String]) -> bool {
    has_any(ty.to_token_stream(), params)
}

fn has_any(tokens: TokenStream, names: &[String]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => names.iter().any(|name| ident == name),
        TokenTree::Group(group) => has_any(group.stream(), names),
        _ => false,
    })
}
