//! What code scanning demands of an uploaded file, and what a comment may hold, on a change that breaks hundreds.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::runner::{PullRequest, built};
use super::{UPLOAD, checkout};
use crate::project::{GROUP, commit, edit, expect, git, project, repository};

const N_COLUMNS: usize = 400;

/// The documented limits of an upload.
const MAX_GZIPPED: usize = 10 * 1024 * 1024;
const MAX_RESULTS: usize = 25_000;
const MAX_RULES: usize = 25_000;
const MAX_NAME: usize = 255;
const MAX_TEXT: usize = 1_024;
const MAX_COMMENT: usize = 65_536;
const MAX_SUMMARY: usize = 1024 * 1024;

#[test]
fn a_change_that_breaks_hundreds_fits_code_scanning_and_a_comment() {
    let project = project();
    let dir = project.path();
    let mut columns = String::new();
    for id in 17..17 + N_COLUMNS {
        let doc = "What was measured here, in the words that somebody found for it on that day.";
        let _ = write!(columns, "\n[column.extra_{id}]\nid = {id}\ntype = \"int32\"\ndoc = \"{doc}\"\nexample = 1\n");
    }
    edit(dir, GROUP, "", &columns);
    expect(dir, &["release"], 0);
    commit(dir, "many columns");
    git(dir, &["branch", "-f", "main", "HEAD"]);
    edit(dir, GROUP, &columns, "");
    commit(dir, "they go");
    let checkout = checkout(dir);
    let pull_request = PullRequest::new();
    let run = pull_request.run(checkout.path(), "pull_request", &[built()]);
    assert_eq!(run.exit, 1, "{}", run.log);

    let comments = pull_request.ours();
    assert_eq!(comments.len(), 1);
    assert!(comments[0].chars().count() <= MAX_COMMENT && comments[0].contains("more findings do not fit here"));
    assert!(run.summary.len() <= MAX_SUMMARY);

    let text = std::fs::read_to_string(&run.used[UPLOAD]["sarif_file"]).expect("the uploaded file");
    let log: Value = serde_json::from_str(&text).expect("JSON");
    let report = std::fs::read_to_string(&run.outputs["report"]).expect("a report");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    let n_findings = report["findings"].as_array().expect("findings").len();
    assert!(n_findings >= N_COLUMNS, "{n_findings}");
    assert_eq!(log["runs"][0]["results"].as_array().expect("results").len(), n_findings);
    accept(&text, &log, checkout.path());
}

/// Takes a file as code scanning does: what the standard says, then what the service adds.
fn accept(text: &str, log: &Value, checkout: &Path) {
    let schema = repository("codegen/tests/reports/sarif-2.1.0.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(schema).expect("the standard")).expect("JSON");
    assert!(jsonschema::is_valid(&schema, log), "not SARIF 2.1.0");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(text.as_bytes()).expect("memory");
    assert!(gzip.finish().expect("memory").len() <= MAX_GZIPPED);
    assert_eq!(log["version"], "2.1.0");
    let runs = log["runs"].as_array().expect("runs");
    assert_eq!(runs.len(), 1, "one run a category");
    let rules = runs[0]["tool"]["driver"]["rules"].as_array().expect("rules");
    assert!(rules.len() <= MAX_RULES);
    for rule in rules {
        let short = |text: &Value, limit: usize| (1..=limit).contains(&text.as_str().map_or(0, |t| t.chars().count()));
        assert!(short(&rule["id"], MAX_NAME) && short(&rule["name"], MAX_NAME), "{rule}");
        for part in ["shortDescription", "fullDescription"] {
            assert!(short(&rule[part]["text"], MAX_TEXT), "{part}: {rule}");
        }
        assert!(rule["help"]["text"].is_string(), "{rule}");
    }
    let results = runs[0]["results"].as_array().expect("results");
    assert!(results.len() <= MAX_RESULTS);
    let mut fingerprints = std::collections::BTreeSet::new();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(result["message"]["text"].as_str().is_some_and(|t| !t.is_empty()));
        let locations = result["locations"].as_array().expect("locations");
        assert_eq!(locations.len(), 1, "only the first is shown");
        let place = &locations[0]["physicalLocation"];
        let file = place["artifactLocation"]["uri"].as_str().expect("a file");
        assert!(checkout.join(file).is_file(), "{file}");
        assert!(place["region"]["startLine"].as_u64().is_some_and(|line| line > 0));
        let prints = result["partialFingerprints"].as_object().expect("fingerprints");
        assert!(fingerprints.insert(format!("{prints:?}")), "two results are the same alert: {result}");
    }
}
