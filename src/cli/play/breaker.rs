//! Ctrl-C while a run is under way: the run is broken off, and the session goes on. At the prompt the line editor has the
//! key; without a prompt it ends the program as usual.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use crate::cli::exit::Exit;
use crate::cli::ignored::Ignored;
use crate::sim::Watch;

/// Breaks off the run that is under way.
#[derive(Clone, Default)]
pub(super) struct Breaker(Arc<Mutex<Option<Arc<Watch>>>>);

impl Breaker {
    /// Begins to listen.
    pub(super) fn listen(&self) {
        let (this, ignored) = (self.clone(), Ignored::at_start());
        let _ = ctrlc::set_handler(move || this.heard());
        ignored.restore();
    }

    fn heard(&self) {
        let watch = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*watch {
            // The second time it has not helped.
            Some(watch) if !watch.cancelled() => watch.cancel.store(true, Ordering::Relaxed),
            _ => std::process::exit(Exit::Interrupted as i32),
        }
    }

    /// Until what comes back is dropped, an interruption stops this run.
    pub(super) fn breaks(&self, watch: &Arc<Watch>) -> UnderWay {
        self.set(Some(Arc::clone(watch)));
        UnderWay(self.clone())
    }

    fn set(&self, watch: Option<Arc<Watch>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = watch;
    }
}

/// A run is under way.
pub(super) struct UnderWay(Breaker);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.set(None);
    }
}
