//! Where data files are looked for that are not beside the scenario that names them: in the folder that the environment
//! variable `CHORDSIM_DATA` names. The one place that knows it.

use std::env;
use std::path::{Path, PathBuf};

use crate::scenario::DataFile;

/// The environment variable.
const VARIABLE: &str = "CHORDSIM_DATA";

/// What a file that is nowhere is told about the places.
pub(super) const PLACES: &str = "put the file there, or name another; a path is taken from the scenario's own folder, and then from the \
                                 folder that the environment variable CHORDSIM_DATA names";

/// Where a file is: beside the scenario, or if it is not there and has no path of its own, in that folder.
pub(super) fn place(file: &DataFile) -> PathBuf {
    if file.path.exists() {
        return file.path.clone();
    }
    let elsewhere = in_folder(&file.written).filter(|path| path.exists());
    elsewhere.unwrap_or_else(|| file.path.clone())
}

/// Where a file of this name would be in that folder, if the variable is set.
pub(super) fn in_folder(written: &Path) -> Option<PathBuf> {
    let folder = env::var_os(VARIABLE).filter(|folder| !folder.is_empty())?;
    written
        .is_relative()
        .then(|| Path::new(&folder).join(written))
}
