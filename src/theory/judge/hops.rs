//! Mean hops of a lookup: what is right by each way of counting, and what makes a mean wrong.

use std::cmp::Ordering;

use super::rings::{self, HopShares, Setup, Table};
use super::{Candidate, Judgement, STANDARD_ERRORS};

/// Lookups that stand behind a mean of which that is not said.
const LOOKUPS: f64 = 1000.0;

/// The most nodes of which tables of the time of joining are made, one by one.
const JOINED_MAX: usize = 20_000;

/// So long a successor list has this program, if nothing else is said.
const USUAL_LIST: u32 = 16;

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
struct Convention {
    name: &'static str,
    note: &'static str,
    count: fn(f64) -> f64,
    /// Whether lookups of a node's own keys are left out.
    only_others: bool,
}

const CONVENTIONS: [Convention; 6] = [
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

    fn setup(&self, table: Table, reach: u32) -> Setup {
        Setup {
            nodes: self.nodes,
            bits: self.bits,
            reach: (reach as usize).clamp(1, self.nodes - 1),
            table,
        }
    }

    /// What a way of counting makes of lookups.
    fn counted(&self, by: &Convention, hops: &HopShares, suffix: &str) -> Candidate {
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

    /// Everything that would give another mean: each wrong table by the usual ways of counting.
    fn mistakes(&self) -> Vec<Candidate> {
        let mut found = self.of_formulas();
        for (table, reach, name, note) in self.wrong_tables() {
            let hops = rings::hops(&self.setup(table, reach));
            let ways = CONVENTIONS[..3].iter().map(|by| Candidate {
                name: format!("{name}; {}", by.name),
                note: note.clone(),
                ..self.counted(by, &hops, "")
            });
            // One mistake is told once, counted in the way that comes nearest.
            found.extend(ways.min_by(|one, other| self.nearer(one, other)));
        }
        found.extend(self.list_that_would());
        found.extend(self.age_that_would());
        found
    }

    /// Which of two comes nearer to the mean.
    fn nearer(&self, one: &Candidate, other: &Candidate) -> Ordering {
        one.off(self.mean).total_cmp(&other.off(self.mean))
    }

    /// Numbers that are told instead of a measured mean. They are no means of samples: what fits them is within a per cent.
    fn of_formulas(&self) -> Vec<Candidate> {
        let nodes = self.nodes as f64;
        let log = libm::log2(nodes);
        let told = |name: &str, value: f64, note: &str| Candidate {
            name: name.to_owned(),
            value,
            tolerance: 0.01 * value,
            note: note.to_owned(),
            chosen: false,
        };
        vec![
            told(
                "log2 N",
                log,
                "the bound of O(log N), not the mean: by fingers half of the bits are 1, so it is ½ log2 N and a bit",
            ),
            told(
                "½ log2 N",
                log / 2.0,
                "the papers' estimate of path_length itself, not a measured number",
            ),
            told(
                "ln N",
                libm::log(nodes),
                "the natural logarithm in place of that to base 2",
            ),
            told(
                "N/2",
                nodes / 2.0,
                "the estimate of a walk along the ring itself, not a measured number",
            ),
        ]
    }

    fn wrong_tables(&self) -> Vec<(Table, u32, String, String)> {
        let mut found = Vec::new();
        let mut add = |table, reach, name: String, note: &str| {
            found.push((table, reach, name, note.to_owned()));
        };
        let list = self.successors.unwrap_or(1);
        match self.routing {
            Routing::Successors => add(
                ALL,
                list,
                "the lookup goes by fingers".to_owned(),
                "fingers are used although `successors` is asked for",
            ),
            Routing::Fingers => add(
                Table::List,
                1,
                "a linear walk: every hop goes to the successor".to_owned(),
                "the fingers are never used: they all point to the successor, or the loop over them begins at the near end, or the \
                 interval test does not go around the ring",
            ),
        }
        if self.routing == Routing::Successors {
            return found;
        }
        if let Some(list) = self.successors {
            let (other, name) = if list > 1 {
                (1, "is not used")
            } else {
                (USUAL_LIST, "of 16 is used")
            };
            add(
                ALL,
                other,
                format!("the successor list {name}"),
                "a node hands over to the owner if the key lies within its list, or only to the next node",
            );
        }
        for missing in 1..=8_u32.min(self.bits - 1) {
            let what = match missing {
                1 => "the longest finger is missing".to_owned(),
                _ => format!("the {missing} longest fingers are missing"),
            };
            add(
                Table::Fingers { lowest: 0, missing },
                list,
                what,
                "the table ends too early: finger i stands for 2^(i-1), the loop stops before m, or m is that of a smaller ring",
            );
        }
        let needed = libm::ceil(libm::log2(self.nodes as f64)) as u32;
        for kept in 1..needed.min(self.bits) {
            add(
                Table::Fingers {
                    lowest: self.bits - kept,
                    missing: 0,
                },
                list,
                format!("only the {kept} longest fingers are right"),
                "the near ones all point to the successor: they were not filled in yet, or the loop begins too late",
            );
        }
        if self.nodes <= JOINED_MAX {
            add(
                Table::AtJoin,
                list,
                "fingers as of the time of joining".to_owned(),
                "each node fills in its fingers when it joins, and fix_fingers never runs (or has not come round yet)",
            );
        }
        found
    }

    /// The list of which a walk without fingers would give this mean.
    fn list_that_would(&self) -> Option<Candidate> {
        let nodes = self.nodes as f64;
        let near = libm::round(nodes / (2.0 * self.mean)).max(2.0);
        let candidates = [near - 1.0, near, near + 1.0];
        let lists = candidates
            .into_iter()
            .filter(|list| (2.0..=256.0).contains(list));
        let of = |list: f64| {
            let hops = rings::hops(&self.setup(Table::List, list as u32));
            CONVENTIONS[..2].iter().map(move |by| {
                let it = self.counted(by, &hops, "");
                Candidate {
                    name: format!("no fingers, steps along a successor list of {list}; {}", by.name),
                    note: "the lookup goes to the last of the list each time; fingers are empty or not looked at".to_owned(),
                    chosen: true,
                    ..it
                }
            }).collect::<Vec<_>>()
        };
        let all = lists.flat_map(of);
        all.min_by(|one, other| self.nearer(one, other))
    }

    /// How many nodes there were when fingers were fixed for the last time, if that would give this mean.
    fn age_that_would(&self) -> Option<Candidate> {
        if self.routing == Routing::Successors || self.nodes > JOINED_MAX {
            return None;
        }
        let of = |nodes: usize| {
            let hops = rings::hops(&self.setup(Table::AsOf(nodes), 1));
            self.counted(&CONVENTIONS[0], &hops, "")
        };
        // With more nodes among the fingers the mean falls.
        let (mut few, mut many) = (1, self.nodes);
        if self.mean < of(many).value || self.mean > of(few).value {
            return None;
        }
        while many - few > 1 {
            let middle = few.midpoint(many);
            if of(middle).value > self.mean {
                few = middle;
            } else {
                many = middle;
            }
        }
        let it = of(many);
        (10 * many < 9 * self.nodes).then(|| Candidate {
            name: format!("fingers as of when the ring had {many} nodes; {}", it.name),
            note: "who joined later is known to its neighbours only, and lookups walk the last stretch: fingers were never fixed \
                   after the joins"
                .to_owned(),
            chosen: true,
            ..it
        })
    }
}

/// All fingers are right.
const ALL: Table = Table::Fingers {
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
