//! What every simulator is given to do: nodes that send pings to each other.
//!
//! A ping that arrives at a node makes it send another, to a random one of its neighbours, that
//! arrives after a random delay. So the number of pings under way stays as it is.

use nexosim::Message;
use serde::{Deserialize, Serialize};

use crate::random::{Delays, Random};

/// Pings that are counted, in every cell.
pub const EVENTS: u64 = 3_000_000;

/// The nodes.
pub const NODES: u32 = 1000;

/// To so many others a node may send.
pub const NEIGHBOURS: usize = 16;

/// The first pings arrive from then on, in nanoseconds. That is shortly before 2^36 ns (69 s): a calendar
/// queue deals out its far events at such moments, and a run with long delays should go through one.
pub const START: u64 = 60_000_000_000;

/// A message, of a size usual in simulations of networks.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize, Message)]
pub struct Ping {
    /// How often it was passed on.
    pub hops: u32,
    /// What it carries.
    pub body: u64,
}

/// What one node knows. The same in every simulator.
pub struct Node {
    random: Random,
    delays: Delays,
    /// Pings that have arrived.
    pub received: u64,
    /// The delays of all pings that it has sent, summed up. They depend on how many arrived and not on
    /// which of two came first that arrived at the same moment.
    pub drawn: u64,
}

/// A node that is no part of any workload, for simulators that must be able to make one from nothing.
impl Default for Node {
    fn default() -> Self {
        Self::new(0, Delays::Short)
    }
}

impl Node {
    fn new(number: u32, delays: Delays) -> Self {
        Self {
            // Far apart, so that no two nodes meet the same numbers.
            random: Random(u64::from(number) << 32),
            delays,
            received: 0,
            drawn: 0,
        }
    }

    /// A ping has arrived. Returns the next one: to which neighbour, and after how many nanoseconds.
    pub fn receive(&mut self, ping: Ping) -> (usize, u64, Ping) {
        self.received += 1;
        let neighbour = self.random.below(NEIGHBOURS as u64) as usize;
        // Not one simulator needs to deal with messages that take no time.
        let delay = 1 + self.delays.draw(&mut self.random);
        self.drawn += delay;
        let next = Ping {
            hops: ping.hops + 1,
            body: ping.body ^ self.received,
        };
        (neighbour, delay, next)
    }
}

/// Nodes, links and the first pings.
pub struct Workload {
    /// The neighbours of each node, by their numbers.
    pub neighbours: Vec<[u32; NEIGHBOURS]>,
    /// To which node, when (in nanoseconds), what.
    pub first: Vec<(u32, u64, Ping)>,
    delays: Delays,
}

impl Workload {
    /// So many pings under way with such delays, in their steady state.
    pub fn new(pending: u64, delays: Delays) -> Self {
        let mut random = Random(pending ^ 0x5eed);
        let neighbours = (0..NODES)
            .map(|_| std::array::from_fn(|_| random.below(NODES.into()) as u32))
            .collect();
        let first = (0..pending)
            .map(|body| {
                let node = random.below(NODES.into()) as u32;
                let at = START + delays.remainder(&mut random);
                (node, at, Ping { hops: 0, body })
            })
            .collect();
        Self {
            neighbours,
            first,
            delays,
        }
    }

    /// The nodes before anything has happened.
    pub fn nodes(&self) -> Vec<Node> {
        (0..NODES)
            .map(|number| Node::new(number, self.delays))
            .collect()
    }
}

/// What came of it.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Pings that have arrived.
    pub events: u64,
    /// How long that took, without the set-up.
    pub seconds: f64,
    /// When the last one arrived, in nanoseconds.
    pub last: u64,
    /// The delays of all pings that were sent, summed up.
    pub drawn: u64,
}
