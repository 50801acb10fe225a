//! TSDoc comments.

use super::text::WIDTH;

/// A TSDoc comment in the making: paragraphs, lists and tags, wrapped when it is written.
#[derive(Debug, Default)]
pub(super) struct Tsdoc {
    blocks: Vec<Block>,
}

#[derive(Debug)]
enum Block {
    Paragraph(String),
    /// One item a line.
    List(Vec<String>),
    /// Lines that must stay as they are.
    Verbatim(Vec<String>),
}

impl Tsdoc {
    /// Returns a comment that begins with `summary`, which may hold Markdown code spans.
    pub(super) fn new(summary: &str) -> Self {
        Self::default().paragraph(summary)
    }

    /// Adds a paragraph, unless it is empty.
    pub(super) fn paragraph(mut self, text: &str) -> Self {
        if !text.is_empty() {
            self.blocks.push(Block::Paragraph(escape(text)));
        }
        self
    }

    /// Adds `lead` and a list of names with what each means, unless there are none.
    pub(super) fn names<'a>(mut self, lead: &str, names: impl IntoIterator<Item = (String, &'a str)>) -> Self {
        let items: Vec<String> =
            names.into_iter().map(|(name, doc)| format!("{}: {}", code_span(&name), escape(doc))).collect();
        if !items.is_empty() {
            self.blocks.push(Block::Paragraph(escape(lead)));
            self.blocks.push(Block::List(items));
        }
        self
    }

    /// Adds a block tag with its text.
    pub(super) fn tag(mut self, tag: &str, text: &str) -> Self {
        self.blocks.push(Block::Paragraph(format!("@{tag} {}", escape(text))));
        self
    }

    /// Adds TypeScript code as an example.
    ///
    /// Editors show the text of the tag as code. What TSDoc would read as markup goes into a fence.
    pub(super) fn example(mut self, code: &str) -> Self {
        let code = close_safe(code);
        let is_markup = |c: char| matches!(c, '{' | '}' | '@' | '<' | '>' | '`' | '\\');
        self.blocks.push(if code.contains(is_markup) || code.contains('\n') {
            let mut lines = vec!["@example".to_owned(), "```ts".to_owned()];
            lines.extend(code.lines().map(str::to_owned));
            lines.push("```".to_owned());
            Block::Verbatim(lines)
        } else {
            Block::Verbatim(vec![format!("@example {code}")])
        });
        self
    }

    /// Writes the comment in front of something that is indented by `indent` spaces.
    pub(super) fn write(&self, indent: usize) -> String {
        let margin = " ".repeat(indent);
        if let [Block::Paragraph(text)] = self.blocks.as_slice() {
            let line = format!("{margin}/** {text} */\n");
            if line.trim_end().chars().count() <= WIDTH {
                return line;
            }
        }
        let width = WIDTH - indent - " * ".len();
        let mut out = format!("{margin}/**\n");
        for (i, block) in self.blocks.iter().enumerate() {
            // A list belongs to the line that leads it in.
            if i > 0 && !matches!(block, Block::List(_)) {
                out.push_str(&format!("{margin} *\n"));
            }
            let lines = match block {
                Block::Paragraph(text) => wrap(text, width, ""),
                Block::List(items) => items.iter().flat_map(|i| wrap(&format!("- {i}"), width, "  ")).collect(),
                Block::Verbatim(lines) => lines.clone(),
            };
            for line in lines {
                out.push_str(&format!("{margin} * {line}\n"));
            }
        }
        out.push_str(&format!("{margin} */\n"));
        out
    }
}

/// Returns `text` as a Markdown code span.
pub(super) fn code_span(text: &str) -> String {
    // TSDoc knows only single backticks; a text that has one of its own cannot be a span.
    if text.contains('`') { escape_plain(text) } else { format!("`{}`", close_safe(text)) }
}

/// Keeps `text` from ending the comment it stands in.
fn close_safe(text: &str) -> String {
    text.replace("*/", "*\\/")
}

/// Escapes what TSDoc takes for markup, except in code spans.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split('`').peekable();
    let mut in_span = false;
    while let Some(part) = parts.next() {
        out.push_str(&if in_span { close_safe(part) } else { escape_plain(part) });
        if parts.peek().is_some() {
            out.push('`');
            in_span = !in_span;
        }
    }
    if in_span {
        // An unpaired backtick: the whole text is plain.
        return escape_plain(text);
    }
    out
}

fn escape_plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '{' | '}' | '@' | '<' | '>' | '`' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    close_safe(&out)
}

/// Breaks `text` between words and never within a code span.
fn wrap(text: &str, width: usize, hanging: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in words(text) {
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(std::mem::take(&mut line));
            line = format!("{hanging}{word}");
        }
    }
    lines.push(line);
    lines
}

/// Splits `text` at white space outside of code spans.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut in_span) = (0, false);
    for (i, c) in text.char_indices() {
        if c == '`' && !text[..i].ends_with('\\') {
            in_span = !in_span;
        } else if c.is_whitespace() && !in_span {
            words.push(&text[start..i]);
            start = i + c.len_utf8();
        }
    }
    words.push(&text[start..]);
    words.retain(|w| !w.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_comments_take_one_line() {
        assert_eq!(Tsdoc::new("A trace.").write(2), "  /** A trace. */\n");
        assert!(Tsdoc::new("A trace.").example("1").write(0).starts_with("/**\n * A trace.\n *\n * @example 1\n */\n"));
    }

    #[test]
    fn markup_is_escaped_outside_of_code_spans() {
        assert_eq!(escape("a {b} `{c} @d` <e> @f"), r"a \{b\} `{c} @d` \<e\> \@f");
        assert_eq!(escape("an unpaired ` and {x}"), r"an unpaired \` and \{x\}");
        assert_eq!(escape("every */5 minutes, `*/5`"), r"every *\/5 minutes, `*\/5`");
    }

    #[test]
    fn examples_with_markup_are_fenced() {
        let doc = Tsdoc::new("X.").example("{ a: 1 }").write(0);
        assert_eq!(doc, "/**\n * X.\n *\n * @example\n * ```ts\n * { a: 1 }\n * ```\n */\n");
    }

    #[test]
    fn lines_break_between_words_and_not_in_code_spans() {
        assert_eq!(wrap("aa bb `c d` ee", 8, "  "), ["aa bb", "  `c d`", "  ee"]);
        let long = "word ".repeat(60);
        for line in Tsdoc::new(&long).write(4).lines() {
            assert!(line.chars().count() <= WIDTH, "{line}");
        }
    }

    #[test]
    fn lists_follow_their_lead() {
        let doc = Tsdoc::new("X.").names("One of:", [("a".to_owned(), "first")]).write(0);
        assert_eq!(doc, "/**\n * X.\n *\n * One of:\n * - `a`: first\n */\n");
    }
}
