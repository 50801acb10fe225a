//! Where a command finds the definition and the project around it.

use std::path::{Path, PathBuf};

use unified_event_schema::{Schema, SourceSet};

use super::Failure;

/// Returns the nearest folder from `start` upwards that holds `schema/schema.toml`.
fn project_root(start: &Path) -> Option<PathBuf> {
    start.ancestors().find(|dir| dir.join("schema/schema.toml").is_file()).map(Path::to_owned)
}

/// Returns the folder of the definition around here, as a short path where there is one.
///
/// # Errors
///
/// When no folder from here upwards has one.
pub(super) fn schema_folder() -> Result<PathBuf, Failure> {
    let here = std::env::current_dir().unwrap_or_default();
    match project_root(&here) {
        Some(root) if root != here => Ok(root.join("schema")),
        Some(_) => Ok(PathBuf::from("schema")),
        None => Err(Failure::usage(format!(
            "there is no definition in `{}` or above it: no folder holds `schema/schema.toml`\n  \
             help: go to the project, or name the folder of a definition with `--schema DIR`",
            here.display()
        ))),
    }
}

/// Returns the folder of the generated files of the project around here, or below this folder.
pub(super) fn generated_folder() -> PathBuf {
    match schema_folder() {
        Ok(schema) => schema.with_file_name("generated"),
        Err(_) => PathBuf::from("generated"),
    }
}

/// Loads a definition from a folder, or from `REVISION:FOLDER` of the git repository around here.
pub(super) fn load(place: &str) -> Result<Schema, Failure> {
    let failure = |error| Failure::loading(&error);
    let path = Path::new(place);
    if !path.exists()
        && let Some((revision, folder)) = place.split_once(':').filter(|(revision, _)| !revision.is_empty())
    {
        return Schema::load(&SourceSet::from_git(Path::new("."), revision, folder)?).map_err(failure);
    }
    Schema::from_dir(path).map_err(failure)
}
