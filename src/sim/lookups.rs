//! The life of a user's lookup in a run: it starts, is answered or given up, and is judged.

use super::{Sim, SimError};
use crate::engine::{Event, NodeIdx, OpIdx, RingId, SimTime};
use crate::metrics::{Answer, Claim};
use crate::overlay::Overlay;
use crate::workload::Request;

impl<O: Overlay> Sim<'_, O> {
    /// A user asks.
    pub(super) fn start_lookup(&mut self) -> Result<(), SimError> {
        self.expire_lookups()?;
        if self.deadline.is_some() {
            return Ok(());
        }
        let Request { gap, asks } = self.workload.next(self.members.population());
        self.schedule_after(gap, Event::Request);
        if self.looks_ahead {
            self.look_ahead_to_request();
        }
        let Some((source, key)) = asks else {
            return Ok(());
        };
        let asker = (source, self.overlay.id(source));
        let ticket = self.recorder.lookup_started(self.now, asker, key);
        let mut op = None;
        self.act(source, |overlay, fx| {
            op = Some(overlay.request(key, ticket, fx));
        })?;
        self.recorder
            .lookup_is(ticket, op.unwrap_or(OpIdx(u32::MAX)));
        Ok(())
    }

    /// The answer to a lookup is back, or there will be none.
    pub(super) fn end_lookup(
        &mut self,
        ticket: u64,
        found: Option<(NodeIdx, u32)>,
        timeouts: u32,
    ) -> Result<(), SimError> {
        self.expire_lookups()?;
        let Some((source, key, claim)) = self.recorder.open_lookup(ticket) else {
            return Ok(());
        };
        let Some((node, hops)) = found else {
            let owner = self.members.oracle().owner_id(key);
            return Ok(self.recorder.lookup_ended(ticket, Err(owner), timeouts)?);
        };
        let claim = claim.filter(|claim| claim.node == node);
        // If another branch of the lookup has answered since, judge this one as of now.
        let claim = claim.unwrap_or_else(|| self.judge(node, key));
        let answer = Answer {
            at: self.now,
            claim,
            hops,
            direct_ms: self.round_trip_ms(source, node),
        };
        self.recorder.lookup_ended(ticket, Ok(answer), timeouts)?;
        Ok(())
    }

    fn round_trip_ms(&self, a: NodeIdx, b: NodeIdx) -> f64 {
        let (a, b) = (self.host_of(a), self.host_of(b));
        (self.network.one_way(a, b) + self.network.one_way(b, a)).as_millis_f64()
    }

    /// The claim of a node to own a key, beside who owns it now.
    pub(super) fn judge(&self, node: NodeIdx, key: RingId) -> Claim {
        Claim {
            node,
            id: self.overlay.id(node),
            owner: self.members.oracle().owner_id(key),
        }
    }

    /// Gives up the lookups whose time is over. They started in order and have equal time, so only
    /// the oldest need be looked at, and no timer has to wait for each.
    pub(super) fn expire_lookups(&mut self) -> Result<(), SimError> {
        let (now, patience) = (self.now, self.scenario.overlay.request_timeout);
        self.give_up_lookups(|started| started + patience <= now)
    }

    /// Gives up lookups, the oldest first, as long as they started at a moment that is `too_early`.
    pub(super) fn give_up_lookups(
        &mut self,
        too_early: impl Fn(SimTime) -> bool,
    ) -> Result<(), SimError> {
        while let Some((ticket, key, op, started)) = self.recorder.oldest_open() {
            if !too_early(started) {
                break;
            }
            let timeouts = op.map_or(0, |op| self.overlay.forget(op));
            let owner = self.members.oracle().owner_id(key);
            self.recorder.lookup_ended(ticket, Err(owner), timeouts)?;
        }
        Ok(())
    }
}
