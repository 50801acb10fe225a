//! The report for people, for programs and for GitHub.

use serde_json::json;

use super::report::{Example, Report};

/// Returns the report for people: the faults with their lines, and the counts below them.
pub(super) fn text(report: &Report) -> String {
    let (bold, red, blue, plain) = ("\x1B[1m", "\x1B[1;31m", "\x1B[1;34m", "\x1B[0m");
    let mut out = String::new();
    for (code, reason) in &report.reasons {
        for example in &reason.examples {
            let Example { path, line, column, message, excerpt } = example;
            let margin = " ".repeat(line.to_string().len());
            let caret = " ".repeat(excerpt.caret);
            out.push_str(&format!("{red}error[{code}]{plain}{bold}: {message}{plain}\n"));
            out.push_str(&format!("{margin}{blue}-->{plain} {path}:{line}:{column}\n{margin} {blue}|{plain}\n"));
            out.push_str(&format!("{blue}{line} |{plain} {}\n", excerpt.text));
            out.push_str(&format!("{margin} {blue}|{plain} {caret}{red}^{plain}\n\n"));
        }
        let more = reason.count - reason.examples.len() as u64;
        if more > 0 {
            out.push_str(&format!("… and {more} more of {code}\n\n"));
        }
    }
    counts(report, &mut out);
    out
}

fn counts(report: &Report, out: &mut String) {
    let mut table = |title: &str, rows: Vec<(&str, u64)>| {
        if rows.is_empty() {
            return;
        }
        out.push_str(&format!("{title}\n"));
        let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        for (name, count) in rows {
            out.push_str(&format!("  {name:<width$}  {count:>10}\n"));
        }
        out.push('\n');
    };
    table("accepted by event type", report.event_types.iter().map(|(name, count)| (name.as_str(), *count)).collect());
    table("faults by reason", report.reasons.iter().map(|(code, reason)| (*code, reason.count)).collect());
    if report.files.len() > 1 {
        table("rejected by file", report.files.iter().map(|file| (file.path.as_str(), file.rejected)).collect());
    }
    if report.n_unknown_fields > 0 {
        out.push_str(&format!("{} unknown fields were not columns\n", report.n_unknown_fields));
    }
    out.push_str(&format!("{} accepted, {} rejected\n", report.n_accepted(), report.n_rejected()));
}

/// Returns the report as one JSON object.
pub(super) fn json(report: &Report) -> String {
    let example = |example: &Example| {
        json!({
            "file": example.path,
            "line": example.line,
            "column": example.column,
            "message": example.message,
            "excerpt": example.excerpt.text,
        })
    };
    let reasons = report.reasons.iter().map(|(code, reason)| {
        let examples: Vec<_> = reason.examples.iter().map(example).collect();
        json!({ "code": code, "count": reason.count, "examples": examples })
    });
    let value = json!({
        "accepted": report.n_accepted(),
        "rejected": report.n_rejected(),
        "unknown_fields": report.n_unknown_fields,
        "event_types": report.event_types,
        "reasons": reasons.collect::<Vec<_>>(),
        "files": report.files,
    });
    format!("{value:#}\n")
}

/// Returns one annotation for each example, and a notice with the counts.
pub(super) fn github(report: &Report) -> String {
    let mut out = String::new();
    for (code, reason) in &report.reasons {
        for example in &reason.examples {
            out.push_str(&format!(
                "::error file={},line={},col={},title={}::{}\n",
                property(&example.path),
                example.line,
                example.column,
                property(&format!("{code} ({} in all)", reason.count)),
                data(&example.message),
            ));
        }
    }
    out.push_str(&format!("::notice::{} events accepted, {} rejected\n", report.n_accepted(), report.n_rejected()));
    out
}

/// Escapes what would end a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes what would end a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
