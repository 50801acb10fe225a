//! The enums: one for each closed set of texts.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use unified_event_schema::{Column, ColumnType, Schema, ValueDoc, naming};

use super::doc;
use super::shape::{constant, identifier};

/// The closed sets of a schema, each once.
pub(super) struct Enums<'a> {
    enums: Vec<Enum<'a>>,
}

/// One closed set.
pub(super) struct Enum<'a> {
    pub ident: Ident,
    /// The column that it was met at first.
    pub column: &'a str,
    doc: &'a str,
    values: &'a [ValueDoc],
    /// Whether it is the set of the event types, and of which table.
    event_types_of: Option<&'a str>,
}

impl<'a> Enums<'a> {
    /// Collects the closed sets. Those of the wide table are named after their column; a narrow table
    /// takes over the enum with the same values, or has one of its own.
    pub(super) fn of(schema: &'a Schema) -> Self {
        let mut enums = Vec::new();
        for table in &schema.tables {
            for column in &table.columns {
                let Some(values) = closed_texts(column) else { continue };
                if !table.grouped && enums.iter().any(|known| same_values(known, values)) {
                    continue;
                }
                let prefix = if table.grouped { "" } else { &table.type_name(&schema.name) };
                let is_event_type = table.grouped && column.name == "event_type";
                enums.push(Enum {
                    ident: format_ident!("{prefix}{}", naming::pascal_case(&column.name)),
                    column: &column.name,
                    doc: &column.doc,
                    values,
                    event_types_of: is_event_type.then_some(table.name.as_str()),
                });
            }
        }
        Self { enums }
    }

    /// Returns the enums, in the order of the tables.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Enum<'a>> {
        self.enums.iter()
    }

    /// Returns the enum of a column with a closed set of texts.
    pub(super) fn of_column(&self, column: &Column) -> Option<Ident> {
        let values = closed_texts(column)?;
        let named = self.enums.iter().find(|known| known.column == column.name && same_values(known, values));
        let alike = || self.enums.iter().find(|known| same_values(known, values));
        named.or_else(alike).map(|known| known.ident.clone())
    }
}

fn closed_texts(column: &Column) -> Option<&[ValueDoc]> {
    column.closed_values().filter(|_| column.ty == ColumnType::String)
}

fn same_values(known: &Enum<'_>, values: &[ValueDoc]) -> bool {
    known.values.iter().map(|value| &value.value).eq(values.iter().map(|value| &value.value))
}

/// Returns `enums.rs`.
pub(super) fn emit(schema: &Schema, enums: &Enums<'_>) -> TokenStream {
    let items = enums.iter().map(|one| emit_one(schema, one));
    let has_event_types = enums.iter().any(|one| one.event_types_of.is_some());
    let table_imports = has_event_types.then(|| {
        quote! {
            use unified_event_runtime::table::EventRules;
            use crate::tables;
        }
    });
    quote! {
        //! The closed sets of values, each an enum.

        use unified_event_runtime::impl_closed;
        #table_imports
        #(#items)*
    }
}

fn emit_one(schema: &Schema, one: &Enum<'_>) -> TokenStream {
    let (ident, set) = (&one.ident, one.column);
    let texts: Vec<String> = one.values.iter().map(|value| doc::plain(&value.value)).collect();
    let variants = variants(&texts);
    let docs = doc::attributes(&format!("{}\n\nThe values of `{set}`; any other is refused.", doc::escaped(one.doc)));
    let variant_docs = one
        .values
        .iter()
        .zip(&texts)
        .map(|(value, text)| doc::attributes(&format!("`{text}`: {}", doc::escaped(&value.doc))));
    let rules = one.event_types_of.map(|table| emit_rules(schema, table, &variants));
    quote! {
        #docs
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #ident {
            #(#variant_docs #variants,)*
        }

        impl #ident {
            /// All values, in the order of the definition.
            pub const ALL: &'static [Self] = &[#(Self::#variants),*];

            /// Returns the text of the value.
            pub const fn as_str(self) -> &'static str {
                match self {
                    #(Self::#variants => #texts,)*
                }
            }

            #rules
        }

        impl_closed!(#ident, #set);
    }
}

/// Returns what the enum of the event types can do beyond the others.
fn emit_rules(schema: &Schema, table: &str, variants: &[Ident]) -> TokenStream {
    let rules = constant(&format!("{table}_event_types"));
    let index = (0..schema.event_types.len()).map(Literal::usize_unsuffixed);
    quote! {
        /// Returns what an event of the type must set beyond the required columns.
        pub const fn rules(self) -> &'static EventRules {
            match self {
                #(Self::#variants => &tables::#rules[#index],)*
            }
        }
    }
}

/// Returns the variants for the texts of a set: PascalCase, and never two alike.
pub(super) fn variants(texts: &[String]) -> Vec<Ident> {
    let mut variants: Vec<Ident> = Vec::new();
    for (i, text) in texts.iter().enumerate() {
        let ident = variant(text).map(|name| identifier(&name)).filter(|ident| !variants.contains(ident));
        variants.push(ident.unwrap_or_else(|| format_ident!("Value{}", i + 1)));
    }
    variants
}

fn variant(text: &str) -> Option<String> {
    let is_shouted = !text.chars().any(char::is_lowercase);
    let text = if is_shouted { text.to_lowercase() } else { text.to_owned() };
    let name = naming::pascal_case(&text);
    let is_name = naming::is_type_name(&name);
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_has_a_variant_of_its_own() {
        let texts = ["needs-improvement", "PUT", "_internal", "self", "try", "1.0", "a b", "a-b", "é"];
        let idents = variants(&texts.map(str::to_owned)).iter().map(Ident::to_string).collect::<Vec<_>>();
        assert_eq!(idents, ["NeedsImprovement", "Put", "Internal", "Self_", "Try", "Value6", "AB", "Value8", "Value9"]);
    }
}
