//! The const tables: what the definition says of every column, for programs.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use unified_event_schema::{Column, ColumnKind, ColumnType, Format, Schema, Wire};

use super::shape::{Shape, constant, identifier};
use super::{doc, source};
use crate::Artifact;

/// Returns `tables/mod.rs` and one file for each table, its stream included.
pub(super) fn emit(schema: &Schema, shapes: &[Shape<'_>]) -> Vec<Artifact> {
    let mut files = vec![source("tables/mod.rs", root(schema))];
    for table in &schema.tables {
        let of_table: Vec<&Shape<'_>> = shapes.iter().filter(|shape| shape.module == table.name).collect();
        files.push(source(&format!("tables/{}.rs", table.name), module(schema, &table.name, &of_table)));
    }
    files
}

fn root(schema: &Schema) -> TokenStream {
    let modules: Vec<Ident> = schema.tables.iter().map(|table| identifier(&table.name)).collect();
    quote! {
        //! The tables and streams as constants: every column with what the definition says of it.

        #(mod #modules;)*

        #(pub use #modules::*;)*
    }
}

fn module(schema: &Schema, table: &str, shapes: &[&Shape<'_>]) -> TokenStream {
    let title = format!(" The table `{table}` and what feeds it.");
    let imports = imports(shapes);
    let tables = shapes.iter().map(|shape| emit_table(schema, shape));
    quote! {
        #![doc = #title]
        #imports
        #(#tables)*
    }
}

/// Returns the imports that the tables need: an unused one would be a warning in the user's build.
fn imports(shapes: &[&Shape<'_>]) -> TokenStream {
    let columns = || shapes.iter().flat_map(|shape| shape.fields.iter().map(|field| field.column.as_ref()));
    let mut names = vec!["Column", "ColumnType", "Table"];
    if columns().any(|column| column.deprecated.is_some()) {
        names.push("Deprecation");
    }
    if shapes.iter().any(|shape| shape.has_event_types) {
        names.extend(["EventRules", "Requirement"]);
    }
    if columns().any(|column| column.values.is_some()) {
        names.push("Values");
    }
    if columns().any(|column| column.wire == Wire::DecimalString) {
        names.push("Wire");
    }
    names.sort_unstable();
    let names = names.into_iter().map(|name| format_ident!("{name}"));
    let format = columns().any(|column| column.format.is_some()).then(|| quote! { use unified_event_runtime::Format; });
    quote! {
        #format
        use unified_event_runtime::table::{#(#names),*};
    }
}

fn emit_table(schema: &Schema, shape: &Shape<'_>) -> TokenStream {
    let (ident, name, version) = (&shape.table, shape.name, Literal::u32_unsuffixed(shape.version));
    let docs = doc::attributes(&doc::escaped(&shape.doc));
    let summary = shape.doc.lines().next().unwrap_or_default();
    let max_depth = Literal::u32_unsuffixed(schema.wire.max_depth);
    let columns = shape.fields.iter().map(|field| emit_column(&field.column));
    let by_name = by_name(shape);
    let rules = constant(&format!("{}_event_types", shape.module));
    let (event_type, event_types, rules_item) = if shape.has_event_types {
        let position = shape.fields.iter().position(|field| field.column.name == "event_type");
        let position = position.map(Literal::usize_unsuffixed);
        let position = position.map_or_else(|| quote! { None }, |position| quote! { Some(#position) });
        (position, quote! { &#rules }, Some(emit_rules(schema, shape, &rules)))
    } else {
        (quote! { None }, quote! { &[] }, None)
    };
    quote! {
        #docs
        pub static #ident: Table = Table {
            name: #name,
            version: #version,
            doc: #summary,
            columns: &[#(#columns),*],
            by_name: &[#(#by_name),*],
            event_type: #event_type,
            event_types: #event_types,
            max_depth: #max_depth,
        };
        #rules_item
    }
}

fn by_name(shape: &Shape<'_>) -> Vec<Literal> {
    let mut positions: Vec<usize> = (0..shape.fields.len()).collect();
    positions.sort_by_key(|position| &shape.fields[*position].column.name);
    positions.into_iter().map(Literal::usize_unsuffixed).collect()
}

/// Returns the rules of the event types, in the order of the enum.
fn emit_rules(schema: &Schema, shape: &Shape<'_>, ident: &Ident) -> TokenStream {
    let n_rules = schema.event_types.len();
    let rules = schema.event_types.iter().map(|event_type| {
        let (name, text) = (&event_type.name, &event_type.doc);
        let requirements = event_type.requires.iter().map(|requirement| {
            let position = |name: &String| shape.fields.iter().position(|field| field.column.name == *name);
            let positions = requirement.any_of.iter().filter_map(position).map(Literal::usize_unsuffixed);
            quote! { Requirement { any_of: &[#(#positions),*] } }
        });
        quote! { EventRules { name: #name, doc: #text, requires: &[#(#requirements),*] } }
    });
    let docs = doc::attributes("What each event type requires, in the order of the definition.");
    quote! {
        #docs
        pub static #ident: [EventRules; #n_rules] = [#(#rules),*];
    }
}

/// Returns a column: only what differs from [`Column::BLANK`] of the runtime.
fn emit_column(column: &Column) -> TokenStream {
    let (name, text, example) = (&column.name, &column.doc, doc::example(column));
    let id = Literal::u32_unsuffixed(column.id);
    let ty = type_of(column.ty);
    let mut facts = Vec::new();
    let mut fact = |is_set: bool, tokens: TokenStream| facts.extend(is_set.then_some(tokens));
    fact(column.required, quote! { required: true });
    fact(column.non_empty, quote! { non_empty: true });
    fact(column.kind == ColumnKind::System, quote! { system: true });
    fact(column.computed.is_some(), quote! { computed: true });
    facts.extend(column.group.as_ref().map(|group| quote! { group: Some(#group) }));
    facts.push(quote! { doc: #text });
    facts.push(quote! { example: #example });
    facts.extend(column.unit.as_ref().map(|unit| quote! { unit: Some(#unit) }));
    facts.extend(column.format.map(|format| {
        let format = format_of(format);
        quote! { format: Some(Format::#format) }
    }));
    facts.extend(emit_values(column));
    facts.extend((column.wire == Wire::DecimalString).then(|| quote! { wire: Wire::DecimalString }));
    let since = Literal::u32_unsuffixed(column.since);
    facts.extend((column.since > 1).then(|| quote! { since: #since }));
    facts.extend(emit_deprecation(column));
    quote! { Column { id: #id, name: #name, ty: ColumnType::#ty, #(#facts,)* ..Column::BLANK } }
}

fn emit_values(column: &Column) -> Option<TokenStream> {
    let set = column.values.as_ref()?;
    let values = set.values.iter().map(|value| doc::plain(&value.value));
    let kind = if set.closed { format_ident!("Closed") } else { format_ident!("Known") };
    Some(quote! { values: Values::#kind(&[#(#values),*]) })
}

fn emit_deprecation(column: &Column) -> Option<TokenStream> {
    let deprecation = column.deprecated.as_ref()?;
    let (since, reason) = (Literal::u32_unsuffixed(deprecation.since), &deprecation.reason);
    let option = |text: &Option<String>| match text {
        Some(text) => quote! { Some(#text) },
        None => quote! { None },
    };
    let (remove_after, replaced_by) = (option(&deprecation.remove_after), option(&deprecation.replaced_by));
    Some(quote! {
        deprecated: Some(Deprecation {
            since: #since,
            remove_after: #remove_after,
            replaced_by: #replaced_by,
            reason: #reason,
        })
    })
}

/// Returns the variant of the runtime's type: a new type is a compile error here.
fn type_of(ty: ColumnType) -> Ident {
    format_ident!(
        "{}",
        match ty {
            ColumnType::String => "String",
            ColumnType::Bool => "Bool",
            ColumnType::Int32 => "Int32",
            ColumnType::Int64 => "Int64",
            ColumnType::Float64 => "Float64",
            ColumnType::Timestamp => "Timestamp",
            ColumnType::Json => "Json",
            ColumnType::Binary => "Binary",
        }
    )
}

/// Returns the variant of the runtime's format: a new format is a compile error here.
fn format_of(format: Format) -> Ident {
    format_ident!(
        "{}",
        match format {
            Format::Hex16 => "Hex16",
            Format::Hex32 => "Hex32",
            Format::CountryCode => "CountryCode",
            Format::Date => "Date",
            Format::NounVerb => "NounVerb",
            Format::Namespace => "Namespace",
        }
    )
}
