//! How many peers are up on average over a span of time.

use crate::engine::SimTime;

/// Counts peers over time.
#[derive(Clone, Copy, Debug)]
pub struct Attendance {
    up: u64,
    /// Since when so many are up.
    since: SimTime,
    begun: SimTime,
    /// Nanoseconds times peers.
    area: u128,
    is_over: bool,
}

impl Attendance {
    /// So many are up when the span begins.
    #[must_use]
    pub fn new(begun: SimTime, up: u64) -> Self {
        Self {
            up,
            since: begun,
            begun,
            area: 0,
            is_over: false,
        }
    }

    /// From a moment on so many are up. That is of no account once the span is over.
    pub fn change(&mut self, now: SimTime, up: u64) {
        if !self.is_over {
            self.area += u128::from(self.up) * u128::from(now.0 - self.since.0);
            (self.up, self.since) = (up, now);
        }
    }

    /// The span is over.
    pub fn end(&mut self, now: SimTime) {
        self.change(now, self.up);
        self.is_over = true;
    }

    /// The mean so far; `None` of no time at all.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        let span = self.since.0 - self.begun.0;
        (span > 0).then(|| self.area as f64 / span as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_count_for_as_long_as_they_are_up() {
        let mut attendance = Attendance::new(SimTime(100), 3);
        assert_eq!(attendance.mean(), None);
        attendance.change(SimTime(110), 5);
        attendance.change(SimTime(110), 4);
        attendance.end(SimTime(140));
        attendance.change(SimTime(150), 9);
        // Three for 10, four for 30.
        assert_eq!(attendance.mean(), Some(150.0 / 40.0));
    }
}
