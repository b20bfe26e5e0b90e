//! The only way of `results`, and of what the commands write, to the file system.
//!
//! It is thin: each function is the one of the standard library with the same name. What it is for: every call is a
//! step that a test can count, let fail, or make the last one that happens (`faults`). So it can be shown for each
//! step what is left when the machine stops there.

#[cfg(test)]
pub(crate) mod faults;

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::inputs::file;

/// Nothing but a step; see the module.
#[cfg(not(test))]
#[expect(clippy::unnecessary_wraps, reason = "in tests a step may fail")]
fn step(_what: &'static str, _path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
use faults::step;

/// [`fs::create_dir`].
pub(crate) fn create_dir(path: &Path) -> io::Result<()> {
    step("create folder", path)?;
    fs::create_dir(path)
}

/// Makes a folder, where many share a place, that only its owner may look into.
pub(crate) fn create_private_dir(path: &Path) -> io::Result<()> {
    step("create folder", path)?;
    #[cfg_attr(not(unix), expect(unused_mut, reason = "there is no mode elsewhere"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// [`fs::create_dir_all`].
pub(crate) fn create_dir_all(path: &Path) -> io::Result<()> {
    step("create folder", path)?;
    fs::create_dir_all(path)
}

/// [`fs::rename`].
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    step("rename", to)?;
    fs::rename(from, to)
}

/// [`fs::remove_file`], but a file that is not there is no error.
pub(crate) fn remove_file(path: &Path) -> io::Result<()> {
    step("remove", path)?;
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// [`fs::remove_dir`]: removes an empty folder.
pub(crate) fn remove_dir(path: &Path) -> io::Result<()> {
    step("remove folder", path)?;
    fs::remove_dir(path)
}

/// [`fs::remove_dir_all`].
#[cfg(not(test))]
pub(crate) fn remove_dir_all(path: &Path) -> io::Result<()> {
    fs::remove_dir_all(path)
}

/// The same, file by file: a test may stop it half-way.
#[cfg(test)]
pub(crate) fn remove_dir_all(path: &Path) -> io::Result<()> {
    for name in names(path)? {
        let path = path.join(name);
        if is_dir(&path) {
            remove_dir_all(&path)?;
        } else {
            remove_file(&path)?;
        }
    }
    remove_dir(path)
}

/// Removes whatever is there, if anything is.
pub(crate) fn remove_any(path: &Path) -> io::Result<()> {
    if is_dir(path) {
        remove_dir_all(path)
    } else {
        remove_file(path)
    }
}

/// [`file::read`].
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    step("read", path)?;
    file::read(path, file::MANIFEST_BYTES_MAX)
}

/// What is in a folder, sorted. A name that is no text is there with `\u{fffd}` in it.
pub(crate) fn names(folder: &Path) -> io::Result<Vec<String>> {
    step("list", folder)?;
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// [`fs::symlink_metadata`]: of a link, not of where it leads.
pub(crate) fn facts(path: &Path) -> io::Result<Metadata> {
    step("look at", path)?;
    fs::symlink_metadata(path)
}

/// Whether it is there and a folder; a link to one is none.
pub(crate) fn is_dir(path: &Path) -> bool {
    facts(path).is_ok_and(|facts| facts.is_dir())
}

/// Whether something is there.
pub(crate) fn exists(path: &Path) -> bool {
    facts(path).is_ok()
}

/// Makes sure that the entries of a folder are on disk: which files there are, and under which names.
#[cfg(unix)]
pub(crate) fn sync_dir(folder: &Path) -> io::Result<()> {
    step("sync", folder)?;
    match sync(&File::open(folder)?) {
        // Some file systems have no such thing.
        Err(error) if is_unsupported(&error) => Ok(()),
        synced => synced,
    }
}

/// In tests the step is what counts; thousands of them need not wait for the disk.
fn sync(file: &File) -> io::Result<()> {
    if cfg!(test) { Ok(()) } else { file.sync_all() }
}

#[cfg(unix)]
fn is_unsupported(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
    )
}

/// Elsewhere a folder cannot be opened; the system looks after it.
#[cfg(not(unix))]
pub(crate) fn sync_dir(folder: &Path) -> io::Result<()> {
    step("sync", folder)
}

/// An open file, written or read from its beginning to its end.
#[derive(Debug)]
pub(crate) struct DiskFile {
    file: File,
    path: PathBuf,
    written: u64,
    /// The most bytes that it may hold.
    limit: u64,
}

impl DiskFile {
    /// [`File::create`].
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        step("create", path)?;
        File::create(path).map(|file| Self::of(file, path))
    }

    /// [`file::open`].
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        step("open", path)?;
        file::open(path).map(|file| Self::of(file, path))
    }

    /// Opens a file that says by its lock that something is in use; makes it if there is none.
    pub(crate) fn open_lock(path: &Path) -> io::Result<Self> {
        step("create", path)?;
        let mut options = OpenOptions::new();
        // What is in it stays: it may be somebody else's.
        let options = options.write(true).create(true).truncate(false);
        options.open(path).map(|file| Self::of(file, path))
    }

    fn of(file: File, path: &Path) -> Self {
        Self {
            file,
            path: path.to_owned(),
            written: 0,
            limit: size_limit(),
        }
    }

    /// [`File::metadata`].
    pub(crate) fn facts(&self) -> io::Result<Metadata> {
        step("look at", &self.path)?;
        self.file.metadata()
    }

    /// [`File::sync_all`].
    pub(crate) fn sync_all(&self) -> io::Result<()> {
        step("sync", &self.path)?;
        sync(&self.file)
    }

    /// [`File::try_lock`].
    pub(crate) fn try_lock(&self) -> Result<(), TryLockError> {
        step("lock", &self.path).map_err(TryLockError::Error)?;
        self.file.try_lock()
    }

    /// [`File::try_lock_shared`].
    pub(crate) fn try_lock_shared(&self) -> Result<(), TryLockError> {
        step("lock", &self.path).map_err(TryLockError::Error)?;
        self.file.try_lock_shared()
    }

    /// [`File::lock`].
    pub(crate) fn lock(&self) -> io::Result<()> {
        step("lock", &self.path)?;
        self.file.lock()
    }
}

impl Write for DiskFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Beyond its limit the system answers with a signal that ends the process. An error can be told.
        if self.written + bytes.len() as u64 > self.limit {
            return Err(too_large());
        }
        #[cfg(test)]
        if let Err(error) = step("write", &self.path) {
            // The machine stops, or the disk is full, in the middle.
            if faults::is_half_done(&self.path) {
                self.file.write_all(&bytes[..bytes.len() / 2])?;
            }
            return Err(error);
        }
        let written = self.file.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Read for DiskFile {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        step("read", &self.path)?;
        self.file.read(into)
    }
}

impl Seek for DiskFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        step("seek", &self.path)?;
        self.file.seek(to)
    }
}

/// How large a file may become (`ulimit -f`).
#[cfg(unix)]
fn size_limit() -> u64 {
    use rustix::process::{Resource, getrlimit};
    getrlimit(Resource::Fsize).current.unwrap_or(u64::MAX)
}

#[cfg(not(unix))]
fn size_limit() -> u64 {
    u64::MAX
}

#[cfg(unix)]
fn too_large() -> io::Error {
    rustix::io::Errno::FBIG.into()
}

#[cfg(not(unix))]
fn too_large() -> io::Error {
    io::ErrorKind::FileTooLarge.into()
}
