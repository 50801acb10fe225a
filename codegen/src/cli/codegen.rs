//! `unified-event codegen`.

use std::path::{Path, PathBuf};

use similar::TextDiff;
use unified_event_guard::{Baseline, BaselineKind};
use unified_event_schema::{Schema, suggest};

use super::project::Project;
use super::{Exit, Failure, place, print, say};
use crate::target::{self, TARGETS};
use crate::writer::{self, Change, Difference, Mode, Report};
use crate::{Artifact, migrate};

/// How many lines of difference `--check` prints in all.
const DIFF_LINES: usize = 200;

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Write nothing; fail with a diff where the output is not what the definition says.
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,
    /// Write nothing; list what would be written.
    #[arg(long)]
    dry_run: bool,
    /// Only this target, by its name; may be repeated, or a list with commas.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    target: Vec<String>,
    /// The folder of the definition, or REVISION:FOLDER of this git repository [default: schema].
    #[arg(long, value_name = "DIR")]
    schema: Option<String>,
    /// The folder to write to [default: generated].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs the command; everything it says goes to standard error but the diff of `--check`.
pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let only = args.target.iter().map(|name| find_target(name)).collect::<Result<Vec<_>, _>>()?;
    let definition = match &args.schema {
        Some(definition) => definition.clone(),
        None => place::schema_folder()?.display().to_string(),
    };
    let schema = place::load(&definition)?;
    let out = args.out.clone().unwrap_or_else(place::generated_folder);
    let artifacts = if only.is_empty() {
        all(&definition, &schema)?
    } else {
        // In the order of the list, and each once, however they were named.
        let chosen = TARGETS.iter().filter(|t| only.iter().any(|o| o.name == t.name));
        chosen.flat_map(|target| (target.emit)(&schema)).collect()
    };
    let mode = match (args.check, args.dry_run) {
        (true, _) => Mode::Check,
        (_, true) => Mode::DryRun,
        _ => Mode::Write,
    };
    let report = writer::run(&out, &artifacts, only.is_empty(), mode)
        .map_err(|e| Failure::from(e).so("Nothing was written."))?;
    let name = out.display().to_string();
    print_report(&report, &name, mode)?;
    let clean = report.differences.is_empty();
    Ok(if mode == Mode::Check && !clean { Exit::Findings } else { Exit::Fine })
}

/// Returns every artefact of a definition, which is also at a place, with the moves from its live releases.
pub(super) fn all(definition: &str, schema: &Schema) -> Result<Vec<Artifact>, Failure> {
    Ok([target::emit_all(schema), moves(definition, schema)?].concat())
}

/// Returns the files of every move that is under way: from the live releases to the definition.
///
/// Only a definition in a folder has releases beside it.
fn moves(definition: &str, schema: &Schema) -> Result<Vec<Artifact>, Failure> {
    let folder = Path::new(definition);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let project = Project::open(Some(folder))?;
    let releases = project.released()?;
    let is_live = |table: &str, version: u32| {
        let has = |b: &Baseline| match &b.kind {
            BaselineKind::Released { tables, .. } => tables.get(table).is_some_and(|v| v.major == version),
            _ => false,
        };
        releases.iter().any(has)
    };
    let superseded = project.superseded()?;
    let live = releases.iter().filter_map(|b| match &b.kind {
        BaselineKind::Released { release, .. } => Some((*release, &b.schema)),
        BaselineKind::Base => None,
    });
    let mut models: Vec<(u32, &Schema)> = live.chain(superseded.iter().map(|(n, schema)| (*n, schema))).collect();
    models.sort_by_key(|(release, _)| *release);
    models.dedup_by_key(|(release, _)| *release);
    let models: Vec<&Schema> = models.into_iter().map(|(_, schema)| schema).collect();
    Ok(migrate::emit(&models, schema, &is_live))
}

fn find_target(name: &str) -> Result<&'static target::Target, Failure> {
    let names = || TARGETS.iter().map(|t| t.name);
    TARGETS.iter().find(|t| t.name == name).ok_or_else(|| {
        let help = suggest::did_you_mean(name, names());
        let all = names().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
        let help = help.unwrap_or(format!("expected one of {all}"));
        Failure::usage(format!("there is no target `{name}`\n  help: {help}"))
    })
}

fn print_report(report: &Report, out: &str, mode: Mode) -> Result<(), Failure> {
    let mut text = String::new();
    for difference in &report.differences {
        let word = match (mode, difference.change) {
            (_, Change::Orphan) => "orphan",
            (Mode::Write, Change::Missing | Change::Stale) => "wrote",
            (Mode::Write, Change::Obsolete) => "removed",
            (Mode::DryRun, Change::Missing | Change::Stale) => "would write",
            (Mode::DryRun, Change::Obsolete) => "would remove",
            (Mode::Check, change) => change.name(),
        };
        text.push_str(&format!("{word} {out}/{}\n", difference.path));
    }
    say(&text);
    if mode == Mode::Check {
        print_diffs(&report.differences, out)?;
    }
    let count = |change: Change| report.differences.iter().filter(|d| d.change == change).count();
    let orphans = count(Change::Orphan);
    if orphans > 0 {
        say(&format!(
            "{} not generated: move it out of {out}/, or delete it\n",
            plural(orphans, "file is", "files are")
        ));
    }
    let outdated = report.differences.len() - orphans;
    match mode {
        Mode::Check if outdated > 0 => {
            say(&format!(
                "{} not what the definition says: run `cargo run codegen`\n",
                plural(outdated, "file is", "files are")
            ));
        }
        _ => say(&format!("{} of {out}/ unchanged\n", plural(report.unchanged, "file", "files"))),
    }
    Ok(())
}

fn plural(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn print_diffs(differences: &[Difference], out: &str) -> Result<(), Failure> {
    let mut lines: Vec<String> = Vec::new();
    for difference in differences.iter().filter(|d| d.change == Change::Stale) {
        let path = format!("{out}/{}", difference.path);
        match (&difference.old, &difference.new) {
            (Some(old), Some(new)) => {
                let diff = TextDiff::from_lines(old.as_str(), new.as_str());
                let text = diff.unified_diff().context_radius(2).header(&path, "what the definition says").to_string();
                lines.extend(text.lines().map(str::to_owned));
            }
            _ => lines.push(format!("{path}: binary files differ")),
        }
    }
    let more = lines.len().saturating_sub(DIFF_LINES);
    lines.truncate(DIFF_LINES);
    if more > 0 {
        lines.push(format!("… and {more} more lines"));
    }
    let mut text = lines.join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    print(&text)
}
