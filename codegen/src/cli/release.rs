//! `unified-event release`: computes the next versions, freezes the model, updates the lock.

use std::collections::BTreeMap;
use std::path::PathBuf;

use unified_event_guard::lock::Version;
use unified_event_guard::report::{Format, Report, Style};
use unified_event_guard::{Baseline, BaselineKind, Bump, Finding, Outcome, State, diff, released};
use unified_event_schema::{Schema, SourceSet};

use super::git::Repository;
use super::project::{LOCK, Project, RELEASED};
use super::table_file::with_version;
use super::{Exit, Failure, check, print, remake, say};
use crate::writer;

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The folder of the definition [default: schema].
    #[arg(long, value_name = "DIR")]
    schema: Option<PathBuf>,
    /// Say what would be released, and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Make a new version of a table although its changes do not need one; may be repeated.
    #[arg(long, value_name = "TABLE")]
    new_version: Vec<String>,
    /// Take a version of a table out of use, such as `unified_events@1`, and release nothing.
    #[arg(long, value_name = "TABLE@VERSION", conflicts_with = "new_version")]
    retire: Option<String>,
    /// Write the lock anew from the frozen models, or from the releases of the base branch where the own
    /// history is not whole (as with a merge conflict in it), and release what differs from them then.
    #[arg(long, conflicts_with = "retire")]
    remake_lock: bool,
    /// The branch whose releases stand with `--remake-lock` [default: the remote's default branch].
    #[arg(long, value_name = "BRANCH", requires = "remake_lock")]
    base: Option<String>,
    /// The day of the judgement, YYYY-MM-DD [default: the day of the commit at HEAD].
    #[arg(long, value_name = "DATE", value_parser = check::date)]
    today: Option<String>,
}

/// What a release does to one table.
struct Step {
    table: String,
    old: Option<Version>,
    new: Version,
    reasons: Vec<String>,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    try_run(args).map_err(|failure| failure.so("Nothing was released."))
}

fn try_run(args: &Args) -> Result<Exit, Failure> {
    if args.remake_lock {
        remake::remake(args.schema.as_deref(), args.base.as_deref(), args.dry_run)?;
        if args.dry_run {
            return Ok(Exit::Fine);
        }
    }
    let project = Project::open(args.schema.as_deref())?;
    if let Some(what) = &args.retire {
        return retire(&project, what, args.dry_run);
    }
    if let Some(table) = args.new_version.iter().find(|t| project.schema.table(t).is_none()) {
        let help =
            unified_event_schema::suggest::did_you_mean(table, project.schema.tables.iter().map(|t| t.name.as_str()));
        let help = help.map_or_else(String::new, |h| format!("\n  help: {h}"));
        return Err(Failure::usage(format!("there is no table `{table}`{help}")));
    }
    let baselines = project.released()?;
    let today = args.today.clone().or_else(|| Repository::around(&project.dir)?.head_date());
    let live: Vec<&Baseline> = baselines.iter().collect();
    let outcome = check::outcome(&project, &live, &baselines, None, Vec::new(), today.as_deref())?;
    if let Some(refused) = refused(&outcome) {
        let report = Report::new("check", Some(unified_event_guard::Level::Error), refused);
        print(&report.render(Format::Text, Style::default()))?;
        say("No release makes these right. Nothing was released.\n");
        return Ok(Exit::Findings);
    }
    let steps = steps(args, &project, &baselines, &outcome);
    let rest = baselines.iter().find(|b| matches!(b.kind, BaselineKind::Released { newest: true, .. }));
    let rest_changed =
        rest.is_some_and(|b| diff(&b.schema, &project.schema).iter().any(|c| c.subject.table().is_none()));
    if steps.is_empty() && !rest_changed {
        say("nothing to release: the definition is what the newest release froze\n");
        return Ok(Exit::Fine);
    }
    let files = files(&project, &steps)?;
    for step in &steps {
        let old = step.old.map_or_else(|| "new".to_owned(), |v| v.to_string());
        say(&format!("{} {old} -> {}{}\n", step.table, step.new, because(&step.reasons)));
    }
    if !args.dry_run {
        write_all(&project, &files)?;
    }
    for (path, _) in &files {
        say(&format!("{} {}\n", if args.dry_run { "would write" } else { "wrote" }, path.display()));
    }
    if !args.dry_run {
        say("now run `cargo run codegen`, and commit the definition, the release and generated/ together\n");
    }
    Ok(Exit::Fine)
}

fn because(reasons: &[String]) -> String {
    match reasons {
        [] => String::new(),
        [one] => format!(" ({one})"),
        [first, rest @ ..] => format!(" ({first}, and {} more)", rest.len()),
    }
}

/// Returns what no release makes right, unless it is waived.
fn refused(outcome: &Outcome) -> Option<Outcome> {
    let stands = |f: &&Finding| f.requires == Bump::Refused && f.state == State::Open;
    let findings: Vec<Finding> = outcome.findings.iter().filter(stands).cloned().collect();
    (!findings.is_empty()).then(|| Outcome { findings, ..outcome.clone() })
}

/// Returns what happens to each table that differs from its newest release.
fn steps(args: &Args, project: &Project, baselines: &[Baseline], outcome: &Outcome) -> Vec<Step> {
    let mut steps = Vec::new();
    for table in &project.schema.tables {
        let newest = project.lock.as_ref().and_then(|l| l.newest(&table.name));
        let Some(newest) = newest else {
            let new = Version { major: table.version, minor: 0, patch: 0 };
            steps.push(Step { table: table.name.clone(), old: None, new, reasons: Vec::new() });
            continue;
        };
        let label = format!("release v{}", newest.release);
        let forced = args.new_version.contains(&table.name);
        let about = |f: &&Finding| f.table.as_ref() == Some(&table.name) && f.against.contains(&label);
        let findings: Vec<&Finding> = outcome.findings.iter().filter(about).collect();
        let changed = baselines
            .iter()
            .filter(|b| b.label == label)
            .any(|b| diff(&b.schema, &project.schema).iter().any(|c| c.subject.table() == Some(table.name.as_str())));
        if !changed && !forced {
            continue;
        }
        let needed = findings.iter().map(|f| f.requires.min(Bump::Major)).max().unwrap_or_default();
        let bump = if forced { Bump::Major } else { needed.max(Bump::Patch) };
        let reasons = findings.iter().filter(|f| f.requires >= bump).map(|f| f.message.clone()).collect();
        let new = newest.version.bumped(bump);
        steps.push(Step { table: table.name.clone(), old: Some(newest.version), new, reasons });
    }
    steps
}

/// Returns the files of a release: edited tables, the frozen model, the lock.
fn files(project: &Project, steps: &[Step]) -> Result<Vec<(PathBuf, String)>, Failure> {
    let mut files = Vec::new();
    let mut texts: Vec<(String, String)> =
        project.sources.files().iter().map(|f| (f.name.clone(), f.text.clone())).collect();
    for step in steps {
        let version = project.schema.table(&step.table).map_or(1, |t| t.version);
        if version == step.new.major {
            continue;
        }
        let name = format!("tables/{}.toml", step.table);
        let Some((_, text)) = texts.iter_mut().find(|(n, _)| *n == name) else { continue };
        *text = with_version(text, step.new.major)
            .ok_or_else(|| Failure::definition(format!("`{name}` has no line `version = {version}` to raise")))?;
        files.push((project.dir.join(&name), text.clone()));
    }
    let sources = SourceSet::from_texts(project.dir.display().to_string(), texts);
    let schema = Schema::load(&sources).map_err(|e| Failure::loading(&e))?;
    let (model, sha256) = released::freeze(&schema).map_err(Failure::access)?;
    let versions: BTreeMap<String, Version> = steps.iter().map(|s| (s.table.clone(), s.new)).collect();
    let lock = project.lock.clone().unwrap_or_default().released(&schema, sha256, &versions);
    let number = lock.releases.iter().map(|r| r.number).max().unwrap_or(1);
    files.push((project.dir.join(RELEASED).join(format!("v{number}.json")), model));
    files.push((project.dir.join(LOCK), lock.to_string()));
    Ok(files)
}

fn retire(project: &Project, what: &str, dry_run: bool) -> Result<Exit, Failure> {
    let usage = || {
        Failure::usage(format!("`{what}` is no version of a table: write TABLE@VERSION, such as `unified_events@1`"))
    };
    let (table, version) = what.split_once('@').ok_or_else(usage)?;
    let version = version.trim_start_matches('v').parse().map_err(|_| usage())?;
    let lock = project
        .lock
        .as_ref()
        .ok_or_else(|| Failure::usage(format!("there is no `{LOCK}`: nothing was released yet")))?;
    let Some(retired) = lock.retired(table, version) else {
        let live: Vec<String> = lock.live().map(|t| format!("{}@{}", t.table, t.version.major)).collect();
        return Err(Failure::usage(format!("`{what}` is not in use\n  help: these are: {}", live.join(", "))));
    };
    if retired.newest(table).is_none() {
        return Err(Failure::usage(format!("`{what}` is the only version of `{table}`: release a new one first")));
    }
    if project.schema.table(table).is_some_and(|t| t.version == version) {
        let help = "release a new version first, or take the table out of the definition";
        return Err(Failure::usage(format!("`{what}` is the version that the definition describes\n  help: {help}")));
    }
    let path = project.dir.join(LOCK);
    if !dry_run {
        write_all(project, &[(path.clone(), retired.to_string())])?;
    }
    let word = if dry_run { "would retire" } else { "retired" };
    say(&format!("{word} {what} in {}\nnow run `cargo run codegen`: its artefacts go\n", path.display()));
    Ok(Exit::Fine)
}

/// Writes through the one writer.
fn write_all(project: &Project, files: &[(PathBuf, String)]) -> Result<(), Failure> {
    let files: Vec<(PathBuf, &[u8])> = files.iter().map(|(path, text)| (path.clone(), text.as_bytes())).collect();
    Ok(writer::write_all(&project.dir, &files)?)
}
