//! `unified-event completions`: what a shell completes.

use clap_complete::{Shell, generate};

use super::{Exit, Failure, command, print};

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The shell, as in `source <(unified-event completions bash)`.
    shell: Shell,
}

/// Prints the script that the shell reads.
pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    let mut command = command();
    let name = command.get_name().to_owned();
    generate(args.shell, &mut command, name, &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Fine)
}
