//! What no struct of today can show: definitions other than the one that is compiled in.

use syn::parse_quote;
use unified_event_schema::{Deprecation, Schema};

use super::*;

/// The definition after a change.
fn definition(change: impl FnOnce(&mut Schema)) -> Definition {
    let mut schema = Schema::embedded().unwrap();
    change(&mut schema);
    definition::resolve::resolve(&schema)
}

fn column<'a>(schema: &'a mut Schema, name: &str) -> &'a mut unified_event_schema::Column {
    schema.tables[0].columns.iter_mut().find(|column| column.name == name).unwrap()
}

fn page() -> DeriveInput {
    parse_quote! {
        #[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
        struct PageViewed<'a> {
            id: String,
            http_url: &'a str,
            page_title: Option<String>,
        }
    }
}

fn expansion(definition: &Definition) -> String {
    derive_from(definition, &page()).unwrap().to_string()
}

#[test]
fn deprecated_columns_warn_by_a_deprecated_constant() {
    let deprecation = Deprecation {
        since: 2,
        remove_after: None,
        replaced_by: Some("title".to_owned()),
        reason: "pages have no titles".to_owned(),
    };
    let definition = definition(|schema| column(schema, "page_title").deprecated = Some(deprecation));
    let expansion = expansion(&definition);
    assert!(
        expansion.contains(r#"note = "since table version 2: pages have no titles. Use `title` instead.""#),
        "{expansion}"
    );
    assert!(expansion.contains("column_page_title"), "{expansion}");
}

#[test]
fn the_fingerprint_follows_what_an_expansion_relies_on() {
    let base = definition(|_| ()).fingerprint;
    assert_eq!(base, definition(|schema| column(schema, "page_title").doc.push('!')).fingerprint);
    for change in [
        |schema: &mut Schema| column(schema, "page_title").required = true,
        |schema: &mut Schema| column(schema, "page_title").name.push('s'),
        |schema: &mut Schema| schema.tables[0].columns.swap(0, 1),
        |schema: &mut Schema| schema.event_types[0].requires.clear(),
    ] {
        assert_ne!(base, definition(change).fingerprint);
    }
}

#[test]
fn requirements_follow_the_definition() {
    let stricter = definition(|schema| column(schema, "page_title").required = true);
    let error = derive_from(&stricter, &page()).unwrap_err().to_string();
    assert_eq!(error, "column `page_title` is required; expected `String`, found `Option<String>`");
}
