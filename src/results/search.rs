//! In search of a threshold: which runs of a plan are to be made next, and what came of it.
//!
//! Each seed of each combination is bisected for itself ([`bisection`](super::bisection)). In one round all of them say
//! what they try next, and those runs go on side by side; so a plan that is known step by step takes few rounds.

use std::collections::BTreeMap;

use super::bisection::{self, Ending, Found, Step};
use super::chooser::{Chooser, Outcome};
use super::csv::{Estimate, estimate};
use super::measured::MeasuredRuns;
use crate::catalogue::{Metric, to_15_digits};
use crate::scenario::{Plan, Threshold};

/// A search for the threshold of every combination of a plan.
pub(super) struct Search<'a> {
    threshold: &'a Threshold,
    repeat: usize,
    always: Vec<usize>,
    /// What each seed of each combination of the other swept keys has found, in their order.
    seeds: Vec<BTreeMap<usize, Found>>,
}

impl<'a> Search<'a> {
    /// One that has made no run yet; `None` if the plan looks for nothing.
    pub(super) fn of(plan: &'a Plan) -> Option<Self> {
        let threshold = plan.threshold.as_ref()?;
        let seeds = plan.runs.len() / threshold.values.len();
        Some(Self {
            threshold,
            repeat: plan.repeat as usize,
            always: threshold.always_tried(),
            seeds: vec![BTreeMap::new(); seeds],
        })
    }

    /// The place in the plan of the run of a seed with a value: the values vary faster than what else is swept, the
    /// repetitions fastest.
    fn run(&self, seed: usize, place: usize) -> usize {
        let (combination, repetition) = (seed / self.repeat, seed % self.repeat);
        (combination * self.threshold.values.len() + place) * self.repeat + repetition
    }

    fn place(&self, run: usize) -> (usize, usize) {
        let (rest, repetition) = (run / self.repeat, run % self.repeat);
        let values = self.threshold.values.len();
        (rest / values * self.repeat + repetition, rest % values)
    }
}

impl Chooser for Search<'_> {
    fn metric(&self) -> Metric {
        self.threshold.metric
    }

    fn next(&self) -> Vec<usize> {
        let mut runs = Vec::new();
        for (seed, found) in self.seeds.iter().enumerate() {
            if let Step::Try(places) = bisection::next(&self.always, found) {
                runs.extend(places.into_iter().map(|place| self.run(seed, place)));
            }
        }
        runs.sort_unstable();
        runs
    }

    fn learn(&mut self, run: usize, outcome: Outcome) {
        let (seed, place) = self.place(run);
        let found = match outcome {
            Outcome::Measured(value) if self.threshold.is_past(value) => Found::Past,
            Outcome::Measured(_) => Found::Before,
            Outcome::Failed => Found::Failed,
        };
        self.seeds[seed].insert(place, found);
    }
}

/// The thresholds of all combinations.
#[derive(Clone, PartialEq, Debug)]
pub struct Thresholds<'a> {
    /// What was looked for.
    pub threshold: &'a Threshold,
    /// Of each combination of what else is swept, in their order.
    pub combinations: Vec<CombinedThreshold>,
}

/// The threshold of one combination of what else is swept.
#[derive(Clone, PartialEq, Debug)]
pub struct CombinedThreshold {
    /// The swept values but the one that was searched.
    pub swept: Vec<String>,
    /// The first of its combinations in the plan.
    pub combination: u32,
    /// Whether there is one.
    pub status: Status,
    /// Of each seed that has one, in their order: the middle between the neighbours where it lies.
    pub values: Vec<f64>,
    /// Seeds for which the metric does not pass the level anywhere.
    pub never: usize,
    /// Seeds for which it has passed it at the first value.
    pub already: usize,
    /// Seeds of which a run failed.
    pub failed: usize,
    /// How often the metric passes the level, in either direction, among the runs of the seed for which it does so most
    /// often. More than once: there are other thresholds than the one that was found.
    pub crossings: usize,
    /// What was measured, at each value that was tried.
    pub curve: Vec<CurvePoint>,
}

/// What was measured at a value that was tried.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct CurvePoint {
    /// The value.
    pub value: f64,
    /// The metric in the mean over the seeds that tried it; `None` if none has one.
    pub mean: Option<f64>,
    /// How many seeds those are.
    pub runs: usize,
}

/// Whether a combination has a threshold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// Every seed has one.
    Found,
    /// No seed has: the metric nowhere passes the level.
    Never,
    /// No seed has: it has passed it at the first value.
    Already,
    /// Some seeds have and others have not: a mean over those that have would lie.
    Mixed,
    /// Runs failed that were to tell.
    Failed,
}

impl Status {
    /// In one word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Never => "never",
            Self::Already => "already",
            Self::Mixed => "mixed",
            Self::Failed => "failed",
        }
    }
}

impl CombinedThreshold {
    /// The mean over the seeds with its confidence interval, if every seed has a threshold.
    #[must_use]
    pub fn estimate(&self) -> Estimate {
        match self.status {
            Status::Found => estimate(&self.values),
            _ => estimate(&[]),
        }
    }

    /// How many seeds were searched.
    #[must_use]
    pub fn seeds(&self) -> usize {
        self.values.len() + self.never + self.already + self.failed
    }

    /// How many runs that took.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.curve.iter().map(|point| point.runs).sum()
    }
}

impl<'a> Thresholds<'a> {
    /// From what the runs of a plan measured; `None` if it looks for nothing.
    #[must_use]
    pub fn of(plan: &'a Plan, measured: &MeasuredRuns) -> Option<Self> {
        let mut search = Search::of(plan)?;
        let threshold = search.threshold;
        for run in &measured.runs {
            let value = run.get(threshold.metric);
            search.learn(run.spec.run as usize, Outcome::Measured(value));
        }
        let seeds = search.seeds.chunks(search.repeat).enumerate();
        let combinations = seeds.map(|(at, seeds)| {
            let combination = (at * threshold.values.len()) as u32;
            let swept = plan.first_of(combination).map(|run| &run.swept[..]);
            CombinedThreshold {
                swept: swept
                    .and_then(<[String]>::split_last)
                    .map_or_else(Vec::new, |(_, rest)| rest.to_vec()),
                combination,
                curve: curve(threshold, combination, measured),
                ..search.of_seeds(seeds)
            }
        });
        Some(Self {
            threshold,
            combinations: combinations.collect(),
        })
    }

    /// Of the combination that begins with this one in the plan.
    #[must_use]
    pub fn of_combination(&self, combination: u32) -> Option<&CombinedThreshold> {
        let mut all = self.combinations.iter();
        all.find(|one| one.combination == combination)
    }
}

impl Search<'_> {
    fn of_seeds(&self, seeds: &[BTreeMap<usize, Found>]) -> CombinedThreshold {
        let mut all = CombinedThreshold {
            swept: Vec::new(),
            combination: 0,
            status: Status::Failed,
            values: Vec::new(),
            never: 0,
            already: 0,
            failed: 0,
            crossings: 0,
            curve: Vec::new(),
        };
        for found in seeds {
            match bisection::next(&self.always, found) {
                Step::Over(Ending::Between(before, past)) => {
                    let ends = [before, past].map(|place| self.threshold.values[place]);
                    all.values
                        .push(to_15_digits(f64::midpoint(ends[0], ends[1])));
                }
                Step::Over(Ending::Never) => all.never += 1,
                Step::Over(Ending::Already) => all.already += 1,
                // A run that is not there has failed.
                Step::Over(Ending::Failed) | Step::Try(_) => all.failed += 1,
            }
            all.crossings = all.crossings.max(bisection::crossings(found));
        }
        all.status = match (all.values.len(), all.never, all.already) {
            _ if all.failed > 0 => Status::Failed,
            (_, 0, 0) => Status::Found,
            (0, _, 0) => Status::Never,
            (0, 0, _) => Status::Already,
            _ => Status::Mixed,
        };
        all
    }
}

fn curve(threshold: &Threshold, first: u32, measured: &MeasuredRuns) -> Vec<CurvePoint> {
    let values = (first..).zip(&threshold.values);
    let point = |(combination, value): (u32, &f64)| {
        let runs: Vec<_> = measured.of_combination(combination).collect();
        let known: Vec<f64> = runs
            .iter()
            .filter_map(|run| run.get(threshold.metric))
            .collect();
        (!runs.is_empty()).then(|| CurvePoint {
            value: *value,
            mean: estimate(&known).mean,
            runs: runs.len(),
        })
    };
    values.filter_map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::RunSummary;
    use crate::results::chooser::replay;
    use crate::results::measured::MeasuredRun;
    use crate::results::testing;

    /// Three combinations with two seeds each, along 0, 0.1 … 1. What is measured falls by one from one value to the next
    /// and passes the level where `from` says, in steps.
    fn searched(from: [[usize; 2]; 3]) -> (Plan, Vec<usize>) {
        let plan = testing::searched_plan(3, 2);
        let outcome = |run: usize| {
            let (combination, value, seed) = (run / 22, run / 2 % 11, run % 2);
            let level = plan.threshold.as_ref().unwrap().level;
            let past = from[combination][seed] as f64 - value as f64 - 0.5;
            Some(Outcome::Measured(Some(level + past)))
        };
        let made = replay(&mut Search::of(&plan).unwrap(), outcome).unwrap();
        (plan, made.into_iter().collect())
    }

    fn measured<'a>(plan: &'a Plan, made: &[usize], from: [[usize; 2]; 3]) -> MeasuredRuns<'a> {
        let level = plan.threshold.as_ref().unwrap().level;
        let run = |run: &usize| {
            let (combination, value, seed) = (run / 22, run / 2 % 11, run % 2);
            let past = from[combination][seed] as f64 - value as f64 - 0.5;
            let mut summary = RunSummary::default();
            summary.set(Metric::SuccessRate, Some(level + past));
            MeasuredRun {
                spec: &plan.runs[*run],
                summary,
                audit: None,
            }
        };
        MeasuredRuns {
            swept: &plan.swept,
            runs: made.iter().map(run).collect(),
        }
    }

    /// Past the level from the k-th value on: the threshold lies half a step before it.
    #[test]
    fn each_seed_of_each_combination_is_bisected_for_itself() {
        let from = [[4, 6], [11, 11], [0, 0]];
        let (plan, made) = searched(from);
        let thresholds = Thresholds::of(&plan, &measured(&plan, &made, from)).unwrap();
        let all = &thresholds.combinations;
        let statuses: Vec<Status> = all.iter().map(|one| one.status).collect();
        assert_eq!(statuses, [Status::Found, Status::Never, Status::Already]);
        assert_eq!(all[0].values, [0.35, 0.55]);
        // Mean 0.45; t for one degree of freedom is 12.7062, the standard error 0.1.
        let estimate = all[0].estimate();
        assert_eq!(estimate.mean, Some(0.45));
        assert!((estimate.ci95.unwrap() - 1.270_62).abs() < 1e-5);
        assert_eq!((all[1].never, all[2].already), (2, 2));
        assert_eq!(all[1].estimate().mean, None);
        // Ends and quarters (0, 2, 5, 7, 10) of both seeds, and nothing else.
        let tried: Vec<f64> = all[1].curve.iter().map(|point| point.value).collect();
        assert_eq!(tried, [0.0, 0.2, 0.5, 0.7, 1.0]);
        assert_eq!((all[1].runs(), all[1].seeds()), (10, 2));
        let swept: Vec<&str> = all.iter().map(|one| one.swept[0].as_str()).collect();
        assert_eq!(swept, ["0", "1", "2"]);
    }

    #[test]
    fn where_seeds_disagree_there_is_no_mean() {
        let from = [[4, 11], [0, 4], [3, 3]];
        let (plan, made) = searched(from);
        let thresholds = Thresholds::of(&plan, &measured(&plan, &made, from)).unwrap();
        let all = &thresholds.combinations;
        let statuses: Vec<Status> = all.iter().map(|one| one.status).collect();
        assert_eq!(statuses, [Status::Mixed, Status::Mixed, Status::Found]);
        assert_eq!((all[0].values.len(), all[0].estimate().mean), (1, None));
        // Without spread the interval is as narrow as can be.
        assert_eq!(all[2].estimate().ci95, Some(0.0));
    }

    /// A run that is not there has failed: what its seed would have found is not known.
    #[test]
    fn a_run_that_failed_leaves_its_combination_open() {
        let from = [[4, 6], [4, 6], [4, 6]];
        let (plan, mut made) = searched(from);
        made.remove(0);
        let thresholds = Thresholds::of(&plan, &measured(&plan, &made, from)).unwrap();
        let one = &thresholds.combinations[0];
        assert_eq!(
            (one.status, one.failed, one.seeds()),
            (Status::Failed, 1, 2)
        );
        assert_eq!(thresholds.combinations[1].status, Status::Found);
    }

    /// What does not exist is past the level, on either side of it.
    #[test]
    fn a_value_that_does_not_exist_is_past_the_level() {
        let mut threshold = testing::threshold();
        let level = threshold.level;
        assert!(threshold.is_past(None) && threshold.is_past(Some(level - 0.1)));
        assert!(!threshold.is_past(Some(level)) && !threshold.is_past(Some(level + 0.1)));
        threshold.side = crate::scenario::Side::Above;
        assert!(threshold.is_past(None) && threshold.is_past(Some(level + 0.1)));
        assert!(!threshold.is_past(Some(level)) && !threshold.is_past(Some(level - 0.1)));
    }
}
