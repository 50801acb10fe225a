//! Rustdoc from the texts of the definition.

use proc_macro2::TokenStream;
use quote::quote;
use unified_event_schema::{Column, Schema, Wire};

/// Returns the doc attributes for a text of several lines, which is Markdown already.
pub(super) fn attributes(markdown: &str) -> TokenStream {
    let lines = markdown.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote! { #(#[doc = #lines])* }
}

/// Returns a text of the definition as Markdown: code spans and bare URLs are kept, the rest is literal.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, part) in text.split('`').enumerate() {
        let is_code = i % 2 == 1;
        out.push_str(if i > 0 { "`" } else { "" });
        out.push_str(&if is_code { part.to_owned() } else { escaped_words(part) });
    }
    out
}

fn escaped_words(text: &str) -> String {
    let word = |word: &str| {
        if word.starts_with("https://") || word.starts_with("http://") {
            let url = word.trim_end_matches(['.', ',', ';', ')']);
            return format!("<{url}>{}", &word[url.len()..]);
        }
        let mut out = String::with_capacity(word.len());
        for c in word.chars() {
            if matches!(c, '[' | ']' | '<' | '>' | '*' | '\\') {
                out.push('\\');
            }
            out.push(c);
        }
        out
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Returns the documentation of a field: what the definition says of its column.
pub(super) fn of_column(schema: &Schema, column: &Column) -> TokenStream {
    let mut facts = vec![identity(column)];
    facts.push(format!("- example: `{}`", example(column).replace('`', "'")));
    if column.non_empty {
        facts.push("- never empty".to_owned());
    }
    if let Some(format) = column.format {
        facts.push(format!(
            "- format: {}{}",
            format.expected(),
            if format.is_convention() { ", by convention" } else { "" }
        ));
    }
    if let Some(values) = column.values.as_ref().filter(|values| !values.closed) {
        let values: Vec<String> = values.values.iter().map(|value| format!("`{}`", plain(&value.value))).collect();
        facts.push(format!("- known values: {}", values.join(", ")));
    }
    let requiring = requiring(schema, column);
    if !requiring.is_empty() {
        facts.push(format!("- required by event type {}", requiring.join(", ")));
    }
    if column.computed.is_some() {
        facts.push("- computed by the pipeline; no producer sets it".to_owned());
    }
    attributes(&format!("{}\n\n{}", escaped(&column.doc), facts.join("\n")))
}

fn identity(column: &Column) -> String {
    let unit = column.unit.as_ref().map(|unit| format!(", unit `{unit}`")).unwrap_or_default();
    let group = column.group.as_ref().map(|group| format!(", group `{group}`")).unwrap_or_default();
    let since = if column.since > 1 { format!(", since version {}", column.since) } else { String::new() };
    format!("- column {}, `{}`, {}{unit}{group}{since}", column.id, column.ty, column.kind.name())
}

/// Returns the event types that require a column of the wide table.
fn requiring(schema: &Schema, column: &Column) -> Vec<String> {
    let of_type = |event_type: &unified_event_schema::EventType| {
        let requirement = event_type.requires.iter().find(|r| r.any_of.contains(&column.name))?;
        let others = if requirement.any_of.len() > 1 { format!(" ({requirement})") } else { String::new() };
        Some(format!("`{}`{others}", event_type.name))
    };
    if column.group.is_none() { Vec::new() } else { schema.event_types.iter().filter_map(of_type).collect() }
}

/// Returns the example of a column as JSON in wire form.
pub(super) fn example(column: &Column) -> String {
    match column.wire {
        Wire::DecimalString => format!("\"{}\"", column.example),
        Wire::Number => column.example.to_string(),
    }
}

/// Returns a value of a set as its text.
pub(super) fn plain(value: &unified_event_schema::Value) -> String {
    value.as_text().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns the attribute that warns of a deprecated column.
pub(super) fn deprecation(column: &Column) -> Option<TokenStream> {
    let deprecation = column.deprecated.as_ref()?;
    let note = deprecation.note();
    Some(quote! { #[deprecated(note = #note)] })
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn markdown_is_literal_outside_of_code() {
        assert_eq!(escaped("a <b> `Vec<T>` [c]"), "a \\<b\\> `Vec<T>` \\[c\\]");
        assert_eq!(escaped("see https://x.example/a, b"), "see <https://x.example/a>, b");
    }
}
