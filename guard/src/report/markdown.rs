//! Markdown for a comment on a pull request: one comment that is updated, never beyond its size.

use super::{Report, place};
use crate::{Consumer, Finding, State, Verdict, Witness, WitnessKind};

/// Marks the comment, so that the next run finds and replaces it.
pub const MARKER: &str = "<!-- unified-event check -->";
/// GitHub refuses comments beyond 65 536 characters; what is left is for the closing lines.
const LIMIT: usize = 64_000;

pub(super) fn render(report: &Report) -> String {
    let mut out =
        format!("{MARKER}\n## Schema check: {}\n\n{}\n", escape(&report.headline()), escape(&report.counts()));
    if !report.outcome.baselines.is_empty() {
        let on = report.outcome.today.as_ref().map_or_else(String::new, |d| format!(", as of {d}"));
        out.push_str(&format!("\nCompared with {}{on}.\n", escape(&report.outcome.baselines.join(", "))));
    }
    let (remedies, more) = report.remedies();
    if !remedies.is_empty() {
        out.push_str("\n### What to do\n\n");
    }
    for (remedy, codes) in remedies {
        out.push_str(&format!("- {} ({})\n", escape(remedy), codes.join(", ")));
    }
    if more > 0 {
        out.push_str(&format!("- and {more} more, each with its finding\n"));
    }
    let mut left_out = 0;
    for (state, title) in [
        (State::Open, "Introduced by this change"),
        (State::Released, "Answered by a release"),
        (State::Waived, "Accepted breaks"),
        (State::Before, "There before this change"),
    ] {
        let findings: Vec<&Finding> = report.by_weight().into_iter().filter(|f| f.state == state).collect();
        if !findings.is_empty() {
            left_out += section(&mut out, title, &findings);
        }
    }
    if left_out > 0 {
        out.push_str(&format!("\n**{left_out} more findings do not fit here**: run `unified-event check`.\n"));
    }
    if !report.outcome.notices.is_empty() {
        let notices: Vec<String> = report.outcome.notices.iter().map(|n| format!("- {}\n", escape(n))).collect();
        let text = format!("\n<details><summary>Notices</summary>\n\n{}\n</details>\n", notices.concat());
        if out.len() + text.len() < LIMIT {
            out.push_str(&text);
        }
    }
    out
}

/// Adds the findings of a section, one folded line each; returns how many did not fit.
fn section(out: &mut String, title: &str, findings: &[&Finding]) -> usize {
    let head = format!("\n### {title} ({})\n\n", findings.len());
    if out.len() + head.len() > LIMIT {
        return findings.len();
    }
    out.push_str(&head);
    let mut left_out = 0;
    for finding in findings {
        let text = one(finding);
        if out.len() + text.len() > LIMIT {
            left_out += 1;
        } else {
            out.push_str(&text);
        }
    }
    left_out
}

fn one(finding: &Finding) -> String {
    let place = place(finding).map_or_else(String::new, |p| format!(" ({})", html(&p)));
    let mut out = format!(
        "<details><summary><b>{}</b> {}: {}{place}</summary>\n\n",
        finding.level.name(),
        finding.rule,
        html(&finding.message),
    );
    if finding.state == State::Open && !finding.next.is_empty() {
        for next in &finding.next {
            out.push_str(&format!("- {}\n", escape(next)));
        }
        out.push('\n');
    }
    out.push_str(&format!("{} {}.\n", escape(finding.why), sentence(&super::needs(finding))));
    if let Some(w) = &finding.waiver {
        let ticket = w.ticket.as_ref().map_or_else(String::new, |t| format!(", {}", escape(t)));
        out.push_str(&format!("\nWaived until {} by {}{ticket}: {}\n", w.expires, escape(&w.owner), escape(&w.reason)));
    }
    let touched: Vec<(Consumer, Verdict)> = finding.verdicts.iter().filter(|(_, v)| *v > Verdict::Ok).collect();
    if !touched.is_empty() {
        let row = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
        out.push('\n');
        out.push_str(&row(touched.iter().map(|(c, _)| c.title()).map(star).collect()));
        out.push_str(&row(touched.iter().map(|_| "---").collect()));
        out.push_str(&row(touched.iter().map(|(_, v)| v.name()).collect()));
    }
    out.push_str(&witnesses(finding));
    out.push_str(&format!(
        "\n<sub>{} · fingerprint `{}` · `unified-event explain {}`</sub>\n\n</details>\n",
        finding.name, finding.fingerprint, finding.rule
    ));
    out
}

/// Returns words with a capital.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Returns what breaks: it proves what the table above says.
fn witnesses(finding: &Finding) -> String {
    let one = |witness: &Witness| {
        let text = witness.text.replace("```", "` ` `");
        let (what, language) = (escape(&witness.what()), language(witness.kind));
        format!("\n{what}:\n\n```{language}\n{text}\n```\n")
    };
    finding.witnesses.iter().map(one).collect()
}

/// Returns text for inside a tag of HTML, where Markdown is not read: code spans become elements.
fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut code = false;
    for c in text.chars() {
        match c {
            '`' => {
                out.push_str(if code { "</code>" } else { "<code>" });
                code = !code;
            }
            '\n' => out.push(' '),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    if code {
        out.push_str("</code>");
    }
    out
}

/// Returns what GitHub calls the language of a witness.
const fn language(kind: WitnessKind) -> &'static str {
    match kind {
        WitnessKind::RefusedEvent | WitnessKind::UnreadableEvent => "json",
        WitnessKind::Rust => "rust",
        WitnessKind::TypeScript => "ts",
        WitnessKind::Sql => "sql",
        WitnessKind::Parquet => "python",
    }
}

/// `SELECT *` would start an emphasis.
fn star(title: &'static str) -> &'static str {
    if title == "SELECT *" { "SELECT \\*" } else { title }
}

/// Keeps text from the definition from becoming markup; code spans stay.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut code = false;
    for c in text.chars() {
        match c {
            '`' => {
                code = !code;
                out.push(c);
            }
            '\n' => out.push(' '),
            '<' if !code => out.push_str("&lt;"),
            '>' if !code => out.push_str("&gt;"),
            '*' | '_' | '[' | ']' | '|' | '#' | '\\' if !code => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}
