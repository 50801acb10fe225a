//! `unified-event doctor`: what is around here, what is wrong with it, and what to do.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::project::Project;
use super::{Exit, Failure, baseline, codegen, print};
use crate::writer::{self, Change, Mode};

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The folder of the definition [default: schema].
    #[arg(long, value_name = "DIR")]
    schema: Option<PathBuf>,
    /// The folder of the generated files [default: generated].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// How a part of the project is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Health {
    Fine,
    /// Something works less well without it.
    Warning,
    Broken,
}

/// What was looked at, how it is, and what to do where it is not fine.
struct Examination {
    subject: &'static str,
    health: Health,
    text: String,
}

impl Examination {
    fn of(subject: &'static str, result: Result<String, String>) -> Self {
        let health = if result.is_ok() { Health::Fine } else { Health::Broken };
        Self { subject, health, text: result.unwrap_or_else(|fault| fault) }
    }

    /// A fault that stops nobody from working.
    fn mild(mut self) -> Self {
        if self.health == Health::Broken {
            self.health = Health::Warning;
        }
        self
    }
}

/// Looks at everything, whatever is broken, and prints one paragraph each.
pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let examinations = examine(args);
    let mut text = String::new();
    for Examination { subject, health, text: found } in &examinations {
        let (mark, code) = match health {
            Health::Fine => ("ok", 32),
            Health::Warning => ("warning", 33),
            Health::Broken => ("broken", 31),
        };
        let found = found.trim_end().replace('\n', "\n    ");
        text.push_str(&format!("\x1B[1;{code}m{mark:<8}\x1B[0m {subject}: {found}\n"));
    }
    print(&text)?;
    let is_broken = examinations.iter().any(|e| e.health == Health::Broken);
    Ok(if is_broken { Exit::Findings } else { Exit::Fine })
}

fn examine(args: &Args) -> Vec<Examination> {
    let mut all = vec![Examination::of("version", Ok(format!("unified-event {}", env!("CARGO_PKG_VERSION"))))];
    all.push(Examination::of("git", version("git", "install git: without it `check` compares with releases only")));
    all.push(Examination::of("node", node()).mild());
    let project = match Project::open(args.schema.as_deref()) {
        Ok(project) => project,
        Err(failure) => {
            all.push(Examination::of("definition", Err(failure.to_string())));
            return all;
        }
    };
    let (dir, tables) = (project.dir.display(), project.schema.tables.len());
    let columns: usize = project.schema.tables.iter().map(|table| table.columns.len()).sum();
    all.push(Examination::of("definition", Ok(format!("{dir}/, {tables} tables with {columns} columns in all"))));
    all.push(Examination::of("releases", releases(&project)));
    all.push(Examination::of("files beside the definition", beside(&project)));
    all.push(Examination::of("baseline", base(&project)));
    all.push(Examination::of("generated files", generated(args, &project)));
    all
}

fn releases(project: &Project) -> Result<String, String> {
    let released = project.released().map_err(|failure| failure.to_string())?;
    project.history().map_err(|failure| failure.to_string())?;
    match released.len() {
        0 => Ok("none yet; `unified-event release` makes the first".to_owned()),
        n => Ok(format!("{n} live, and the lock agrees with each")),
    }
}

fn beside(project: &Project) -> Result<String, String> {
    project.policy().map_err(|failure| failure.to_string())?;
    let waivers = project.waivers().map_err(|failure| failure.to_string())?.len();
    let queries = project.queries().map_err(|failure| failure.to_string())?.queries.len();
    Ok(format!("the policy, {waivers} waivers and {queries} registered queries can be read"))
}

fn base(project: &Project) -> Result<String, String> {
    let has_releases = project.lock.is_some();
    match baseline::load(&baseline::BaselineArgs::default(), project, has_releases) {
        Ok((Some(baseline), _)) => Ok(format!("`check` compares with {}", baseline.label)),
        Ok((None, notices)) => Ok(notices.join("\n")),
        Err(failure) => Err(failure.to_string()),
    }
}

fn generated(args: &Args, project: &Project) -> Result<String, String> {
    let out = args.out.clone().unwrap_or_else(|| project.dir.parent().unwrap_or(Path::new("")).join("generated"));
    let artifacts = codegen::all(&project.dir.display().to_string(), &project.schema).map_err(|f| f.to_string())?;
    let report = writer::run(&out, &artifacts, true, Mode::Check).map_err(|error| error.to_string())?;
    let stale = report.differences.iter().filter(|d| d.change != Change::Orphan).count();
    let name = out.display();
    match stale {
        0 => Ok(format!("{} files of {name}/ are what the definition says", report.unchanged)),
        n => Err(format!("{n} files of {name}/ are not what the definition says\nhelp: run `cargo run codegen`")),
    }
}

/// Returns what a tool says of its version.
fn version(tool: &str, help: &str) -> Result<String, String> {
    let output = Command::new(tool).arg("--version").output();
    let output = output.map_err(|error| format!("cannot run `{tool}`: {error}\nhelp: {help}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Node.js builds the npm package, and runs its tools.
fn node() -> Result<String, String> {
    const HELP: &str = "install Node.js 20 or later to build the npm package; nothing else needs it";
    let said = version("node", HELP)?;
    let major = said.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(20..) => Ok(said),
        _ => Err(format!("{said}\nhelp: {HELP}")),
    }
}
