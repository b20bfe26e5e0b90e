//! The one place where files are opened that a user, or somebody else, has made: regular files only, and what is read
//! whole has a size that is known and bounded before memory is taken for it.
//!
//! A pipe may never come to its end, a device never does, and whoever opens one may wait for ever: so nothing but a file
//! is opened, links to files included. What is refused is an [`io::Error`] that holds a [`Refusal`].

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use super::encoding::{self, EncodingError};
use crate::codes::{self, Code};
use crate::engine::try_reserve;

/// The most bytes of a scenario: a million identifiers fit in. Its tree takes a hundred times as much at worst.
pub const SCENARIO_BYTES_MAX: u64 = 8 << 20;
/// The most bytes of a matrix of latencies: 8000 hosts fill a quarter of it.
pub const MATRIX_BYTES_MAX: u64 = 1 << 30;
/// The most bytes of a graph.
pub const GRAPH_BYTES_MAX: u64 = 512 << 20;
/// The most bytes of a file of keys.
pub const KEYS_BYTES_MAX: u64 = 512 << 20;
/// The most bytes of a trace of churn.
pub const CHURN_BYTES_MAX: u64 = 512 << 20;
/// The most bytes of a table of regions.
pub const REGIONS_BYTES_MAX: u64 = 64 << 20;
/// The most bytes of a manifest: that of 100 000 runs fills a fortieth of it.
pub const MANIFEST_BYTES_MAX: u64 = 1 << 30;

/// So much is read before the rest: enough to see that it is no text.
const BEGINNING: usize = 4096;

/// Why a file that is there is not read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// It is something else.
    #[error("this is {kind}, not a file")]
    NotAFile {
        /// What it is.
        kind: &'static str,
    },
    /// It is larger than such files may be.
    #[error("it has more than {most} bytes ({})", mebibytes(*.most))]
    TooLarge {
        /// As large as one may be.
        most: u64,
    },
    /// There is no memory for it.
    #[error("there is no memory for its {bytes} bytes")]
    NoMemory {
        /// How large it is.
        bytes: u64,
    },
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

impl Refusal {
    /// What an error says of a file, if that is why it is not read.
    #[must_use]
    pub fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }

    /// Which kind of mistake it is.
    #[must_use]
    pub fn code(self) -> Code {
        match self {
            Self::NotAFile { .. } => codes::NOT_A_FILE,
            Self::TooLarge { .. } | Self::NoMemory { .. } => codes::FILE_TOO_LARGE,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::NotAFile { kind: FOLDER } => "name a file; a folder is not read",
            Self::NotAFile { .. } => {
                "only files, and links to files, are read: write what comes from there to a file, and name that"
            }
            Self::TooLarge { .. } => {
                "is it the right file? One of that size is not read: make it smaller"
            }
            Self::NoMemory { .. } => "free memory, or make the file smaller",
        }
    }
}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        let kind = match refusal {
            Refusal::NotAFile { kind: FOLDER } => io::ErrorKind::IsADirectory,
            Refusal::NotAFile { .. } => io::ErrorKind::InvalidInput,
            Refusal::TooLarge { .. } => io::ErrorKind::FileTooLarge,
            Refusal::NoMemory { .. } => io::ErrorKind::OutOfMemory,
        };
        Self::new(kind, refusal)
    }
}

/// Why a file gives no text.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is no text.
    #[error(transparent)]
    Encoding(#[from] EncodingError),
}

impl Unreadable {
    /// Which kind of mistake it is.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Io(error) => code_of(error),
            Self::Encoding(_) => codes::NOT_TEXT,
        }
    }

    /// What to do about it; `None` if the system says why, and no more is known here.
    #[must_use]
    pub fn remedy(&self) -> Option<String> {
        match self {
            Self::Io(error) => Refusal::of(error).map(|refusal| refusal.remedy().to_owned()),
            Self::Encoding(error) => Some(error.remedy()),
        }
    }
}

/// Which kind of mistake it is that a file cannot be read.
#[must_use]
pub fn code_of(error: &io::Error) -> Code {
    let by_system = || match error.kind() {
        io::ErrorKind::NotFound => codes::NO_SUCH_FILE,
        io::ErrorKind::IsADirectory => codes::NOT_A_FILE,
        _ => codes::UNREADABLE,
    };
    Refusal::of(error).map_or_else(by_system, Refusal::code)
}

/// Opens a file to be read. It never waits.
///
/// # Errors
/// What the system says, or a [`Refusal`].
pub fn open(path: &Path) -> io::Result<File> {
    // Before it is opened: to open a device may do something to it.
    check(&std::fs::metadata(path)?)?;
    let mut options = OpenOptions::new();
    let options = options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        options,
        rustix::fs::OFlags::NONBLOCK.bits().cast_signed(),
    );
    let file = options.open(path)?;
    // And once more: it may have been replaced in between.
    check(&file.metadata()?)?;
    Ok(file)
}

/// The contents of a file of at most so many bytes.
///
/// # Errors
/// What the system says, or a [`Refusal`].
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    rest_of(&open(path)?, most, &mut bytes)?;
    Ok(bytes)
}

/// The text of a file of at most so many bytes. What is no text is found out at its beginning, if it shows there.
///
/// # Errors
/// What the system says, a [`Refusal`], or that it is no text.
pub fn text(path: &Path, most: u64) -> Result<String, Unreadable> {
    let file = open(path)?;
    let mut bytes = Vec::new();
    (&file).take(BEGINNING as u64).read_to_end(&mut bytes)?;
    encoding::check_beginning(&bytes)?;
    rest_of(&file, most, &mut bytes)?;
    Ok(encoding::text(bytes)?)
}

/// Reads what is left of a file behind the bytes that are read already. Of some files, such as those below /proc, the
/// system does not know the size: so the size is not trusted, but it says how much memory will be needed.
fn rest_of(file: &File, most: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
    let size = file.metadata()?.len();
    if size > most {
        return Err(Refusal::TooLarge { most }.into());
    }
    let no_memory = |_| Refusal::NoMemory { bytes: size };
    try_reserve(bytes, size as usize).map_err(no_memory)?;
    let left = (most + 1).saturating_sub(bytes.len() as u64);
    file.take(left).read_to_end(bytes)?;
    if bytes.len() as u64 > most {
        return Err(Refusal::TooLarge { most }.into());
    }
    Ok(())
}

const FOLDER: &str = "a folder";

fn check(facts: &Metadata) -> io::Result<()> {
    if facts.is_file() {
        return Ok(());
    }
    let kind = if facts.is_dir() {
        FOLDER
    } else {
        special(facts)
    };
    Err(Refusal::NotAFile { kind }.into())
}

#[cfg(unix)]
fn special(facts: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    let kind = facts.file_type();
    if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special(_facts: &Metadata) -> &'static str {
    "something else"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal<T>(result: io::Result<T>) -> Option<Refusal> {
        Refusal::of(&result.err()?)
    }

    #[test]
    fn a_file_is_read_up_to_its_limit_and_no_further() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("five");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        let too_large = Some(Refusal::TooLarge { most: 4 });
        assert_eq!(refusal(read(&path, 4)), too_large);
        let long = "a = 1 # ä\n".repeat(1000);
        std::fs::write(&path, &long).unwrap();
        assert_eq!(text(&path, long.len() as u64).unwrap(), long);
        assert!(matches!(text(&path, 100), Err(Unreadable::Io(_))));
    }

    /// The system says that it has no bytes.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_of_unknown_size_is_bounded_too() {
        let path = Path::new("/proc/self/status");
        assert!(read(path, 1 << 20).unwrap().len() > 100);
        assert_eq!(
            refusal(read(path, 100)),
            Some(Refusal::TooLarge { most: 100 })
        );
    }

    /// Nothing is taken for a file of sixty-four gigabytes of which nothing is on disk, and nothing for one that begins
    /// like no text.
    #[test]
    fn holes_take_no_memory() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("hole");
        File::create(&path).unwrap().set_len(64 << 30).unwrap();
        let most = MATRIX_BYTES_MAX;
        assert_eq!(refusal(read(&path, most)), Some(Refusal::TooLarge { most }));
        let zeros = text(&path, most).expect_err("zeros are no text");
        assert!(matches!(zeros, Unreadable::Encoding(EncodingError::Utf16)));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_named_and_not_waited_for() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::TempDir::new().unwrap();
        let at = |name: &str| folder.path().join(name);
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        let mode = rustix::fs::Mode::RUSR;
        rustix::fs::mknodat(
            rustix::fs::CWD,
            at("pipe"),
            rustix::fs::FileType::Fifo,
            mode,
            0,
        )
        .unwrap();
        symlink("/dev/zero", at("endless")).unwrap();
        symlink(at("pipe"), at("link")).unwrap();
        for (name, kind) in [
            (".", "a folder"),
            ("pipe", "a pipe"),
            ("link", "a pipe"),
            ("socket", "a socket"),
            ("endless", "a device"),
        ] {
            let refused = refusal(open(&at(name))).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(refused, Refusal::NotAFile { kind });
            assert!(refused.remedy().contains("file"));
        }
        std::fs::write(at("file"), "x").unwrap();
        symlink(at("file"), at("to-file")).unwrap();
        assert_eq!(read(&at("to-file"), 1).unwrap(), b"x");
    }
}
