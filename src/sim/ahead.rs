//! Looking ahead. On a large ring a run waits for memory more than it computes, so the memory of future
//! events is asked for before their turn. Nothing here changes what a run does.

use super::Sim;
use crate::overlay::{LookAhead, Outlook};
use crate::world::{Geometry as _, NodeIdx, Packed, RingId};

/// Every this many events, the loop looks at this many events together.
pub(super) const BATCH: usize = 8;

/// The least number of events before its turn at which an event is first looked at. It is looked at twice
/// more, after [`BATCH`] events each.
const FIRST: usize = 3 * BATCH;

/// From this many nodes on, their state does not fit the processor's second cache.
pub(super) const MIN_NODES: u32 = 1 << 15;

/// The events that have to be looked at once more.
#[derive(Default)]
pub(super) struct Ahead {
    second: Vec<Packed>,
    third: Vec<Packed>,
    request: Upcoming,
}

/// How far the memory of the next lookup has been asked for. The lookup is no event of a node, but a node
/// will need its memory.
#[derive(Default)]
enum Upcoming {
    #[default]
    Clear,
    Drawn,
    Asked(NodeIdx, RingId),
}

impl<O: LookAhead> Sim<'_, O> {
    /// Asks for the memory of future events. Each event would wait for the memory of a node that has not
    /// acted for a while; asked for early, many places of memory are on their way at once. Memory that is
    /// found only through other memory is asked for in a second step, and in a third.
    pub(super) fn look_ahead(&mut self) {
        for event in self.ahead.third.drain(..) {
            if let (Some(node), Some(msg)) = (event.node(), event.message()) {
                self.overlay.prefetch_third(node, msg, &self.effects);
            }
        }
        for event in self.ahead.second.drain(..) {
            let Some(node) = event.node() else { continue };
            match self
                .overlay
                .prefetch_second(node, event.message(), &self.effects)
            {
                Outlook::Clear => {}
                Outlook::Further => self.ahead.third.push(event),
                Outlook::Claim(key, ticket) => {
                    O::Geometry::default().prefetch(self.members.directory(), key);
                    self.client.ledger.prefetch(ticket);
                }
                Outlook::Answer(ticket) => self.client.ledger.prefetch(ticket),
            }
        }
        self.look_further_to_request();
        for event in self.queue.ahead(FIRST, BATCH) {
            if let Some(node) = event.node() {
                self.members.prefetch(node);
                self.observers.recorder.prefetch(node);
                if self.overlay.prefetch(node, event.message(), &self.effects) {
                    self.ahead.second.push(*event);
                }
            }
        }
    }

    /// Draws the next lookup before its time, so that its memory can be asked for.
    pub(super) fn look_ahead_to_request(&mut self) {
        self.workload.draw_ahead(self.members.population());
        self.ahead.request = Upcoming::Drawn;
    }

    fn look_further_to_request(&mut self) {
        self.ahead.request = match self.ahead.request {
            Upcoming::Clear => return,
            Upcoming::Drawn => {
                let Some((node, key)) = self.workload.upcoming(self.members.population()) else {
                    return;
                };
                self.observers.recorder.prefetch(node);
                self.overlay.prefetch(node, None, &self.effects);
                Upcoming::Asked(node, key)
            }
            Upcoming::Asked(node, key) => {
                self.overlay.prefetch_request(node, key);
                Upcoming::Clear
            }
        };
    }
}
