//! JUnit XML: one case a finding; those that count from the failing level on are failures.

use super::{Report, place, verdict_line};
use crate::{Finding, State};

pub(super) fn render(report: &Report) -> String {
    let findings = &report.outcome.findings;
    let failures = findings.iter().filter(|f| fails(report, f)).count();
    let skipped = findings.iter().filter(|f| f.state != State::Open).count();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let counts = format!("tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"", findings.len());
    out.push_str(&format!("<testsuites name=\"unified-event\" {counts}>\n"));
    out.push_str(&format!("  <testsuite name=\"unified-event {}\" {counts}>\n", report.command));
    for finding in findings {
        out.push_str(&one(report, finding));
    }
    if !report.outcome.notices.is_empty() {
        out.push_str(&format!("    <system-out>{}</system-out>\n", escape(&report.outcome.notices.join("\n"))));
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn fails(report: &Report, finding: &Finding) -> bool {
    finding.state == State::Open && report.fail_on.is_some_and(|level| finding.level >= level)
}

fn one(report: &Report, finding: &Finding) -> String {
    let class = finding.table.as_deref().unwrap_or("definition");
    let name = format!("{} {} {}", finding.rule, finding.message, finding.fingerprint);
    let mut attributes = format!("classname=\"{}\" name=\"{}\"", escape(class), escape(&name));
    if let Some(place) = &finding.location {
        attributes.push_str(&format!(" file=\"{}\" line=\"{}\"", escape(&place.file), place.line));
    }
    let mut text = format!("{}\n", place(finding).unwrap_or_default());
    for next in &finding.next {
        text.push_str(&format!("- {next}\n"));
    }
    text.push_str(&format!("{}\n", verdict_line(finding)));
    let inner = if fails(report, finding) {
        let kind = format!("{} {}", finding.rule, finding.name);
        format!("<failure type=\"{kind}\" message=\"{}\">{}</failure>", escape(&finding.message), escape(&text))
    } else if finding.state == State::Open {
        format!("<system-out>{}</system-out>", escape(&text))
    } else {
        let reason = finding.waiver.as_ref().map_or_else(|| finding.state.name().to_owned(), |w| w.reason.clone());
        format!("<skipped message=\"{}\"/>", escape(&reason))
    };
    format!("    <testcase {attributes}>{inner}</testcase>\n")
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 has no way to write other control characters.
            c if c.is_control() && !matches!(c, '\n' | '\t') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
