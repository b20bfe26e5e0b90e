//! How long nothing has happened that could put a copy elsewhere than it belongs, and what has happened to the ring since
//! all was where it belongs.

use crate::engine::{SimDuration, SimTime};
use crate::observe::audit::Excuse;

/// What keeps copies from being where they belong, for a while or for longer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Disturbance {
    /// A node has become a member, or has said goodbye and gone.
    Gentle,
    /// A member has gone without a word, or has lost the ring.
    Failure,
    /// A node knows others than before.
    Tables,
    /// A live node was taken for dead: whoever did may act for a moment as if it were alone.
    Suspicion,
    /// A message was lost or refused, or comes late.
    Mishap,
}

/// How far a ring that nothing disturbs has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Stage {
    /// Messages from before may still be under way.
    Unsettled,
    /// None is, and nobody looked whether the ring is in order.
    Settled,
    /// Somebody did.
    Looked,
    /// Repair has had the time it takes, and nobody looked.
    Mended,
    /// Somebody did.
    Done,
}

/// What is remembered of disturbances.
pub(super) struct Calm {
    /// After so long no message from before is under way.
    settle: SimDuration,
    /// Whether keys move when nodes come and go.
    handover: bool,
    /// When the membership last changed, or what a node takes for it; `None` if that never did.
    changed_at: Option<SimTime>,
    /// When the last disturbance was, or is over.
    disturbed_at: SimTime,
    stage: Stage,
    /// Whether the ring was in order when somebody looked, and nothing has disturbed it since.
    pub is_in_order: bool,
    /// Why keys need not be at their owners before repair has been there; `None` if they must.
    pub spoilt: Option<Excuse>,
}

impl Calm {
    /// A ring with nobody on it.
    pub(super) fn new(settle: SimDuration, handover: bool) -> Self {
        Self {
            settle,
            handover,
            changed_at: None,
            disturbed_at: SimTime::ZERO,
            stage: Stage::Unsettled,
            is_in_order: true,
            spoilt: None,
        }
    }

    /// Something happens that is over at a given time.
    pub(super) fn disturb(&mut self, what: Disturbance, now: SimTime, over: SimTime) {
        let spoils = match what {
            Disturbance::Failure => Some(Excuse::Failure),
            Disturbance::Gentle if !self.is_in_order => Some(Excuse::UnderWay),
            Disturbance::Gentle if !self.handover => Some(Excuse::NotAtRest),
            Disturbance::Mishap | Disturbance::Suspicion if !self.is_in_order => {
                Some(Excuse::Suspicion)
            }
            _ => None,
        };
        self.spoilt = self.spoilt.or(spoils);
        if what != Disturbance::Mishap {
            self.changed_at = Some(now);
        }
        self.disturbed_at = self.disturbed_at.max(over);
        self.stage = Stage::Unsettled;
        self.is_in_order = false;
    }

    /// How far the ring has come now, if repair takes so long; `None` if there is none.
    pub(super) fn stage(&mut self, now: SimTime, mend: Option<SimDuration>) -> Stage {
        let quiet = |span: SimDuration| now > self.disturbed_at + span;
        if self.stage == Stage::Unsettled && quiet(self.settle) {
            self.stage = Stage::Settled;
        }
        if self.stage == Stage::Looked && mend.is_some_and(quiet) {
            self.stage = Stage::Mended;
        }
        self.stage
    }

    /// Somebody has looked, and found the ring in order or not.
    pub(super) fn looked(&mut self, is_in_order: bool) {
        self.is_in_order = is_in_order;
        self.stage = match self.stage {
            Stage::Mended | Stage::Done => Stage::Done,
            _ => Stage::Looked,
        };
    }

    /// Whether nobody has come, gone, learnt of others or taken them for dead since then.
    pub(super) fn is_unchanged_since(&self, then: SimTime) -> bool {
        self.changed_at.is_none_or(|at| at < then)
    }

    /// Whether repair has had the time it takes.
    pub(super) fn is_mended(&self) -> bool {
        self.stage >= Stage::Mended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SimTime {
        SimTime(seconds * 1_000_000_000)
    }

    fn calm() -> Calm {
        Calm::new(SimDuration::from_secs(2), true)
    }

    fn disturb(calm: &mut Calm, what: Disturbance, now: u64) {
        calm.disturb(what, at(now), at(now));
    }

    #[test]
    fn a_departure_at_a_time_spoils_nothing_and_two_at_once_do() {
        let mut calm = calm();
        disturb(&mut calm, Disturbance::Gentle, 10);
        disturb(&mut calm, Disturbance::Tables, 11);
        assert_eq!(calm.stage(at(13), None), Stage::Unsettled);
        assert_eq!(calm.stage(at(14), None), Stage::Settled);
        calm.looked(true);
        disturb(&mut calm, Disturbance::Gentle, 20);
        assert_eq!(calm.spoilt, None);
        disturb(&mut calm, Disturbance::Gentle, 30);
        assert_eq!(calm.spoilt, Some(Excuse::UnderWay), "nobody has looked");
    }

    #[test]
    fn a_failure_spoils_whatever_was_before() {
        let mut calm = calm();
        disturb(&mut calm, Disturbance::Mishap, 1);
        assert_eq!(calm.spoilt, None, "nothing was under way");
        disturb(&mut calm, Disturbance::Failure, 10);
        assert_eq!(calm.spoilt, Some(Excuse::Failure));
    }

    #[test]
    fn repair_begins_to_count_when_the_ring_was_looked_at() {
        let (mut calm, mend) = (calm(), Some(SimDuration::from_secs(30)));
        disturb(&mut calm, Disturbance::Failure, 10);
        assert_eq!(calm.stage(at(41), mend), Stage::Settled);
        calm.looked(true);
        assert_eq!(calm.stage(at(41), mend), Stage::Mended);
        calm.looked(true);
        assert_eq!(calm.stage(at(50), mend), Stage::Done);
        calm.disturb(Disturbance::Mishap, at(51), at(60));
        assert_eq!(calm.stage(at(61), mend), Stage::Unsettled);
        assert!(calm.is_unchanged_since(at(11)) && !calm.is_unchanged_since(at(10)));
    }
}
