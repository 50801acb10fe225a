//! Where the text of a definition comes from: this crate, a folder, or a git revision.

mod git;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use git::Git;
pub use git::git_in;

/// One file of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The path as messages show it.
    pub path: String,
    /// The path below the folder of the definition, with `/`.
    pub name: String,
    /// The text.
    pub text: String,
}

/// The files of a definition, sorted by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceSet {
    label: String,
    files: Vec<SourceFile>,
    /// The columns that were released, by table and id: of two that take one id, these keep it.
    released: BTreeMap<(String, u32), String>,
}

/// A definition that could not be read at all.
#[derive(Debug)]
#[non_exhaustive]
pub enum SourceError {
    /// A file or folder could not be read.
    Io {
        /// What was to be read.
        path: PathBuf,
        /// Why it could not be read.
        error: std::io::Error,
    },
    /// The folder holds no definition.
    NoDefinition {
        /// The folder, or the revision and folder.
        place: String,
    },
    /// The repository has no such revision.
    NoRevision {
        /// The revision that was asked for.
        revision: String,
    },
    /// `git` refused.
    Git {
        /// The revision that was asked for.
        revision: String,
        /// What git said.
        message: String,
    },
}

impl std::fmt::Display for SourceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io { path, error } => write!(f, "cannot read `{}`: {error}", path.display()),
            Self::NoDefinition { place } => {
                write!(f, "no definition in `{place}`: it has no `schema.toml` (help: name the folder that holds it)")
            }
            Self::NoRevision { revision } => {
                write!(f, "cannot read git revision `{revision}`: there is no such revision in this repository")
            }
            Self::Git { revision, message } => write!(f, "cannot read git revision `{revision}`: {message}"),
        }
    }
}

impl std::error::Error for SourceError {}

/// The top file of a definition.
pub(crate) const ROOT: &str = "schema.toml";
/// The folders whose TOML files belong to a definition.
pub(crate) const FOLDERS: [&str; 4] = ["groups", "tables", "pipelines", "queries"];
/// The files beside the top file.
pub(crate) const FILES: [&str; 3] = [ROOT, "event_types.toml", "lake.toml"];

impl SourceSet {
    /// Returns a set of files given by name and text, sorted by name.
    pub fn from_texts(label: impl Into<String>, files: impl IntoIterator<Item = (String, String)>) -> Self {
        let label = label.into();
        let file = |(name, text): (String, String)| SourceFile {
            path: format!("{label}/{name}"),
            name,
            text: normal_text(text),
        };
        let files = files.into_iter().map(file);
        let mut files: Vec<SourceFile> = files.collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Self { label, files, released: BTreeMap::new() }
    }

    /// Adds the columns that were released: table, id and name. Faults about ids then blame the other column.
    #[must_use]
    pub fn with_released(mut self, columns: impl IntoIterator<Item = (String, u32, String)>) -> Self {
        self.released = columns.into_iter().map(|(table, id, name)| ((table, id), name)).collect();
        self
    }

    /// Returns true if a column was released under an id.
    pub(crate) fn was_released(&self, table: &str, id: u32, name: &str) -> bool {
        self.released.get(&(table.to_owned(), id)).is_some_and(|n| n == name)
    }

    /// Returns the highest id that a table has released; 0 without one.
    pub(crate) fn last_released(&self, table: &str) -> u32 {
        self.released.keys().filter(|(t, _)| t == table).map(|(_, id)| *id).max().unwrap_or(0)
    }

    /// Returns the definition that is compiled into this crate.
    pub fn embedded() -> Self {
        Self::from_texts("schema", crate::embedded::FILES.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())))
    }

    /// Reads the definition in a folder.
    ///
    /// # Errors
    ///
    /// When the folder or one of its files cannot be read, or it has no `schema.toml`.
    pub fn from_dir(dir: &Path) -> Result<Self, SourceError> {
        let io = |path: &Path| {
            let path = path.to_owned();
            move |error| SourceError::Io { path, error }
        };
        let place = dir.display().to_string();
        if !dir.join(ROOT).is_file() {
            std::fs::read_dir(dir).map_err(io(dir))?;
            return Err(SourceError::NoDefinition { place });
        }
        let mut names: Vec<String> = FILES.iter().filter(|f| dir.join(f).is_file()).map(|f| (*f).to_owned()).collect();
        for folder in FOLDERS.iter().filter(|f| dir.join(f).is_dir()) {
            let path = dir.join(folder);
            for entry in std::fs::read_dir(&path).map_err(io(&path))? {
                let name = entry.map_err(io(&path))?.file_name().to_string_lossy().into_owned();
                if is_toml(&name) {
                    names.push(format!("{folder}/{name}"));
                }
            }
        }
        let mut files = Vec::with_capacity(names.len());
        for name in names {
            let path = dir.join(&name);
            let text = std::fs::read_to_string(&path).map_err(io(&path))?;
            files.push((name, text));
        }
        Ok(Self::from_texts(place.trim_end_matches('/'), files))
    }

    /// Reads the definition in `folder` of a git revision, from the repository around `repo`.
    ///
    /// The objects are read directly; nothing is checked out.
    ///
    /// # Errors
    ///
    /// When git is missing, the revision or the folder does not exist there, or a file is no UTF-8.
    pub fn from_git(repo: &Path, revision: &str, folder: &str) -> Result<Self, SourceError> {
        let folder = folder.trim_start_matches("./").trim_end_matches('/');
        let git = Git { repo, revision };
        let tree = git.tree()?;
        let paths = git.files(&tree, folder)?;
        let mut names = Vec::new();
        for path in &paths {
            let name = if matches!(folder, "" | ".") {
                Some(path.as_str())
            } else {
                path.strip_prefix(folder).and_then(|p| p.strip_prefix('/'))
            };
            names.extend(name.filter(|n| belongs(n)).map(|name| (name.to_owned(), format!("{tree}:{path}"))));
        }
        if !names.iter().any(|(name, _)| name == ROOT) {
            return Err(SourceError::NoDefinition { place: format!("{revision}:{folder}") });
        }
        let texts = git.blobs(names.iter().map(|(_, object)| object.as_str()))?;
        let files = names.into_iter().map(|(name, _)| name).zip(texts);
        Ok(Self::from_texts(format!("{revision}:{folder}"), files))
    }

    /// Returns what the set is called in messages.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Returns the files, by name.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }
}

/// Returns a text as it would be on any system: without a byte order mark, and with line feeds alone at the ends of
/// its lines.
///
/// Git and editors write either; what a definition says must not depend on it.
///
/// ```
/// assert_eq!(unified_event_schema::normal_text("\u{feff}a\r\nb\n".to_owned()), "a\nb\n");
/// ```
pub fn normal_text(text: String) -> String {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if bare.contains("\r\n") {
        bare.replace("\r\n", "\n")
    } else if bare.len() < text.len() {
        bare.to_owned()
    } else {
        text
    }
}

/// Says whether a path below the folder is a file of the definition.
fn belongs(name: &str) -> bool {
    FILES.contains(&name)
        || name
            .split_once('/')
            .is_some_and(|(folder, file)| FOLDERS.contains(&folder) && !file.contains('/') && is_toml(file))
}

fn is_toml(name: &str) -> bool {
    name.ends_with(".toml") && !name.starts_with('.')
}
