//! Faults in the definition: what is wrong, where, and what to do.

mod code;
mod render;

use std::ops::Range;

pub use code::Code;

use crate::SourceSet;

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of fault.
    pub code: Code,
    /// The index of the file in the source set; a fault of the set as a whole has none.
    pub file: Option<usize>,
    /// The bytes of the file that are at fault.
    pub span: Range<usize>,
    /// What is wrong: lower case, no final period.
    pub message: String,
    /// What the marked text is, shown beside it.
    pub label: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

/// All faults of a definition, with the sources they point into.
#[derive(Debug, Clone)]
pub struct Diagnostics {
    sources: SourceSet,
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    pub(crate) fn new(sources: SourceSet, mut items: Vec<Diagnostic>) -> Self {
        items.sort_by(|a, b| {
            (a.file, a.span.start, a.code, &a.message).cmp(&(b.file, b.span.start, b.code, &b.message))
        });
        items.dedup();
        Self { sources, items }
    }

    /// Returns the faults, by file and place.
    pub fn items(&self) -> &[Diagnostic] {
        &self.items
    }

    /// Returns the path, line and column of a fault, from 1.
    pub fn location(&self, diagnostic: &Diagnostic) -> (String, usize, usize) {
        let Some(file) = diagnostic.file.and_then(|i| self.sources.files().get(i)) else {
            return (self.sources.label().to_owned(), 1, 1);
        };
        let before = file.text.get(..diagnostic.span.start).unwrap_or(&file.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
        (file.path.clone(), line, column)
    }

    /// Returns all faults with excerpts of the sources, as people read them.
    pub fn render(&self, colour: bool) -> String {
        render::render(self, &self.sources, colour)
    }
}

/// Writes one line a fault: `path:line:column: message`.
impl std::fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, item) in self.items.iter().enumerate() {
            let (path, line, column) = self.location(item);
            write!(f, "{}{path}:{line}:{column}: {} [{}]", if i > 0 { "\n" } else { "" }, item.message, item.code)?;
            if let Some(help) = &item.help {
                write!(f, " ({help})")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// Collects faults while loading goes on.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    items: Vec<Diagnostic>,
}

/// A place in the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub file: usize,
    pub span: Range<usize>,
}

impl Sink {
    pub fn fault(&mut self, code: Code, place: &Place, message: impl Into<String>) -> &mut Diagnostic {
        self.push(code, Some(place.file), place.span.clone(), message.into())
    }

    pub fn set_fault(&mut self, code: Code, message: impl Into<String>) -> &mut Diagnostic {
        self.push(code, None, 0..0, message.into())
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub fn into_items(self) -> Vec<Diagnostic> {
        self.items
    }

    fn push(&mut self, code: Code, file: Option<usize>, span: Range<usize>, message: String) -> &mut Diagnostic {
        let at = self.items.len();
        self.items.push(Diagnostic { code, file, span, message, label: None, help: None });
        &mut self.items[at]
    }
}

impl Diagnostic {
    pub(crate) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn help_if(&mut self, help: Option<String>) -> &mut Self {
        if help.is_some() {
            self.help = help;
        }
        self
    }

    pub(crate) fn label(&mut self, label: impl Into<String>) -> &mut Self {
        self.label = Some(label.into());
        self
    }
}
