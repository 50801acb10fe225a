//! SARIF 2.1.0: all rules declared, fingerprints, suppressions, notifications.

use serde_json::{Map, Value, json};

use super::{Report, in_checkout, verdict_line};
use crate::{Bump, Finding, Level, Location, State, Verdict, rules};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn render(report: &Report) -> String {
    let all: Vec<&rules::Rule> = rules::all().collect();
    let results: Vec<Value> = report.outcome.findings.iter().map(|f| result(f, &all)).collect();
    let notifications: Vec<Value> = report
        .outcome
        .notices
        .iter()
        .map(|n| json!({ "level": "note", "message": { "text": n }, "descriptor": { "id": "notice" } }))
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "unified-event",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": all.iter().map(|r| rule(r)).collect::<Vec<_>>(),
                "notifications": [{ "id": "notice", "shortDescription": { "text": "What was left out, and why." } }],
            } },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "ROOT": { "description": { "text": "The root of the repository." } } },
            "invocations": [{
                "executionSuccessful": true,
                "exitCode": report.exit,
                "toolExecutionNotifications": notifications,
            }],
            "properties": { "baselines": report.outcome.baselines, "requires": report.summary.requires },
            "results": results,
        }],
    });
    crate::json::pretty(&log)
}

fn rule(rule: &rules::Rule) -> Value {
    let next: Vec<String> = rule.next.iter().map(|n| format!("- {n}")).collect();
    let worst = rule.verdicts.iter().copied().max().unwrap_or_default();
    let level = match (rule.requires, worst) {
        (Bump::Refused, _) | (_, Verdict::Break) => "error",
        (_, Verdict::Warn | Verdict::Replace) => "warning",
        _ => "note",
    };
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": format!("{} {}", rule.summary, rule.why) },
        "help": { "text": format!("{}\n{}", rule.why, next.join("\n")) },
        "defaultConfiguration": { "level": level },
        "properties": { "requires": rule.requires },
    })
}

fn result(finding: &Finding, all: &[&rules::Rule]) -> Value {
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), json!(finding.rule));
    result.insert("ruleIndex".to_owned(), json!(all.iter().position(|r| r.code == finding.rule)));
    result.insert("level".to_owned(), json!(level(finding)));
    let next: String = finding.next.iter().map(|next| format!("\n- {next}")).collect();
    let text = format!("{}.{next}\n{}. {}", finding.message, verdict_line(finding), finding.why);
    result.insert("message".to_owned(), json!({ "text": text }));
    // A place is wanted by every viewer.
    let place =
        in_checkout(finding).unwrap_or_else(|| Location { file: "schema/schema.toml".to_owned(), line: 1, column: 1 });
    result.insert(
        "locations".to_owned(),
        json!([{ "physicalLocation": {
        "artifactLocation": { "uri": uri(&place.file), "uriBaseId": "ROOT" },
        "region": { "startLine": place.line, "startColumn": place.column },
    } }]),
    );
    result.insert("partialFingerprints".to_owned(), json!({ "unifiedEvent/v1": finding.fingerprint }));
    let state = if finding.state == State::Before { "unchanged" } else { "new" };
    result.insert("baselineState".to_owned(), json!(state));
    let suppression = match (&finding.waiver, finding.state) {
        (Some(waiver), _) => Some(json!([{
            "kind": "external",
            "status": "accepted",
            "justification": format!("{} ({}, until {})", waiver.reason, waiver.owner, waiver.expires),
        }])),
        (None, State::Released) => Some(json!([{
            "kind": "external",
            "status": "accepted",
            "justification": "A release of the required size was made for it.",
        }])),
        _ => None,
    };
    // A run in which any result says whether it is suppressed must say it of all.
    result.insert("suppressions".to_owned(), suppression.unwrap_or_else(|| json!([])));
    result.insert(
        "properties".to_owned(),
        json!({
            "state": finding.state,
            "requires": finding.requires,
            "replaces": finding.replaces,
            "verdicts": finding.verdicts,
            "next": finding.next,
        }),
    );
    Value::Object(result)
}

const fn level(finding: &Finding) -> &'static str {
    match finding.level {
        Level::Error | Level::Breaking => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

/// Writes a path as a relative reference: a colon or a space in it would mean something else.
fn uri(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'_' | b'-' | b'~');
    path.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
