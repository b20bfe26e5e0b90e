//! `who = "ramp"`: the share of selfish peers grows evenly.

use crate::engine::SimDuration;

/// The share at this moment, counted from the beginning of the measurement, if it is whole after `until`.
pub(super) fn share_at(whole: f64, until: SimDuration, since: SimDuration) -> f64 {
    if since >= until {
        return whole;
    }
    whole * (since.0 as f64 / until.0 as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_grows_evenly_and_no_further_than_to_the_whole() {
        let minutes = |minutes: u64| SimDuration::from_secs(60 * minutes);
        let at = |since| share_at(0.8, minutes(40), minutes(since));
        let shares = [0, 10, 20, 40, 50].map(at).map(f64::to_bits);
        assert_eq!(shares, [0.0, 0.2, 0.4, 0.8, 0.8].map(f64::to_bits));
    }
}
