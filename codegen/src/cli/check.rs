//! `unified-event check` and `unified-event diff`: the same findings, one of the two gates.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use unified_event_guard::consumers::Registered;
use unified_event_guard::report::{Format, Report, Style, UnknownFormat};
use unified_event_guard::{Baseline, Input, Level, Outcome, Policy, check, due};

use super::project::Project;
use super::{Exit, Failure, baseline, git, print};
use crate::target::LANGUAGES;

/// The arguments that both commands have.
#[derive(clap::Args)]
pub(super) struct Common {
    #[command(flatten)]
    baseline: baseline::BaselineArgs,
    /// The folder of the definition [default: schema].
    #[arg(long, value_name = "DIR")]
    schema: Option<PathBuf>,
    /// The format on standard output.
    #[arg(long, value_parser = format(), default_value = "text")]
    format: Format,
    /// Show of each finding who is affected, what breaks, and its fingerprint (text; other formats have it all).
    #[arg(long, short)]
    verbose: bool,
    /// Write the report in another format to a file too; may be repeated.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = to_file)]
    report: Vec<(Format, PathBuf)>,
    /// The day of the judgement, YYYY-MM-DD [default: the day of the commit at HEAD].
    #[arg(long, value_name = "DATE", value_parser = date)]
    today: Option<String>,
}

/// The arguments of `check`.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// Fail on open findings of this level and above.
    #[arg(long, value_name = "LEVEL", default_value = "breaking", value_parser = level)]
    fail_on: Level,
}

/// The arguments of `diff`.
#[derive(clap::Args)]
pub(super) struct DiffArgs {
    #[command(flatten)]
    common: Common,
    /// What git passes to an external diff driver: PATH OLD-FILE OLD-ID OLD-MODE NEW-FILE NEW-ID NEW-MODE,
    /// two more for a file that moved, and PATH alone for one in conflict.
    #[arg(long, num_args = 1..=9, value_name = "ARG", hide = true)]
    git_driver: Option<Vec<String>>,
}

/// Runs `check`.
pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    finish(report("check", Some(args.fail_on), &args.common), &args.common)
}

/// Runs `diff`.
pub(super) fn run_diff(args: &DiffArgs) -> Result<Exit, Failure> {
    match &args.git_driver {
        Some(arguments) => super::driver::run(arguments),
        None => finish(report("diff", None, &args.common), &args.common),
    }
}

fn finish(report: Result<Report, Failure>, common: &Common) -> Result<Exit, Failure> {
    let report = report.map_err(|failure| match failure.exit() {
        Exit::Failed => failure.so("Nothing was compared: this is no clean result."),
        _ => failure,
    })?;
    for (format, path) in &common.report {
        let text = report.render(*format, Style { colour: false, verbose: common.verbose });
        // Not staged: the user may name a pipe or a device, which a rename would replace.
        std::fs::write(path, text).map_err(|e| Failure::access(format!("cannot write `{}`: {e}", path.display())))?;
    }
    print(&report.render(common.format, Style { colour: true, verbose: common.verbose }))?;
    Ok(if report.exit == 0 { Exit::Fine } else { Exit::Findings })
}

fn report(command: &'static str, fail_on: Option<Level>, common: &Common) -> Result<Report, Failure> {
    let project = Project::open(common.schema.as_deref())?;
    let today = common.today.clone().or_else(|| git::Repository::around(&project.dir)?.head_date());
    let released = project.released()?;
    let (base, notices) = baseline::load(&common.baseline, &project, !released.is_empty())?;
    // An explicit baseline stands alone.
    let others = released.iter().filter(|_| !common.baseline.is_explicit());
    let baselines: Vec<&Baseline> = base.iter().chain(others).collect();
    // A frozen model has no policy beside it: what lowers a verdict counts from none on.
    let none = Policy::default();
    let before = base.as_ref().and_then(|b| b.policy.as_ref()).unwrap_or(&none);
    let outcome = outcome(&project, &baselines, &released, Some(before), notices, today.as_deref())?;
    Ok(Report::new(command, fail_on, outcome))
}

/// Judges a project against baselines; without a former policy nothing is said of what this one lowers.
pub(super) fn outcome(
    project: &Project,
    baselines: &[&Baseline],
    released: &[Baseline],
    policy_before: Option<&Policy>,
    notices: Vec<String>,
    today: Option<&str>,
) -> Result<Outcome, Failure> {
    let policy = project.policy()?;
    let (waivers, Registered { queries, notices: unread }) = (project.waivers()?, project.queries()?);
    if today.is_none() && (!waivers.is_empty() || policy.has_dates()) {
        let message = "no date is known, and waivers and policies expire: say which day it is with `--today`";
        return Err(Failure::access(message));
    }
    let history = project.history()?;
    let mut outcome = check(&Input {
        schema: &project.schema,
        sources: Some(&project.sources),
        lock: project.lock.as_ref(),
        history: Some(&history),
        baselines,
        released,
        queries: &queries,
        waivers: &waivers,
        waivers_path: &project.waivers_path(),
        policy: &policy,
        policy_before,
        today,
        languages: LANGUAGES,
    });
    outcome.notices.splice(
        0..0,
        notices.into_iter().chain(unread).chain(project.unread()?).chain(due::notices(&project.schema, today)),
    );
    Ok(outcome)
}

fn level(text: &str) -> Result<Level, String> {
    let levels = [Level::Note, Level::Warning, Level::Breaking, Level::Error];
    levels.into_iter().find(|l| l.name() == text).ok_or_else(|| "expected note, warning, breaking or error".to_owned())
}

/// Reads a format; help and completions list them.
fn format() -> impl TypedValueParser<Value = Format> {
    let names = Format::ALL.map(|format| PossibleValue::new(format.name()).help(format.purpose()));
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Format>())
}

/// Reads a day, as an argument.
pub(super) fn date(text: &str) -> Result<String, String> {
    let valid = unified_event_schema::is_day(text);
    if valid { Ok(text.to_owned()) } else { Err("expected a day of the calendar as YYYY-MM-DD".to_owned()) }
}

fn to_file(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("expected FORMAT=FILE")?;
    let format = format.parse().map_err(|unknown: UnknownFormat| unknown.to_string())?;
    Ok((format, PathBuf::from(file)))
}
