//! A run is simulated until the request that is told is over.

use std::cell::RefCell;
use std::sync::atomic::Ordering;

use super::error::TraceError;
use crate::catalogue::{Nowhere, RecordSink};
use crate::cli::exit::Stop;
use crate::engine::{SimDuration, SimTime};
use crate::network::Assets;
use crate::observe::Asked;
use crate::observe::Observer;
use crate::observe::trace::{Number, Traced, Tracer};
use crate::overlay::LookAhead;
use crate::scenario::RunSpec;
use crate::scenario::resolved::{FingersOf, Output, ScriptEvent, ScriptKind};
use crate::sim::{Onlooker, SimError, Watch, simulate_before};
use crate::world::{Action, RingId};

/// The request that is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Chosen {
    /// The one with this number in the result files.
    Numbered(Number),
    /// One that the script asks for.
    Scripted {
        at: SimTime,
        /// The same, from the end of the warm-up.
        after: SimDuration,
        key: RingId,
        from: RingId,
        kind: Kind,
    },
}

/// What is done with a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Lookup,
    Put,
    Get,
}

impl Chosen {
    /// The request of an event that makes one.
    pub(super) fn scripted(event: &ScriptEvent, warmup: SimDuration) -> Self {
        let (kind, key, from) = match &event.kind {
            ScriptKind::Lookup { key, from } => (Kind::Lookup, key, from),
            ScriptKind::Put { key, from, .. } => (Kind::Put, key, from),
            ScriptKind::Get { key, from } => (Kind::Get, key, from),
            other => unreachable!("{other:?} asks for nothing"),
        };
        Self::Scripted {
            at: SimTime::ZERO + warmup + event.at,
            after: event.at,
            key: RingId(key.place),
            from: RingId(*from),
            kind,
        }
    }

    /// Whether this is it.
    fn is(self, asked: &Asked, number: Option<Number>) -> bool {
        match self {
            Self::Numbered(wanted) => number == Some(wanted),
            Self::Scripted {
                at,
                key,
                from,
                kind,
                ..
            } => {
                let same = match asked.operation {
                    None => Kind::Lookup,
                    Some(Action::Put { .. }) => Kind::Put,
                    Some(Action::Get) => Kind::Get,
                };
                (asked.at, asked.key, asked.source_id, same) == (at, key, from, kind)
            }
        }
    }
}

/// Waits for the request, and stops the run when it is over.
struct Onlook<'a> {
    chosen: Chosen,
    /// Of these nodes it is noted what they know.
    others: &'a [u64],
    traced: RefCell<Option<Traced>>,
    watch: &'a Watch,
}

impl Onlooker for Onlook<'_> {
    fn observers<'a, O: LookAhead + 'a>(&'a self) -> Vec<Box<dyn Observer<O> + 'a>> {
        let mut is_found = false;
        let wanted = move |asked: &Asked, number| {
            let is = !is_found && self.chosen.is(asked, number);
            is_found |= is;
            is
        };
        let take = |traced, _: &mut dyn RecordSink| {
            *self.traced.borrow_mut() = Some(traced);
            self.watch.cancel.store(true, Ordering::Relaxed);
            Ok(())
        };
        let tracer = Tracer::new(wanted, take);
        vec![Box::new(tracer.noting_knowledge(self.others.to_vec()))]
    }
}

/// The request, once it is over; `None` if it is never made.
pub(super) fn at(
    spec: &RunSpec,
    assets: &Assets,
    chosen: Chosen,
    fingers_of: Option<&[u64]>,
) -> Result<Option<Traced>, Stop> {
    let watch = Watch::default();
    let onlook = Onlook {
        chosen,
        others: fingers_of.unwrap_or_default(),
        traced: RefCell::new(None),
        watch: &watch,
    };
    let nothing = Output {
        lookups: 0.0,
        operations: 0.0,
        trace: 0.0,
        nodes: false,
        timeline: false,
        audit: false,
        fingers_of: FingersOf::Asker,
        links: false,
        hops: false,
        replay: false,
    };
    let ended = simulate_before(spec, assets, &nothing, &watch, &mut Nowhere, &onlook);
    let traced = onlook.traced.take();
    match ended {
        // It was stopped as soon as the request was over.
        Ok(_) | Err(SimError::Cancelled) => Ok(traced),
        Err(error) => Err(Stop::failed(TraceError::NotSimulated {
            reason: error.to_string(),
        })),
    }
}
