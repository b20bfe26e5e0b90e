//! `repeat = "until ±5 %"`: of which metric, and between how many repetitions.

use super::measured::measured_metric;
use crate::catalogue::Metric;
use crate::codes;
use crate::scenario::keys::top::{Repeat, TopKeys};
use crate::scenario::plan::Plan;
use crate::scenario::reader::Reader;
use crate::scenario::until::Until;
use crate::scenario::width::Width;

/// The metric where none is named.
const METRIC: Metric = Metric::HopsMean;
/// The least and the most repetitions where they are not given.
const LEAST: u32 = 5;
const MOST: u32 = 100;

/// The keys that belong to such a rule.
const OF_RULE: [&str; 3] = ["repeat_of", "repeat_min", "repeat_max"];

/// A rule whose metric is yet to be looked at.
#[derive(Clone, Debug)]
pub(crate) struct AskedUntil {
    within: Width,
    metric: Option<String>,
    least: u32,
    most: u32,
}

/// How many repetitions are laid out, and the rule that says how many of them are made, if there is one.
pub(super) fn asked(reader: &mut Reader<'_>, top: &TopKeys) -> (u32, Option<AskedUntil>) {
    let within = match top.repeat {
        Repeat::Times(times) => {
            refuse_idle(reader);
            return (times, None);
        }
        Repeat::Until(within) => within,
    };
    let least = top.repeat_min.unwrap_or(LEAST);
    let most = top.repeat_max.unwrap_or(MOST);
    let places = ["repeat_max", "repeat_min"].map(|key| reader.place(key));
    let culprit = reader.culprit(places);
    if let (true, Some(span)) = (most < least, culprit) {
        reader.push(
            codes::WRONG_ORDER,
            span,
            "`repeat_max` is less than `repeat_min`",
            format!("from {least} repetitions up to {most}"),
            "raise `repeat_max`, or lower `repeat_min`: the defaults are 100 and 5",
        );
    }
    let rule = AskedUntil {
        within,
        metric: top.repeat_of.clone(),
        least,
        most,
    };
    (most, Some(rule))
}

/// A number of repetitions leaves nothing to decide. Where the command line has given it, the file need not be changed.
fn refuse_idle(reader: &mut Reader<'_>) {
    let by_option = reader.place("repeat");
    if by_option.is_some_and(|span| reader.is_option(&span)) {
        return;
    }
    let given = OF_RULE.into_iter();
    let mut given = given.filter_map(|key| Some((key, reader.place(key)?)));
    if let Some((key, span)) = given.next() {
        reader.push(
            codes::CONTRADICTION,
            span,
            format!("`{key}` says nothing where `repeat` is a number"),
            "it belongs to repeat = \"until …\"",
            "write repeat = \"until ±5 %\", or remove this key",
        );
    }
}

/// A search has seeds of its own, each of which finds a threshold: their number is not what a rule could find.
pub(crate) fn refuse_with_threshold(reader: &mut Reader<'_>) {
    if let Some(span) = reader.place("repeat") {
        reader.push(
            codes::CONTRADICTION,
            span,
            "[threshold] searches with a given number of seeds",
            "how many there should be is not known beforehand",
            "write a number, such as repeat = 10, or look at one value of the key without [threshold]",
        );
    }
}

impl AskedUntil {
    /// The rule for the runs of a plan that are laid out.
    pub(crate) fn until(&self, reader: &mut Reader<'_>, plan: &Plan) -> Option<Until> {
        let named = self.metric.as_deref().zip(reader.place("repeat_of"));
        let metric = match named {
            Some((name, place)) => measured_metric(reader, name, place, plan)?,
            None => METRIC,
        };
        Some(Until {
            metric,
            within: self.within,
            least: self.least,
            most: self.most,
        })
    }
}
