//! Waivers: findings that people decided to live with, one at a time and not for ever.

use serde::Serialize;

use super::FileFault;
use super::change::{Change, Kind, Subject};
use super::finding::{Finding, State};
use super::toml_file;

/// An accepted break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiver {
    /// The finding that it accepts.
    pub fingerprint: String,
    /// Why the break is acceptable.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Where it was discussed.
    pub ticket: Option<String>,
    /// The last day on which it holds, `YYYY-MM-DD`.
    pub expires: String,
    /// The line of the file in which it stands.
    pub line: usize,
}

/// Reads `waivers.toml`; `path` is what faults call it.
///
/// # Errors
///
/// All faults, each with its line.
pub fn parse(path: &str, text: &str) -> Result<Vec<Waiver>, Vec<FileFault>> {
    let mut file = toml_file::parse(path, text)?;
    let mut waivers: Vec<Waiver> = Vec::new();
    for table in file.root.list("waiver", &mut file.faults) {
        let faults = &mut file.faults;
        let mut need = |key: &str, help: &str| {
            let value = table.text(key).filter(|v| !v.trim().is_empty());
            // A value of another kind is a fault of its own.
            if value.is_none() && (!table.has(key) || table.text(key).is_some()) {
                faults.fault(table.line, format!("the waiver has no `{key}`"), help);
            }
            value.unwrap_or_default()
        };
        let waiver = Waiver {
            fingerprint: need("fingerprint", "every finding shows its own"),
            reason: need("reason", "say why the break is acceptable"),
            owner: need("owner", "say who answers for it"),
            expires: need("expires", "say until when it holds, as \"YYYY-MM-DD\""),
            ticket: table.text("ticket"),
            line: table.line,
        };
        table.only(&["fingerprint", "reason", "owner", "expires", "ticket"], faults);
        table.only_texts(faults);
        if !waiver.expires.is_empty() && !unified_event_schema::is_day(&waiver.expires) {
            faults.fault(
                table.line,
                format!("`{}` is not a date", waiver.expires),
                "write a day of the calendar as \"YYYY-MM-DD\"",
            );
        }
        if let Some(first) = waivers.iter().find(|w| w.fingerprint == waiver.fingerprint) {
            let message = format!("the finding `{}` is waived twice: line {} too", waiver.fingerprint, first.line);
            faults.fault(table.line, message, "keep one of them");
        }
        waivers.push(waiver);
    }
    file.root.only(&["waiver"], &mut file.faults);
    file.faults.finish(waivers)
}

/// Lets waivers accept findings; returns a change for each that accepts nothing or no longer.
pub(super) fn apply(waivers: &[Waiver], findings: &mut [Finding], today: Option<&str>) -> Vec<Change> {
    let mut faults = Vec::new();
    for waiver in waivers {
        let subject = || Subject::Waiver { fingerprint: waiver.fingerprint.clone() };
        let owner = waiver.owner.clone();
        let expired = today.is_some_and(|today| today > waiver.expires.as_str());
        let mut met = findings.iter_mut().filter(|f| f.fingerprint == waiver.fingerprint).peekable();
        if met.peek().is_none() {
            faults.push(Change { subject: subject(), kind: Kind::WaiverUnused { owner } });
        } else if expired {
            let expires = waiver.expires.clone();
            faults.push(Change { subject: subject(), kind: Kind::WaiverExpired { owner, expires } });
        } else {
            for finding in met {
                finding.waiver = Some(waiver.clone());
                if finding.state == State::Open {
                    finding.state = State::Waived;
                }
            }
        }
    }
    faults
}
