//! Text for people: the verdict and what to do first, then one line a finding.

use super::{Report, Style, place, verdict_line};
use crate::{Finding, Level, State};

pub(super) fn render(report: &Report, style: Style) -> String {
    let worst = report.open().map(|f| f.level).max();
    let mut out = paint(&report.headline(), style, worst.map_or("32", level_colour));
    out.push_str(&format!("\ncompared with {}\n", baselines(report)));
    let (remedies, left_out) = report.remedies();
    if !remedies.is_empty() {
        out.push_str("what to do:\n");
    }
    for (remedy, codes) in remedies {
        out.push_str(&format!("  - {remedy} ({})\n", codes.join(", ")));
    }
    if left_out > 0 {
        out.push_str(&format!("  - and {left_out} more\n"));
    }
    let findings = report.by_weight();
    if !style.verbose && !findings.is_empty() {
        out.push('\n');
    }
    for finding in findings {
        if style.verbose {
            out.push('\n');
        }
        out.push_str(&one(finding, style));
    }
    if !report.outcome.notices.is_empty() {
        out.push('\n');
    }
    for notice in &report.outcome.notices {
        out.push_str(&format!("notice: {}\n", notice.replace('\n', "\n  ")));
    }
    out.push_str(&format!("\n{}\n", report.counts()));
    if !style.verbose && report.open().next().is_some() {
        out.push_str("with `--verbose`: who is affected, what breaks, and the fingerprint for a waiver\n");
    }
    out
}

fn baselines(report: &Report) -> String {
    let baselines = &report.outcome.baselines;
    let on = report.outcome.today.as_ref().map_or_else(String::new, |d| format!(", as of {d}"));
    if baselines.is_empty() { format!("nothing{on}") } else { format!("{}{on}", baselines.join(", ")) }
}

fn one(finding: &Finding, style: Style) -> String {
    let state = match finding.state {
        State::Open => String::new(),
        state => format!(" ({})", state.name()),
    };
    let head = format!("{}[{}] {}{state}", finding.level.name(), finding.rule, finding.name);
    let head = paint(&head, style, level_colour(finding.level));
    let place = place(finding);
    if !style.verbose {
        let place = place.map_or_else(String::new, |place| format!(" ({place})"));
        return format!("{head}: {}{place}\n", finding.message.replace('\n', " "));
    }
    let mut out = format!("{head}\n  {}\n", finding.message);
    if let Some(place) = place {
        out.push_str(&format!("  {}{place}\n", if finding.location.is_some() { "at " } else { "" }));
    }
    if finding.state == State::Open {
        for next in &finding.next {
            out.push_str(&format!("  - {next}\n"));
        }
    }
    if let Some(waiver) = &finding.waiver {
        out.push_str(&format!("  waived until {} by {}: {}\n", waiver.expires, waiver.owner, waiver.reason));
    }
    out.push_str(&format!("  {}\n  {}\n", super::needs(finding), verdict_line(finding)));
    for witness in &finding.witnesses {
        let text = witness.text.replace('\n', "\n    ");
        out.push_str(&format!("  witness: {}\n    {text}\n", witness.what()));
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

fn paint(text: &str, style: Style, code: &str) -> String {
    if style.colour { format!("\u{1b}[1;{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}
