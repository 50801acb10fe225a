//! `unified-event man`: the manual pages.

use std::path::PathBuf;

use super::{Exit, Failure, command, say};

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The folder to write to, such as `~/.local/share/man/man1`; it is made where it is missing.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Writes a page for the command and one for each subcommand.
pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let refused = |e| Failure::access(format!("cannot write to `{}`: {e}", args.out.display()));
    std::fs::create_dir_all(&args.out).map_err(refused)?;
    clap_mangen::generate_to(command(), &args.out).map_err(refused)?;
    say(&format!("wrote the manual pages to {}\n", args.out.display()));
    Ok(Exit::Fine)
}
