//! Looking ahead: on a large ring a run waits for memory more than it computes, so the memory of events
//! to come is asked for before their turn. Nothing here changes what a run does.

use super::Sim;
use crate::overlay::{Outlook, Overlay};

/// So many events are looked at together, that often.
pub(super) const TOGETHER: usize = 8;

/// The steps of looking ahead: how many events before its turn one is seen to, at least.
const FIRST: usize = 3 * TOGETHER;
const SECOND: usize = 2 * TOGETHER;
const THIRD: usize = TOGETHER;

/// From so many nodes on their state does not fit the processor's second cache.
pub(super) const LARGE: u32 = 1 << 15;

impl<O: Overlay> Sim<'_, O> {
    /// Asks for the memory of events to come. Each event would wait for it when it comes to a node that
    /// was not seen for a while; asked for in time, much is under way at once. What is found only by way
    /// of something else is asked for in a second step, and in a third.
    pub(super) fn look_ahead(&self) {
        self.queue.prefetch(FIRST + TOGETHER, TOGETHER);
        for event in self.queue.ahead(FIRST, TOGETHER) {
            if let Some(node) = event.node() {
                self.recorder.prefetch(node);
                self.overlay.prefetch(node, event.message());
            }
        }
        for event in self.queue.ahead(SECOND, TOGETHER) {
            let Some(node) = event.node() else { continue };
            match self.overlay.prefetch_second(node, event.message()) {
                Some(Outlook::Owner(key)) => self.members.oracle().prefetch(key),
                Some(Outlook::Lookup(ticket)) => self.recorder.prefetch_lookup(ticket),
                None => {}
            }
        }
        for event in self.queue.ahead(THIRD, TOGETHER) {
            if let (Some(node), Some(msg)) = (event.node(), event.message())
                && let Some(Outlook::Owner(key)) = self.overlay.prefetch_third(node, msg)
            {
                self.members.oracle().prefetch_second(key);
            }
        }
    }
}
