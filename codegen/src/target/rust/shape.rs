//! The structs to emit: a row for every table, a record for every stream with fields of its own.

use std::borrow::Cow;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use unified_event_schema::{Column, ColumnType, Schema, StreamField, naming};

use super::enums::Enums;

/// A struct with one field for every column of a table or field of a stream.
pub(super) struct Shape<'a> {
    /// The name of the struct.
    pub type_name: Ident,
    /// The name of its const table.
    pub table: Ident,
    /// The name of the module that holds either.
    pub module: String,
    /// The name of the table or the stream, as engines know it.
    pub name: &'a str,
    /// The version of the table.
    pub version: u32,
    /// What one value is.
    pub doc: String,
    /// The fields in order.
    pub fields: Vec<Field<'a>>,
    /// Whether rows have event types.
    pub has_event_types: bool,
    /// Whether it is what is stored, and not only what a producer sends.
    pub is_stored: bool,
    /// Whether it is what a producer sends.
    pub is_sent: bool,
}

/// One field of such a struct.
pub(super) struct Field<'a> {
    /// The column; fields of a stream are told as columns too.
    pub column: Cow<'a, Column>,
    /// The name of the field.
    pub ident: Ident,
    /// The type of a value.
    pub ty: FieldType,
}

/// The Rust type of the values of a column.
pub(super) enum FieldType {
    /// The type that the column's type has everywhere.
    Plain(ColumnType),
    /// The enum of a closed set.
    Enum(Ident),
}

impl<'a> Shape<'a> {
    /// Returns the structs, those of the wide table first.
    pub(super) fn all(schema: &'a Schema, enums: &Enums<'_>) -> Vec<Self> {
        let mut shapes = Vec::new();
        for table in &schema.tables {
            let type_name = table.type_name(&schema.name);
            shapes.push(Shape {
                type_name: format_ident!("{type_name}Row"),
                table: constant(&table.name),
                module: table.name.clone(),
                name: &table.physical_name,
                version: table.version,
                doc: format!("{}\n\nA row of the table `{}`, as it is stored.", table.doc, table.name),
                fields: table.columns.iter().map(|column| Field::new(Cow::Borrowed(column), enums)).collect(),
                has_event_types: table.grouped,
                is_stored: true,
                is_sent: table.grouped,
            });
            if let Some(pipeline) = schema.pipeline(&table.name).filter(|_| !table.grouped) {
                let columns = pipeline.stream.fields.iter().enumerate().map(|(i, field)| {
                    let deprecated = schema.field_deprecation(pipeline, field).cloned();
                    Column { deprecated, ..as_column(i, field) }
                });
                shapes.push(Shape {
                    type_name: format_ident!("{type_name}Record"),
                    table: format_ident!("{}_STREAM", constant(&table.name)),
                    module: table.name.clone(),
                    name: &pipeline.stream.name,
                    version: table.version,
                    doc: format!(
                        "{}\n\nA record of the stream `{}`, as a producer sends it.",
                        pipeline.doc, pipeline.stream.name
                    ),
                    fields: columns.map(|column| Field::new(Cow::Owned(column), enums)).collect(),
                    has_event_types: false,
                    is_stored: false,
                    is_sent: true,
                });
            }
        }
        shapes
    }
}

impl<'a> Field<'a> {
    /// Returns the field of a column.
    pub(super) fn new(column: Cow<'a, Column>, enums: &Enums<'_>) -> Self {
        let ty = match enums.of_column(&column) {
            Some(ident) => FieldType::Enum(ident),
            None => FieldType::Plain(column.ty),
        };
        Self { ident: identifier(&naming::snake_case(&column.name)), column, ty }
    }

    /// Returns the type of a value.
    pub(super) fn value_type(&self) -> TokenStream {
        match &self.ty {
            FieldType::Enum(ident) => quote! { #ident },
            FieldType::Plain(ColumnType::String) => quote! { String },
            FieldType::Plain(ColumnType::Bool) => quote! { bool },
            FieldType::Plain(ColumnType::Int32) => quote! { i32 },
            FieldType::Plain(ColumnType::Int64) => quote! { i64 },
            FieldType::Plain(ColumnType::Float64) => quote! { f64 },
            FieldType::Plain(ColumnType::Timestamp) => quote! { Timestamp },
            FieldType::Plain(ColumnType::Json) => quote! { Json },
            FieldType::Plain(ColumnType::Binary) => quote! { Vec<u8> },
        }
    }

    /// Returns the type of the field.
    pub(super) fn field_type(&self) -> TokenStream {
        let ty = self.value_type();
        if self.column.required {
            ty
        } else {
            quote! { Option<#ty> }
        }
    }

    /// Returns a value that holds the place of a required one.
    pub(super) fn blank(&self) -> TokenStream {
        if !self.column.required {
            return quote! { None };
        }
        match &self.ty {
            FieldType::Enum(ident) => quote! { <#ident as Closed>::ALL[0] },
            FieldType::Plain(ColumnType::String) => quote! { String::new() },
            FieldType::Plain(ColumnType::Bool) => quote! { false },
            FieldType::Plain(ColumnType::Int32 | ColumnType::Int64) => quote! { 0 },
            FieldType::Plain(ColumnType::Float64) => quote! { 0.0 },
            FieldType::Plain(ColumnType::Timestamp) => quote! { Timestamp::UNIX_EPOCH },
            FieldType::Plain(ColumnType::Json) => quote! { Json::null() },
            FieldType::Plain(ColumnType::Binary) => quote! { Vec::new() },
        }
    }

    /// Returns the parameter of a constructor, and the expression that becomes the field.
    pub(super) fn parameter(&self) -> (TokenStream, TokenStream) {
        let (ident, ty) = (&self.ident, self.value_type());
        match self.ty {
            FieldType::Plain(ColumnType::String) => {
                (quote! { #ident: impl Into<String> }, quote! { #ident: #ident.into() })
            }
            _ => (quote! { #ident: #ty }, quote! { #ident }),
        }
    }
}

/// Tells a field of a stream as a column, counted from 1.
fn as_column(index: usize, field: &StreamField) -> Column {
    let id = u32::try_from(index + 1).unwrap_or(u32::MAX);
    Column {
        required: field.required,
        non_empty: field.non_empty,
        format: field.format,
        values: field.values.clone(),
        ..Column::new(id, &field.name, field.ty, &field.doc, field.example.clone())
    }
}

/// Returns the name of a constant.
pub(super) fn constant(name: &str) -> Ident {
    format_ident!("{}", name.to_uppercase())
}

/// Returns the name of a field, raw where the name is a keyword.
pub(super) fn identifier(name: &str) -> Ident {
    match name {
        // These four cannot be raw.
        "self" | "super" | "crate" | "Self" => format_ident!("{name}_"),
        _ if syn::parse_str::<Ident>(name).is_ok() => Ident::new(name, Span::call_site()),
        _ => Ident::new_raw(name, Span::call_site()),
    }
}
