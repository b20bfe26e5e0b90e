//! Instruction counts of benches, and what two sets of them differ in.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// So many per cent may a count differ from the baseline, in either direction. A count that has
/// fallen by more is no less of a reason to look: the bench may do less than it did, and a baseline
/// that stands too high lets the next rise pass.
pub(super) const TOLERANCE: u64 = 5;

/// Instructions by the name of the bench.
pub(super) type Counts = BTreeMap<String, u64>;

/// How the count of one bench stands to the baseline.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Verdict {
    /// Within the tolerance.
    Same,
    /// Beyond it.
    Changed,
    /// The baseline does not have it.
    New,
    /// It was not counted.
    Gone,
}

/// One bench.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Comparison {
    /// Its name.
    pub bench: String,
    /// Its count in the baseline.
    pub before: Option<u64>,
    /// Its count now.
    pub now: Option<u64>,
    /// What is to be said about it.
    pub verdict: Verdict,
}

impl Comparison {
    /// The change in per cent of the baseline.
    pub(super) fn change(&self) -> Option<f64> {
        let (before, now) = (self.before? as f64, self.now? as f64);
        Some((now - before) / before * 100.0)
    }
}

/// Compares every bench that is in either of the two, in the order of their names.
pub(super) fn compare(before: &Counts, now: &Counts) -> Vec<Comparison> {
    let mut names: Vec<&String> = before.keys().chain(now.keys()).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .map(|name| one(name, before.get(name).copied(), now.get(name).copied()))
        .collect()
}

fn one(name: &str, before: Option<u64>, now: Option<u64>) -> Comparison {
    let verdict = match (before, now) {
        // In whole numbers, so that exactly 5 % is within the tolerance.
        (Some(before), Some(now)) if now.abs_diff(before) * 100 > before * TOLERANCE => {
            Verdict::Changed
        }
        (Some(_), Some(_)) => Verdict::Same,
        (None, _) => Verdict::New,
        (_, None) => Verdict::Gone,
    };
    Comparison {
        bench: name.to_owned(),
        before,
        now,
        verdict,
    }
}

/// A line for every bench: name, both counts, the change, and what is wrong with it.
pub(super) fn table(comparisons: &[Comparison]) -> String {
    let mut text = format!(
        "{:<16} {:>14} {:>14} {:>9}\n",
        "bench", "baseline", "now", "change"
    );
    for comparison in comparisons {
        let count = |count: Option<u64>| count.map_or_else(|| "none".to_owned(), grouped);
        let change = comparison
            .change()
            .map_or_else(String::new, |change| format!("{change:+.2} %"));
        let remark = match comparison.verdict {
            Verdict::Same => "",
            Verdict::Changed => "  changed too much",
            Verdict::New => "  not in the baseline",
            Verdict::Gone => "  was not counted",
        };
        let (before, now) = (count(comparison.before), count(comparison.now));
        writeln!(
            text,
            "{:<16} {before:>14} {now:>14} {change:>9}{remark}",
            comparison.bench
        )
        .expect("memory takes it all");
    }
    text
}

/// The counts in the form of a table of a baseline.
pub(super) fn to_toml(counts: &Counts) -> String {
    let mut text = String::new();
    for (name, count) in counts {
        writeln!(text, "\"{name}\" = {}", grouped(*count)).expect("memory takes it all");
    }
    text
}

/// With an underscore between groups of three digits, as TOML allows and people can read.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).expect("digits are ASCII"))
        .collect();
    groups.join("_")
}
