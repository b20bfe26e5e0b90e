//! On the event queue of chordsim and a vector of nodes, as its own loop is built.

use chordsim::engine::{EventQueue, SimTime};
use chordsim::results::Stopwatch;

use crate::workload::{EVENTS, Outcome, Ping, Workload};

#[derive(Clone, Copy, Default)]
struct Arrival {
    to: u32,
    ping: Ping,
}

/// Runs [`EVENTS`] events, whenever they are; the others run until the time of the last one.
pub fn run(workload: &Workload, _until: u64) -> Outcome {
    let mut nodes = workload.nodes();
    let mut queue = EventQueue::new();
    for &(to, at, ping) in &workload.first {
        queue.push(SimTime(at), Arrival { to, ping });
    }
    let watch = Stopwatch::start();
    let mut now = SimTime::ZERO;
    for _ in 0..EVENTS {
        let (at, Arrival { to, ping }) = queue.pop().expect("every ping leads to another");
        now = at;
        let (neighbour, delay, ping) = nodes[to as usize].receive(ping);
        let to = workload.neighbours[to as usize][neighbour];
        queue.push(SimTime(at.0 + delay), Arrival { to, ping });
    }
    let seconds = watch.seconds();
    Outcome {
        events: nodes.iter().map(|node| node.received).sum(),
        seconds,
        last: now.0,
        drawn: nodes.iter().map(|node| node.drawn).sum(),
    }
}
