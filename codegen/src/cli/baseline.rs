//! What a definition is compared with: `--against`, or the merge base and every live release.

use std::path::Path;

use unified_event_schema::{Schema, SourceSet};

use super::Failure;
use super::git::Repository;
use super::project::{LOCK, Project};
use crate::evolve::lock::Lock;
use crate::evolve::{Baseline, BaselineKind};

/// The arguments that choose baselines.
#[derive(Debug, clap::Args)]
pub(super) struct BaselineArgs {
    /// Compare with this alone: a git revision, a folder, a model as JSON, or REVISION:PATH of either
    /// [default: the merge base with the default branch, and every live release].
    #[arg(long, value_name = "WHAT")]
    against: Option<String>,
    /// The branch whose merge base is the default baseline [default: the remote's default branch].
    #[arg(long, value_name = "BRANCH", conflicts_with = "against")]
    base: Option<String>,
}

impl BaselineArgs {
    /// Says whether one baseline was chosen.
    pub fn is_explicit(&self) -> bool {
        self.against.is_some()
    }
}

/// Returns what the change under review started from, and what there is to say about it.
pub(super) fn load(
    args: &BaselineArgs,
    project: &Project,
    has_releases: bool,
) -> Result<(Option<Baseline>, Vec<String>), Failure> {
    let git = Repository::around(&project.dir);
    if let Some(against) = &args.against {
        return Ok((Some(explicit(against, project, git.as_ref())?), Vec::new()));
    }
    let (baseline, notice) = match &git {
        Some(git) => (base(args, project, git)?, "the base branch has no definition: compared with releases only"),
        None => (None, "there is no git repository with a commit here: compared with releases only"),
    };
    if baseline.is_none() && !has_releases {
        return Err(Failure::access(
            "there is nothing to compare with: name a baseline with `--against`, or release first",
        ));
    }
    let notices = if baseline.is_none() { vec![notice.to_owned()] } else { Vec::new() };
    Ok((baseline, notices))
}

fn base(args: &BaselineArgs, project: &Project, git: &Repository<'_>) -> Result<Option<Baseline>, Failure> {
    let (revision, label) = git.merge_base(args.base.as_deref()).map_err(Failure::access)?;
    let folder = folder_of(git);
    if git.text(&revision, &format!("{}schema.toml", git.prefix)).is_none() {
        return Ok(None);
    }
    let mut baseline = revision_folder(project, git, &revision, &folder)?;
    baseline.label = label;
    Ok(Some(baseline))
}

fn folder_of(git: &Repository<'_>) -> String {
    if git.prefix.is_empty() { ".".to_owned() } else { git.prefix.trim_end_matches('/').to_owned() }
}

fn explicit(against: &str, project: &Project, git: Option<&Repository<'_>>) -> Result<Baseline, Failure> {
    let path = Path::new(against);
    if path.is_dir() {
        let inner = path.join("schema");
        let dir =
            if !path.join("schema.toml").is_file() && inner.join("schema.toml").is_file() { &inner } else { path };
        let sources = SourceSet::from_dir(dir).map_err(Failure::access)?;
        let lock = std::fs::read_to_string(dir.join(LOCK)).ok();
        return of_sources(against, sources, lock.map(|text| (dir.join(LOCK).display().to_string(), text)));
    }
    if path.is_file() {
        let text =
            std::fs::read_to_string(path).map_err(|e| Failure::access(format!("cannot read `{against}`: {e}")))?;
        return of_json(against, &text);
    }
    let Some(git) = git else {
        let help = "there is no such file or folder, and no git repository around the definition";
        return Err(Failure::access(format!("cannot compare with `{against}`: {help}")));
    };
    let (revision, below) = match against.split_once(':') {
        Some((revision, below)) => (revision, Some(below)),
        None => (against, None),
    };
    if !git.has(revision) {
        let message =
            format!("cannot compare with `{against}`: there is no revision `{revision}`, no file and no folder");
        return Err(Failure::access(format!("{message}\n  help: {}", git.help_for_missing())));
    }
    let baseline = match below {
        Some(file) if file.ends_with(".json") => {
            let missing = || Failure::access(format!("cannot compare with `{against}`: there is no such file there"));
            of_json(against, &git.text(revision, file).ok_or_else(missing)?)?
        }
        Some(folder) => revision_folder(project, git, revision, folder)?,
        None => revision_folder(project, git, revision, &folder_of(git))?,
    };
    Ok(Baseline { label: against.to_owned(), ..baseline })
}

fn revision_folder(project: &Project, git: &Repository<'_>, revision: &str, folder: &str) -> Result<Baseline, Failure> {
    let sources = SourceSet::from_git(&project.dir, revision, folder).map_err(Failure::access)?;
    let path = if folder == "." { LOCK.to_owned() } else { format!("{folder}/{LOCK}") };
    let lock = git.text(revision, &path).map(|text| (format!("{revision}:{path}"), text));
    of_sources(revision, sources, lock)
}

fn of_sources(label: &str, sources: SourceSet, lock: Option<(String, String)>) -> Result<Baseline, Failure> {
    let schema = Schema::load(&sources)
        .map_err(|e| Failure::access(format!("the baseline `{label}` does not load:\n{}", e.render(false))))?;
    let lock = match lock {
        Some((path, text)) => {
            let faults = |faults: Vec<crate::evolve::lock::LockFault>| {
                let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
                Failure::access(format!("the lock of the baseline `{label}` is broken:\n{}", faults.join("\n")))
            };
            Some(Lock::parse(&path, &text).map_err(faults)?)
        }
        None => None,
    };
    Ok(Baseline { label: label.to_owned(), kind: BaselineKind::Base, schema, sources: Some(sources), lock })
}

fn of_json(label: &str, text: &str) -> Result<Baseline, Failure> {
    let schema: Schema = serde_json::from_str(text).map_err(|e| {
        Failure::access(format!(
            "{label}:{}: the baseline is no model: {e}\n  help: name a `model.json` or a frozen model",
            e.line().max(1)
        ))
    })?;
    Ok(Baseline { label: label.to_owned(), kind: BaselineKind::Base, schema, sources: None, lock: None })
}
