//! Signals that whoever started the program wants ignored, as `nohup` does with that of a terminal that closes: a long
//! sweep is to outlive its session.
#![allow(unsafe_code)]

/// Those of the signals that ask a process to end which it was started to ignore.
pub(super) struct Ignored(Vec<i32>);

#[cfg(unix)]
impl Ignored {
    /// As they are now.
    pub(super) fn at_start() -> Self {
        let all = [libc::SIGINT, libc::SIGTERM, libc::SIGHUP];
        Self(
            all.into_iter()
                .filter(|signal| is_ignored(*signal))
                .collect(),
        )
    }

    /// Ignores them again, after handlers were installed for all.
    pub(super) fn restore(&self) {
        for signal in &self.0 {
            // SAFETY: no handler of ours is passed, only the constant that says to ignore the signal.
            unsafe { libc::signal(*signal, libc::SIG_IGN) };
        }
    }
}

/// From here on a standard output or error that may not grow any more (`ulimit -f`) is an error of the write, as a full
/// disk is; the signal that comes with it would end the program, and with it the work.
#[cfg(unix)]
pub(super) fn ignore_file_size_limit() {
    // SAFETY: no handler of ours is passed, only the constant that says to ignore the signal.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// Elsewhere there is no such limit.
#[cfg(not(unix))]
pub(super) fn ignore_file_size_limit() {}

#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: without a new action the call only writes the present one to where it is told to, which is as large as
    // that; all its bits may be zero, as they are if the call fails.
    let action = unsafe {
        libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr());
        action.assume_init()
    };
    action.sa_sigaction == libc::SIG_IGN
}

#[cfg(not(unix))]
impl Ignored {
    /// Elsewhere there is no such custom.
    pub(super) fn at_start() -> Self {
        Self(Vec::new())
    }

    /// Nothing to ignore.
    pub(super) fn restore(&self) {
        debug_assert!(self.0.is_empty());
    }
}
