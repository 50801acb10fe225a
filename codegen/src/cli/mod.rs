//! The command line of `unified-event`.

mod codegen;
mod place;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The exit codes of every subcommand; neither format nor colour changes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Fine,
    /// There are findings: stale files, for one.
    Findings,
    /// The command was used wrongly, or the definition is broken.
    Usage,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
        })
    }
}

/// One definition of the UnifiedEvent, every artefact from it.
#[derive(Parser)]
#[command(name = "unified-event", version, disable_help_subcommand = true)]
#[command(after_help = "Exit codes: 0 fine · 1 findings or stale files · 2 wrong use or a broken definition")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write every artefact of the definition.
    Codegen(codegen::Args),
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let exit = match Cli::parse().command {
        Command::Codegen(args) => codegen::run(&args),
    };
    exit.into()
}
