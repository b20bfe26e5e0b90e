//! The picture of what becomes of stored values over time: how many are still there (durability), which share of the gets
//! finds its value (availability), and how many have fewer copies than they should.

use super::against::percent_from;
use super::figure::{Axis, Figure};
use super::over_time::{OverTime, Shown, extent};
use super::timeline::Interval;

/// None where nothing is stored, or nothing happens to what is.
pub(super) fn figure(story: &OverTime<'_>) -> Option<Figure> {
    let alive = story.lines(&alive, Shown::AtEnd);
    let mut few = story.lines(&with_few_copies, Shown::AtEnd);
    // A single copy is never too few.
    few.retain(|series| series.points.iter().any(|point| point.y > 0.0));
    let is_lost = extent(&alive).is_some_and(|(low, _)| low < 100.0);
    if !is_lost && few.is_empty() {
        return None;
    }
    let found = story.lines(&found, Shown::Counted);
    let theory = &story.folder.expectations;
    let expected = story.theory(|combination, second| theory.alive_per_cent(combination, second));
    let alive = [alive, expected].concat();
    let y = percent_from(extent(&alive)?.0, "values (%)");
    let title = "durability: values with a live copy";
    let mut panels = vec![story.panel(title, y, alive, 150.0)];
    if let Some((low, _)) = extent(&found) {
        let title = "availability: gets that found their value";
        let y = percent_from(low, "gets (%)");
        panels.push(story.panel(title, y, found, 110.0));
    }
    if let Some((_, high)) = extent(&few) {
        let title = "values alive with fewer copies than wanted";
        let y = Axis::linear("values (%)", (0.0, high.min(100.0)), 4);
        panels.push(story.panel(title, y, few, 80.0));
    }
    if story.churned() {
        panels.push(story.churn());
    }
    Some(story.figure("values-over-time", "Values over time", panels))
}

/// Of all values that were stored, those that are there, in per cent.
fn alive(interval: &Interval) -> Option<f64> {
    let (alive, lost) = (
        interval.values.alive.value()?,
        interval.values.lost.value()?,
    );
    (alive + lost > 0.0).then(|| alive * 100.0 / (alive + lost))
}

/// Of those that are there, in per cent.
fn with_few_copies(interval: &Interval) -> Option<f64> {
    let alive = interval.values.alive.value()?;
    let few = interval.values.under_replicated.value()?;
    (alive > 0.0).then(|| few * 100.0 / alive)
}

/// Of the gets that began in an interval, those that found their value, in per cent.
pub(super) fn found(interval: &Interval) -> Option<f64> {
    (interval.gets > 0).then(|| interval.found as f64 * 100.0 / interval.gets as f64)
}
