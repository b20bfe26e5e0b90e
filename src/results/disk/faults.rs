//! Faults on purpose, for tests: below a folder the n-th step fails, or is the last one that happens.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What happens at a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fault {
    /// It fails once, with this.
    Fails(io::ErrorKind),
    /// The process is killed: this step happens by half if it writes, and nothing happens afterwards.
    Stops,
}

struct Scheme {
    fault: Fault,
    /// The step at which it happens, counted from 0.
    at: usize,
    taken: Vec<String>,
}

/// By the folder below which it holds. Tests run beside each other, each in a folder of its own.
static SCHEMES: Mutex<BTreeMap<PathBuf, Scheme>> = Mutex::new(BTreeMap::new());

fn schemes() -> MutexGuard<'static, BTreeMap<PathBuf, Scheme>> {
    SCHEMES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Faults below a folder, until it is dropped.
pub(crate) struct Faults {
    below: PathBuf,
}

impl Faults {
    /// Below this folder the step with this number meets this fault.
    pub(crate) fn plan(below: &Path, fault: Fault, at: usize) -> Self {
        let taken = Vec::new();
        schemes().insert(below.to_owned(), Scheme { fault, at, taken });
        Self {
            below: below.to_owned(),
        }
    }

    /// The steps that were taken or tried: what, and on which file.
    pub(crate) fn taken(&self) -> Vec<String> {
        schemes()[&self.below].taken.clone()
    }
}

impl Drop for Faults {
    fn drop(&mut self) {
        schemes().remove(&self.below);
    }
}

/// Takes a step.
pub(crate) fn step(what: &'static str, path: &Path) -> io::Result<()> {
    let mut schemes = schemes();
    let mut schemes = schemes.iter_mut();
    let Some((below, scheme)) = schemes.find(|(below, _)| path.starts_with(below)) else {
        return Ok(());
    };
    let number = scheme.taken.len();
    let name = path.strip_prefix(below).unwrap_or(path);
    scheme.taken.push(format!("{what} {}", name.display()));
    match scheme.fault {
        Fault::Fails(kind) if number == scheme.at => Err(kind.into()),
        Fault::Stops if number >= scheme.at => Err(io::Error::other("the machine has stopped")),
        _ => Ok(()),
    }
}

/// Whether a write that fails now has happened by half.
pub(super) fn is_half_done(path: &Path) -> bool {
    let schemes = schemes();
    let mut schemes = schemes.iter();
    let scheme = schemes.find(|(below, _)| path.starts_with(below));
    scheme.is_some_and(|(_, scheme)| scheme.taken.len() == scheme.at + 1)
}
