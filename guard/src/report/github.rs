//! Annotations of GitHub Actions: one workflow command a finding.

use super::{Report, in_checkout, verdict_line};
use crate::{Finding, Level, State};

pub(super) fn render(report: &Report) -> String {
    let mut out: String = report.outcome.findings.iter().map(one).collect();
    for notice in &report.outcome.notices {
        out.push_str(&format!("::debug::{}\n", data(notice)));
    }
    out
}

fn one(finding: &Finding) -> String {
    let command = match (finding.state, finding.level) {
        (State::Open, Level::Error | Level::Breaking) => "error",
        (State::Open, Level::Warning) => "warning",
        _ => "notice",
    };
    let mut properties = Vec::new();
    if let Some(place) = in_checkout(finding) {
        properties.push(format!("file={}", property(&place.file)));
        properties.push(format!("line={}", place.line));
        properties.push(format!("col={}", place.column));
    }
    let state = if finding.state == State::Open { String::new() } else { format!(" ({})", finding.state.name()) };
    properties.push(format!("title={}", property(&format!("{} {}{state}", finding.rule, finding.name))));
    let mut text = finding.message.clone();
    if finding.state == State::Open {
        for next in &finding.next {
            text.push_str(&format!("\n- {next}"));
        }
    }
    text.push_str(&format!("\n{}", verdict_line(finding)));
    format!("::{command} {}::{}\n", properties.join(","), data(&text))
}

/// Escapes the text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property, where two more characters mean something.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
