//! The run of a session, done again from the seed: it goes on to the moment that is asked for, and comes back with what
//! there is then and what has happened on the way.
//!
//! A moment stands before all events that are due at it. So an event of the script that is added for that moment changes
//! nothing that has been seen.

use std::cell::RefCell;
use std::sync::Arc;

use super::account::{Ask, Replay};
use super::breaker::Breaker;
use super::eyes::Eyes;
use super::sight::Sight;
use crate::catalogue::Nowhere;
use crate::network::Assets;
use crate::observe::Observer;
use crate::overlay::LookAhead;
use crate::scenario::RunSpec;
use crate::scenario::resolved::Output;
use crate::sim::{Onlooker, SimError, Watch, simulate, simulate_before};
use crate::world::Space;

/// Why it did not come there.
#[derive(Debug)]
pub(super) enum Halt {
    /// The user has broken it off.
    Interrupted,
    /// It could not be run.
    Failed(SimError),
}

/// Lets an observer see, and keeps what it saw.
struct Viewer(RefCell<Sight>, Space);

impl Onlooker for Viewer {
    fn observers<'a, O: LookAhead + 'a>(&'a self) -> Vec<Box<dyn Observer<O> + 'a>> {
        vec![Box::new(Eyes::new(&self.0, self.1))]
    }
}

/// Runs as far as is asked for.
///
/// # Errors
/// If the user breaks it off, or it cannot be run.
pub(super) fn replay(ask: Ask<'_>, breaker: &Breaker) -> Result<Replay, Halt> {
    let watch = Arc::new(Watch::default());
    let (spec, assets, output) = (ask.spec, ask.assets, ask.output);
    let space = Space::new(spec.scenario.overlay.id_bits);
    let viewer = Viewer(RefCell::new(Sight::new(ask, Arc::clone(&watch))), space);
    let under_way = breaker.breaks(&watch);
    let result = simulate_before(spec, assets, output, &watch, &mut Nowhere, &viewer);
    drop(under_way);
    match result {
        Err(SimError::Cancelled) | Ok(_) => viewer.0.into_inner().seen().ok_or(Halt::Interrupted),
        Err(error) => Err(Halt::Failed(error)),
    }
}

/// The fingerprint of the whole run.
///
/// # Errors
/// If the user breaks it off, or it cannot be run.
pub(super) fn fingerprint(
    spec: &RunSpec,
    assets: &Assets,
    output: &Output,
    breaker: &Breaker,
) -> Result<String, Halt> {
    let watch = Arc::new(Watch::default());
    let under_way = breaker.breaks(&watch);
    let result = simulate(spec, assets, output, &watch, &mut Nowhere);
    drop(under_way);
    match result {
        Ok(summary) => Ok(summary.fingerprint),
        Err(SimError::Cancelled) => Err(Halt::Interrupted),
        Err(error) => Err(Halt::Failed(error)),
    }
}
