//! Where a command finds the definition and the project around it.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use unified_event_schema::{Schema, SourceSet};

use super::Failure;

/// Returns the nearest folder from `start` upwards that holds `schema/schema.toml`.
pub(super) fn project_root(start: &Path) -> Option<PathBuf> {
    start.ancestors().find(|dir| dir.join("schema/schema.toml").is_file()).map(Path::to_owned)
}

/// Returns the folder of the definition around here, as a short path where there is one.
pub(super) fn schema_folder() -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    match project_root(&here) {
        Some(root) if root != here => root.join("schema"),
        _ => PathBuf::from("schema"),
    }
}

/// Loads a definition from a folder, or from `REVISION:FOLDER` of the git repository around here.
pub(super) fn load(place: &str) -> Result<Schema, Failure> {
    let failure = |error| Failure::loading(&error, std::io::stderr().is_terminal());
    let path = Path::new(place);
    if !path.exists()
        && let Some((revision, folder)) = place.split_once(':').filter(|(revision, _)| !revision.is_empty())
    {
        return Schema::load(&SourceSet::from_git(Path::new("."), revision, folder)?).map_err(failure);
    }
    Schema::from_dir(path).map_err(failure)
}
