//! `unified-event validate`: which events of a file would be refused, and why.

mod excerpt;
mod input;
mod keys;
mod render;
mod report;

use std::num::NonZero;
use std::ops::ControlFlow;

use unified_event_runtime::ndjson::{Decoder, MAX_THREADS, UnknownFields};
use unified_event_schema::{Schema, suggest};

use super::{Exit, Failure, complain, place, print};
use crate::event_table::event_table;
use report::Report;

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// NDJSON files, also compressed with gzip or zstd; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The table whose events they are [default: the one with all event types].
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
    /// The folder of the definition, or REVISION:FOLDER of this git repository [default: the one built in].
    #[arg(long, value_name = "DIR")]
    schema: Option<String>,
    /// What happens to keys that the table does not have.
    #[arg(long, value_enum, default_value_t)]
    unknown: Unknown,
    /// How many examples of each fault are shown.
    #[arg(long, value_name = "N", default_value_t = 3)]
    examples: usize,
    /// How many bytes a line may have.
    #[arg(long, value_name = "BYTES", default_value_t = 4 << 20)]
    max_line: usize,
    /// How many threads decode, 256 at most.
    #[arg(long, value_name = "N", default_value = "1", value_parser = n_threads)]
    threads: NonZero<usize>,
}

/// How the result is printed.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Text,
    /// As `generated/schemas/validation.schema.json` says.
    Json,
    /// Annotations of GitHub Actions.
    Github,
}

/// What happens to keys that the table does not have.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum Unknown {
    /// The event is refused.
    #[default]
    Reject,
    /// They are left out.
    Ignore,
    /// They join the column `data`.
    Collect,
}

/// Runs the command. The result goes to standard output, progress and what cannot be read to standard error.
pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let schema = match &args.schema {
        Some(definition) => place::load(definition)?,
        None => Schema::embedded().map_err(|e| Failure::loading(&e))?,
    };
    let decoder = decoder(args, &schema)?;
    let mut report = Report::new(args.examples);
    for file in &args.files {
        report.start(if file == "-" { "<stdin>" } else { file });
        let result = input::open(file).and_then(|input| {
            decoder.read_parallel(input, args.threads, |decoded| {
                report.add(decoder.table(), &decoded);
                ControlFlow::Continue(())
            })
        });
        if let Err(error) = result {
            report.unreadable(&error.to_string());
            complain(&format!("error: {file}: {error}\n"));
        }
    }
    let text = match args.format {
        Format::Text => render::text(&report),
        Format::Json => render::json(&report),
        Format::Github => render::github(&report),
    };
    print(&text)?;
    Ok(match () {
        () if report.files.iter().any(|file| file.error.is_some()) => Exit::Failed,
        () if report.n_rejected() > 0 => Exit::Findings,
        () => Exit::Fine,
    })
}

/// Reads the number of threads.
fn n_threads(text: &str) -> Result<NonZero<usize>, String> {
    let n = text.parse().ok().filter(|n: &NonZero<usize>| n.get() <= MAX_THREADS);
    n.ok_or_else(|| format!("expected a number from 1 to {MAX_THREADS}; more threads than processors gain nothing"))
}

fn decoder(args: &Args, schema: &Schema) -> Result<Decoder, Failure> {
    let name = args.table.as_deref().unwrap_or(&schema.events_table().name);
    let table = event_table(schema, name).ok_or_else(|| {
        let names = || schema.tables.iter().map(|table| table.name.as_str());
        let all = names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let help = suggest::did_you_mean(name, names()).unwrap_or_else(|| format!("expected one of {all}"));
        Failure::usage(format!("there is no table `{name}`\n  help: {help}"))
    })?;
    let unknown = match args.unknown {
        Unknown::Reject => UnknownFields::Reject,
        Unknown::Ignore => UnknownFields::Ignore,
        Unknown::Collect => UnknownFields::Collect,
    };
    Ok(Decoder::new(table).with_unknown_fields(unknown).with_max_line(args.max_line))
}
