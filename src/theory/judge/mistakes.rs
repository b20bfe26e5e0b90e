//! What makes a mean of hops wrong: tables of fingers that are not what they should be, and numbers that were not measured.

use std::cmp::Ordering;

use super::Candidate;
use super::hops::{ALL, CONVENTIONS, Hops, Routing, USUAL_LIST};
use super::rings::{self, Table};

/// The most nodes of which tables of the time of joining are made, one by one.
const JOINED_MAX: usize = 20_000;

/// A table that is wrong, or a list that is not used as it is said.
struct Wrong {
    table: Table,
    reach: u32,
    name: String,
    note: String,
}

impl Wrong {
    fn of(table: Table, reach: u32, name: &str, note: &str) -> Self {
        Self {
            table,
            reach,
            name: name.to_owned(),
            note: note.to_owned(),
        }
    }
}

impl Hops {
    /// Everything that would give another mean: each wrong table by the usual ways of counting.
    pub(super) fn mistakes(&self) -> Vec<Candidate> {
        let mut found = self.of_formulas();
        for wrong in self.wrong_tables() {
            let Wrong {
                table,
                reach,
                name,
                note,
            } = wrong;
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

    /// Tables that are wrong, and lists that are not used as it is said.
    fn wrong_tables(&self) -> Vec<Wrong> {
        let list = self.successors.unwrap_or(1);
        if self.routing == Routing::Successors {
            let note = "fingers are used although successors are asked for";
            return vec![Wrong::of(ALL, list, "the lookup goes by fingers", note)];
        }
        let mut found = vec![Wrong::of(
            Table::List,
            1,
            "a linear walk: every hop goes to the successor",
            "the fingers are never used: they all point to the successor, or the loop over them begins at the near end, or the \
             interval test does not go around the ring",
        )];
        if let Some(list) = self.successors {
            let (other, name) = if list > 1 {
                (1, "the successor list is not used")
            } else {
                (USUAL_LIST, "a successor list of 16 is used")
            };
            let note = "a node hands over to the owner if the key lies within its list, or only to the next node";
            found.push(Wrong::of(ALL, other, name, note));
        }
        found.extend(self.wrong_fingers(list));
        found
    }

    fn wrong_fingers(&self, list: u32) -> Vec<Wrong> {
        let missing = (1..=8_u32.min(self.bits - 1)).map(|missing| {
            let name = match missing {
                1 => "the longest finger is missing".to_owned(),
                _ => format!("the {missing} longest fingers are missing"),
            };
            let note = "the table ends too early: finger i stands for 2^(i-1), the loop stops before m, or m is that of a \
                        smaller ring";
            Wrong::of(Table::Fingers { lowest: 0, missing }, list, &name, note)
        });
        let needed = libm::ceil(libm::log2(self.nodes as f64)) as u32;
        let few = (1..needed.min(self.bits)).map(|kept| {
            let lowest = self.bits - kept;
            let name = format!("only the {kept} longest fingers are right");
            let note = "the near ones all point to the successor: they were not filled in yet, or the loop begins too late";
            Wrong::of(Table::Fingers { lowest, missing: 0 }, list, &name, note)
        });
        let old = (self.nodes <= JOINED_MAX).then(|| {
            let note = "each node fills in its fingers when it joins, and fix_fingers never runs (or has not come round yet)";
            Wrong::of(Table::AtJoin, list, "fingers as of the time of joining", note)
        });
        missing.chain(few).chain(old).collect()
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
