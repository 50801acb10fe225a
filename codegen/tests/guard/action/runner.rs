//! What the runner of GitHub does with `action.yml`: inputs, conditions, steps, outputs, the verdict.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::expression::{Context, expand, holds};
use crate::project::{binary, repository, said};

/// A pull request on a stand-in for GitHub.
pub(super) struct PullRequest {
    folder: TempDir,
}

/// What a run of the action left.
pub(super) struct Run {
    pub log: String,
    pub summary: String,
    /// The inputs of steps that run another action, by its name.
    pub used: BTreeMap<String, BTreeMap<String, String>>,
    pub outputs: BTreeMap<String, String>,
    /// The exit code of the last step.
    pub exit: i32,
    pub failed: bool,
}

impl PullRequest {
    /// Returns a pull request on which many others have said something.
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let says = |id: usize, login: &str, body: &str| json!({ "id": id, "user": { "login": login }, "body": body });
        let mut comments: Vec<Value> = (1..150).map(|id| says(id, "ada", "What is this for?")).collect();
        comments.push(says(150, "mallory", "<!-- unified-event check -->\nNothing to see here."));
        comments.push(says(151, BOT, "A comment of another workflow."));
        let pull_request = Self { folder };
        pull_request.write(&json!({ "login": BOT, "comments": comments, "calls": [], "refuses": [] }));
        let gh = repository("codegen/tests/guard/action/gh.py");
        pull_request.install("gh", &format!("exec python3 '{}' \"$@\"", gh.display()));
        pull_request
    }

    /// Puts a program in front of those of the machine.
    pub(super) fn install(&self, name: &str, script: &str) {
        let path = self.path("bin").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a file");
        crate::project::executable(&path);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn state(&self) -> Value {
        let text = std::fs::read_to_string(self.path("github.json")).expect("a file");
        serde_json::from_str(&text).expect("JSON")
    }

    fn write(&self, state: &Value) {
        std::fs::write(self.path("github.json"), state.to_string()).expect("a file");
    }

    /// Lets the token do less.
    pub(super) fn refuse(&self, methods: &[&str]) {
        let mut state = self.state();
        state["refuses"] = json!(methods);
        self.write(&state);
    }

    /// Returns the bodies of our comments, after making sure that those of others are as they were.
    pub(super) fn ours(&self) -> Vec<String> {
        let state = self.state();
        let comments = state["comments"].as_array().expect("a list");
        let body = |c: &Value| c["body"].as_str().expect("a text").to_owned();
        assert!(comments[..149].iter().all(|c| c["body"] == "What is this for?"));
        assert!(body(&comments[149]).ends_with("Nothing to see here."));
        assert_eq!(body(&comments[150]), "A comment of another workflow.");
        comments[151..].iter().map(body).collect()
    }

    /// Returns the requests so far.
    pub(super) fn calls(&self) -> Vec<String> {
        serde_json::from_value(self.state()["calls"].clone()).expect("a list")
    }

    /// Runs the action in a checkout, with what the workflow says below `with:`.
    pub(super) fn run(&self, checkout: &Path, event: &str, with: &[(&str, &str)]) -> Run {
        let text = std::fs::read_to_string(repository("action.yml")).expect("the action");
        let action: Value = serde_norway::from_str(&text).expect("YAML");
        let mut context = github(event);
        let inputs = action["inputs"].as_object().expect("inputs");
        for (name, input) in inputs {
            let default = expand(input["default"].as_str().expect("a default"), &context);
            context.insert(format!("inputs.{name}"), default);
        }
        for (name, value) in with {
            assert!(inputs.contains_key(*name), "the action has no input `{name}`");
            context.insert(format!("inputs.{name}"), (*value).to_owned());
        }
        let mut run = Run {
            log: String::new(),
            summary: String::new(),
            used: BTreeMap::new(),
            outputs: BTreeMap::new(),
            exit: -1,
            failed: false,
        };
        assert_eq!(action["runs"]["using"], "composite");
        for step in action["runs"]["steps"].as_array().expect("steps") {
            self.step(step, checkout, &mut context, &mut run);
        }
        for (name, output) in action["outputs"].as_object().expect("outputs") {
            run.outputs.insert(name.clone(), expand(output["value"].as_str().expect("a value"), &context));
        }
        run
    }

    fn step(&self, step: &Value, checkout: &Path, context: &mut Context, run: &mut Run) {
        if !holds(step["if"].as_str(), context, !run.failed) {
            return;
        }
        let expanded = |part: &str| -> BTreeMap<String, String> {
            let entries = step[part].as_object().into_iter().flatten();
            entries.map(|(name, value)| (name.clone(), expand(value.as_str().expect("a text"), context))).collect()
        };
        if let Some(action) = step["uses"].as_str() {
            run.used.insert(action.to_owned(), expanded("with"));
            return;
        }
        assert_eq!(step["shell"], "bash", "a composite action must name the shell of a step");
        let script = self.path("script.sh");
        std::fs::write(&script, expand(step["run"].as_str().expect("a command"), context)).expect("a file");
        for file in ["output", "summary"] {
            std::fs::write(self.path(file), "").expect("a file");
        }
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap_or_default());
        let output = Command::new("bash")
            .args(["--noprofile", "--norc", "-e", "-o", "pipefail"])
            .arg(&script)
            .current_dir(checkout)
            .env("PATH", path)
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env("RUNNER_TEMP", self.path("temp"))
            .env("CARGO_TARGET_DIR", self.path("target"))
            .env("FAKE_GITHUB", self.path("github.json"))
            .env_remove("GH_TOKEN")
            .envs(expanded("env"))
            .output()
            .expect("bash");
        run.log += &said(&output);
        run.exit = output.status.code().expect("an exit code");
        run.failed |= run.exit != 0 && step["continue-on-error"] != true;
        let read = |name: &str| std::fs::read_to_string(self.path(name)).expect("a file");
        run.summary += &read("summary");
        let Some(id) = step["id"].as_str() else { return };
        context.insert(format!("steps.{id}"), String::new());
        for line in read("output").lines() {
            let (name, value) = line.split_once('=').expect("NAME=VALUE");
            context.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
        }
    }
}

const BOT: &str = "github-actions[bot]";

/// What the runner says of the event; other events have no pull request.
fn github(event: &str) -> Context {
    let is_pull_request = event == "pull_request";
    let entries = [
        ("github.action_path", repository("").display().to_string()),
        ("github.base_ref", if is_pull_request { "main" } else { "" }.to_owned()),
        ("github.event_name", event.to_owned()),
        ("github.event.pull_request.number", if is_pull_request { "7" } else { "" }.to_owned()),
        ("github.repository", "acme/lake".to_owned()),
        ("github.token", "the token of the run".to_owned()),
    ];
    entries.map(|(name, value)| (name.to_owned(), value)).into()
}

/// The inputs of every run here: the binary is built.
pub(super) fn built() -> (&'static str, &'static str) {
    ("binary", binary().to_str().expect("a path"))
}
