//! Ctrl-C: the first asks the runs to stop, the second ends the process at once. So does the first, if a run is where
//! it does not ask whether to go on, such as in setting up ten million nodes: what is on the disk is sound at any moment.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::exit::Exit;
use super::ignored::Ignored;
use super::output;
use crate::results::{Board, RunState, Stopwatch};

/// Two signals this close together, in seconds, are one: some programs that start others pass an
/// interruption on to a child that has received it already.
const SAME_S: f64 = 0.3;
/// So long runs have to stop, in seconds, before the process ends with them.
const PATIENCE_S: f64 = 0.7;
/// How often it is asked whether they have.
const ASK_EVERY: Duration = Duration::from_millis(20);

/// What is done and said before the process ends with runs under way; it is given the number of finished runs.
type Farewell = Box<dyn Fn(usize) + Send>;

/// What an interruption stops.
#[derive(Default)]
struct Interruption {
    /// Runs since the first interruption.
    interrupted: Option<Stopwatch>,
    board: Option<(Arc<Board>, Farewell)>,
}

/// Listens for Ctrl-C (and for the signals that ask a process to end).
#[derive(Clone, Default)]
pub(super) struct Interrupt(Arc<Mutex<Interruption>>);

impl Interrupt {
    /// Begins to listen. If the system does not allow it, Ctrl-C ends the process at once; what
    /// half-written runs leave behind is removed by the next call. Signals that the process was started to ignore
    /// stay ignored.
    pub(super) fn listen() -> Self {
        let this = Self::default();
        // Without a thread to hear of it a signal would be lost.
        let Ok(probe) = thread::Builder::new().spawn(|| {}) else {
            return this;
        };
        let _ = probe.join();
        let (heard, ignored) = (this.clone(), Ignored::at_start());
        let _ = ctrlc::set_handler(move || heard.hear());
        ignored.restore();
        this
    }

    fn hear(&self) {
        let mut state = self.state();
        match &state.interrupted {
            Some(first) if first.seconds() < SAME_S => return,
            Some(_) => std::process::exit(Exit::Interrupted as i32),
            None => state.interrupted = Some(Stopwatch::start()),
        }
        match &state.board {
            Some((board, _)) => board.cancel(),
            // Nothing is under way that could be left half done.
            None => std::process::exit(Exit::Interrupted as i32),
        }
        drop(state);
        self.end_with_those_that_do_not_stop();
    }

    /// Waits for a moment; then ends the process if a run is still under way.
    fn end_with_those_that_do_not_stop(&self) {
        let patience = Stopwatch::start();
        loop {
            thread::sleep(ASK_EVERY);
            let state = self.state();
            let Some((board, farewell)) = &state.board else {
                return;
            };
            let count = |wanted| board.seats().iter().filter(|s| s.state() == wanted).count();
            if count(RunState::Active) == 0 {
                return;
            }
            if patience.seconds() > PATIENCE_S {
                farewell(count(RunState::Done));
                std::process::exit(Exit::Interrupted as i32);
            }
        }
    }

    /// From now on an interruption stops these runs; tells them at once if it came already. `farewell` is for the case
    /// that one of them does not.
    pub(super) fn stops(&self, board: &Arc<Board>, farewell: impl Fn(usize) + Send + 'static) {
        let mut state = self.state();
        state.board = Some((Arc::clone(board), Box::new(farewell)));
        if state.interrupted.is_some() {
            board.cancel();
        }
    }

    /// From now on there are no runs to stop: an interruption ends the process.
    pub(super) fn stops_nothing(&self) {
        self.state().board = None;
    }

    fn state(&self) -> MutexGuard<'_, Interruption> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where runs are kept that were finished before an interruption.
#[derive(Clone)]
pub(super) struct HowToGoOn {
    /// Of which scenario.
    pub name: String,
    /// How many there are to be, such as `10` or `at most 50`.
    pub runs: String,
    /// Where, as it is shown.
    pub folder: String,
}

impl HowToGoOn {
    /// Says how to go on.
    pub(super) fn tell(&self, finished: usize) {
        let Self { name, runs, folder } = self;
        output::message(&match finished {
            0 => format!("{name}: interrupted before any of {runs} runs was finished"),
            _ => format!(
                "{name}: interrupted; {finished} of {runs} runs are finished and kept in {folder}; the \
                 same command goes on from there"
            ),
        });
    }
}
