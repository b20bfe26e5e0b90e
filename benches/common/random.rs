//! Random numbers and delays that cost next to nothing, so that a bench measures what it is about.

/// `SplitMix64` (Steele, Lea and Flood, OOPSLA 2014): a few instructions and one word of state.
#[derive(Clone)]
pub(crate) struct Random(pub u64);

impl Random {
    /// The next number, uniform over all 64-bit numbers.
    pub(crate) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, uniform but for a bias of at most `bound` in 2^64.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.draw()) * u128::from(bound)) >> 64) as u64
    }
}

/// Nanoseconds in a millisecond.
const MS: u64 = 1_000_000;

/// How long after it is scheduled an event is due.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Delays {
    /// Uniform from 0 to 100 ms: messages alone.
    Short,
    /// Nine tenths as above, the others uniform from 20 to 120 s: messages and timers, as in a run
    /// of Chord.
    Mixed,
}

impl Delays {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Short, Self::Mixed];

    /// As a bench is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Mixed => "mixed",
        }
    }

    /// No delay is longer, in nanoseconds.
    fn longest(self) -> u64 {
        match self {
            Self::Short => 100 * MS,
            Self::Mixed => 120_000 * MS,
        }
    }

    /// The delay of an event that is scheduled now, in nanoseconds.
    pub(crate) fn draw(self, random: &mut Random) -> u64 {
        match self {
            Self::Mixed if random.below(10) == 0 => 20_000 * MS + random.below(100_000 * MS),
            _ => random.below(100 * MS),
        }
    }

    /// What is left of the delay of an event that was scheduled long ago and still waits.
    ///
    /// Long delays are met waiting more often than they are drawn, in proportion to their length. A
    /// queue that is filled with such remainders is in its steady state from the start.
    pub(crate) fn remainder(self, random: &mut Random) -> u64 {
        loop {
            let delay = self.draw(random);
            if random.below(self.longest()) < delay {
                return random.below(delay);
            }
        }
    }
}
