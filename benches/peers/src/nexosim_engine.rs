//! On nexosim, with one thread: every node is a model. A model can set timers for itself only, so a
//! ping waits at its sender and goes through an output port when its delay is over.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chordsim::results::Stopwatch;
use nexosim::Message;
use nexosim::model::{Context, Model, schedulable};
use nexosim::ports::{EventSource, Output};
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use serde::{Deserialize, Serialize};

use crate::workload::{Node, Outcome, Ping, Workload};

/// What has arrived anywhere: models cannot be looked into once they are in the simulation.
#[derive(Default)]
struct Totals {
    received: AtomicU64,
    drawn: AtomicU64,
}

#[derive(Serialize, Deserialize)]
struct Peer {
    #[serde(skip)]
    node: Node,
    #[serde(skip)]
    totals: Arc<Totals>,
    outputs: Vec<Output<Ping>>,
}

/// A ping that waits, and the neighbour it is for.
#[derive(Clone, Copy, Serialize, Deserialize, Message)]
struct Waiting {
    neighbour: usize,
    ping: Ping,
}

#[Model]
impl Peer {
    fn receive(&mut self, ping: Ping, context: &Context<Self>) {
        let Totals { received, drawn } = &*self.totals;
        received.fetch_add(1, Ordering::Relaxed);
        let (neighbour, delay, ping) = self.node.receive(ping);
        drawn.fetch_add(delay, Ordering::Relaxed);
        let waiting = Waiting { neighbour, ping };
        let delay = Duration::from_nanos(delay);
        context
            .schedule_event(delay, schedulable!(Self::send), waiting)
            .expect("every delay ends in the future");
    }

    #[nexosim(schedulable)]
    async fn send(&mut self, waiting: Waiting) {
        self.outputs[waiting.neighbour].send(waiting.ping).await;
    }
}

fn time(nanoseconds: u64) -> MonotonicTime {
    MonotonicTime::EPOCH + Duration::from_nanos(nanoseconds)
}

pub fn run(workload: &Workload, until: u64) -> Outcome {
    let totals = Arc::new(Totals::default());
    let mut bench = SimInit::with_num_threads(1);
    let mailboxes: Vec<Mailbox<Peer>> =
        workload.neighbours.iter().map(|_| Mailbox::new()).collect();
    let sources: Vec<_> = mailboxes
        .iter()
        .map(|mailbox| {
            let source = EventSource::new().connect(Peer::receive, mailbox);
            source.register(&mut bench)
        })
        .collect();
    let mut peers = Vec::new();
    for (node, neighbours) in workload.nodes().into_iter().zip(&workload.neighbours) {
        let output = |to: &u32| {
            let mut output = Output::default();
            output.connect(Peer::receive, &mailboxes[*to as usize]);
            output
        };
        peers.push(Peer {
            node,
            totals: Arc::clone(&totals),
            outputs: neighbours.iter().map(output).collect(),
        });
    }
    for (number, (peer, mailbox)) in peers.into_iter().zip(mailboxes).enumerate() {
        bench = bench.add_model(peer, mailbox, &format!("node {number}"));
    }
    let mut simulation = bench
        .init(MonotonicTime::EPOCH)
        .expect("the bench is complete");
    let scheduler = simulation.scheduler();
    for &(to, at, ping) in &workload.first {
        scheduler
            .schedule_event(time(at), &sources[to as usize], ping)
            .expect("the simulation has not begun");
    }
    let watch = Stopwatch::start();
    simulation
        .step_until(time(until))
        .expect("nothing in it fails");
    let seconds = watch.seconds();
    Outcome {
        events: totals.received.load(Ordering::Relaxed),
        seconds,
        last: until,
        drawn: totals.drawn.load(Ordering::Relaxed),
    }
}
