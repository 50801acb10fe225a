//! Case conversion, versioned names, and which names are ones: the one place for each.

/// Returns the snake_case form of a PascalCase or camelCase name.
pub fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for (i, c) in name.char_indices() {
        if c.is_ascii_uppercase() {
            if i > 0 {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
        } else {
            out.push(c);
        }
    }
    out
}

/// Returns a column name that resembles any text.
pub fn column_name(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    words.map(snake_case).collect::<Vec<_>>().join("_")
}

/// Returns the PascalCase form of a snake_case or kebab-case name.
pub fn pascal_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = true;
    for c in name.chars() {
        if matches!(c, '_' | '-' | '.' | ' ' | '/') {
            upper = true;
        } else if upper {
            out.extend(c.to_uppercase());
            upper = false;
        } else {
            out.push(c);
        }
    }
    out
}

/// Returns the camelCase form of a snake_case name.
pub fn camel_case(name: &str) -> String {
    let pascal = pascal_case(name);
    let mut chars = pascal.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// Returns the name that a table, stream, sink or pipeline has in one table version.
///
/// Version 1 has the bare name; later versions carry `_v<version>`, because the platform can
/// neither change a stream, sink or pipeline nor let a sink adopt an existing table.
pub fn versioned(name: &str, version: u32) -> String {
    if version <= 1 { name.to_owned() } else { format!("{name}_v{version}") }
}

/// Returns true if `name` is one that tables, streams, sinks and columns may have.
///
/// The platform takes `[a-zA-Z0-9_]+` up to 128 characters; we keep to `^[a-z][a-z0-9_]*$` so that
/// no engine has to fold or quote case.
pub fn is_resource_name(name: &str) -> bool {
    name.len() <= 128
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Returns true if `name` is PascalCase and so usable as a Rust and TypeScript type.
pub fn is_type_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Returns true if `name` is an ASCII identifier, which fields of a stream may be.
pub fn is_identifier(name: &str) -> bool {
    name.len() <= 128
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_convert() {
        for (pascal, snake, camel) in [
            ("CoreIdentity", "core_identity", "coreIdentity"),
            ("Rpc", "rpc", "rpc"),
            ("DatabaseCdc", "database_cdc", "databaseCdc"),
        ] {
            assert_eq!(snake_case(pascal), snake);
            assert_eq!(pascal_case(snake), pascal);
            assert_eq!(camel_case(snake), camel);
        }
        assert_eq!(pascal_case("needs-improvement"), "NeedsImprovement");
        assert_eq!(snake_case("sourceType"), "source_type");
        assert_eq!(column_name("was-Sampled.at"), "was_sampled_at");
    }

    #[test]
    fn version_one_has_the_bare_name() {
        assert_eq!(versioned("unified_events", 1), "unified_events");
        assert_eq!(versioned("unified_events", 2), "unified_events_v2");
    }
}
