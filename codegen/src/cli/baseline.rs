//! What a definition is compared with: `--against`, or the merge base and every live release.

use std::path::Path;

use unified_event_guard::lock::Lock;
use unified_event_guard::{Baseline, BaselineKind, FileFault, Policy};
use unified_event_schema::{Schema, SourceSet};

use super::Failure;
use super::git::{Around, Repository};
use super::project::{LOCK, POLICY, Project, read, shown};

/// The arguments that choose baselines.
#[derive(Debug, Default, clap::Args)]
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
    /// Returns true if one baseline was chosen.
    pub fn is_explicit(&self) -> bool {
        self.against.is_some()
    }
}

/// Returns what the change under review started from, and what there is to say about it.
///
/// # Errors
///
/// When a comparison that was asked for, or that a repository around the definition promises, cannot be made.
pub(super) fn load(
    args: &BaselineArgs,
    project: &Project,
    has_releases: bool,
) -> Result<(Option<Baseline>, Vec<String>), Failure> {
    let around = Around::folder(&project.dir);
    if let Some(against) = &args.against {
        return Ok((Some(explicit(against, project, &around)?), Vec::new()));
    }
    let mut notices = Vec::new();
    let baseline = match (&around, &args.base) {
        (Around::Repository(git), _) => {
            if git.is_submodule() {
                notices.push("the definition is in a submodule: compared within its own repository".to_owned());
            }
            let baseline = base(args, project, git, &mut notices)?;
            if baseline.is_none() {
                notices.push(no_base(args, git)?);
            }
            baseline
        }
        (Around::Refused(said), _) => {
            let message = "cannot compare with the base branch: there is a git repository here, and git refuses it";
            return Err(Failure::access(format!("{message}:\n  {}", said.replace('\n', "\n  "))));
        }
        (Around::Nothing(why), Some(base)) => {
            return Err(Failure::access(format!("cannot compare with the branch `{base}`: {why}")));
        }
        (Around::Nothing(why), None) => {
            notices.push(format!("{why}: compared with releases only"));
            None
        }
    };
    if baseline.is_none() && !has_releases {
        return Err(Failure::access(
            "there is nothing to compare with: name a baseline with `--against`, or release first",
        ));
    }
    Ok((baseline, notices))
}

/// Returns what to say of a base branch without the definition: fine where the change adds it.
fn no_base(args: &BaselineArgs, git: &Repository<'_>) -> Result<String, Failure> {
    const IGNORED: &str = "git ignores the folder of the definition, so that no revision holds it";
    match (git.ignores("schema.toml"), &args.base) {
        (false, _) => Ok("the base branch has no definition here: compared with releases only".to_owned()),
        (true, None) => Ok(format!("{IGNORED}: compared with releases only")),
        (true, Some(base)) => Err(Failure::access(format!("cannot compare with the branch `{base}`: {IGNORED}"))),
    }
}

fn base(
    args: &BaselineArgs,
    project: &Project,
    git: &Repository<'_>,
    notices: &mut Vec<String>,
) -> Result<Option<Baseline>, Failure> {
    let (revision, label) = git.merge_base(args.base.as_deref()).map_err(Failure::access)?;
    let mut folder = folder_of(git);
    if git.text(&revision, &format!("{}schema.toml", git.prefix)).map_err(Failure::access)?.is_none() {
        // A definition that moved is still the one that it was.
        match git.gone(&revision, "schema.toml").map_err(Failure::access)?.as_slice() {
            [] => return Ok(None),
            [one] => {
                notices.push(format!("the definition was in the folder `{one}` there, and is compared with that"));
                folder.clone_from(one);
            }
            several => {
                let message = "the base branch has no definition in this folder, and several that are gone here";
                let help = "name the one that moved with `--against REVISION:FOLDER`";
                let several = several.iter().map(|f| format!("`{f}`")).collect::<Vec<_>>().join(", ");
                return Err(Failure::access(format!("{message}: {several}\n  help: {help}")));
            }
        }
    }
    let mut baseline = revision_folder(project, git, &revision, &folder)?;
    baseline.label = label;
    Ok(Some(baseline))
}

fn folder_of(git: &Repository<'_>) -> String {
    if git.prefix.is_empty() { ".".to_owned() } else { git.prefix.trim_end_matches('/').to_owned() }
}

fn explicit(against: &str, project: &Project, around: &Around<'_>) -> Result<Baseline, Failure> {
    let (revision, below) = match against.split_once(':') {
        Some((revision, below)) => (revision, Some(below)),
        None => (against, None),
    };
    let git = match around {
        Around::Repository(git) if git.has(revision) => Some(git),
        _ => None,
    };
    let path = Path::new(against);
    match (path.exists(), git) {
        // A comparison with itself finds nothing; the branch of that name is what was meant.
        (true, Some(git)) if is_own(path, project) => of_revision(against, revision, below, project, git),
        (true, Some(_)) => {
            let folder = if path.is_dir() { "folder" } else { "file" };
            let message = format!("`{against}` is a {folder} and a revision of git");
            let help = format!("write `./{against}` for the {folder}, or `{against}^0` for the revision");
            Err(Failure::usage(format!("{message}\n  help: {help}")))
        }
        (true, None) if is_own(path, project) => {
            let message = format!("`{against}` is the definition under review, and would be compared with itself");
            Err(Failure::access(format!("{message}\n  help: name a revision, a frozen model, or another folder")))
        }
        (true, None) => of_path(against, path),
        (false, Some(git)) => of_revision(against, revision, below, project, git),
        (false, None) => Err(missing(against, revision, around)),
    }
}

fn missing(against: &str, revision: &str, around: &Around<'_>) -> Failure {
    let message = match around {
        Around::Repository(git) => {
            let help = git.help_for_missing();
            format!("there is no revision `{revision}`, no file and no folder\n  help: {help}")
        }
        Around::Nothing(why) => format!("there is no such file or folder, and {why}"),
        Around::Refused(said) => {
            format!("there is no such file or folder, and git refuses the repository here:\n  {said}")
        }
    };
    Failure::access(format!("cannot compare with `{against}`: {message}"))
}

/// Returns true if a path is the folder of the definition under review, or the one that holds it.
fn is_own(path: &Path, project: &Project) -> bool {
    let same = |a: &Path, b: &Path| a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b));
    same(path, &project.dir) || same(&path.join("schema"), &project.dir)
}

fn of_path(against: &str, path: &Path) -> Result<Baseline, Failure> {
    if path.is_dir() {
        let inner = path.join("schema");
        let dir =
            if !path.join("schema.toml").is_file() && inner.join("schema.toml").is_file() { &inner } else { path };
        let sources = SourceSet::from_dir(dir).map_err(Failure::access)?;
        let beside = |name: &str| Ok::<_, Failure>(read(&dir.join(name))?.map(|text| (shown(dir, name), text)));
        return of_sources(against, sources, beside(LOCK)?, beside(POLICY)?);
    }
    let text = std::fs::read_to_string(path).map_err(|e| Failure::access(format!("cannot read `{against}`: {e}")))?;
    of_json(against, &text)
}

fn of_revision(
    against: &str,
    revision: &str,
    below: Option<&str>,
    project: &Project,
    git: &Repository<'_>,
) -> Result<Baseline, Failure> {
    let revision = &git.resolve(revision).map_err(Failure::usage)?;
    let baseline = match below {
        Some(file) if file.ends_with(".json") => {
            let missing = || Failure::access(format!("cannot compare with `{against}`: there is no such file there"));
            of_json(against, &git.text(revision, file).map_err(Failure::access)?.ok_or_else(missing)?)?
        }
        Some(folder) => revision_folder(project, git, revision, folder)?,
        None => revision_folder(project, git, revision, &folder_of(git))?,
    };
    Ok(Baseline { label: against.to_owned(), ..baseline })
}

fn revision_folder(project: &Project, git: &Repository<'_>, revision: &str, folder: &str) -> Result<Baseline, Failure> {
    let sources = SourceSet::from_git(&project.dir, revision, folder).map_err(Failure::access)?;
    let beside = |name: &str| {
        let path = if folder == "." { name.to_owned() } else { format!("{folder}/{name}") };
        let text = git.text(revision, &path).map_err(Failure::access)?;
        Ok::<_, Failure>(text.map(|text| (format!("{revision}:{path}"), text)))
    };
    of_sources(revision, sources, beside(LOCK)?, beside(POLICY)?)
}

/// A file beside the definition: its path and its text.
type Beside = Option<(String, String)>;

fn of_sources(label: &str, sources: SourceSet, lock: Beside, policy: Beside) -> Result<Baseline, Failure> {
    let schema = Schema::load(&sources)
        .map_err(|e| Failure::access(format!("the baseline `{label}` does not load:\n{}", e.render(false))))?;
    let lock = match lock {
        Some((path, text)) => {
            let faults = |faults: Vec<FileFault>| {
                let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
                Failure::access(format!("the lock of the baseline `{label}` is broken:\n{}", faults.join("\n")))
            };
            Some(Lock::parse(&path, &text).map_err(faults)?)
        }
        None => None,
    };
    // One that is broken there lowers nothing, so that the change that mends it can pass.
    let policy = policy.and_then(|(path, text)| Policy::parse(&path, &text).ok()).unwrap_or_default();
    let (label, kind) = (label.to_owned(), BaselineKind::Base);
    Ok(Baseline { label, kind, schema, sources: Some(sources), lock, policy: Some(policy) })
}

fn of_json(label: &str, text: &str) -> Result<Baseline, Failure> {
    let schema: Schema = serde_json::from_str(text).map_err(|e| {
        Failure::access(format!(
            "{label}:{}: the baseline is no model: {e}\n  help: name a `model.json` or a frozen model",
            e.line().max(1)
        ))
    })?;
    let (label, kind) = (label.to_owned(), BaselineKind::Base);
    Ok(Baseline { label, kind, schema, sources: None, lock: None, policy: None })
}
