//! Every format on the same findings: the same number of them, the same exit code, valid forms.

#![allow(clippy::expect_used, clippy::panic, reason = "a test may panic")]

use std::path::{Path, PathBuf};

use serde_json::Value;
use unified_event_codegen::target::LANGUAGES;
use unified_event_guard::report::{Format, Report, Style, schema};
use unified_event_guard::{Baseline, BaselineKind, Input, Level, Outcome, Policy, Verdict, check, waiver};
use unified_event_schema::{Schema, SourceSet};

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// Returns the base definition of the evolution cases with edits of one file after another.
fn edited(edits: &[(&str, &str, &str)]) -> SourceSet {
    let base = SourceSet::from_dir(&repository("tests/evolution/base")).expect("a definition");
    let mut files: Vec<(String, String)> = base.files().iter().map(|f| (f.name.clone(), f.text.clone())).collect();
    for (name, old, new) in edits {
        let (_, text) = files.iter_mut().find(|(n, _)| n == name).expect("a file");
        assert!(text.contains(old), "{old}");
        *text = text.replace(old, new);
    }
    SourceSet::from_texts("schema", files)
}

const VERBOSE: Style = Style { colour: false, verbose: true };

const GROUP: &str = "groups/everything.toml";

/// A change with an error, breaks, conditions and notes, and text that formats must escape.
fn outcome(waivers: &str) -> Outcome {
    let old = edited(&[]);
    let new = edited(&[
        (GROUP, "[column.sampled]", "[column.cached]"),
        (GROUP, "type = \"float64\"\ndoc", "type = \"string\"\ndoc"),
        (GROUP, "example = 0.5", "example = \"0.5\""),
        (GROUP, "How good it was.", "How <b>good</b>, `it` was: 100% | *fine* ::error::."),
        (GROUP, "coalesce(rating, 'good')", "coalesce(rating, '<b>`x`</b> | *y*, 100%: ::error::')"),
        (GROUP, "unit = \"By\"", "unit = \"kBy\""),
        ("tables/notes.toml", "Notes that people left.", "Notes that people left & lost."),
    ]);
    let schema = Schema::load(&new).unwrap_or_else(|e| panic!("{}", e.render(false)));
    let baseline = Baseline {
        label: "main".to_owned(),
        kind: BaselineKind::Base,
        schema: Schema::load(&old).expect("a definition"),
        sources: Some(old),
        lock: None,
        policy: None,
    };
    let mut outcome = check(&Input {
        schema: &schema,
        sources: Some(&new),
        lock: None,
        history: None,
        baselines: &[&baseline],
        released: &[],
        queries: &[],
        waivers: &waiver::parse("schema/waivers.toml", waivers).expect("waivers"),
        waivers_path: "schema/waivers.toml",
        policy: &Policy::default(),
        policy_before: None,
        today: Some("2026-11-21"),
        languages: LANGUAGES,
    });
    outcome.notices.push("a notice with a <tag> & a newline\nin it".to_owned());
    outcome
}

fn waived() -> Outcome {
    let first = outcome("").findings.into_iter().find(|f| f.rule == "UE-C10").expect("a type change").fingerprint;
    outcome(&format!(
        "[[waiver]]\nfingerprint = \"{first}\"\nreason = \"nobody reads it <yet>.\"\nowner = \"lake\"\nexpires = \"2026-12-31\"\n"
    ))
}

/// Counts the findings in a rendered report.
fn count(format: Format, text: &str) -> usize {
    let json = || -> Value { serde_json::from_str(text).expect("JSON") };
    match format {
        Format::Text => text.matches("\n  fingerprint ").count(),
        Format::Markdown => text.matches("· fingerprint `").count(),
        Format::Json => json()["findings"].as_array().expect("findings").len(),
        Format::Sarif => json()["runs"][0]["results"].as_array().expect("results").len(),
        Format::Github => text.lines().filter(|l| !l.starts_with("::debug::")).count(),
        Format::Junit => text.matches("<testcase ").count(),
    }
}

#[test]
fn every_format_has_the_same_findings_and_the_same_exit_code() {
    for outcome in [outcome(""), waived(), Outcome::default()] {
        let n = outcome.findings.len();
        for level in [None, Some(Level::Note), Some(Level::Warning), Some(Level::Breaking), Some(Level::Error)] {
            let command = if level.is_some() { "check" } else { "diff" };
            let report = Report::new(command, level, outcome.clone());
            let exit = report.exit;
            for format in Format::ALL {
                let text = report.render(format, VERBOSE);
                assert_eq!(count(format, &text), n, "{format:?} with {level:?}");
                assert_eq!(report.exit, exit);
                assert_eq!(text, report.render(format, VERBOSE), "{format:?} is a function of the report");
                if !text.is_empty() {
                    assert!(text.ends_with('\n') && !text.contains('\r'), "{format:?}");
                }
            }
            assert_eq!(exit == 1, level.is_some_and(|l| outcome.open(l).next().is_some()));
        }
    }
    assert_eq!(outcome("").findings.iter().map(|f| f.level).max(), Some(Level::Error));
}

#[test]
fn reports_are_as_expected() {
    let report = Report::new("check", Some(Level::Breaking), waived());
    for format in [Format::Text, Format::Markdown, Format::Github, Format::Junit] {
        insta::with_settings!({ snapshot_path => "reports", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("{format:?}").to_lowercase(), report.render(format, VERBOSE));
        });
    }
    insta::with_settings!({ snapshot_path => "reports", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("brief", report.render(Format::Text, Style::default()));
    });
}

#[test]
fn a_finding_is_one_line_until_more_is_asked_for() {
    let report = Report::new("check", Some(Level::Breaking), waived());
    let text = report.render(Format::Text, Style::default());
    let lines = |part: &str| text.lines().filter(|l| l.contains(part)).count();
    assert_eq!(lines("[UE-C"), report.outcome.findings.len(), "{text}");
    assert_eq!(lines("witness") + lines("fingerprint 4"), 0, "{text}");
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("no {part}: {text}"));
    assert!(at("ERROR · ") < at("what to do:") && at("what to do:") < at("error[UE-C04]"), "{text}");
    assert!(at("error[UE-C04]") < at("breaking[UE-C15]") && at("breaking[UE-C15]") < at("note[UE-C22]"), "{text}");
    assert!(at("note[UE-C22]") < at("(waived)"), "{text}");
}

fn validate(schema: &Value, instance: &Value, what: &str) {
    let validator = jsonschema::validator_for(schema).unwrap_or_else(|e| panic!("{what}: {e}"));
    let faults: Vec<String> = validator.iter_errors(instance).map(|e| format!("{}: {e}", e.instance_path)).collect();
    assert!(faults.is_empty(), "{what}: {faults:#?}");
}

#[test]
fn json_is_valid_against_the_published_schema() {
    for outcome in [outcome(""), waived(), Outcome::default()] {
        let text = Report::new("check", Some(Level::Breaking), outcome).render(Format::Json, Style::default());
        validate(&schema::report(), &serde_json::from_str(&text).expect("JSON"), "report");
    }
    for (name, schema) in [("report", schema::report()), ("rules", schema::rules())] {
        let published = std::fs::read_to_string(repository(&format!("generated/schemas/{name}.schema.json")));
        let published: Value = serde_json::from_str(&published.expect("a published schema")).expect("JSON");
        assert_eq!(published, schema, "{name}: run `cargo run codegen`");
    }
}

/// The schema is the one of the standard (OASIS SARIF 2.1.0), kept here so that nothing is fetched.
#[test]
fn sarif_is_valid_against_the_standard() {
    let text = std::fs::read_to_string(repository("codegen/tests/reports/sarif-2.1.0.schema.json"));
    let schema: Value = serde_json::from_str(&text.expect("the schema")).expect("JSON");
    for outcome in [outcome(""), waived(), Outcome::default()] {
        let text = Report::new("check", Some(Level::Breaking), outcome).render(Format::Sarif, Style::default());
        validate(&schema, &serde_json::from_str(&text).expect("JSON"), "SARIF");
    }
}

#[test]
fn sarif_says_what_was_accepted_and_what_was_left_out() {
    let report = Report::new("check", Some(Level::Breaking), waived());
    let log: Value = serde_json::from_str(&report.render(Format::Sarif, Style::default())).expect("JSON");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), unified_event_guard::rules::all().count());
    let results = run["results"].as_array().expect("results");
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("an index");
        assert_eq!(rules[usize::try_from(index).expect("small")]["id"], result["ruleId"]);
    }
    let accepted: Vec<&Value> = results.iter().filter(|r| r["suppressions"] != serde_json::json!([])).collect();
    assert_eq!(accepted.len(), 1);
    assert_eq!(accepted[0]["suppressions"][0]["justification"], "nobody reads it <yet>. (lake, until 2026-12-31)");
    let notices = run["invocations"][0]["toolExecutionNotifications"].as_array().expect("notices");
    assert_eq!(notices.len(), 1);
}

#[test]
fn a_comment_never_grows_beyond_its_size() {
    let mut outcome = outcome("");
    let one = outcome.findings[0].clone();
    outcome.findings = vec![one; 500];
    let report = Report::new("check", Some(Level::Breaking), outcome);
    let text = report.render(Format::Markdown, Style::default());
    assert!(text.chars().count() < 65_536, "{} characters", text.chars().count());
    let shown = count(Format::Markdown, &text);
    assert!(text.contains(&format!("**{} more findings do not fit here**", 500 - shown)), "{shown} are shown");
    assert!(text.starts_with("<!-- unified-event check -->\n"));
}

#[test]
fn a_project_can_see_a_verdict_otherwise() {
    let text = "unused = [\"select_star\"]\n\n[rule.UE-C10]\nengine_table = \"ok\"\nrequires = \"minor\"\n";
    let policy = Policy::parse("policy.toml", text).expect("a policy");
    let mut verdicts = outcome("").findings.iter().find(|f| f.rule == "UE-C10").expect("a finding").verdicts;
    policy.apply("UE-C10", &mut verdicts);
    assert_eq!(verdicts.of(unified_event_guard::Consumer::EngineTable), Verdict::Ok);
    assert_eq!(verdicts.of(unified_event_guard::Consumer::SelectStar), Verdict::Untouched);
    for (text, line, said) in [
        ("unused = [\"sql\"]\n", 1, "there is no consumer `sql`"),
        ("[rule.UE-C01]\nstream = \"fine\"\n", 2, "`fine` is no verdict"),
        ("[rule.UE-X01]\nstream = \"ok\"\n", 1, "there is no rule `UE-X01`"),
        ("unusd = []\n", 1, "unknown key `unusd`"),
        ("unused = [\n", 2, "this is no TOML"),
    ] {
        let faults = Policy::parse("policy.toml", text).expect_err(text);
        assert!(faults[0].message.contains(said), "{faults:?}");
        assert!(faults[0].line <= line, "{faults:?}");
    }
}
