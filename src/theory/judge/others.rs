//! Keys per peer, lookups that get through selfish peers, and values that outlive their nodes.

use super::hops::Routing;
use super::rings::{self, HopShares, Setup, Table};
use super::{Candidate, Judgement, STANDARD_ERRORS};
use crate::theory::keys::BetaBinomial;

/// A number of keys per peer, on a ring of random identifiers.
#[derive(Clone, PartialEq, Debug)]
pub struct Keys {
    /// The number.
    pub value: f64,
    /// Peers, at least 2.
    pub peers: u32,
    /// Keys.
    pub keys: u32,
    /// Ring positions of each peer, at least 1.
    pub positions: u32,
    /// Which of the peers: the share of peers that have no more; 1 is the peer with the most.
    pub share: f64,
}

impl Keys {
    /// What is to be made of it.
    #[must_use]
    pub fn judged(&self) -> Judgement {
        let right = self.with(
            "keys per peer, a peer's positions together",
            self.peers,
            self.positions,
            "as in keys_max, keys_p99 and keys_p1",
        );
        let mut conventions = vec![right];
        if self.positions > 1 {
            let nodes = self.peers.saturating_mul(self.positions);
            conventions.push(self.with(
                "keys per ring position",
                nodes,
                1,
                "as in nodes.csv, a row per position",
            ));
        }
        let basis = format!(
            "{STANDARD_ERRORS} standard deviations from ring to ring, identifiers drawn at random"
        );
        Judgement::of(self.value, conventions, || self.mistakes(), basis)
    }

    fn with(&self, name: &str, peers: u32, positions: u32, note: &str) -> Candidate {
        let distribution = BetaBinomial::of(self.keys, peers, positions);
        let rank = libm::ceil(self.share * f64::from(peers)).max(1.0);
        let (mean, variance) = distribution.order_statistic(rank);
        Candidate {
            name: name.to_owned(),
            value: mean,
            // A number of keys is a whole one.
            tolerance: (STANDARD_ERRORS * variance.sqrt()).max(0.5),
            note: note.to_owned(),
            chosen: false,
        }
    }

    fn mistakes(&self) -> Vec<Candidate> {
        let mut found = Vec::new();
        for positions in [1, 2, 4, 5, 8, 10, 16, 20, 32, 50, 100] {
            if positions != self.positions {
                let name = format!("{positions} positions a peer");
                found.push(self.with(
                    &name,
                    self.peers,
                    positions,
                    "virtual nodes are not what they are said to be",
                ));
            }
        }
        // Very many positions share the ring out evenly: then chance has a say only in where keys fall.
        let even = self.with(
            "every peer owns an equal part of the ring",
            self.peers,
            100_000,
            "identifiers are even or balanced, or keys are dealt out by their hash modulo N",
        );
        found.push(even);
        let mean = f64::from(self.keys) / f64::from(self.peers);
        found.push(Candidate {
            name: "keys over peers".to_owned(),
            value: mean,
            tolerance: (0.01 * mean).max(0.5),
            note: "the mean, not what a single peer has".to_owned(),
            chosen: false,
        });
        found
    }
}

/// A share of lookups that were answered, where peers drop what they should pass on.
#[derive(Clone, PartialEq, Debug)]
pub struct Through {
    /// The share.
    pub share: f64,
    /// Nodes on the ring, at least 2.
    pub nodes: usize,
    /// Bits of an identifier.
    pub bits: u32,
    /// How lookups are passed on.
    pub routing: Routing,
    /// How many successors a node makes use of.
    pub successors: u32,
    /// The share of peers that drop lookups.
    pub dropping: f64,
    /// Lookups behind the share.
    pub lookups: Option<f64>,
}

impl Through {
    /// What is to be made of it.
    #[must_use]
    pub fn judged(&self) -> Judgement {
        let table = match self.routing {
            Routing::Fingers => Table::Fingers {
                lowest: 0,
                missing: 0,
            },
            Routing::Successors => Table::List,
        };
        let right = self.hops(table, self.successors);
        let conventions = vec![
            self.counted("droppers answer for their own keys", &right, -1.0, "chordsim's `drop-lookups`: whoever is between the asker and the owner has to pass it on"),
            self.counted("droppers answer nothing", &right, 0.0, "the owner has to be fair, too"),
        ];
        let lookups = self.lookups.unwrap_or(LOOKUPS);
        let assumed = if self.lookups.is_some() {
            ""
        } else {
            " (assumed)"
        };
        let basis = format!(
            "{STANDARD_ERRORS} standard errors: {lookups} lookups{assumed}, droppers drawn at random"
        );
        Judgement::of(self.share, conventions, || self.mistakes(&right), basis)
    }

    fn hops(&self, table: Table, reach: u32) -> HopShares {
        let reach = match self.routing {
            Routing::Successors => 1,
            Routing::Fingers => reach as usize,
        };
        rings::hops(&Setup {
            nodes: self.nodes,
            bits: self.bits,
            reach: reach.clamp(1, self.nodes - 1),
            table,
        })
    }

    /// Of a lookup of h hops, h and so many nodes have to be fair.
    fn counted(&self, name: &str, hops: &HopShares, more: f64, note: &str) -> Candidate {
        let fair = 1.0 - self.dropping;
        let nodes = |hops: f64| (hops + more).max(0.0);
        let share = hops.mean_of(|hops| libm::pow(fair, nodes(hops)));
        // The more droppers there happen to be, the fewer get through.
        let slope =
            hops.mean_of(|hops| nodes(hops) * libm::pow(fair, (nodes(hops) - 1.0).max(0.0)));
        let drawn = slope * slope * self.dropping * fair / self.nodes as f64;
        let lookups = self.lookups.unwrap_or(LOOKUPS);
        let variance = share * (1.0 - share) / lookups + drawn;
        Candidate {
            name: name.to_owned(),
            value: share,
            tolerance: STANDARD_ERRORS * variance.sqrt(),
            note: note.to_owned(),
            chosen: false,
        }
    }

    fn mistakes(&self, right: &HopShares) -> Vec<Candidate> {
        let walk = self.hops(Table::List, 1);
        let fair = 1.0 - self.dropping;
        let mean = right.mean_of(|hops| hops);
        let told = |name: &str, value: f64, note: &str| Candidate {
            name: name.to_owned(),
            value,
            tolerance: 0.005,
            note: note.to_owned(),
            chosen: false,
        };
        vec![
            self.counted(
                "a linear walk by successors",
                &walk,
                -1.0,
                "the lookups go along the ring, and everybody on the way has to be fair",
            ),
            self.counted(
                "the asker has to be fair, too",
                right,
                1.0,
                "lookups of selfish peers are counted as failed",
            ),
            told(
                "1 - f",
                fair,
                "only one node has to be fair: the lookup is not passed on by others",
            ),
            told(
                "(1 - f)^mean hops",
                libm::pow(fair, mean),
                "the mean of a power is more than the power of the mean",
            ),
            told("all get through", 1.0, "nobody drops anything"),
        ]
    }
}

/// A share of values that are still there after nodes were killed at once.
#[derive(Clone, PartialEq, Debug)]
pub struct Lifetimes {
    /// The share.
    pub share: f64,
    /// Nodes before.
    pub nodes: u32,
    /// Copies of each value, on consecutive nodes.
    pub replicas: u32,
    /// The share of nodes that were killed.
    pub killed: f64,
}

impl Lifetimes {
    /// What is to be made of it.
    #[must_use]
    pub fn judged(&self) -> Judgement {
        let note = "a value is lost if all nodes that keep a copy are killed at once";
        let conventions = vec![self.with(
            &format!("{} on as many nodes", counted(self.replicas)),
            self.replicas,
            note,
        )];
        let basis = format!(
            "{STANDARD_ERRORS} standard errors, values at all {} nodes, killed at random",
            self.nodes
        );
        Judgement::of(self.share, conventions, || self.mistakes(), basis)
    }

    /// All of so many given nodes are among those killed.
    fn all_killed(&self, copies: u32) -> f64 {
        let nodes = f64::from(self.nodes);
        let killed = libm::round(self.killed * nodes);
        let each =
            (0..copies).map(|at| ((killed - f64::from(at)) / (nodes - f64::from(at))).max(0.0));
        each.product()
    }

    fn with(&self, name: &str, copies: u32, note: &str) -> Candidate {
        let lost = self.all_killed(copies);
        // Neighbours share nodes: values at N nodes say as much as at N over the copies of them, at worst. Their arcs
        // differ, too: the square of one is twice that of the mean.
        let independent = f64::from(self.nodes) / f64::from(2 * copies);
        Candidate {
            name: name.to_owned(),
            value: 1.0 - lost,
            tolerance: STANDARD_ERRORS * (lost * (1.0 - lost) / independent).sqrt(),
            note: note.to_owned(),
            chosen: false,
        }
    }

    fn mistakes(&self) -> Vec<Candidate> {
        let others = (1..=self.replicas + 2).filter(|copies| *copies != self.replicas);
        let mut found: Vec<Candidate> = others
            .map(|copies| {
                let name = counted(copies);
                self.with(&name, copies, "the copies are not as many as they are said to be: the owner is counted or is not")
            })
            .collect();
        let kept = libm::pow(1.0 - self.killed, f64::from(self.replicas));
        found.push(Candidate {
            name: "all copies have to survive".to_owned(),
            value: kept,
            tolerance: 0.02,
            note: "(1 - q)^r in place of 1 - q^r".to_owned(),
            chosen: false,
        });
        found
    }
}

fn counted(copies: u32) -> String {
    match copies {
        1 => "1 copy".to_owned(),
        _ => format!("{copies} copies"),
    }
}

/// Lookups that stand behind a share of which that is not said.
const LOOKUPS: f64 = 1000.0;

#[cfg(test)]
mod tests {
    use super::*;

    /// 10^6 keys on 10^4 peers: the 99th percentile is 462 without virtual nodes and 192 with ten (`theory::keys`).
    #[test]
    fn keys_per_peer() {
        let keys = |value, positions| Keys {
            value,
            peers: 10_000,
            keys: 1_000_000,
            positions,
            share: 0.99,
        };
        assert_eq!(keys(462.0, 1).judged().fitting().count(), 1);
        let wrong = keys(192.0, 1).judged();
        assert_eq!(wrong.fitting().count(), 0);
        assert_eq!(wrong.causes[0].name, "10 positions a peer", "{wrong:?}");
        let mean = keys(100.0, 1).judged();
        assert_eq!(mean.causes[0].name, "keys over peers");
    }

    /// With f droppers a walk along N nodes in a row gets through with (1 - (1-f)^N)/(N f) or so.
    #[test]
    fn lookups_that_get_through() {
        let through = |share, routing| Through {
            share,
            nodes: 500,
            bits: 64,
            routing,
            successors: 1,
            dropping: 0.1,
            lookups: None,
        };
        // Nobody in between for a node's own keys and the next one's; then one more each.
        let n = 500.0;
        let powers: f64 = (1..500)
            .map(|hops| libm::pow(0.9, f64::from(hops - 1)))
            .sum();
        let exact = (1.0 + powers) / n;
        let judged = through(exact, Routing::Successors).judged();
        assert!((judged.conventions[0].value - exact).abs() < 1e-12);
        let wrong = through(exact, Routing::Fingers).judged();
        assert_eq!(
            wrong.causes[0].name, "a linear walk by successors",
            "{wrong:?}"
        );
    }

    #[test]
    fn values_that_outlive_their_nodes() {
        let alive = |share| {
            Lifetimes {
                share,
                nodes: 1000,
                replicas: 3,
                killed: 0.5,
            }
            .judged()
        };
        // 500·499·498 of 1000·999·998.
        let exact = 1.0 - 500.0 * 499.0 * 498.0 / (1000.0 * 999.0 * 998.0);
        assert!((alive(exact).conventions[0].value - exact).abs() < 1e-12);
        assert_eq!(alive(0.875).fitting().count(), 1);
        let wrong = alive(0.125);
        assert_eq!(
            wrong.causes[0].name, "all copies have to survive",
            "{wrong:?}"
        );
        assert_eq!(alive(0.5).causes[0].name, "1 copy");
    }
}
