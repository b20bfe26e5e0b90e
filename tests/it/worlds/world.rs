//! A small world, drawn piece by piece so that one that fails can be made simpler piece by piece, and
//! written down as a scenario. Whole numbers in small units; the simplest value of each is the least.

use std::fmt::{self, Display, Formatter};

use proptest::prelude::*;

use super::trouble::{self, Trouble};

/// How long messages take, in milliseconds.
#[derive(Clone, Debug)]
pub(super) enum Latency {
    Constant(u32),
    Uniform {
        min: u32,
        spread: u32,
    },
    Plane {
        dimensions: u32,
        span: u32,
    },
    /// Anew for every message: no time to wait is long enough.
    Exponential {
        mean: u32,
    },
}

/// Who comes and goes before the end of churn; times in seconds, rates per 100 s.
#[derive(Clone, Debug)]
pub(super) enum Churn {
    None,
    Poisson { joins: u32, leaves: u32 },
    Sessions { up: u32, down: u32, fixed: bool },
}

#[derive(Clone, Debug)]
pub(super) enum Shock {
    Join(u32),
    /// Per cent of those who are up.
    Kill(u32),
    /// Per cent of those who are up, with a goodbye.
    Leave(u32),
}

/// When in per cent of the time until churn ends, and what.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub at: u32,
    pub shock: Shock,
}

/// Periods in seconds, the jitter in per cent of them.
#[derive(Clone, Debug)]
pub(super) struct Upkeep {
    pub stabilize: u32,
    pub fix_fingers: Option<u32>,
    pub check_predecessor: Option<u32>,
    pub jitter: u32,
}

#[derive(Clone, Debug)]
pub(super) struct Ring {
    pub nodes: u32,
    pub virtual_nodes: u32,
    /// Bits of identifiers beyond those that it takes to have room for all.
    pub spare_bits: u32,
    pub successors: u32,
    pub fingers: bool,
    pub iterative: bool,
    /// In what part of the time until churn ends the first peers join, in per cent; otherwise the ring
    /// is there from the start.
    pub joining: Option<u32>,
}

#[derive(Clone, Debug)]
pub(super) struct Network {
    pub latency: Latency,
    /// How much longer than the longest round trip (or two mean ones) a node waits, in milliseconds.
    pub patience: u32,
    /// Per thousand messages.
    pub loss: u32,
    pub trouble: Trouble,
}

/// How peers turn selfish, or honest, on the way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Turning {
    Never,
    /// Until this many per cent of the time until churn ends.
    Ramp(u32),
    Imitation,
    Generosity,
}

/// Who does not play fair, and what is done about it.
#[derive(Clone, Debug)]
pub(super) struct Selfish {
    /// Per cent of the peers.
    pub share: u32,
    /// Whether they misroute, and then name each other, instead of dropping lookups.
    pub misroute: Option<bool>,
    /// Whether lookups are tried again.
    pub retry: bool,
    /// How many requests are made at once, and whether for the closest answer.
    pub redundant: Option<(u32, bool)>,
}

impl Selfish {
    pub(super) const NOBODY: Self = Self {
        share: 0,
        misroute: None,
        retry: false,
        redundant: None,
    };
}

impl Selfish {
    /// The section, with one more defence.
    fn write(&self, f: &mut Formatter<'_>, also: Option<&str>) -> fmt::Result {
        writeln!(f, "fraction = {}", share(self.share, 100))?;
        if let Some(colluders) = self.misroute {
            let named = if colluders { "colluder" } else { "self" };
            writeln!(f, "behaviour = \"misroute\"\nmisroute_to = \"{named}\"")?;
        }
        let retry = self.retry.then_some("retry");
        let redundant = self.redundant.map(|_| "redundant");
        let defences: Vec<_> = [retry, redundant, also].into_iter().flatten().collect();
        if defences.is_empty() {
            return f.write_str("defence = \"none\"");
        }
        write!(f, "defence = \"{}\"", defences.join("+"))?;
        if let Some((requests, closest)) = self.redundant {
            let answer = if closest { "closest" } else { "first" };
            write!(
                f,
                "\nredundant_requests = {requests}\nredundant_answer = \"{answer}\""
            )?;
        }
        Ok(())
    }
}

#[derive(Clone, Debug)]
pub(super) struct World {
    pub ring: Ring,
    pub upkeep: Upkeep,
    pub network: Network,
    pub churn: Churn,
    /// Per cent of the departures.
    pub graceful: u32,
    pub faults: Vec<Fault>,
    pub selfish: Selfish,
    pub turning: Turning,
    /// Lookups in ten seconds.
    pub lookups: u32,
    pub warmup: u32,
    /// When churn ends, in seconds.
    pub until: u32,
    pub seed: u64,
}

/// Without an answer for so many seconds a lookup or join has failed.
pub(super) const LOOKUP_TIMEOUT: u32 = 30;

/// Seconds in which a world that has come to rest is looked at.
pub(super) const REST: u32 = 60;

impl World {
    /// The longest that a node waits for an answer, in milliseconds.
    pub(super) fn rpc_timeout(&self) -> u32 {
        let round_trip = match self.network.latency {
            Latency::Constant(latency) => 2 * latency,
            Latency::Uniform { min, spread } => 2 * (min + spread),
            // The diagonal of a cube is 1.74 sides long.
            Latency::Plane { span, .. } => 2 * (span * 174).div_ceil(100),
            // Of all round trips 9 % take longer, if there is no more patience than that.
            Latency::Exponential { mean } => 4 * mean,
        };
        round_trip + 1 + self.network.patience
    }

    /// When the world has come to rest, in seconds after the last change, if it has so many nodes.
    ///
    /// A *round* is the time in which every node has stabilised to the end: the longest period, and a
    /// timeout for every dead entry of the list, for a busy node and for the node in between.
    ///
    /// 1. A join under way may have been lost with a node that had taken it over: it is started anew
    ///    after the timeout of a lookup, and is through after another at most if it is let in. A node
    ///    lets one newcomer in and stabilises before it lets the next one in, so that the last of n who
    ///    wait at one gap is let in after n rounds.
    /// 2. After one more round everybody has a live first successor. Of those that have the same first
    ///    successor the nearest is its predecessor after one more, of whom the others learn in the
    ///    next: in every round at least one node finds its place for good. That makes n rounds.
    /// 3. Entry i of a list is right one round after entry i - 1 of the next node's: r rounds.
    pub(super) fn settles_in(&self, nodes: u32) -> f64 {
        let upkeep = &self.upkeep;
        let period = f64::from(upkeep.stabilize) * (1.0 + f64::from(upkeep.jitter) / 100.0);
        let timeout = f64::from(self.rpc_timeout()) / 1000.0;
        let successors = f64::from(self.ring.successors);
        let round = period + (successors + 2.0) * timeout;
        2.0 * f64::from(LOOKUP_TIMEOUT) + (2.0 * f64::from(nodes) + successors + 2.0) * round
    }

    /// More nodes than there may be at the end, but for a stroke of luck.
    fn most_nodes(&self) -> u32 {
        let arrivals = match self.churn {
            Churn::Poisson { joins, .. } => joins * (self.warmup + self.until) / 100 * 2 + 5,
            _ => 0,
        };
        (self.ring.nodes + self.absent() + self.joining() + arrivals) * self.ring.virtual_nodes
    }

    /// Peers that are down at time 0 and come later.
    fn absent(&self) -> u32 {
        match self.churn {
            Churn::Sessions { up, down, .. } => (self.ring.nodes * down).div_ceil(up),
            _ => 0,
        }
    }

    fn joining(&self) -> u32 {
        let joining = |fault: &Fault| match fault.shock {
            Shock::Join(peers) => peers,
            Shock::Kill(_) | Shock::Leave(_) => 0,
        };
        self.faults.iter().map(joining).sum()
    }

    pub(super) fn id_bits(&self) -> u32 {
        let positions =
            (self.ring.nodes + self.absent() + self.joining()) * self.ring.virtual_nodes;
        let needed = positions.next_power_of_two().trailing_zeros();
        (needed + self.ring.spare_bits).clamp(3, 64)
    }

    /// Whether no answer is ever lost or late.
    pub(super) fn is_reliable(&self) -> bool {
        self.network.loss == 0
            && self.network.trouble.is_none()
            && !matches!(self.network.latency, Latency::Exponential { .. })
    }

    /// Whether anybody may go.
    pub(super) fn has_failures(&self) -> bool {
        let goes = match self.churn {
            Churn::None => false,
            Churn::Poisson { leaves, .. } => leaves > 0,
            Churn::Sessions { .. } => true,
        };
        goes || self
            .faults
            .iter()
            .any(|fault| matches!(fault.shock, Shock::Kill(_) | Shock::Leave(_)))
    }

    pub(super) fn is_fair(&self) -> bool {
        self.selfish.share == 0 && self.turning != Turning::Generosity
    }

    /// Whether a walk around the ring may take longer than users wait before they begin it anew.
    pub(super) fn may_walk_in_vain(&self, nodes: u32) -> bool {
        const RETRY_AFTER_MS: u32 = 3000;
        self.selfish.retry && self.ring.iterative && nodes * self.rpc_timeout() > RETRY_AFTER_MS
    }

    /// Whether somebody may answer for keys of others.
    pub(super) fn has_liars(&self) -> bool {
        !self.is_fair() && self.selfish.misroute.is_some()
    }
}

/// What a scenario says besides what a world does.
#[derive(Clone, Default, Debug)]
pub(super) struct More {
    /// Seconds that it goes on for when the ring has come to rest.
    pub rest: u32,
    /// Lines of `[chord]`.
    pub chord: String,
    /// Lines of `[workload]`.
    pub workload: String,
    /// A defence besides.
    pub defence: Option<&'static str>,
}

/// The scenario.
impl Display for World {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let more = More {
            rest: REST,
            workload: "keys = 50".to_owned(),
            ..More::default()
        };
        self.write(f, &more)
    }
}

impl World {
    /// The scenario, with more in it.
    pub(super) fn write(&self, f: &mut Formatter<'_>, more: &More) -> fmt::Result {
        let More {
            rest,
            chord,
            workload,
            defence,
        } = more;
        let duration = self.until + self.settles_in(self.most_nodes()) as u32 + rest;
        let Self { seed, warmup, .. } = self;
        writeln!(
            f,
            "seed = {seed}\nwarmup = \"{warmup}s\"\nduration = \"{duration}s\""
        )?;
        writeln!(f, "sample = \"5s\"\n\n[overlay]\n{}", self.overlay())?;
        writeln!(f, "\n[chord]\n{}\n{chord}", self.chord())?;
        writeln!(f, "\n[network]\n{}", self.network)?;
        writeln!(f, "\n[churn]\n{}", self.churn())?;
        writeln!(f, "\n[selfish]")?;
        self.selfish.write(f, *defence)?;
        writeln!(f, "\n{}\n[workload]", self.turning())?;
        writeln!(f, "lookups_per_s = {}\n{workload}", share(self.lookups, 10))?;
        self.faults.iter().try_for_each(|fault| {
            let at = self.until * fault.at / 100;
            write!(f, "\n[[fault]]\nat = \"{at}s\"\n")?;
            match fault.shock {
                Shock::Join(peers) => writeln!(f, "join = {peers}"),
                Shock::Kill(part) => writeln!(f, "kill = {}", share(part, 100)),
                Shock::Leave(part) => writeln!(f, "leave = {}", share(part, 100)),
            }
        })?;
        f.write_str(&self.network.trouble.faults(self.until))
    }
}

impl World {
    fn turning(&self) -> String {
        match self.turning {
            Turning::Never => String::new(),
            Turning::Ramp(part) => {
                let until = (self.until * part / 100).max(1);
                format!("who = \"ramp\"\nramp_until = \"{until}s\"\ndecide_every = \"7s\"\n")
            }
            Turning::Imitation => "who = \"decide\"\ndecide_every = \"7s\"\n".to_owned(),
            Turning::Generosity => {
                "who = \"decide\"\ndecide_by = \"generosity\"\ndecide_every = \"7s\"\n".to_owned()
            }
        }
    }

    fn overlay(&self) -> String {
        let start = match self.ring.joining {
            Some(part) => {
                let window = (self.warmup + self.until) * part / 100;
                format!("start = \"join\"\njoin_window = \"{window}s\"")
            }
            None => "start = \"converged\"".to_owned(),
        };
        let (nodes, id_bits) = (self.ring.nodes, self.id_bits());
        let bootstrap = self.network.trouble.overlay(nodes);
        format!("nodes = {nodes}\nid_bits = {id_bits}\n{bootstrap}{start}")
    }

    fn chord(&self) -> String {
        let Ring {
            virtual_nodes,
            successors,
            fingers,
            iterative,
            ..
        } = self.ring;
        let routing = if fingers { "fingers" } else { "successors" };
        let lookup = if iterative { "iterative" } else { "recursive" };
        let period = |period: Option<u32>| period.map_or("off".to_owned(), |s| format!("{s}s"));
        format!(
            r#"routing = "{routing}"
lookup = "{lookup}"
successors = {successors}
virtual_nodes = {virtual_nodes}
stabilize_every = "{}s"
fix_fingers_every = "{}"
check_predecessor_every = "{}"
maintenance_jitter = {}
rpc_timeout = "{}ms"
lookup_timeout = "{LOOKUP_TIMEOUT}s"
{}"#,
            self.upkeep.stabilize,
            period(self.upkeep.fix_fingers),
            period(self.upkeep.check_predecessor),
            share(self.upkeep.jitter, 100),
            self.rpc_timeout(),
            self.network.trouble.chord(),
        )
    }

    fn churn(&self) -> String {
        let model = match self.churn {
            Churn::None => return "model = \"none\"".to_owned(),
            Churn::Poisson { joins, leaves } => format!(
                "model = \"poisson\"\npoisson = {{ joins_per_s = {}, leaves_per_s = {} }}",
                share(joins, 100),
                share(leaves, 100)
            ),
            Churn::Sessions { up, down, fixed } => {
                let spans = |mean: u32| {
                    if fixed {
                        format!("{{ fixed = {{ value = \"{mean}s\" }} }}")
                    } else {
                        format!("{{ exponential = {{ mean = \"{mean}s\" }} }}")
                    }
                };
                let (up, down) = (spans(up), spans(down));
                format!("model = \"sessions\"\nsessions.up = {up}\nsessions.down = {down}")
            }
        };
        let (until, graceful) = (self.until, share(self.graceful, 100));
        format!("{model}\ngraceful = {graceful}\nuntil = \"{until}s\"")
    }
}

impl Display for Network {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "loss = {}", share(self.loss, 1000))?;
        match self.latency {
            Latency::Constant(latency) => {
                write!(
                    f,
                    "model = \"constant\"\nconstant.latency = \"{latency}ms\""
                )
            }
            Latency::Uniform { min, spread } => {
                let max = min + spread;
                write!(
                    f,
                    "model = \"uniform\"\nuniform = {{ min = \"{min}ms\", max = \"{max}ms\" }}"
                )
            }
            Latency::Plane { dimensions, span } => write!(
                f,
                "model = \"plane\"\nplane = {{ dimensions = {dimensions}, span = \"{span}ms\" }}"
            ),
            Latency::Exponential { mean } => write!(
                f,
                "model = \"exponential\"\nexponential = {{ mean = \"{mean}ms\", per = \"message\" }}"
            ),
        }
    }
}

pub(super) fn share(part: u32, of: u32) -> f64 {
    f64::from(part) / f64::from(of)
}

fn ring() -> impl Strategy<Value = Ring> {
    let sizes = (1..=40_u32, prop_oneof![4 => Just(1_u32), 1 => 2..=3_u32]);
    let spare_bits = prop_oneof![1 => Just(0_u32), 2 => 1..4_u32, 2 => Just(61_u32)];
    let joining = prop::option::weighted(0.3, 0..=100_u32);
    let flags = (any::<bool>(), any::<bool>());
    (sizes, spare_bits, 1..=6_u32, flags, joining).prop_map(
        |((nodes, virtual_nodes), spare_bits, successors, (fingers, iterative), joining)| Ring {
            // Virtual nodes stand for as many positions.
            nodes: nodes.div_ceil(virtual_nodes),
            virtual_nodes,
            spare_bits,
            successors,
            fingers,
            iterative,
            joining,
        },
    )
}

fn upkeep() -> impl Strategy<Value = Upkeep> {
    let fix_fingers = prop::option::weighted(0.85, 3..=20_u32);
    let check_predecessor = prop::option::weighted(0.8, 2..=10_u32);
    let jitter = prop_oneof![Just(0_u32), Just(10_u32), 1..=50_u32];
    (2..=6_u32, fix_fingers, check_predecessor, jitter).prop_map(
        |(stabilize, fix_fingers, check_predecessor, jitter)| Upkeep {
            stabilize,
            fix_fingers,
            check_predecessor,
            jitter,
        },
    )
}

fn bounded() -> impl Strategy<Value = Latency> {
    prop_oneof![
        (1..=100_u32).prop_map(Latency::Constant),
        (0..=50_u32, 1..=100_u32).prop_map(|(min, spread)| Latency::Uniform { min, spread }),
        (2..=3_u32, 1..=100_u32).prop_map(|(dimensions, span)| Latency::Plane { dimensions, span }),
    ]
}

/// A network on which every answer is back in time.
pub(super) fn reliable() -> impl Strategy<Value = Network> {
    (bounded(), 0..=200_u32, trouble::none()).prop_map(|(latency, patience, trouble)| Network {
        latency,
        patience,
        loss: 0,
        trouble,
    })
}

/// A network on which some answers are lost, or late.
pub(super) fn unreliable() -> impl Strategy<Value = Network> {
    let late = (1..=30_u32).prop_map(|mean| Latency::Exponential { mean });
    let some_loss = || prop_oneof![Just(0_u32), 1..=50_u32];
    let ways = prop_oneof![
        (bounded(), 0..=200_u32, some_loss()),
        (late, 0..=200_u32, some_loss()),
    ];
    (ways, trouble::any()).prop_map(|((latency, patience, loss), trouble)| Network {
        latency,
        patience,
        loss,
        trouble,
    })
}

fn churn() -> impl Strategy<Value = Churn> {
    prop_oneof![
        1 => Just(Churn::None),
        2 => (0..=10_u32, 0..=10_u32).prop_map(|(joins, leaves)| Churn::Poisson { joins, leaves }),
        1 => (20..=600_u32, 20..=600_u32, prop::bool::weighted(0.2))
            .prop_map(|(up, down, fixed)| Churn::Sessions { up, down, fixed }),
    ]
}

fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let shock = prop_oneof![
        (1..=10_u32).prop_map(Shock::Join),
        (1..=60_u32).prop_map(Shock::Kill),
        (61..=100_u32).prop_map(Shock::Kill),
        (1..=100_u32).prop_map(Shock::Leave),
    ];
    let fault = (0..=100_u32, shock).prop_map(|(at, shock)| Fault { at, shock });
    prop::collection::vec(fault, 0..=3)
}

fn selfish() -> impl Strategy<Value = Selfish> {
    let share = prop_oneof![2 => Just(0), 1 => 1..=50_u32];
    let misroute = prop::option::of(any::<bool>());
    let redundant = prop::option::of((2..=16_u32, any::<bool>()));
    let any = (share, misroute, any::<bool>(), redundant);
    let any = any.prop_map(|(share, misroute, retry, redundant)| Selfish {
        share,
        misroute,
        retry,
        redundant,
    });
    prop_oneof![1 => Just(Selfish::NOBODY), 1 => any]
}

fn turning() -> impl Strategy<Value = Turning> {
    prop_oneof![
        12 => Just(Turning::Never),
        2 => (0..=100_u32).prop_map(Turning::Ramp),
        1 => Just(Turning::Imitation),
        1 => Just(Turning::Generosity),
    ]
}

/// Any small world on such a network.
pub(super) fn world(network: impl Strategy<Value = Network>) -> impl Strategy<Value = World> {
    let graceful = prop_oneof![Just(0_u32), 1..=100_u32];
    let times = (prop_oneof![Just(0_u32), 1..=60_u32], 20..=300_u32);
    let selfish = (selfish(), turning());
    let events = (churn(), graceful, faults(), selfish, 1..=20_u32);
    (ring(), upkeep(), network, events, times, any::<u64>()).prop_map(
        |(ring, upkeep, network, (churn, graceful, faults, selfish, lookups), times, seed)| World {
            ring,
            upkeep,
            network,
            churn,
            graceful,
            faults,
            selfish: selfish.0,
            turning: selfish.1,
            lookups,
            warmup: times.0,
            until: times.1,
            seed,
        },
    )
}
