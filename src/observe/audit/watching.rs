//! What the auditor sees of a run.

use std::io;

use super::Findings;
use super::auditor::{Auditor, Ring};
use super::story::Cause;
use super::values::{Finding, Values};
use crate::catalogue::{Metric, RecordSink};
use crate::client::{Claim, OperationState};
use crate::engine::SimTime;
use crate::network::Fate;
use crate::observe::observer::{EventOf, Measured, Observer, Parting, Scene, Sent};
use crate::overlay::storage::Stock;
use crate::overlay::{Overlay, RingView};
use crate::world::{Action, Departure, Event, NodeIdx, Payload as _, RingId};

impl From<Parting> for Cause {
    fn from(parting: Parting) -> Self {
        match parting {
            Parting::Departed(Departure::Leave) => Self::Leave,
            Parting::Departed(Departure::Crash) => Self::Crash,
            Parting::Lost => Self::Lost,
        }
    }
}

/// The successor list of a node.
fn list_of<'a, O: Overlay>(scene: &Scene<'a, O>, node: NodeIdx) -> &'a [NodeIdx] {
    let ring: Option<&'a dyn RingView> = scene.overlay.ring();
    ring.map_or(&[], |ring| ring.successors(node))
}

/// Does something that looks at the ring as it is.
fn on_ring<O: Overlay>(scene: &Scene<'_, O>, look: impl FnOnce(&Ring<'_>)) {
    look(&Ring {
        members: scene.members,
        id_of: &|node| scene.overlay.id(node),
    });
}

/// What an event makes a node do.
fn cause_of<O: Overlay>(scene: &Scene<'_, O>, event: &EventOf<O>) -> Cause {
    match event {
        Event::Message { from, msg, .. } | Event::Handle { from, msg, .. } => Cause::Message {
            from: *from,
            what: msg.name(),
        },
        Event::Deadline { call, .. } => match scene.calls.waiting_for(*call) {
            Some(of) => Cause::Silence {
                of,
                // A node is its identifier: whoever has it now may have had another before.
                alive: scene.members.holds(scene.overlay.id(of)),
            },
            None => Cause::Timer("Call"),
        },
        Event::Retry { .. } => Cause::Timer("Retry"),
        Event::Settle { .. } => Cause::Timer("Settle"),
        Event::Timer { timer, .. } => Cause::Timer(timer.name()),
        _ => Cause::Join,
    }
}

impl Auditor {
    /// Lets the books about what is stored do something, if there are any.
    fn on_stock<O: Overlay, F: IntoIterator<Item = Finding>>(
        &mut self,
        scene: &Scene<'_, O>,
        work: impl FnOnce(&mut Values, &Ring<'_>, &dyn Stock) -> F,
    ) {
        if self.values.is_none() {
            return;
        }
        if let Some(stock) = scene.overlay.stock() {
            on_ring(scene, |ring| {
                self.with_values(ring, |values| work(values, ring, stock));
            });
        }
    }
}

impl<O: Overlay> Observer<O> for Auditor {
    fn node_added(&mut self, _: RingId) {
        self.add_node();
    }

    fn converged(&mut self, scene: &Scene<'_, O>) {
        on_ring(scene, |ring| self.begin(ring, |node| list_of(scene, node)));
        self.on_stock(scene, |values, ring, stock| {
            values.begin(ring, stock);
            None
        });
    }

    fn before(&mut self, scene: &Scene<'_, O>, event: &EventOf<O>) {
        self.note(scene.now, cause_of(scene, event));
        self.liar = None;
        if self.values.is_some() {
            let doubts = matches!(self.cause, Cause::Silence { alive: true, .. });
            let samples = matches!(event, Event::Sample | Event::Drain);
            self.on_stock(scene, |values, ring, stock| {
                let findings = if samples {
                    values.look(scene.now, ring, stock)
                } else {
                    values.look_when_due(scene.now, ring, stock)
                };
                if doubts {
                    values.doubted(scene.now);
                }
                findings
            });
        }
    }

    fn sent(&mut self, _: &Scene<'_, O>, sent: &Sent<O::Msg>) {
        let now = self.now;
        if let Some(values) = &mut self.values {
            match sent.fate {
                Fate::Arrives(at) => values.on_its_way(now, at),
                Fate::Lost | Fate::Cut => values.mishap(now),
            }
        }
    }

    fn refused(&mut self, _: NodeIdx, _: Option<u64>, _: bool) {
        let now = self.now;
        if let Some(values) = &mut self.values {
            values.mishap(now);
        }
    }

    fn misrouted(&mut self, node: NodeIdx, _: NodeIdx, ticket: Option<u64>, counts: bool) {
        self.liar = Some(node);
        Observer::<O>::refused(self, node, ticket, counts);
    }

    fn acted(&mut self, scene: &Scene<'_, O>, node: NodeIdx) {
        let list = list_of(scene, node);
        let list_changed = scene.members.is_member(node) && self.lists.of(node) != list;
        on_ring(scene, |ring| Self::acted(self, node, list, ring));
        self.on_stock(scene, |values, _, stock| {
            values.acted(scene.now, node, list_changed, stock);
            None
        });
    }

    fn joined(&mut self, scene: &Scene<'_, O>, node: NodeIdx) {
        let list = list_of(scene, node);
        on_ring(scene, |ring| Self::joined(self, node, list, ring));
        if let Some(values) = &mut self.values {
            values.came_or_went(scene.now, Cause::Join, scene.members.len());
        }
    }

    fn left(&mut self, scene: &Scene<'_, O>, node: NodeIdx, parting: Parting) {
        let cause = parting.into();
        on_ring(scene, |ring| Self::left(self, scene.now, node, cause, ring));
        if let Some(values) = &mut self.values {
            values.came_or_went(scene.now, cause, scene.members.len());
        }
    }

    fn came_up(&mut self, _: SimTime, node: NodeIdx) {
        if let Some(values) = &mut self.values {
            values.came_up(node);
        }
    }

    fn went_down(&mut self, _: SimTime, node: NodeIdx, _: Departure) {
        if let Some(values) = &mut self.values {
            values.went_down(node);
        }
    }

    fn began(&mut self, now: SimTime, key: RingId, action: Action) {
        if let Some(values) = &mut self.values {
            values.began(now, key, action);
        }
    }

    fn ended(&mut self, scene: &Scene<'_, O>, key: RingId, state: &OperationState) {
        self.on_stock(scene, |values, ring, stock| {
            values.ended(key, state, (ring, stock))
        });
    }

    fn gone_for_good(&mut self, node: NodeIdx) {
        Self::gone_for_good(self, node);
    }

    fn claimed(&mut self, scene: &Scene<'_, O>, key: RingId, claim: &Claim) {
        if !claim.is_right() {
            on_ring(scene, |ring| {
                self.answered_for_another(claim.node, key, ring);
            });
        }
    }

    fn done(
        &mut self,
        scene: &Scene<'_, O>,
        sink: &mut dyn RecordSink,
    ) -> io::Result<Vec<Measured>> {
        self.on_stock(scene, |values, ring, stock| {
            values.look(scene.now, ring, stock)
        });
        let (findings, rows) = self.finish(scene.now);
        rows.iter().try_for_each(|row| sink.take(row.into()))?;
        Ok(metrics(&findings).to_vec())
    }
}

fn metrics(findings: &Findings) -> [Measured; 4] {
    let least = findings.least_principals.map(|least| least as f64);
    [
        (Metric::Violations, Some(findings.violations as f64)),
        (Metric::ViolationsUnexcused, Some(findings.unexcused as f64)),
        (Metric::ViolatedS, Some(findings.violated.as_secs_f64())),
        (Metric::PrincipalsMin, least),
    ]
}
