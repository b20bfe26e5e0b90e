//! How good the distances are that nodes estimate from coordinates.

use super::Sim;
use crate::engine::{Stream, unit_hash};
use crate::overlay::LookAhead;
use crate::scenario::resolved::Scenario;
use crate::world::NodeIdx;

/// How many pairs of members are looked at.
const PAIRS: u64 = 1000;

impl<O: LookAhead> Sim<'_, O> {
    /// The median, over random pairs of members, of |estimate - round trip| / round trip: the error in which Vivaldi is
    /// evaluated. Pairs without a distance tell nothing. `None` if nodes estimate nothing.
    pub(super) fn estimate_error(&self) -> Option<f64> {
        let members: Vec<NodeIdx> = self.members_that_estimate()?;
        let draw = |pair, which| {
            let share = unit_hash(self.seed, Stream::Protocol, pair, ESTIMATES + which);
            members[(share * members.len() as f64) as usize]
        };
        let errors = (0..PAIRS).filter_map(|pair| {
            let (from, to) = (draw(pair, 0), draw(pair, 1));
            let right = (self.one_way(from, to) + self.one_way(to, from)).as_millis_f64();
            let estimate = self.overlay.estimated_round_trip(from, to)?.as_millis_f64();
            (right > 0.0 && from != to).then(|| (estimate - right).abs() / right)
        });
        let mut errors: Vec<f64> = errors.collect();
        errors.sort_by(f64::total_cmp);
        errors.get(errors.len().checked_sub(1)? / 2).copied()
    }

    fn members_that_estimate(&self) -> Option<Vec<NodeIdx>> {
        let first = self.members.directory().iter().next()?.1;
        self.overlay.estimated_round_trip(first, first)?;
        let all = self.members.directory().iter();
        Some(all.map(|(_, node)| node).collect())
    }
}

/// Draws of the protocol's stream by hash from here on choose pairs to compare.
const ESTIMATES: u64 = 1 << 32;

/// Whether nodes have coordinates in a run.
pub(super) fn are_made(scenario: &Scenario) -> bool {
    scenario.chord.has_coordinates()
}
