//! An external diff driver of git: what changed between two models, instead of their lines.

use unified_event_guard::report::{Format, Report, Style};
use unified_event_guard::{Baseline, BaselineKind, Input, Policy, check};
use unified_event_schema::Schema;

use super::{Exit, Failure, print};
use crate::target::LANGUAGES;

/// Runs the driver; git takes any failure for its own, so that a model that does not parse is said and skipped.
pub(super) fn run(arguments: &[String]) -> Result<Exit, Failure> {
    let part = |i: usize| arguments.get(i).map_or("", String::as_str);
    let (path, old, new) = (part(0), part(1), part(4));
    if arguments.len() == 1 {
        print(&format!("{path} is in conflict\n"))?;
        return Ok(Exit::Fine);
    }
    if !matches!(arguments.len(), 7..=9) {
        return Err(Failure::usage(format!("git passes 1 argument, or 7 to 9; found {}", arguments.len())));
    }
    let mut out = format!("unified-event diff {path}\n");
    match (model(old), model(new)) {
        (Ok(Some(before)), Ok(Some(schema))) => {
            let kind = BaselineKind::Base;
            let label = format!("{path} before");
            let baseline = Baseline { label, kind, schema: before, sources: None, lock: None, policy: None };
            let outcome = check(&Input {
                schema: &schema,
                sources: None,
                lock: None,
                history: None,
                baselines: &[&baseline],
                released: &[],
                queries: &[],
                waivers: &[],
                waivers_path: "",
                policy: &Policy::default(),
                policy_before: None,
                today: None,
                languages: LANGUAGES,
            });
            out.push_str(&Report::new("diff", None, outcome).render(Format::Text, Style::default()));
        }
        (Ok(None), Ok(Some(schema))) => out.push_str(&format!("a new model with {} tables\n", schema.tables.len())),
        (Ok(Some(schema)), Ok(None)) => out.push_str(&format!("a model with {} tables is gone\n", schema.tables.len())),
        (Ok(None), Ok(None)) => {}
        (Err(error), _) | (_, Err(error)) => out.push_str(&format!("this is no model: {error}\n")),
    }
    print(&out)?;
    Ok(Exit::Fine)
}

/// Reads a model; git names an absent side `/dev/null`.
fn model(path: &str) -> Result<Option<Schema>, String> {
    if path == "/dev/null" || path == "nul" {
        return Ok(None);
    }
    let text = std::fs::read_to_string(path).map_err(|e| format!("cannot read `{path}`: {e}"))?;
    serde_json::from_str(&text).map(Some).map_err(|e| e.to_string())
}
