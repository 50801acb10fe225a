//! Faults as people read them: excerpts with carets, by annotate-snippets.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::Diagnostics;
use crate::SourceSet;

pub(super) fn render(diagnostics: &Diagnostics, sources: &SourceSet, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for item in diagnostics.items() {
        let title = Level::ERROR.primary_title(item.message.as_str()).id(item.code.code());
        let mut group = match item.file.and_then(|i| sources.files().get(i)) {
            Some(file) => {
                let mut annotation = AnnotationKind::Primary.span(clamp(&file.text, item.span.clone()));
                if let Some(label) = &item.label {
                    annotation = annotation.label(label.as_str());
                }
                title.element(Snippet::source(file.text.as_str()).path(file.path.as_str()).annotation(annotation))
            }
            None => Group::with_title(title),
        };
        if let Some(help) = &item.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        out.push_str(&renderer.render(&[group]));
        out.push_str("\n\n");
    }
    let n = diagnostics.items().len();
    out.push_str(&format!("{n} {} in {}\n", if n == 1 { "fault" } else { "faults" }, sources.label()));
    out
}

/// Keeps a span inside the text and on character boundaries, whatever it came from.
fn clamp(text: &str, span: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(span.start);
    start..floor(span.end).max(start)
}
