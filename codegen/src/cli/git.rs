//! What the commands ask git: the default baseline, a file of a revision, the day of a commit.
//!
//! Git that refuses is never taken for "nothing there": what cannot be asked is a failure of the caller.

use std::path::Path;
use std::process::Command;

use unified_event_schema::{git_in, normal_text};

/// A repository around a folder.
pub(super) struct Repository<'a> {
    dir: &'a Path,
    /// The path of the folder below the root of the repository, with `/` at its end unless empty.
    pub prefix: String,
}

/// What git finds around a folder.
pub(super) enum Around<'a> {
    /// A repository with a commit.
    Repository(Repository<'a>),
    /// No history at all, and why.
    Nothing(&'static str),
    /// A repository of which git says nothing, and what it says instead.
    Refused(String),
}

const SHALLOW: &str = "the clone is shallow: let the checkout fetch all of it (`fetch-depth: 0` below `with:` of \
                       actions/checkout), or run `git fetch --unshallow`";

impl<'a> Around<'a> {
    /// Looks for a repository around a folder.
    pub fn folder(dir: &'a Path) -> Self {
        let mut repository = Repository { dir, prefix: String::new() };
        match repository.run(&["rev-parse", "--show-prefix"]) {
            Ok(prefix) => repository.prefix = prefix,
            Err(said) if is_marked(dir) => return Self::Refused(said),
            Err(_) => return Self::Nothing("there is no git repository here"),
        }
        if repository.run(&["rev-parse", "--is-inside-work-tree"]).as_deref() != Ok("true") {
            return Self::Refused("the definition is in a repository, and in no work tree of it".to_owned());
        }
        if repository.run(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]).is_ok() {
            return Self::Repository(repository);
        }
        // A branch without a commit is fine in a repository that has none; a broken one is not.
        let branch = repository.run(&["symbolic-ref", "--quiet", "HEAD"]);
        let any = repository.output(&["for-each-ref", "--count=1"]);
        match (branch, any) {
            (Ok(_), Ok(any)) if any.status.success() && any.stdout.is_empty() && any.stderr.is_empty() => {
                Self::Nothing("the git repository here has no commit")
            }
            _ => Self::Refused("HEAD is no commit: check out a branch, or run `git fsck`".to_owned()),
        }
    }
}

/// Returns true if something says that there is a repository, whether git takes it or not.
fn is_marked(dir: &Path) -> bool {
    let dir = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    std::env::var_os("GIT_DIR").is_some() || dir.ancestors().any(|dir| dir.join(".git").symlink_metadata().is_ok())
}

impl<'a> Repository<'a> {
    /// Returns the repository around a folder, when there is one with a commit that git speaks of.
    pub fn around(dir: &'a Path) -> Option<Self> {
        match Around::folder(dir) {
            Around::Repository(repository) => Some(repository),
            Around::Nothing(_) | Around::Refused(_) => None,
        }
    }

    /// Returns the commit where the work under review left a branch, and what to call it.
    pub fn merge_base(&self, branch: Option<&str>) -> Result<(String, String), String> {
        let name = match branch {
            Some(branch) => branch.to_owned(),
            None => self.default_branch().ok_or_else(|| {
                let shallow = if self.is_shallow() { format!("; {SHALLOW}") } else { String::new() };
                format!(
                    "cannot tell the default branch: name it with `--base`, or a baseline with `--against`{shallow}"
                )
            })?,
        };
        match self.run(&["merge-base", "--end-of-options", &self.branch(&name), "HEAD"]) {
            Ok(commit) if !commit.is_empty() => {
                let short = self.short(&commit)?;
                let label = format!("the merge base with {name} ({short})");
                Ok((short, label))
            }
            Ok(_) | Err(_) if self.is_shallow() => Err(format!("no merge base with `{name}`: {SHALLOW}")),
            Err(said) if !said.is_empty() => Err(format!("no merge base with `{name}`: {said}")),
            _ => Err(format!("`{name}` and HEAD have no common commit: name a baseline with `--against`")),
        }
    }

    /// Returns the full name of a branch: a tag of the same name is another thing.
    fn branch(&self, name: &str) -> String {
        let full = ["refs/heads", "refs/remotes"].map(|folder| format!("{folder}/{name}"));
        full.into_iter().find(|full| self.has(full)).unwrap_or_else(|| name.to_owned())
    }

    /// Returns the name of a commit that people can read, and that git takes.
    fn short(&self, commit: &str) -> Result<String, String> {
        self.run(&["rev-parse", "--short=10", "--end-of-options", commit]).map(|said| {
            // Git repeats the option that ends the options.
            said.lines().last().unwrap_or_default().to_owned()
        })
    }

    /// Returns the newest commit of a branch and its name; nothing when there is no default branch to take.
    pub fn tip(&self, branch: Option<&str>) -> Result<Option<(String, String)>, String> {
        let Some(name) = branch.map(str::to_owned).or_else(|| self.default_branch()) else { return Ok(None) };
        let missing = || format!("there is no branch `{name}`\n  help: {}", self.help_for_missing());
        let commit = self.commit(&self.branch(&name)).ok_or_else(missing)?;
        Ok(Some((commit, name)))
    }

    /// Returns true if the work here, or the merge under way, holds a commit.
    pub fn holds(&self, commit: &str) -> bool {
        ["HEAD", "MERGE_HEAD"].iter().any(|r| self.run(&["merge-base", "--is-ancestor", commit, r]).is_ok())
    }

    fn default_branch(&self) -> Option<String> {
        if let Ok(name) = self.run(&["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]) {
            return Some(name);
        }
        let exists =
            |name: &&&str| self.run(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")]).is_ok();
        ["origin/main", "origin/master", "main", "master"].iter().find(exists).map(|n| (*n).to_owned())
    }

    /// Returns the text of a file of a revision; nothing when the revision has no such file.
    ///
    /// # Errors
    ///
    /// When git cannot say, or the file is no text.
    pub fn text(&self, revision: &str, path: &str) -> Result<Option<String>, String> {
        let listed = self.run(&["ls-tree", "--full-tree", "--name-only", "-z", revision, "--", path])?;
        if listed.is_empty() {
            return Ok(None);
        }
        let output = self.output(&["cat-file", "blob", &format!("{revision}:{path}")])?;
        if !output.status.success() {
            return Err(said(&output.stderr));
        }
        String::from_utf8(output.stdout)
            .map(|text| Some(normal_text(text)))
            .map_err(|_| format!("`{revision}:{path}` is not UTF-8"))
    }

    /// Returns the folders of a revision that hold a file of a name which is there no more, as paths below the root.
    ///
    /// # Errors
    ///
    /// When git cannot say.
    pub fn gone(&self, revision: &str, name: &str) -> Result<Vec<String>, String> {
        let root = self.run(&["rev-parse", "--show-toplevel"])?;
        let listed = self.run(&["ls-tree", "-r", "--full-tree", "--name-only", "-z", revision])?;
        let folders = listed.split('\0').filter(|path| !Path::new(&root).join(path).exists()).filter_map(|path| {
            let folder = path.strip_suffix(name)?;
            if folder.is_empty() { Some(".".to_owned()) } else { folder.strip_suffix('/').map(str::to_owned) }
        });
        Ok(folders.collect())
    }

    /// Returns true if a name is a revision.
    pub fn has(&self, revision: &str) -> bool {
        self.commit(revision).is_some()
    }

    fn commit(&self, revision: &str) -> Option<String> {
        let commit = format!("{revision}^{{commit}}");
        self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]).ok()
    }

    /// Returns the name by which a revision is asked for: its own, or a short one for a hash.
    ///
    /// # Errors
    ///
    /// When a branch and a tag of the name are two commits.
    pub fn resolve(&self, revision: &str) -> Result<String, String> {
        let names = ["refs/heads", "refs/tags", "refs/remotes"].map(|folder| format!("{folder}/{revision}"));
        let mut found: Vec<(String, String)> = Vec::new();
        for name in names {
            found.extend(self.commit(&name).map(|commit| (name, commit)));
        }
        if let [(first, one), (second, two), ..] = found.as_slice()
            && one != two
        {
            return Err(format!("`{revision}` is two things: write `{first}` or `{second}`"));
        }
        let is_hash = revision.len() >= 40 && revision.bytes().all(|b| b.is_ascii_hexdigit());
        if is_hash { self.short(revision) } else { Ok(revision.to_owned()) }
    }

    /// Returns true if git ignores the folder: no revision will ever hold it.
    pub fn ignores(&self, file: &str) -> bool {
        self.run(&["check-ignore", "--quiet", "--", file]).is_ok()
    }

    /// Returns true if the repository is a part of another one, by which it is pinned.
    pub fn is_submodule(&self) -> bool {
        self.run(&["rev-parse", "--show-superproject-working-tree"]).is_ok_and(|folder| !folder.is_empty())
    }

    /// Returns what to do about a revision that is not there.
    pub fn help_for_missing(&self) -> String {
        if self.is_shallow() { SHALLOW.to_owned() } else { "fetch it first, or check its name".to_owned() }
    }

    /// Returns the day of the commit under review: the same commit always gets the same answer.
    pub fn head_date(&self) -> Option<String> {
        self.run(&["show", "-s", "--format=%cs", "HEAD"]).ok()
    }

    fn is_shallow(&self) -> bool {
        self.run(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer == "true")
    }

    fn output(&self, args: &[&str]) -> Result<std::process::Output, String> {
        let mut command: Command = git_in(self.dir);
        command.args(args).output().map_err(|e| format!("cannot run git: {e}"))
    }

    fn run(&self, args: &[&str]) -> Result<String, String> {
        let output = self.output(args)?;
        if output.status.success() { Ok(said(&output.stdout)) } else { Err(said(&output.stderr)) }
    }
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}
