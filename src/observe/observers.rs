//! All observers of one run. The recorder is one that every run has; the loop calls it directly. All others (an
//! audit, or one of your own) stand in a list, and a run without any pays one branch.

use std::io;

use super::observer::{Asked, EventOf, Measured, Observer, Parting, Sample, Scene, Sent, hooks};
use super::operations::FinishedOperation;
use super::recorder::Recorder;
use crate::client::{Claim, Finished, OperationState};
use crate::engine::SimTime;
use crate::overlay::Overlay;
use crate::world::{Action, Departure, NodeIdx, RingId};

/// All that watch one run.
pub struct Observers<'a, O: Overlay> {
    /// The one that every run has.
    pub recorder: Recorder<'a>,
    others: Vec<Box<dyn Observer<O> + 'a>>,
}

impl<'a, O: Overlay> Observers<'a, O> {
    /// A recorder and others.
    #[must_use]
    pub fn new(recorder: Recorder<'a>, others: Vec<Box<dyn Observer<O> + 'a>>) -> Self {
        Self { recorder, others }
    }

    /// Whether there is any but the recorder.
    #[inline]
    pub fn are_many(&self) -> bool {
        !self.others.is_empty()
    }

    /// A user's request is over.
    ///
    /// # Errors
    /// When what is made of it cannot be written.
    pub fn finished(&mut self, finished: &Finished) -> io::Result<()> {
        self.recorder.finished(finished)?;
        let mut others = self.others.iter_mut();
        others.try_for_each(|other| other.finished(finished, self.recorder.sink()))
    }

    /// A user's put or get is over.
    ///
    /// # Errors
    /// When what is made of it cannot be written.
    pub fn operated(&mut self, over: &FinishedOperation) -> io::Result<()> {
        self.recorder.operated(over)?;
        let mut others = self.others.iter_mut();
        others.try_for_each(|other| other.operated(over, self.recorder.sink()))
    }

    /// The run is over: gives what others than the recorder have to say in the summary.
    ///
    /// # Errors
    /// When a row cannot be written.
    pub fn done(&mut self, scene: &Scene<'_, O>) -> io::Result<Vec<Measured>> {
        let mut metrics = Vec::new();
        for other in &mut self.others {
            metrics.extend(other.done(scene, self.recorder.sink())?);
        }
        Ok(metrics)
    }
}

macro_rules! tell_all {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*);)*) => {
        impl<O: Overlay> Observers<'_, O> {
            $(
                $(#[$doc])*
                #[inline]
                pub fn $name(&mut self, $($arg: $type),*) {
                    Observer::<O>::$name(&mut self.recorder, $($arg),*);
                    if !self.others.is_empty() {
                        self.others.iter_mut().for_each(|other| other.$name($($arg),*));
                    }
                }
            )*
        }
    };
}

hooks!(tell_all);
