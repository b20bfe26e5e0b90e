//! Writes files so that each appears complete or not at all.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::error::PlotError;

/// Writes all files (name and contents) into a folder. All are first written under temporary
/// names in the same folder, so a full disk leaves the pictures that were there as they were.
pub(super) fn all(dir: &Path, files: &[(String, Vec<u8>)]) -> Result<Vec<PathBuf>, PlotError> {
    std::fs::create_dir_all(dir).map_err(|source| failed(dir, source))?;
    let mut ready = Vec::new();
    for (name, contents) in files {
        let path = dir.join(name);
        let file = temporary(dir, contents).map_err(|source| failed(&path, source))?;
        ready.push((path, file));
    }
    let mut paths = Vec::new();
    for (path, file) in ready {
        file.persist(&path).map_err(|e| failed(&path, e.error))?;
        paths.push(path);
    }
    Ok(paths)
}

fn temporary(dir: &Path, contents: &[u8]) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".plot-");
    // A temporary file is for its owner only unless told otherwise; a picture is for whoever may
    // read the folder.
    #[cfg(unix)]
    let builder = builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(dir)?;
    file.write_all(contents)?;
    file.flush()?;
    Ok(file)
}

fn failed(path: &Path, source: io::Error) -> PlotError {
    PlotError::Write {
        path: path.to_owned(),
        source,
    }
}
