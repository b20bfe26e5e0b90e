//! Which requests are told message by message: some from each stretch of the run, so that what happens late, or after a
//! fault, is told as well as what happens first.

use std::collections::BTreeMap;

use crate::engine::SimTime;
use crate::observe::observer::Asked;
use crate::scenario::resolved::Scenario;
use crate::world::Action;

/// Into so many stretches of equal length the measurement is cut; each fault begins one more.
const STRETCHES: u64 = 10;
/// The most faults that begin one.
const FAULTS_MAX: usize = 20;
/// The most requests of a kind that are told of a stretch.
const REQUESTS_PER_STRETCH: usize = 24;
/// With more messages of a kind than this a stretch has been told enough of; the first request is told to its end.
const MESSAGES_PER_STRETCH: usize = 300;

/// Lookups, puts and gets have room of their own.
const KINDS: usize = 3;

/// Decides which requests are told.
pub struct Telling {
    /// When the stretches begin, in order.
    begins: Vec<SimTime>,
    kinds: [Kind; KINDS],
    /// The kinds of the requests under way that are told, by ticket.
    open: BTreeMap<u64, usize>,
}

/// What is known of the requests of a kind.
struct Kind {
    /// Messages of the longest one so far, or what is to be expected.
    longest: usize,
    is_guess: bool,
    /// The stretch that is told of.
    stretch: usize,
    begun: usize,
    under_way: usize,
    messages: usize,
}

impl Telling {
    /// For a run of this scenario.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        let from = SimTime::ZERO + scenario.warmup;
        let equal = (0..STRETCHES).map(|i| SimTime(from.0 + scenario.duration.0 / STRETCHES * i));
        let faults = scenario.faults.iter().take(FAULTS_MAX);
        let mut begins: Vec<SimTime> = equal.chain(faults.map(|fault| from + fault.at)).collect();
        begins.sort_unstable();
        begins.dedup();
        // A walk around half of the ring, each step with its acknowledgement.
        let nodes = scenario.overlay.nodes.max(1) as usize;
        Self {
            begins,
            kinds: std::array::from_fn(|_| Kind::guessed(nodes)),
            open: BTreeMap::new(),
        }
    }

    /// A request begins: whether it is told.
    pub(in crate::observe) fn begins(&mut self, asked: &Asked) -> bool {
        if !asked.counts {
            return false;
        }
        let stretch = self.begins.partition_point(|begin| *begin <= asked.at);
        let number = match asked.operation {
            None => 0,
            Some(Action::Put { .. }) => 1,
            Some(Action::Get) => 2,
        };
        let is_told = self.kinds[number].begins(stretch);
        if is_told {
            self.open.insert(asked.ticket, number);
        }
        is_told
    }

    /// A request is over, and had so many messages.
    pub(in crate::observe) fn is_over(&mut self, ticket: u64, messages: usize) {
        if let Some(number) = self.open.remove(&ticket) {
            self.kinds[number].is_over(messages);
        }
    }
}

impl Kind {
    fn guessed(longest: usize) -> Self {
        Self {
            longest,
            is_guess: true,
            stretch: 0,
            begun: 0,
            under_way: 0,
            messages: 0,
        }
    }

    fn begins(&mut self, stretch: usize) -> bool {
        if self.stretch < stretch {
            self.stretch = stretch;
            (self.begun, self.messages) = (0, 0);
        }
        let expected = self.messages + (self.under_way + 1) * self.longest;
        let has_room = self.begun < REQUESTS_PER_STRETCH && expected <= MESSAGES_PER_STRETCH;
        let is_told = self.begun == 0 || has_room;
        self.begun += usize::from(is_told);
        self.under_way += usize::from(is_told);
        is_told
    }

    fn is_over(&mut self, messages: usize) {
        self.under_way -= 1;
        self.messages += messages;
        self.longest = if self.is_guess {
            messages
        } else {
            self.longest.max(messages)
        };
        self.is_guess = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ring of 1000, and lookups of 9 messages: until the first is over, it could be a long one.
    #[test]
    fn the_first_of_a_stretch_is_told_and_others_as_far_as_there_is_room() {
        let mut kind = Kind::guessed(1000);
        assert!(kind.begins(1));
        assert!(!kind.begins(1));
        kind.is_over(9);
        let told = (0..100).filter(|_| kind.begins(1)).count();
        // 9 messages are told already.
        assert_eq!(told, REQUESTS_PER_STRETCH - 1);
        (0..told).for_each(|_| kind.is_over(9));
        assert!(!kind.begins(1));
        assert!(kind.begins(2));
    }

    /// Walks of 1000 messages: one of each stretch.
    #[test]
    fn a_long_one_leaves_no_room_for_others() {
        let mut kind = Kind::guessed(10);
        assert!(kind.begins(1));
        kind.is_over(1000);
        assert!(!kind.begins(1));
        assert!(kind.begins(2));
        assert!(!kind.begins(2));
        kind.is_over(1000);
        assert!(!kind.begins(2));
    }
}
