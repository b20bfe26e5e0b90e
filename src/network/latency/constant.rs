//! The same latency between any two hosts. Good for checking results by hand.

use super::model::Latency;
use crate::engine::SimDuration;
use crate::world::HostIdx;

pub(super) struct Constant {
    latency: SimDuration,
}

impl Constant {
    pub(super) fn new(latency: SimDuration) -> Self {
        Self { latency }
    }
}

impl Latency for Constant {
    fn hosts(&self) -> Option<u32> {
        None
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        if from == to {
            SimDuration::ZERO
        } else {
            self.latency
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_way_to_oneself_differs() {
        let model = Constant::new(SimDuration::from_millis(50));
        let way = |from, to| model.one_way(HostIdx(from), HostIdx(to));
        assert_eq!(way(3, 4), SimDuration::from_millis(50));
        assert_eq!(way(4, 3), way(3, 4));
        assert_eq!(way(4, 4), SimDuration::ZERO);
    }
}
