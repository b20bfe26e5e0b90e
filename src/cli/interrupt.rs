//! Ctrl-C: the first asks the runs to stop, the second ends the process at once.

use std::sync::{Arc, Mutex, PoisonError};

use super::exit::Exit;
use crate::results::{Board, Stopwatch};

/// Two signals this close together, in seconds, are one: some programs that start others pass an
/// interruption on to a child that has received it already.
const SAME_S: f64 = 0.3;

/// What an interruption stops.
#[derive(Default)]
struct Interruption {
    /// Runs since the first interruption.
    interrupted: Option<Stopwatch>,
    board: Option<Arc<Board>>,
}

/// Listens for Ctrl-C (and for the signals that ask a process to end).
#[derive(Clone, Default)]
pub(super) struct Interrupt(Arc<Mutex<Interruption>>);

impl Interrupt {
    /// Begins to listen. If the system does not allow it, Ctrl-C ends the process at once; what
    /// half-written runs leave behind is removed by the next call.
    pub(super) fn listen() -> Self {
        let this = Self::default();
        let heard = this.clone();
        let _ = ctrlc::set_handler(move || heard.hear());
        this
    }

    fn hear(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &state.interrupted {
            Some(first) if first.seconds() < SAME_S => return,
            Some(_) => std::process::exit(Exit::Interrupted as i32),
            None => state.interrupted = Some(Stopwatch::start()),
        }
        match &state.board {
            Some(board) => board.cancel(),
            // Nothing is under way that could be left half done.
            None => std::process::exit(Exit::Interrupted as i32),
        }
    }

    /// From now on an interruption stops these runs; tells them at once if it came already.
    pub(super) fn stops(&self, board: &Arc<Board>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.board = Some(Arc::clone(board));
        if state.interrupted.is_some() {
            board.cancel();
        }
    }

    /// From now on there are no runs to stop: an interruption ends the process.
    pub(super) fn stops_nothing(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).board = None;
    }
}
