//! `action.yml` as a runner takes it: every step in bash, in a checkout of a pull request.

mod code_scanning;
mod expression;
mod runner;

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::project::{GROUP, commit, edit, expect, git, project, rename, repository};
use runner::{PullRequest, built};

const UPLOAD: &str = "github/codeql-action/upload-sarif@v3";

/// Returns what `actions/checkout` leaves with `fetch-depth: 0`: a detached merge of the work into its base.
fn checkout(project: &Path) -> TempDir {
    let clone = tempfile::tempdir().expect("a folder");
    let dir = clone.path();
    git(dir, &["clone", "-q", "--no-checkout", &format!("file://{}", project.display()), "."]);
    git(dir, &["remote", "set-head", "origin", "--delete"]);
    git(dir, &["checkout", "-q", "--detach", "origin/main"]);
    git(dir, &["merge", "-q", "--no-ff", "origin/work"]);
    clone
}

/// A checkout of a pull request that breaks somebody.
fn breaking() -> (TempDir, TempDir) {
    let project = project();
    rename(project.path());
    commit(project.path(), "a rename");
    let checkout = checkout(project.path());
    (project, checkout)
}

#[test]
fn one_comment_is_kept_on_a_pull_request() {
    let (project, breaking) = breaking();
    let pull_request = PullRequest::new();
    let first = pull_request.run(breaking.path(), "pull_request", &[built()]);
    assert_eq!((first.exit, first.failed, first.outputs["exit-code"].as_str()), (1, true, "1"), "{}", first.log);
    assert!(first.log.contains(&format!("::error file={GROUP},line=51,")), "{}", first.log);
    assert!(!first.log.contains("::warning title=Schema check"), "{}", first.log);
    assert!(first.summary.starts_with("<!-- unified-event check -->\n") && first.summary.contains("UE-C06"));
    assert!(first.summary.contains("the merge base with origin/main"), "{}", first.summary);
    let report = std::fs::read_to_string(&first.outputs["report"]).expect("a report");
    assert_eq!(serde_json::from_str::<Value>(&report).expect("JSON")["fail_on"], "breaking");
    assert_eq!(first.used[UPLOAD]["category"], "unified-event");
    assert_eq!(pull_request.ours(), [first.summary.as_str()]);

    expect(project.path(), &["release"], 0);
    commit(project.path(), "the release");
    let second = pull_request.run(checkout(project.path()).path(), "pull_request", &[built()]);
    assert_eq!((second.exit, second.failed, second.outputs["exit-code"].as_str()), (0, false, "0"), "{}", second.log);
    assert!(second.summary.contains("Answered by a release"), "{}", second.summary);
    assert_eq!(pull_request.ours(), [second.summary.as_str()], "the same comment, with other words");
    let writes = pull_request.calls().into_iter().filter(|c| !c.starts_with("GET"));
    let writes: Vec<String> = writes.collect();
    assert_eq!(writes, ["POST repos/acme/lake/issues/7/comments", "PATCH repos/acme/lake/issues/comments/152"]);
}

#[test]
fn a_comparison_that_fails_never_looks_clean() {
    let project = project();
    let checkout = checkout(project.path());
    let pull_request = PullRequest::new();
    let clean = pull_request.run(checkout.path(), "pull_request", &[built()]);
    assert_eq!((clean.exit, clean.failed), (0, false), "{}", clean.log);
    assert!(pull_request.ours()[0].contains("## Schema check: NO OPEN FINDINGS"), "{:?}", pull_request.ours());

    let failed = pull_request.run(checkout.path(), "pull_request", &[built(), ("against", "100%-gone")]);
    assert_eq!((failed.exit, failed.failed, failed.outputs["exit-code"].as_str()), (3, true, "3"), "{}", failed.log);
    assert_eq!((failed.used.len(), failed.outputs["report"].as_str()), (0, ""), "no report of that run exists");
    let annotation = failed.log.lines().find(|l| l.starts_with("::error ")).expect("an annotation");
    assert!(annotation.starts_with("::error title=Schema check%3A could not compare::"), "{annotation}");
    assert!(annotation.contains("there is no revision `100%25-gone`") && annotation.contains("%0A"), "{annotation}");
    assert!(failed.summary.contains("## Schema check: could not compare (exit 3)\n\n    "), "{}", failed.summary);
    assert_eq!(pull_request.ours(), [failed.summary.as_str()], "the comment of the clean run must not stay");

    let (binary, nothing) = ("binary", "/no/such/binary");
    let missing = pull_request.run(checkout.path(), "pull_request", &[(binary, nothing)]);
    assert_eq!((missing.exit, missing.failed), (127, true), "{}", missing.log);
    assert!(pull_request.ours()[0].contains("could not compare (exit 127)"), "{:?}", pull_request.ours());

    edit(checkout.path(), GROUP, "type = \"bool\"", "type = \"boolean\"");
    let broken = pull_request.run(checkout.path(), "pull_request", &[built()]);
    assert_eq!((broken.exit, broken.used.len()), (2, 0), "{}", broken.log);
    assert!(broken.summary.contains("UE-D05"), "{}", broken.summary);
}

#[test]
fn a_refusal_of_github_is_a_warning_and_no_verdict() {
    let (_project, breaking) = breaking();
    for (refused, n_calls) in [(&["GET", "POST", "PATCH"][..], 1), (&["POST", "PATCH"], 3)] {
        let pull_request = PullRequest::new();
        pull_request.refuse(refused);
        for (fail_on, exit) in [("breaking", 1), ("error", 0)] {
            let run = pull_request.run(breaking.path(), "pull_request", &[built(), ("fail-on", fail_on)]);
            assert_eq!((run.exit, run.failed), (exit, exit != 0), "{}", run.log);
            let warning = "::warning title=Schema check%3A no comment::The report is in the job summary; \
                           the comment was refused: gh: Resource not accessible by integration (HTTP 403)%0A100%25\n";
            assert!(run.log.contains(warning), "{}", run.log);
            assert!(run.used.contains_key(UPLOAD) && run.summary.contains("UE-C06"));
        }
        assert_eq!((pull_request.ours().len(), pull_request.calls().len()), (0, 2 * n_calls));
    }
}

/// Without a binary the action builds one; here `cargo` is a stand-in that puts the built one there.
#[test]
fn the_action_builds_itself_or_says_why_not() {
    let (_project, breaking) = breaking();
    let pull_request = PullRequest::new();
    pull_request.install("cargo", "echo 'error: no space left on device' >&2; exit 101");
    let failed = pull_request.run(breaking.path(), "pull_request", &[]);
    assert_eq!((failed.exit, failed.used.len()), (3, 0), "{}", failed.log);
    assert!(pull_request.ours()[0].contains("    error: no space left on device"), "{:?}", pull_request.ours());
    let copy = format!(
        "[ \"$*\" = \"build --quiet --release --locked --manifest-path {}/Cargo.toml -p unified-event-codegen\" ]\n\
         mkdir -p \"$CARGO_TARGET_DIR/release\" && cp '{}' \"$CARGO_TARGET_DIR/release/\"",
        repository("").display(),
        built().1,
    );
    pull_request.install("cargo", &format!("set -e\n{copy}"));
    let run = pull_request.run(breaking.path(), "pull_request", &[]);
    assert_eq!((run.exit, run.used.len()), (1, 1), "{}", run.log);
    assert_eq!(pull_request.ours(), [run.summary.as_str()]);
}

#[test]
fn parts_can_be_left_out() {
    let (_project, breaking) = breaking();
    let pull_request = PullRequest::new();
    let quiet = [built(), ("comment", "false"), ("sarif", "false")];
    let run = pull_request.run(breaking.path(), "pull_request", &quiet);
    assert_eq!((run.exit, run.used.len(), pull_request.calls().len()), (1, 0, 0), "{}", run.log);
    // A push has no pull request to comment on, and no base but the default branch.
    let run = pull_request.run(breaking.path(), "push", &[built()]);
    assert_eq!((run.exit, run.used.len(), pull_request.calls().len()), (1, 1, 0), "{}", run.log);
    let accepted = [built(), ("fail-on", "error"), ("against", "origin/main"), ("today", "2027-01-01")];
    let run = pull_request.run(breaking.path(), "pull_request", &accepted);
    assert_eq!(run.exit, 0, "{}", run.log);
    assert!(run.summary.contains("Compared with origin/main, as of 2027-01-01."), "{}", run.summary);
}

#[test]
fn the_example_workflow_fits_the_action() {
    let read = |file: &str| -> Value {
        serde_norway::from_str(&std::fs::read_to_string(repository(file)).expect("a file")).expect("YAML")
    };
    let (action, workflow) = (read("action.yml"), read("examples/schema-check.yml"));
    let steps = workflow["jobs"]["check"]["steps"].as_array().expect("steps");
    assert_eq!(steps[0]["with"]["fetch-depth"], 0, "the merge base must be there");
    for input in steps[1]["with"].as_object().expect("inputs").keys() {
        assert!(action["inputs"].get(input).is_some(), "the action has no input `{input}`");
    }
    for permission in ["pull-requests", "security-events"] {
        assert_eq!(workflow["permissions"][permission], "write");
    }
}
