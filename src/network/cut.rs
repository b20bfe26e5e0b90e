//! A cut through the network: for a time nothing passes between the hosts on its two sides.

use crate::engine::SimTime;
use crate::world::HostIdx;

/// Two sides, and when nothing passes between them.
pub(super) struct Cut {
    side: Box<dyn Fn(HostIdx) -> bool + Send>,
    from: SimTime,
    until: SimTime,
}

impl Cut {
    pub(super) fn new(
        side: impl Fn(HostIdx) -> bool + Send + 'static,
        from: SimTime,
        until: SimTime,
    ) -> Self {
        Self {
            side: Box::new(side),
            from,
            until,
        }
    }

    /// Whether it keeps a message that is sent now from arriving.
    pub(super) fn stops(&self, now: SimTime, from: HostIdx, to: HostIdx) -> bool {
        self.from <= now && now < self.until && (self.side)(from) != (self.side)(to)
    }
}
