//! The two ways out: data to standard output, messages to standard error. Either may be closed, full or a terminal that
//! has gone; no work is lost because of that.
//!
//! A reader that goes away (`| head`) has had enough, which is no failure. A standard output that cannot take what is
//! written, such as a file on a full disk, is told at the end of the work, by [`Exit::Failed`] if nothing worse
//! happened. A message that cannot be written is dropped: there is nobody to tell.

use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use super::exit::Exit;
use crate::codes;
use crate::inputs::harmless::escaped;

/// Whether data has been lost.
static LOST: AtomicBool = AtomicBool::new(false);

/// Writes data to standard output.
pub(super) fn data(text: &str) {
    let written = write_to(&mut io::stdout().lock(), text);
    if let Err(error) = written
        && !LOST.swap(true, Ordering::Relaxed)
    {
        let code = codes::OUTPUT_LOST;
        message(&format!(
            "cannot write to standard output: {error} [{code}]"
        ));
    }
}

/// Writes all of it, unless the reader has gone.
fn write_to(out: &mut impl Write, text: &str) -> io::Result<()> {
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes a line to standard error. Names of files in it, which are not ours, do not steer the terminal.
pub(super) fn message(line: &str) {
    messages(&format!("{line}\n"));
}

/// Writes lines, each with its end, to standard error, as harmless as that.
pub(super) fn messages(lines: &str) {
    coloured(&escaped(lines));
}

/// Writes lines of ours, which may steer the terminal, to standard error.
pub(super) fn coloured(lines: &str) {
    // In one piece: lines of several threads do not mix.
    let _ = io::stderr().lock().write_all(lines.as_bytes());
}

/// How the program ends that would otherwise end like this.
pub(super) fn exit(exit: Exit) -> Exit {
    match exit {
        Exit::Done if LOST.load(Ordering::Relaxed) => Exit::Failed,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A writer that ends like this.
    struct Ends(ErrorKind);

    impl Write for Ends {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_has_gone_is_no_failure_and_a_full_disk_is_one() {
        assert!(write_to(&mut Ends(ErrorKind::BrokenPipe), "x").is_ok());
        assert!(write_to(&mut Ends(ErrorKind::StorageFull), "x").is_err());
        let mut taken = Vec::new();
        assert!(write_to(&mut taken, "x").is_ok() && taken == b"x");
    }
}
