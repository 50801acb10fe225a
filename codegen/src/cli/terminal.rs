//! What the command line says: where to, in which colours, and how much.
//!
//! Texts are made in colour. The streams take the colours away where nobody sees them: in a file, in a pipe,
//! with `NO_COLOR` or with `--color never`.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};

use super::Failure;

static QUIET: AtomicBool = AtomicBool::new(false);

/// Takes over what the arguments say of colours and of progress.
pub(super) fn configure(color: clap::ColorChoice, quiet: bool) {
    match color {
        clap::ColorChoice::Auto => ColorChoice::Auto,
        clap::ColorChoice::Always => ColorChoice::AlwaysAnsi,
        clap::ColorChoice::Never => ColorChoice::Never,
    }
    .write_global();
    QUIET.store(quiet, Ordering::Relaxed);
}

/// Returns true if somebody watches, and wants to know how far a command is.
pub(super) fn shows_progress() -> bool {
    !QUIET.load(Ordering::Relaxed) && io::stderr().is_terminal()
}

/// Tells what was done, unless the user asked for silence.
pub(super) fn say(text: &str) {
    if !QUIET.load(Ordering::Relaxed) {
        complain(text);
    }
}

/// Tells what is wrong. When standard error fails there is nobody left to tell.
pub(super) fn complain(text: &str) {
    let stderr = io::stderr();
    let _ = stderr.lock().write_all(seen(text, AutoStream::choice(&stderr)).as_bytes());
}

/// Returns a text as a stream shows it: in one piece, as streams that take colours away write piece by piece.
fn seen(text: &str, choice: ColorChoice) -> Cow<'_, str> {
    match choice {
        ColorChoice::Never if text.contains('\u{1b}') => Cow::Owned(strip_str(text).to_string()),
        _ => Cow::Borrowed(text),
    }
}

/// Writes a result to standard output. A reader that closed the pipe has seen enough.
///
/// # Errors
///
/// When the output takes no more, as on a full disk.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let stdout = io::stdout();
    let text = seen(text, AutoStream::choice(&stdout));
    let mut out = stdout.lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::access(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}
