//! Colours, silence, completions, manual pages and the doctor.

use std::fs;

use super::{code, project, run, run_with, stderr};

const BOLD: &str = "\u{1b}[1";

#[test]
fn colours_are_for_those_who_see_them() {
    let dir = project();
    let stdout =
        |args: &[&str], env: &[(&str, &str)]| String::from_utf8(run_with(dir.path(), args, env).stdout).expect("UTF-8");
    // A pipe is no terminal.
    assert!(!stdout(&["doctor"], &[]).contains(BOLD));
    assert!(stdout(&["doctor", "--color", "always"], &[]).contains(BOLD));
    assert!(stdout(&["--color", "always", "doctor"], &[("NO_COLOR", "1")]).contains(BOLD), "who asks, gets them");
    assert!(!stdout(&["doctor"], &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "0")]).contains(BOLD));

    fs::write(dir.path().join("schema/schema.toml"), "format = 1\nnonsense = 2\n").expect("written");
    assert!(!stderr(&run(dir.path(), &["codegen"])).contains(BOLD));
    assert!(stderr(&run(dir.path(), &["codegen", "--color", "always"])).contains(BOLD));
    let wrong = run(dir.path(), &["codegen", "--color", "sometimes"]);
    assert_eq!(code(&wrong), 2, "{}", stderr(&wrong));
}

#[test]
fn quiet_keeps_results_and_errors() {
    let dir = project();
    assert_eq!(stderr(&run(dir.path(), &["codegen", "--quiet"])), "");
    assert!(dir.path().join("generated/model.json").is_file());
    fs::write(dir.path().join("generated/model.json"), "{}\n").expect("written");
    let stale = run(dir.path(), &["--quiet", "codegen", "--check"]);
    assert_eq!((code(&stale), stderr(&stale).as_str()), (1, ""));
    assert!(String::from_utf8_lossy(&stale.stdout).contains("model.json"), "the diff is the result");
    let wrong = run(dir.path(), &["codegen", "-q", "--target", "sqlx"]);
    assert_eq!(code(&wrong), 2);
    assert!(stderr(&wrong).contains("did you mean `sql`?"), "{}", stderr(&wrong));
}

#[test]
fn several_targets_are_written_and_nothing_else() {
    let dir = project();
    let written = run(dir.path(), &["codegen", "--target", "sql,arrow", "--target", "arrow"]);
    assert_eq!(code(&written), 0, "{}", stderr(&written));
    let mut folders: Vec<String> = fs::read_dir(dir.path().join("generated"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.'))
        .collect();
    folders.sort();
    assert_eq!(folders, ["arrow", "sql"]);
    let wrong = run(dir.path(), &["codegen", "--target", "sql,nothing"]);
    assert_eq!(code(&wrong), 2);
}

#[test]
fn every_shell_and_every_subcommand_is_served() {
    let dir = project();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(dir.path(), &["completions", shell]);
        assert_eq!(code(&script), 0);
        let script = String::from_utf8(script.stdout).expect("UTF-8");
        assert!(script.contains("fail-on") && script.contains("doctor"), "{shell}");
    }
    assert_eq!(code(&run(dir.path(), &["man", "--out", "pages"])), 0);
    for page in ["unified-event.1", "unified-event-check.1", "unified-event-codegen.1"] {
        let text = fs::read_to_string(dir.path().join("pages").join(page)).expect("a page");
        assert!(text.contains(".SH NAME"), "{page}");
    }
    fs::write(dir.path().join("file"), "").expect("written");
    assert_eq!(code(&run(dir.path(), &["man", "--out", "file"])), 3);
    let help = run(dir.path(), &["help", "check"]);
    assert_eq!(code(&help), 0);
    assert!(String::from_utf8_lossy(&help.stdout).contains("--fail-on"));
}

#[test]
fn outside_of_a_project_there_is_a_way_in() {
    let dir = tempfile::tempdir().expect("a folder");
    for command in ["codegen", "check", "diff", "release"] {
        let output = run(dir.path(), &[command]);
        let said = stderr(&output);
        assert_eq!(code(&output), 2, "{command}: {said}");
        assert!(said.contains("no folder holds `schema/schema.toml`") && said.contains("--schema DIR"), "{said}");
    }
    assert!(!dir.path().join("generated").exists());
}

#[test]
fn the_doctor_names_what_is_broken() {
    let dir = project();
    let doctor = || {
        let output = run(dir.path(), &["doctor"]);
        (code(&output), String::from_utf8(output.stdout).expect("UTF-8"))
    };
    let line = |text: &str, subject: &str| {
        let find = text.lines().find(|line| line.contains(&format!(" {subject}: ")));
        find.unwrap_or_default().split_whitespace().next().unwrap_or_default().to_owned()
    };

    let (exit, text) = doctor();
    assert_eq!(exit, 1, "nothing is generated yet: {text}");
    assert_eq!(line(&text, "definition"), "ok");
    assert_eq!(line(&text, "generated files"), "broken");

    run(dir.path(), &["release"]);
    run(dir.path(), &["codegen"]);
    let (exit, text) = doctor();
    assert_eq!(exit, 0, "{text}");
    assert!(text.contains("1 live"), "{text}");

    fs::write(dir.path().join("schema/policy.toml"), "nonsense = 1\n").expect("written");
    let (exit, text) = doctor();
    assert_eq!((exit, line(&text, "files beside the definition").as_str()), (1, "broken"), "{text}");
    assert_eq!(line(&text, "generated files"), "ok", "one fault does not hide the rest: {text}");

    fs::write(dir.path().join("schema/schema.toml"), "nonsense\n").expect("written");
    let (exit, text) = doctor();
    assert_eq!((exit, line(&text, "definition").as_str()), (1, "broken"), "{text}");
}
