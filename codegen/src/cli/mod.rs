//! The command line of `unified-event`.

mod baseline;
mod check;
mod codegen;
mod driver;
mod explain;
mod failure;
mod git;
mod place;
mod project;
mod release;
mod remake;
mod rules;
mod validate;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use failure::{Failure, print};

/// The exit codes of every subcommand; neither format nor colour changes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Fine,
    /// There are findings: stale files, for one.
    Findings,
    /// The command was used wrongly, or the definition or a file beside it is broken.
    Usage,
    /// Something could not be loaded, compared or written: neither clean nor not.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Failed => 3,
        })
    }
}

/// One definition of the UnifiedEvent, every artefact from it.
#[derive(Parser)]
#[command(name = "unified-event", version, disable_help_subcommand = true)]
#[command(
    after_help = "Exit codes: 0 fine · 1 findings or stale files · 2 wrong use or a broken definition · 3 could not load or compare"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write every artefact of the definition.
    Codegen(codegen::Args),
    /// Describe what changed, and what that breaks for whom; never fails for it.
    Diff(check::DiffArgs),
    /// Fail where a change breaks somebody, and no release or waiver answers for it.
    Check(check::Args),
    /// Compute the next versions, freeze the model and update the lock.
    Release(release::Args),
    /// Check NDJSON events as the decoder does: which would be refused, and why.
    Validate(validate::Args),
    /// List the rules of `check`.
    Rules(rules::Args),
    /// Explain a code, without a network.
    Explain(explain::Args),
}

/// Returns the matrix of verdicts as a Markdown table.
pub fn rules_markdown() -> String {
    rules::markdown()
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Codegen(args) => codegen::run(&args),
        Command::Diff(args) => check::run_diff(&args),
        Command::Check(args) => check::run(&args),
        Command::Release(args) => release::run(&args),
        Command::Validate(args) => validate::run(&args),
        Command::Rules(args) => rules::run(&args),
        Command::Explain(args) => explain::run(&args),
    };
    let exit = result.unwrap_or_else(|failure| {
        say(&failure.to_string());
        failure.exit()
    });
    exit.into()
}

/// Writes to standard error; when that fails there is nobody left to tell.
fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
