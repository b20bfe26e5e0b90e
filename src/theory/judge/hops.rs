//! Mean hops of a lookup: what is right by each way of counting, and what makes a mean wrong.

use super::rings::{self, HopShares, Setup, Table};
use super::{Candidate, Judgement, STANDARD_ERRORS};

/// Lookups that stand behind a mean of which that is not said.
const LOOKUPS: f64 = 1000.0;

/// So long a successor list has this program, if nothing else is said.
pub(super) const USUAL_LIST: u32 = 16;

/// How lookups are passed on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Routing {
    /// By fingers.
    Fingers,
    /// From successor to successor.
    Successors,
}

/// A mean of hops, and what is known of how it came about.
#[derive(Clone, PartialEq, Debug)]
pub struct Hops {
    /// The mean.
    pub mean: f64,
    /// Nodes on the ring, at least 2.
    pub nodes: usize,
    /// Bits of an identifier, 1 to 64.
    pub bits: u32,
    /// How lookups are passed on.
    pub routing: Routing,
    /// How many successors a node knows and makes use of for lookups; both 1 and 16 if not said.
    pub successors: Option<u32>,
    /// Lookups behind the mean.
    pub lookups: Option<f64>,
    /// Their standard deviation.
    pub deviation: Option<f64>,
    /// Rings behind it.
    pub runs: Option<f64>,
}

/// A way of counting.
pub(super) struct Convention {
    pub name: &'static str,
    note: &'static str,
    count: fn(f64) -> f64,
    /// Whether lookups of a node's own keys are left out.
    only_others: bool,
}

pub(super) const CONVENTIONS: [Convention; 6] = [
    Convention {
        name: "hops to the owner",
        note: "chordsim's `hops`: from node to node until at the owner, 0 if the asker owns the key",
        count: |hops| hops,
        only_others: false,
    },
    Convention {
        name: "forwards to the predecessor",
        note: "`path_length` of the Chord papers: one less, not below 0",
        count: |hops| (hops - 1.0).max(0.0),
        only_others: false,
    },
    Convention {
        name: "nodes seen, the asker included",
        note: "the length of a list of all nodes on the way",
        count: |hops| hops + 1.0,
        only_others: false,
    },
    Convention {
        name: "hops, own keys left out",
        note: "only lookups that leave the node that asks",
        count: |hops| hops,
        only_others: true,
    },
    Convention {
        name: "messages there and one answer",
        note: "recursive: each hop is a message, and the owner answers straight",
        count: |hops| if hops > 0.0 { hops + 1.0 } else { 0.0 },
        only_others: false,
    },
    Convention {
        name: "questions and answers",
        note: "iterative: each node on the way is asked and answers; two messages a hop",
        count: |hops| 2.0 * hops,
        only_others: false,
    },
];

impl Hops {
    /// What is to be made of it.
    #[must_use]
    pub fn judged(&self) -> Judgement {
        let mut conventions = Vec::new();
        for reach in self.lists() {
            let right = rings::hops(&self.setup(self.right(), reach));
            let list = match (self.routing, reach) {
                (Routing::Successors, _) => String::new(),
                (_, 1) => ", no successor list".to_owned(),
                (_, reach) => format!(", successor list of {reach}"),
            };
            conventions.extend(CONVENTIONS.iter().map(|it| self.counted(it, &right, &list)));
        }
        Judgement::of(self.mean, conventions, || self.mistakes(), self.basis())
    }

    fn right(&self) -> Table {
        match self.routing {
            Routing::Fingers => ALL,
            Routing::Successors => Table::List,
        }
    }

    /// How many successors are made use of. From successor to successor it is one.
    fn lists(&self) -> Vec<u32> {
        match (self.routing, self.successors) {
            (Routing::Successors, _) => vec![1],
            (_, Some(successors)) => vec![successors.max(1)],
            (_, None) => vec![1, USUAL_LIST],
        }
    }

    pub(super) fn setup(&self, table: Table, reach: u32) -> Setup {
        Setup {
            nodes: self.nodes,
            bits: self.bits,
            reach: (reach as usize).clamp(1, self.nodes - 1),
            table,
        }
    }

    /// What a way of counting makes of lookups.
    pub(super) fn counted(&self, by: &Convention, hops: &HopShares, suffix: &str) -> Candidate {
        let zero = hops.shares.first().copied().unwrap_or(0.0);
        let (mean, deviation) = if by.only_others {
            let others = HopShares {
                shares: hops
                    .shares
                    .iter()
                    .enumerate()
                    .map(
                        |(at, share)| {
                            if at == 0 { 0.0 } else { share / (1.0 - zero) }
                        },
                    )
                    .collect(),
                between_rings: hops.between_rings,
            };
            (others.mean_of(by.count), others.deviation_of(by.count))
        } else {
            (hops.mean_of(by.count), hops.deviation_of(by.count))
        };
        let scale = (by.count)(3.0) - (by.count)(2.0);
        Candidate {
            name: format!("{}{suffix}", by.name),
            value: mean,
            tolerance: self.tolerance(deviation, scale * hops.between_rings),
            note: by.note.to_owned(),
            chosen: false,
        }
    }

    /// Chance of the lookups and of the ring.
    fn tolerance(&self, deviation: f64, between_rings: f64) -> f64 {
        let deviation = self.deviation.unwrap_or(deviation);
        let lookups = self.lookups.unwrap_or(LOOKUPS);
        let runs = self.runs.unwrap_or(1.0).max(1.0);
        let variance = deviation * deviation / lookups + between_rings * between_rings / runs;
        STANDARD_ERRORS * variance.sqrt()
    }

    fn basis(&self) -> String {
        let said = |given: bool| if given { "" } else { " (assumed)" };
        let lookups = self.lookups.unwrap_or(LOOKUPS);
        let deviation = match self.deviation {
            Some(deviation) => format!("with a standard deviation of {deviation}"),
            None => "scattered as theory expects".to_owned(),
        };
        let runs = self.runs.unwrap_or(1.0);
        let rings = if runs > 1.0 { "rings" } else { "ring" };
        format!(
            "{STANDARD_ERRORS} standard errors: {lookups} lookups{} {deviation}, on {runs} random {rings}{}",
            said(self.lookups.is_some()),
            said(self.runs.is_some())
        )
    }
}

/// All fingers are right.
pub(super) const ALL: Table = Table::Fingers {
    lowest: 0,
    missing: 0,
};

#[cfg(test)]
mod tests {
    use super::*;

    fn hops(nodes: usize, mean: f64) -> Hops {
        Hops {
            mean,
            nodes,
            bits: 64,
            routing: Routing::Fingers,
            successors: None,
            lookups: None,
            deviation: None,
            runs: None,
        }
    }

    fn fits(it: &Hops) -> Vec<String> {
        it.judged().fitting().map(|it| it.name.clone()).collect()
    }

    /// 5.27 and 3.46 are what other code gives (`rings`).
    #[test]
    fn right_means_fit_their_conventions() {
        let right = fits(&hops(500, 5.35));
        assert!(
            right.contains(&"hops to the owner, no successor list".to_owned()),
            "{right:?}"
        );
        let right = fits(&hops(500, 4.30));
        assert!(
            right.contains(&"forwards to the predecessor, no successor list".to_owned()),
            "{right:?}"
        );
        let right = fits(&hops(500, 3.46));
        assert!(
            right.contains(&"hops to the owner, successor list of 16".to_owned()),
            "{right:?}"
        );
        let along = Hops {
            routing: Routing::Successors,
            ..hops(500, 250.0)
        };
        assert!(fits(&along).contains(&"hops to the owner".to_owned()));
    }

    fn first_cause(it: &Hops) -> String {
        let judged = it.judged();
        assert_eq!(judged.fitting().count(), 0, "{judged:?}");
        judged
            .causes
            .first()
            .map_or_else(String::new, |it| it.name.clone())
    }

    #[test]
    fn wrong_means_get_their_cause() {
        // docs/theory.md: all fingers up to 57 are the successor, so the six longest are right.
        let few = Hops {
            successors: Some(1),
            ..hops(500, 7.92)
        };
        let causes: Vec<String> = few.judged().causes.into_iter().map(|it| it.name).collect();
        assert!(
            causes.contains(&"only the 6 longest fingers are right; hops to the owner".to_owned()),
            "{causes:?}"
        );
        let walk = first_cause(&hops(500, 249.5));
        assert!(walk.starts_with("a linear walk") || walk == "N/2", "{walk}");
        // A walk along a list of ten: (N - 1)/20 and a bit.
        let list = first_cause(&hops(500, 25.4));
        assert!(list.contains("successor list of 10"), "{list}");
        // From a student's report, where 5.35 is right: as far as steps along a list of ten lead, and a table of fingers as of
        // a few nodes.
        let told = hops(500, 24.8).judged();
        assert_eq!(told.fitting().count(), 0);
        let names: Vec<&str> = told.causes.iter().map(|it| it.name.as_str()).collect();
        assert!(
            names.iter().any(|it| it.contains("successor list of 10")),
            "{names:?}"
        );
        assert!(
            names.iter().any(|it| it.starts_with("fingers as of when")),
            "{names:?}"
        );
        let log = first_cause(&hops(100_000, libm::log2(100_000.0)));
        assert_eq!(log, "log2 N");
    }

    #[test]
    fn more_lookups_leave_less_room() {
        let tolerance = |lookups| {
            let it = Hops {
                lookups,
                ..hops(500, 5.3)
            };
            it.judged().conventions[0].tolerance
        };
        assert!(tolerance(Some(100.0)) > tolerance(None));
        assert!(tolerance(None) > tolerance(Some(1e6)));
    }

    #[test]
    fn what_nothing_gives_is_told_what_comes_nearest() {
        let judged = hops(500, 0.2).judged();
        assert_eq!(
            (judged.fitting().count(), judged.causes.len()),
            (0, 0),
            "{judged:?}"
        );
        assert_eq!(judged.nearest.len(), 3);
    }
}
