//! Text for people: the verdict first, then each finding with what to do.

use super::{Report, place, verdict_line};
use crate::evolve::{Finding, Level, State};

pub(super) fn render(report: &Report, colour: bool) -> String {
    let mut out = paint(&report.headline(), colour, headline_colour(report));
    out.push('\n');
    out.push_str(&format!("compared with {}\n", baselines(report)));
    for finding in &report.outcome.findings {
        out.push('\n');
        out.push_str(&one(finding, colour));
    }
    if !report.outcome.notices.is_empty() {
        out.push('\n');
    }
    for notice in &report.outcome.notices {
        out.push_str(&format!("note: {notice}\n"));
    }
    out.push_str(&format!("\n{}\n", report.counts()));
    out
}

fn baselines(report: &Report) -> String {
    let baselines = &report.outcome.baselines;
    let on = report.outcome.today.as_ref().map_or_else(String::new, |d| format!(", as of {d}"));
    if baselines.is_empty() { format!("nothing{on}") } else { format!("{}{on}", baselines.join(", ")) }
}

fn one(finding: &Finding, colour: bool) -> String {
    let state = match finding.state {
        State::Open => String::new(),
        state => format!(" ({})", state.name()),
    };
    let head = format!("{}[{}] {}{state}", finding.level.name(), finding.rule, finding.name);
    let mut out = paint(&head, colour, level_colour(finding.level));
    out.push_str(&format!("\n  {}\n", finding.message));
    if let Some(place) = place(finding) {
        out.push_str(&format!("  at {place}\n"));
    }
    out.push_str(&format!("  {}\n", verdict_line(finding)));
    out.push_str(&format!("  {}\n", super::needs(finding)));
    for witness in &finding.witnesses {
        let text = witness.text.replace('\n', "\n    ");
        out.push_str(&format!("  witness: {}\n    {text}\n", witness.what()));
    }
    if let Some(waiver) = &finding.waiver {
        out.push_str(&format!("  waived until {} by {}: {}\n", waiver.expires, waiver.owner, waiver.reason));
    }
    if finding.state == State::Open {
        for next in &finding.next {
            out.push_str(&format!("  - {next}\n"));
        }
    }
    out.push_str(&format!("  fingerprint {} · unified-event explain {}\n", finding.fingerprint, finding.rule));
    out
}

const fn level_colour(level: Level) -> &'static str {
    match level {
        Level::Error | Level::Breaking => "31",
        Level::Warning => "33",
        Level::Note => "36",
    }
}

fn headline_colour(report: &Report) -> &'static str {
    let worst = report.outcome.findings.iter().filter(|f| f.state == State::Open).map(|f| f.level).max();
    worst.map_or("32", level_colour)
}

fn paint(text: &str, colour: bool, code: &str) -> String {
    if colour { format!("\u{1b}[1;{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}
