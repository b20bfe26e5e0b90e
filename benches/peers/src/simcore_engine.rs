//! On simcore: every node is a component with a handler; times are floats, in seconds.

use std::cell::RefCell;
use std::rc::Rc;

use chordsim::results::Stopwatch;
use simcore::{Event, EventHandler, Id, Simulation, SimulationContext, cast};

use crate::workload::{Node, Outcome, Ping, Workload};

const NANOSECOND: f64 = 1e-9;

struct Component {
    node: Node,
    neighbours: Vec<Id>,
    context: SimulationContext,
}

impl EventHandler for Component {
    fn on(&mut self, event: Event) {
        let Component {
            node,
            neighbours,
            context,
        } = self;
        cast!(match event.data {
            Ping { hops, body } => {
                let (neighbour, delay, ping) = node.receive(Ping { hops, body });
                context.emit(ping, neighbours[neighbour], delay as f64 * NANOSECOND);
            }
        });
    }
}

pub fn run(workload: &Workload, until: u64) -> Outcome {
    let mut simulation = Simulation::new(1);
    let named = |number: usize| format!("node {number}");
    let contexts: Vec<_> = (0..workload.neighbours.len())
        .map(|number| simulation.create_context(named(number)))
        .collect();
    let ids: Vec<Id> = contexts.iter().map(SimulationContext::id).collect();
    let mut components = Vec::new();
    for (number, (node, context)) in workload.nodes().into_iter().zip(contexts).enumerate() {
        let neighbours = workload.neighbours[number];
        let component = Rc::new(RefCell::new(Component {
            node,
            neighbours: neighbours.iter().map(|to| ids[*to as usize]).collect(),
            context,
        }));
        simulation.add_handler(named(number), component.clone());
        components.push(component);
    }
    let outside = simulation.create_context("outside");
    for &(to, at, ping) in &workload.first {
        outside.emit(ping, ids[to as usize], at as f64 * NANOSECOND);
    }
    let watch = Stopwatch::start();
    simulation.step_until_time(until as f64 * NANOSECOND);
    let seconds = watch.seconds();
    let nodes = || components.iter().map(|component| component.borrow());
    Outcome {
        events: nodes().map(|component| component.node.received).sum(),
        seconds,
        last: until,
        drawn: nodes().map(|component| component.node.drawn).sum(),
    }
}
