//! What the commands ask git: the default baseline, a file of a revision, the day of a commit.

use std::path::Path;
use std::process::Command;

use unified_event_schema::git_in;

/// A repository around a folder.
pub(super) struct Repository<'a> {
    dir: &'a Path,
    /// The path of the folder below the root of the repository, with `/` at its end unless empty.
    pub prefix: String,
}

const SHALLOW: &str = "the clone is shallow: let the checkout fetch all of it (`fetch-depth: 0` below `with:` of \
                       actions/checkout), or run `git fetch --unshallow`";

impl<'a> Repository<'a> {
    /// Returns the repository around a folder, when there is one with a commit.
    pub fn around(dir: &'a Path) -> Option<Self> {
        let mut repository = Self { dir, prefix: String::new() };
        repository.prefix = repository.run(&["rev-parse", "--show-prefix"]).ok()?;
        repository.run(&["rev-parse", "--verify", "--quiet", "HEAD"]).ok()?;
        Some(repository)
    }

    /// Returns the commit where the work under review left a branch, and what to call it.
    pub fn merge_base(&self, branch: Option<&str>) -> Result<(String, String), String> {
        let branch = match branch {
            Some(branch) => branch.to_owned(),
            None => self.default_branch().ok_or_else(|| {
                let shallow = if self.is_shallow() { format!("; {SHALLOW}") } else { String::new() };
                format!(
                    "cannot tell the default branch: name it with `--base`, or a baseline with `--against`{shallow}"
                )
            })?,
        };
        match self.run(&["merge-base", "--end-of-options", &branch, "HEAD"]) {
            Ok(commit) if !commit.is_empty() => {
                let short: String = commit.chars().take(10).collect();
                Ok((commit, format!("the merge base with {branch} ({short})")))
            }
            Ok(_) | Err(_) if self.is_shallow() => Err(format!("no merge base with `{branch}`: {SHALLOW}")),
            Err(said) if !said.is_empty() => Err(format!("no merge base with `{branch}`: {said}")),
            _ => Err(format!("`{branch}` and HEAD have no common commit: name a baseline with `--against`")),
        }
    }

    fn default_branch(&self) -> Option<String> {
        if let Ok(name) = self.run(&["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]) {
            return Some(name);
        }
        let exists =
            |name: &&&str| self.run(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")]).is_ok();
        ["origin/main", "origin/master", "main", "master"].iter().find(exists).map(|n| (*n).to_owned())
    }

    /// Returns the text of a file of a revision; nothing when it has none.
    pub fn text(&self, revision: &str, path: &str) -> Option<String> {
        let output = self.command(&["show", "--end-of-options", &format!("{revision}:{path}")]).output().ok()?;
        output.status.success().then(|| String::from_utf8(output.stdout).ok()).flatten()
    }

    /// Says whether a name is a revision.
    pub fn has(&self, revision: &str) -> bool {
        let commit = format!("{revision}^{{commit}}");
        self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]).is_ok()
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

    fn command(&self, args: &[&str]) -> Command {
        let mut command = git_in(self.dir);
        command.args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Result<String, String> {
        let output = self.command(args).output().map_err(|e| format!("cannot run git: {e}"))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }
}
