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

fn expanded(definition: &Definition, input: &DeriveInput) -> syn::Result<proc_macro2::TokenStream> {
    let cx = Ctxt::new();
    let attrs = ContainerAttrs::read(&cx, &input.attrs);
    derive_from(definition, cx, &attrs, input)
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
    let mut input = page();
    let item = |input: &DeriveInput| {
        let expansion = expanded(&definition, input).unwrap().to_string();
        // The impls come first.
        let (_, item) = expansion.split_once("} ; ").unwrap();
        item.to_owned()
    };
    // The case that shows what the compiler says of it.
    let case = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/ui/deprecated/column.rs");
    let case: proc_macro2::TokenStream = std::fs::read_to_string(case).unwrap().parse().unwrap();
    let case = case.to_string();
    assert!(case.contains(&item(&input)), "{}", item(&input));
    input.attrs.push(parse_quote!(#[allow(deprecated)]));
    assert!(item(&input).starts_with("# [allow (deprecated)]"), "{}", item(&input));
    assert!(case.contains(&item(&input)), "{}", item(&input));
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
    let error = expanded(&stricter, &page()).unwrap_err().to_string();
    assert_eq!(error, "column `page_title` is required; expected `String`, found `Option<String>`");
}

fn attrs(input: &DeriveInput) -> ContainerAttrs {
    let cx = Ctxt::new();
    let attrs = ContainerAttrs::read(&cx, &input.attrs);
    cx.check().unwrap();
    attrs
}

/// Returns whether an identifier stands anywhere in the tokens.
fn names(tokens: proc_macro2::TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        proc_macro2::TokenTree::Ident(ident) => ident == name,
        proc_macro2::TokenTree::Group(group) => names(group.stream(), name),
        _ => false,
    })
}

#[test]
fn the_crate_is_found_by_its_path_alone() {
    let definition = definition(|_| ());
    let event = |attribute: syn::Attribute| -> DeriveInput {
        parse_quote! {
            #attribute
            struct OrderPlaced<T> {
                id: T,
                actor_id: Option<&'static str>,
                anonymous_id: Option<&'static str>,
                started_at: Timestamp,
                visibility: Option<Visibility>,
                #[event(json)]
                properties: Vec<T>,
                #[event(flatten)]
                http: Option<HttpContext>,
            }
        }
    };
    let good: syn::Attribute =
        parse_quote!(#[event(crate = "my_telemetry", type = "track", name = "a", ns = "https://a.example")]);
    let faulty: syn::Attribute = parse_quote!(#[event(crate = "my_telemetry", type = "track", name = "a")]);
    let expansion = expanded(&definition, &event(good)).unwrap();
    assert!(names(expansion.clone(), "my_telemetry") && !names(expansion, "unified_event"));
    let input = event(faulty);
    let error = expanded(&definition, &input).unwrap_err();
    let attrs = attrs(&input);
    let fallback = fallback::expand(&input, &attrs, &error);
    assert!(names(fallback.clone(), "my_telemetry") && !names(fallback, "unified_event"));
}

#[test]
fn levels_of_lints_hold_for_deprecated_columns() {
    let deprecation = Deprecation { since: 2, remove_after: None, replaced_by: None, reason: "none has it".to_owned() };
    let definition = definition(|schema| column(schema, "page_title").deprecated = Some(deprecation));
    let mut input = page();
    assert!(!names(expanded(&definition, &input).unwrap(), "deny"));
    input.attrs.push(parse_quote!(#[deny(deprecated)]));
    let syn::Data::Struct(data) = &mut input.data else { panic!("a struct") };
    for field in &mut data.fields {
        field.attrs.push(parse_quote!(#[allow(deprecated)]));
    }
    let expansion = expanded(&definition, &input).unwrap().to_string();
    assert!(expansion.contains("# [deny (deprecated)] # [allow (deprecated)] const _"), "{expansion}");
}
