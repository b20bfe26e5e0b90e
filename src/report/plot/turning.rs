//! The picture of peers that turn selfish or honest over time: how many are selfish, and which share of the gets finds its
//! value.

use super::against::{percent_from, varies};
use super::figure::{Axis, Figure};
use super::over_time::{OverTime, Shown, extent};
use super::timeline::Interval;
use super::values;
use crate::report::folder::combination::DrawnCombination;

/// None where nobody turns. That peers come and go changes the share, too, and is nothing to see.
pub(super) fn figure(story: &OverTime<'_>) -> Option<Figure> {
    let selfish = story.lines(&selfish, Shown::AtEnd);
    let combinations = &story.folder.combinations;
    if !combinations.iter().any(DrawnCombination::peers_turn) || !varies(&selfish) {
        return None;
    }
    let y = Axis::linear("peers (%)", (0.0, 100.0), 5);
    let mut panels = vec![story.panel("selfish peers", y, selfish, 150.0)];
    let found = story.lines(&values::found, Shown::Counted);
    if let Some((low, _)) = extent(&found) {
        let title = "gets that found their value";
        let y = percent_from(low, "gets (%)");
        panels.push(story.panel(title, y, found, 110.0));
    }
    Some(story.figure("selfish-over-time", "Selfish peers over time", panels))
}

/// In per cent.
fn selfish(interval: &Interval) -> Option<f64> {
    interval.selfish.value().map(|share| share * 100.0)
}
