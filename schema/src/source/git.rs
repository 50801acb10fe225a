//! Reading files of a revision with the `git` command: three processes, whatever the number of files.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::SourceError;

/// A revision of the repository around a folder.
pub(super) struct Git<'a> {
    pub repo: &'a Path,
    pub revision: &'a str,
}

impl Git<'_> {
    /// Returns the id of the revision's tree.
    pub fn tree(&self) -> Result<String, SourceError> {
        let tree = format!("{}^{{tree}}", self.revision);
        // `--end-of-options` keeps a revision that starts with a dash from being an option.
        let output = self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &tree], &[])?;
        if !output.status.success() && output.stderr.is_empty() {
            return Err(SourceError::NoRevision { revision: self.revision.to_owned() });
        }
        Ok(String::from_utf8_lossy(&self.checked(output)?).trim().to_owned())
    }

    /// Returns the paths of all files below a folder of the tree.
    pub fn files(&self, tree: &str, folder: &str) -> Result<Vec<String>, SourceError> {
        let folder = if folder.is_empty() { "." } else { folder };
        let output = self.run(&["ls-tree", "-r", "-z", "--full-tree", "--name-only", tree, "--", folder], &[])?;
        let listing = String::from_utf8_lossy(&self.checked(output)?).into_owned();
        Ok(listing.split('\0').filter(|p| !p.is_empty()).map(str::to_owned).collect())
    }

    /// Returns the texts of objects such as `<tree>:<path>`.
    pub fn blobs<'b>(&self, objects: impl Iterator<Item = &'b str>) -> Result<Vec<String>, SourceError> {
        let objects: Vec<&str> = objects.collect();
        let request = objects.join("\n") + "\n";
        let bytes = self.checked(self.run(&["cat-file", "--batch"], request.as_bytes())?)?;
        let mut rest = bytes.as_slice();
        let mut texts = Vec::with_capacity(objects.len());
        for object in objects {
            let path = object.split_once(':').map_or(object, |(_, path)| path);
            let (text, after) = next_blob(rest).ok_or_else(|| self.fault(format!("`{path}` is no file there")))?;
            texts.push(String::from_utf8(text.to_vec()).map_err(|_| self.fault(format!("`{path}` is not UTF-8")))?);
            rest = after;
        }
        Ok(texts)
    }

    fn run(&self, args: &[&str], input: &[u8]) -> Result<Output, SourceError> {
        let fault = |error: std::io::Error| self.fault(format!("cannot run git: {error}"));
        let mut command = git_in(self.repo);
        command.args(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(fault)?;
        let stdin = child.stdin.take();
        // Git answers while it is still being asked; a pipe of either side may be full.
        std::thread::scope(|scope| {
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
            child.wait_with_output().map_err(fault)
        })
    }

    fn checked(&self, output: Output) -> Result<Vec<u8>, SourceError> {
        if output.status.success() {
            return Ok(output.stdout);
        }
        let text = String::from_utf8_lossy(&output.stderr);
        Err(self.fault(text.trim().trim_start_matches("fatal: ").to_owned()))
    }

    fn fault(&self, message: String) -> SourceError {
        SourceError::Git { revision: self.revision.to_owned(), message }
    }
}

/// Returns a `git` that asks the repository around a folder.
///
/// In a hook of a linked work tree git names the repository in the environment, and takes whatever
/// folder it then runs in for the root of the work tree: paths would come out wrong.
pub fn git_in(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder);
    if std::env::var_os("GIT_WORK_TREE").is_none() {
        command.env_remove("GIT_DIR");
        return command;
    }
    // They are relative to the folder in which the program runs, which is not the one that git is told.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] {
        if let Some(path) = std::env::var_os(name).and_then(|path| std::path::absolute(path).ok()) {
            command.env(name, path);
        }
    }
    command
}

/// Splits `<id> blob <size>\n<contents>\n` off the output of `cat-file --batch`.
fn next_blob(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|b| *b == b'\n')?;
    let head = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let mut words = head.split(' ').skip(1);
    let (kind, size) = (words.next()?, words.next()?.parse::<usize>().ok()?);
    let body = bytes.get(end + 1..)?;
    (kind == "blob").then_some((body.get(..size)?, body.get(size + 1..)?))
}
