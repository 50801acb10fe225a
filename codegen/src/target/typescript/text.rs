//! TypeScript text in the layout of Prettier, so that nobody's formatter changes a generated file.

/// The widest line.
pub(super) const WIDTH: usize = 100;

/// Returns `text` as a string literal, in the quotes that need fewer escapes.
pub(super) fn quote(text: &str) -> String {
    let quote = if text.matches('"').count() > text.matches('\'').count() { '\'' } else { '"' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => out.extend(['\\', c]),
            // The line separators end a line in some tools, although ES2019 allows them in strings.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// Returns `name` as a property key, quoted only if it must be.
pub(super) fn key(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '$'))
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$'));
    if plain { name.to_owned() } else { quote(name) }
}

/// Returns `[a, b]` after `head`, on one line if `tail` fits there too, else one item a line.
pub(super) fn array(head: &str, items: &[String], tail: &str) -> String {
    let line = format!("{head}[{}]{tail}", items.join(", "));
    if line.chars().count() <= WIDTH {
        return line;
    }
    let margin = indent_of(head);
    let items: String = items.iter().map(|item| format!("{margin}  {item},\n")).collect();
    format!("{head}[\n{items}{margin}]{tail}")
}

/// Returns `head = A | B;` on one line or two if it fits there, else one member a line.
pub(super) fn union(head: &str, members: &[String]) -> String {
    let joined = members.join(" | ");
    for line in [format!("{head} = {joined};\n"), format!("{head} =\n  {joined};\n")] {
        if line.lines().all(|l| l.chars().count() <= WIDTH) {
            return line;
        }
    }
    let members: String = members.iter().map(|member| format!("\n  | {member}")).collect();
    format!("{head} ={members};\n")
}

/// Returns `head = A & B;` on one line if it fits there, else one member a line.
pub(super) fn intersection(head: &str, members: &[String]) -> String {
    let line = format!("{head} = {};\n", members.join(" & "));
    if line.trim_end().chars().count() <= WIDTH {
        return line;
    }
    format!("{head} = {};\n", members.join(" &\n  "))
}

/// Returns `return a && b;` within a function body, broken at the operators if it is long.
pub(super) fn return_all(conditions: &[String]) -> String {
    let line = format!("  return {};\n", conditions.join(" && "));
    if line.trim_end().chars().count() <= WIDTH {
        return line;
    }
    format!("  return (\n    {}\n  );\n", conditions.join(" &&\n    "))
}

/// Returns `import { a, b } from "module";` on one line if it fits there, else one name a line.
///
/// `kind` is `type ` for types and empty for values; without names there is no import.
pub(super) fn import(kind: &str, module: &str, names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let line = format!("import {kind}{{ {} }} from \"{module}\";\n", names.join(", "));
    if line.trim_end().chars().count() <= WIDTH {
        return line;
    }
    format!("import {kind}{{\n  {},\n}} from \"{module}\";\n", names.join(",\n  "))
}

/// Returns `head(a, b)tail` on one line if it fits there, else one parameter a line.
pub(super) fn signature(head: &str, parameters: &[String], tail: &str) -> String {
    let line = format!("{head}({}){tail}\n", parameters.join(", "));
    if line.trim_end().chars().count() <= WIDTH {
        return line;
    }
    format!("{head}(\n  {},\n){tail}\n", parameters.join(",\n  "))
}

/// Returns the optional property of a type, which may be null.
pub(super) fn optional(key: &str, ty: &str) -> String {
    format!("  {key}?: {ty} | null;\n")
}

/// Returns the property of a type, on one line or two if it fits there, else one member of its union
/// a line.
pub(super) fn property(key: &str, members: &[String]) -> String {
    let joined = members.join(" | ");
    for line in [format!("  {key}: {joined};\n"), format!("  {key}:\n    {joined};\n")] {
        if line.lines().all(|l| l.chars().count() <= WIDTH) {
            return line;
        }
    }
    let members: String = members.iter().map(|member| format!("\n    | {member}")).collect();
    format!("  {key}:{members};\n")
}

fn indent_of(line: &str) -> String {
    line.chars().take_while(|c| *c == ' ').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_take_the_quotes_with_fewer_escapes() {
        assert_eq!(quote("it's"), r#""it's""#);
        assert_eq!(quote(r#"{"a":1}"#), r#"'{"a":1}'"#);
        assert_eq!(quote("a\\b\n\u{1}\u{2028}"), r#""a\\b\n\u0001\u2028""#);
    }

    #[test]
    fn keys_are_quoted_only_if_they_must_be() {
        assert_eq!(key("http_url"), "http_url");
        assert_eq!(key("http.route"), "\"http.route\"");
        assert_eq!(key("1st"), "\"1st\"");
    }

    #[test]
    fn lists_break_when_they_are_long() {
        let long: Vec<String> = (0..20).map(|i| format!("Member{i}")).collect();
        assert_eq!(array("const A = ", &long[..2], ";\n"), "const A = [Member0, Member1];\n");
        assert!(array("  x: ", &long, ",\n").starts_with("  x: [\n    Member0,\n"));
        assert!(array("  x: ", &long, ",\n").ends_with("    Member19,\n  ],\n"));
        assert_eq!(union("type U", &long[..2]), "type U = Member0 | Member1;\n");
        assert_eq!(union("type U", &long[..10]).lines().count(), 2);
        assert!(union("type U", &long).starts_with("type U =\n  | Member0\n  | Member1\n"));
        assert!(intersection("type I", &long).starts_with("type I = Member0 &\n  Member1 &\n"));
        let parameters = &long[..2];
        assert_eq!(signature("function f", parameters, " {"), "function f(Member0, Member1) {\n");
        assert!(signature("f", &long, " {").ends_with("  Member19,\n) {\n"));
        assert_eq!(import("type ", "./a.js", parameters), "import type { Member0, Member1 } from \"./a.js\";\n");
        assert!(import("", "./a.js", &long).ends_with("  Member19,\n} from \"./a.js\";\n"));
        assert!(import("", "./a.js", &[]).is_empty());
        assert_eq!(property("a?", parameters), "  a?: Member0 | Member1;\n");
        assert!(property("a", &long).starts_with("  a:\n    | Member0\n    | Member1\n"));
        assert!(return_all(&long).starts_with("  return (\n    Member0 &&\n    Member1 &&\n"));
    }
}
