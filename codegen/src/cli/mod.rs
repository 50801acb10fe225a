//! The command line of `unified-event`.

mod baseline;
mod check;
mod codegen;
mod completions;
mod doctor;
mod driver;
mod explain;
mod failure;
mod git;
mod man;
mod place;
mod project;
mod release;
mod remake;
mod rules;
mod table_file;
mod terminal;
mod validate;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use failure::Failure;
use terminal::{complain, print, say};

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
#[command(name = "unified-event", version)]
#[command(
    after_help = "Exit codes: 0 fine · 1 findings or stale files · 2 wrong use or a broken definition · 3 could not load or compare"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// When output is coloured; `auto` is on a terminal, and not with NO_COLOR set.
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    color: clap::ColorChoice,
    /// Say nothing but results and errors: no progress, no list of what was written.
    #[arg(long, short, global = true)]
    quiet: bool,
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
    /// Look at the project and the tools around it, and say what is wrong and what to do.
    Doctor(doctor::Args),
    /// Print the completions of a shell.
    Completions(completions::Args),
    /// Write the manual pages.
    Man(man::Args),
}

/// Returns the command line, for what is made from its description.
fn command() -> clap::Command {
    Cli::command()
}

/// Returns the matrix of verdicts as a Markdown table.
pub fn rules_markdown() -> String {
    rules::markdown()
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    terminal::configure(cli.color, cli.quiet);
    let result = match cli.command {
        Command::Codegen(args) => codegen::run(&args),
        Command::Diff(args) => check::run_diff(&args),
        Command::Check(args) => check::run(&args),
        Command::Release(args) => release::run(&args),
        Command::Validate(args) => validate::run(&args),
        Command::Rules(args) => rules::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    };
    let exit = result.unwrap_or_else(|failure| {
        complain(&failure.to_string());
        failure.exit()
    });
    exit.into()
}
