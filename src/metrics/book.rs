//! The book of lookups under way. They start in order of their tickets and end in any order; rows
//! leave it in order again. It holds no more than those that started since the oldest one open.

use std::collections::VecDeque;

use super::records::{LookupRecord, Outcome};
use crate::engine::{NodeIdx, OpIdx, RingId, SimTime, prefetch_all};

/// Who answered a lookup, and who owned the key at that moment.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The node that answered.
    pub node: NodeIdx,
    /// Its identifier.
    pub id: RingId,
    /// The identifier of the owner.
    pub owner: Option<RingId>,
}

/// How a lookup ended.
#[derive(Clone, Copy, Debug)]
pub struct End {
    /// The answer, when it came and what the way was; or, if there was none, the identifier of the key's
    /// owner when that was clear.
    pub answer: Result<Answer, Option<RingId>>,
    /// Messages that were not answered in time.
    pub timeouts: u32,
}

/// An answer that has reached the asking node.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// When it arrived.
    pub at: SimTime,
    /// Who answered.
    pub claim: Claim,
    /// How often the lookup was passed on.
    pub hops: u32,
    /// Round trip on the network between the two nodes, in milliseconds.
    pub direct_ms: f64,
}

/// A lookup from its start to its end.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// When it started.
    pub started: SimTime,
    /// Who asked.
    pub source: NodeIdx,
    /// Its identifier.
    pub source_id: RingId,
    /// For what.
    pub key: RingId,
    /// The overlay's operation.
    pub op: Option<OpIdx>,
    /// Its number among the lookups that count and the row of the timeline; `None` if it does not
    /// count.
    pub counted: Option<(u64, u32)>,
    /// How far it has come.
    pub stage: Stage,
}

/// How far a lookup has come. Many lookups are under way at once, so no room is kept for what one has not
/// come to, or has left behind.
#[derive(Clone, Copy, Debug)]
pub enum Stage {
    /// It is under way; with the last claim to own its key that was sent.
    Open(Option<Claim>),
    /// It is over.
    Over(End),
}

impl Entry {
    fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Open(_))
    }
}

/// All lookups since the oldest one that is open.
#[derive(Default)]
pub struct Book {
    first: u64,
    entries: VecDeque<Entry>,
}

impl Book {
    /// Enters a lookup that starts; gives its ticket.
    pub fn open(&mut self, entry: Entry) -> u64 {
        self.entries.push_back(entry);
        self.first + self.entries.len() as u64 - 1
    }

    /// A lookup that is still open.
    pub fn get_mut(&mut self, ticket: u64) -> Option<&mut Entry> {
        let place = usize::try_from(ticket.checked_sub(self.first)?).ok()?;
        self.entries.get_mut(place).filter(|entry| entry.is_open())
    }

    /// Asks for a lookup.
    pub fn prefetch(&self, ticket: u64) {
        if let Some(entry) = self.entries.get(ticket.wrapping_sub(self.first) as usize) {
            prefetch_all(std::slice::from_ref(entry));
        }
    }

    /// The ticket and entry of the oldest lookup, if it is still open.
    pub fn oldest_open(&self) -> Option<(u64, &Entry)> {
        self.entries
            .front()
            .filter(|entry| entry.is_open())
            .map(|entry| (self.first, entry))
    }

    /// Takes out the oldest lookup, with its end, if it is over.
    pub fn pop_closed(&mut self) -> Option<(Entry, End)> {
        let entry = *self.entries.front()?;
        let Stage::Over(end) = entry.stage else {
            return None;
        };
        self.first += 1;
        self.entries.pop_front();
        Some((entry, end))
    }

    /// Whether no lookup is under way.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The row of a lookup that is over, counted as `number`.
pub fn record(number: u64, entry: &Entry, end: &End, measured_from: SimTime) -> LookupRecord {
    let answer = end.answer.ok();
    let latency_ms = answer.map(|answer| answer.at.since(entry.started).as_millis_f64());
    let direct_ms = answer.map(|answer| answer.direct_ms);
    let hops = answer.map(|answer| answer.hops);
    let outcome = match answer.map(|answer| answer.claim) {
        None => Outcome::Failed,
        Some(claim) if Some(claim.id) == claim.owner => Outcome::Ok,
        Some(_) => Outcome::Wrong,
    };
    let stretch = latency_ms
        .zip(direct_ms.filter(|direct| *direct > 0.0 && hops > Some(0)))
        .map(|(latency, direct)| latency / direct);
    LookupRecord {
        lookup: number,
        time_s: entry.started.seconds_from(measured_from),
        source: entry.source.0,
        source_id: entry.source_id.0,
        key: entry.key.0,
        owner_id: match end.answer {
            Ok(answer) => answer.claim.owner,
            Err(owner) => owner,
        }
        .map(|id| id.0),
        answer_id: answer.map(|answer| answer.claim.id.0),
        outcome,
        hops,
        timeouts: end.timeouts,
        latency_ms,
        direct_ms,
        stretch,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(started: u64) -> Entry {
        Entry {
            started: SimTime(started),
            source: NodeIdx(0),
            source_id: RingId(7),
            key: RingId(9),
            op: None,
            counted: Some((0, 0)),
            stage: Stage::Open(None),
        }
    }

    #[test]
    fn lookups_leave_in_the_order_in_which_they_started() {
        let mut book = Book::default();
        let tickets: Vec<_> = (0..3).map(|started| book.open(entry(started))).collect();
        let end = End {
            answer: Err(None),
            timeouts: 0,
        };
        book.get_mut(tickets[1]).unwrap().stage = Stage::Over(end);
        assert!(book.get_mut(tickets[1]).is_none(), "over");
        assert!(book.pop_closed().is_none(), "the first is still open");
        book.get_mut(tickets[0]).unwrap().stage = Stage::Over(end);
        assert_eq!(book.pop_closed().unwrap().0.started, SimTime(0));
        assert_eq!(book.pop_closed().unwrap().0.started, SimTime(1));
        assert_eq!(book.oldest_open().unwrap().0, tickets[2]);
        assert!(book.get_mut(tickets[0]).is_none());
    }

    #[test]
    fn stretch_is_defined_only_for_lookups_that_went_anywhere() {
        let claim = Claim {
            node: NodeIdx(1),
            id: RingId(12),
            owner: Some(RingId(12)),
        };
        let answer = |hops, direct_ms| {
            let at = SimTime(300_000_000);
            let end = End {
                answer: Ok(Answer {
                    at,
                    claim,
                    hops,
                    direct_ms,
                }),
                timeouts: 0,
            };
            record(0, &entry(0), &end, SimTime::ZERO)
        };
        assert_eq!(answer(2, 100.0).stretch, Some(3.0));
        assert_eq!(answer(0, 100.0).stretch, None);
        assert_eq!(answer(2, 0.0).stretch, None);
        assert_eq!(answer(2, 100.0).outcome, Outcome::Ok);
        let nothing = End {
            answer: Err(Some(RingId(12))),
            timeouts: 3,
        };
        let failed = record(0, &entry(0), &nothing, SimTime::ZERO);
        assert_eq!((failed.outcome, failed.hops), (Outcome::Failed, None));
        assert_eq!(failed.owner_id, Some(12));
    }
}
