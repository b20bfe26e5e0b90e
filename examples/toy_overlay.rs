//! An overlay of one's own: everybody knows everybody, as if news of who comes and goes spread by itself. It runs
//! under churn through the same loop as the others, is measured and drawn like them.
//!
//! `cargo run --release --example toy_overlay`, and look into results/toy-overlay and plots/toy-overlay.
//! docs/adding-an-overlay.md walks through it.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use chordsim::catalogue::{Metric, RecordSink, RunSummary};
use chordsim::network::{self, Assets};
use chordsim::overlay::parcels::Parcels;
use chordsim::overlay::{
    Attempt, Call, Calls, Deed, Effect, Fx, LookAhead, Message, NoTimer, Overlay, Request, Service,
    Start, Traffic,
};
use chordsim::report::plot;
use chordsim::results::manifest::OverridesEntry;
use chordsim::results::{self, Assignment, Board};
use chordsim::scenario::{Overrides, Plan, RunSpec};
use chordsim::sim::{Setup, SimError, Watch};
use chordsim::world::geometry::Ring;
use chordsim::world::{CallId, NodeIdx, OpIdx, Payload, RingId};

/// What two nodes have to say to each other: "is this key yours?", or the answer "yes". The key stands in the
/// table of operations.
#[derive(Clone, Copy)]
struct Talk {
    is_answer: bool,
    call: CallId,
    op: OpIdx,
}

impl Payload for Talk {
    fn words(&self) -> [u64; 2] {
        let kind = u64::from(self.is_answer);
        [kind << 32 | u64::from(self.call.0), self.op.0.into()]
    }

    fn from_words([head, op]: [u64; 2]) -> Self {
        Self {
            is_answer: head >> 32 == 1,
            call: CallId(head as u32),
            op: OpIdx(op as u32),
        }
    }

    fn name(&self) -> &'static str {
        if self.is_answer { "Yes" } else { "Yours?" }
    }
}

impl Message for Talk {
    fn bytes(&self, _: &Parcels) -> u32 {
        // IP and UDP headers, four bytes of our own, and a key.
        20 + 8 + 4 + 8
    }
}

/// All nodes of one run, and what all of them know.
#[derive(Default)]
struct Everybody {
    ids: Vec<RingId>,
    members: BTreeMap<RingId, NodeIdx>,
    /// The ticket, key and timeouts of each request.
    ops: Vec<(u64, RingId, u32)>,
}

impl Everybody {
    /// Asks the node that has the key, or answers at once.
    fn ask_owner(&self, op: OpIdx, fx: &mut Fx<Self>) {
        let (ticket, key, timeouts) = self.ops[op.at()];
        let mut clockwise = self.members.range(key..).chain(&self.members);
        match clockwise.next() {
            None => fx.push(Effect::Failed {
                ticket,
                op,
                timeouts,
            }),
            Some((_, owner)) if *owner == fx.node() => self.finish(op, *owner, 0, fx),
            Some((_, owner)) => {
                let is_answer = false;
                let ask = |call| Talk {
                    is_answer,
                    call,
                    op,
                };
                fx.call(*owner, op, Traffic::Lookup, ask);
            }
        }
    }

    fn finish(&self, op: OpIdx, owner: NodeIdx, hops: u32, fx: &mut Fx<Self>) {
        let (ticket, _, timeouts) = self.ops[op.at()];
        fx.push(Effect::Answered {
            ticket,
            owner,
            hops,
            timeouts,
        });
    }
}

impl Overlay for Everybody {
    type Msg = Talk;
    type Timer = NoTimer;
    type Purpose = OpIdx;
    type Geometry = Ring;

    fn add_node(&mut self, id: RingId) {
        self.ids.push(id);
    }

    fn id(&self, node: NodeIdx) -> RingId {
        self.ids[node.at()]
    }

    fn converge(&mut self, start: &Start<'_>) {
        self.members.extend(start.members.iter().copied());
    }

    fn join(&mut self, _: Option<NodeIdx>, fx: &mut Fx<Self>) {
        self.members.insert(self.ids[fx.node().at()], fx.node());
        fx.push(Effect::Joined);
    }

    fn remove(&mut self, node: NodeIdx) {
        self.members.remove(&self.ids[node.at()]);
    }

    fn request(&mut self, request: Request, fx: &mut Fx<Self>) -> OpIdx {
        let op = match request.attempt {
            Attempt::First | Attempt::Beside { .. } => OpIdx::from_usize(self.ops.len()),
            Attempt::Again { op, .. } => op,
        };
        if op.at() == self.ops.len() {
            self.ops.push((request.ticket, request.key, 0));
        }
        self.ask_owner(op, fx);
        op
    }

    fn cancel(&mut self, op: OpIdx) -> u32 {
        self.ops[op.at()].2
    }

    fn on_message(&mut self, from: NodeIdx, msg: Talk, deed: Deed, fx: &mut Fx<Self>) {
        if msg.is_answer {
            if fx.close_call(msg.call, from).is_some() {
                self.finish(msg.op, from, 1, fx);
            }
        } else if deed == Deed::Serve {
            let (ticket, key, _) = self.ops[msg.op.at()];
            fx.push(Effect::Claims { ticket, key });
            let is_answer = true;
            fx.send(from, Talk { is_answer, ..msg }, Traffic::Lookup);
        }
    }

    fn service(&self, _: NodeIdx, msg: &Talk, _: &Parcels) -> Service {
        if msg.is_answer {
            Service::Nothing
        } else {
            Service::Answer
        }
    }

    fn ticket(&self, msg: &Talk, _: &Calls<OpIdx>) -> Option<u64> {
        Some(self.ops[msg.op.at()].0)
    }

    fn on_silence(&mut self, call: Call<OpIdx>, fx: &mut Fx<Self>) {
        self.ops[call.purpose.at()].2 += 1;
        self.ask_owner(call.purpose, fx);
    }
}

impl LookAhead for Everybody {}

/// Every five seconds one node joins and one goes, whatever the size; its neighbours learn of it at once.
pub(crate) const SCENARIO: &str = r#"
name     = "toy-overlay"
title    = "Everybody knows everybody"
seed     = 311
warmup   = "1m"
duration = "30m"
sample   = "1s"
repeat   = 5
network  = { model = "transit-stub" }
churn    = { model = "poisson", poisson = { joins_per_s = 0.2, leaves_per_s = 0.2 } }

[sweep]
"overlay.nodes" = [10, 100, 1000]
"#;

/// Simulates one run of the scenario with this overlay in place of Chord.
pub(crate) fn simulate(
    spec: &RunSpec,
    plan: &Plan,
    watch: &Watch,
    sink: &mut dyn RecordSink,
) -> Result<RunSummary, SimError> {
    let network = network::build(&spec.scenario.network, spec.seed, &Assets::default())?;
    Setup::new(spec, network, Everybody::default()).run(&plan.output, watch, sink)
}

/// Runs the scenario, writes the result folder, draws the pictures.
#[allow(dead_code, reason = "a test uses the rest of this file")]
fn main() -> Result<(), Box<dyn Error>> {
    let file = Path::new("toy-overlay.toml");
    let plan = Plan::parse(SCENARIO, file, &Overrides::default())?;
    let (out, plots) = (
        Path::new("results/toy-overlay"),
        Path::new("plots/toy-overlay"),
    );
    let task = Assignment {
        plan: &plan,
        scenario_file: file,
        scenario_text: SCENARIO,
        overrides: &OverridesEntry::default(),
        inputs: &[],
        out,
        jobs: 2,
    };
    let board = Board::new(plan.runs.len());
    let run = |spec: &RunSpec, watch: &Watch, sink: &mut dyn RecordSink| {
        let summary = simulate(spec, &plan, watch, sink)?;
        let metrics = [Metric::HopsMean, Metric::SuccessRate, Metric::LoadMean];
        let [hops, success, load] = metrics.map(|metric| summary.get(metric).unwrap_or(f64::NAN));
        println!(
            "{:?}: hops {hops:.4}, success {success:.5}, load {load:.1}",
            spec.swept
        );
        Ok(summary)
    };
    results::execute(&task, &run, &board, &|_| {})?;
    plot::draw(out, plots)?;
    println!("results: {}, plots: {}", out.display(), plots.display());
    Ok(())
}
