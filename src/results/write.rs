//! Small files beside the result folders, each complete or not there at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::error::{Context as _, ResultsError};

/// Writes a file, and the folder it is in if need be; what was there before stays until the new one
/// is complete.
///
/// # Errors
/// If the folder cannot be made or written to.
pub fn write_whole(path: &Path, contents: &[u8]) -> Result<(), ResultsError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).context("create", folder)?;
    replace(folder, path, contents).context("write", path)
}

fn replace(folder: &Path, path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    // A temporary file is for its owner only unless told otherwise.
    #[cfg(unix)]
    let builder = builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(contents)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
