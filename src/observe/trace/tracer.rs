//! Notes the steps of requests.

use std::collections::BTreeMap;
use std::io;

use super::{End, Step, StepKind, Traced};
use crate::catalogue::RecordSink;
use crate::client::Finished;
use crate::engine::SimTime;
use crate::network::Fate;
use crate::observe::observer::{Asked, EventOf, Observer, Scene, Sent};
use crate::observe::operations::FinishedOperation;
use crate::overlay::{Knowledge, Overlay, Said};
use crate::world::{Event, NodeIdx, RingId};

/// The number of a request among those of its kind that count, as in the result files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Number {
    /// As in `lookups.csv`.
    Lookup(u64),
    /// As in `operations.csv`.
    Operation(u64),
}

/// Whether a request is to be traced.
type Wanted<'a> = Box<dyn FnMut(&Asked, Option<Number>) -> bool + 'a>;
/// Takes a request that is over.
type Take<'a> = Box<dyn FnMut(Traced, &mut dyn RecordSink) -> io::Result<()> + 'a>;

/// Notes the steps of those requests that are wanted, and gives each away when it is over, in the order in which they began.
pub struct Tracer<'a> {
    wanted: Wanted<'a>,
    take: Take<'a>,
    /// Whether what nodes know is noted with each step, and of which nodes besides when a request begins.
    notes_knowledge: Option<Vec<u64>>,
    now: SimTime,
    lookups: u64,
    operations: u64,
    /// The ticket of the request that is told to be over next: requests are told of in the order of their tickets.
    next_over: u64,
    open: BTreeMap<u64, Traced>,
}

impl<'a> Tracer<'a> {
    /// A tracer of the requests that are `wanted`; `take` gets them, and where the rows of the run go.
    #[must_use]
    pub fn new(
        wanted: impl FnMut(&Asked, Option<Number>) -> bool + 'a,
        take: impl FnMut(Traced, &mut dyn RecordSink) -> io::Result<()> + 'a,
    ) -> Self {
        Self {
            wanted: Box::new(wanted),
            take: Box::new(take),
            notes_knowledge: None,
            now: SimTime::ZERO,
            lookups: 0,
            operations: 0,
            next_over: 0,
            open: BTreeMap::new(),
        }
    }

    /// With each step it is noted what the node knows; when a request begins, who is a member, and what these nodes know.
    #[must_use]
    pub fn noting_knowledge(mut self, others: Vec<u64>) -> Self {
        self.notes_knowledge = Some(others);
        self
    }

    /// A request that is traced and not over yet, with its steps so far.
    #[must_use]
    pub fn under_way(&self, ticket: u64) -> Option<&Traced> {
        self.open.get(&ticket)
    }

    /// The number of a request that begins.
    fn number(&mut self, asked: &Asked) -> Option<Number> {
        let count = match asked.operation {
            None => &mut self.lookups,
            Some(_) => &mut self.operations,
        };
        let number = *count;
        *count += u64::from(asked.counts);
        asked.counts.then_some(match asked.operation {
            None => Number::Lookup(number),
            Some(_) => Number::Operation(number),
        })
    }

    /// The ticket, if it is one of a request that is traced: of no other it is asked what nodes know and say.
    fn traced(&self, ticket: Option<u64>) -> Option<u64> {
        ticket.filter(|ticket| self.open.contains_key(ticket))
    }

    /// What a node knows, if that is noted.
    fn knowledge<O: Overlay>(&self, scene: &Scene<'_, O>, node: NodeIdx) -> Option<Knowledge> {
        let notes = self.notes_knowledge.is_some();
        notes.then(|| scene.overlay.knows(node))
    }

    /// A selfish peer does something else than it was asked for.
    fn note_deed(&mut self, node: NodeIdx, ticket: Option<u64>, kind: StepKind) {
        let traced = ticket.and_then(|ticket| self.open.get_mut(&ticket));
        if let Some(traced) = traced {
            traced.steps.push(Step {
                at: self.now,
                from: node,
                to: node,
                kind,
                took: None,
                knows: None,
            });
        }
    }

    fn give_away(
        &mut self,
        end: impl FnOnce() -> End,
        sink: &mut dyn RecordSink,
    ) -> io::Result<()> {
        let ticket = self.next_over;
        self.next_over += 1;
        match self.open.remove(&ticket) {
            Some(mut traced) => {
                traced.end = Some(end());
                (self.take)(traced, sink)
            }
            None => Ok(()),
        }
    }
}

impl Traced {
    /// Notes a step, and how the nodes that it names are called.
    fn note<O: Overlay>(&mut self, scene: &Scene<'_, O>, step: Step) {
        let ids = &mut self.ids;
        let mut name = |node: NodeIdx| {
            ids.entry(node).or_insert_with(|| scene.overlay.id(node));
        };
        name(step.from);
        name(step.to);
        match &step.kind {
            StepKind::Says(Said::Referral { next, .. }) => name(*next),
            StepKind::Says(Said::Ask { failed, .. }) => failed.iter().copied().for_each(name),
            StepKind::Says(Said::Keepers(nodes) | Said::Closer(nodes)) => {
                nodes.iter().copied().for_each(name);
            }
            StepKind::Says(Said::Put { version, .. } | Said::Value { version, .. }) => {
                if let Some(text) = scene.operations.text(self.asked.key, *version) {
                    self.texts.insert(*version, text.into());
                }
            }
            _ => {}
        }
        self.name_all(scene, step.knows.as_ref());
        self.steps.push(step);
    }

    /// Notes how the nodes are called that a node knows.
    fn name_all<O: Overlay>(&mut self, scene: &Scene<'_, O>, known: Option<&Knowledge>) {
        let Some(known) = known else { return };
        let fingers = known.fingers.iter().copied().flatten();
        let others = known.predecessor.into_iter().chain(fingers);
        for node in others.chain(known.successors.iter().copied()) {
            self.ids
                .entry(node)
                .or_insert_with(|| scene.overlay.id(node));
        }
    }

    /// When a node last asked another one for something.
    fn last_asked(&self, from: NodeIdx, to: NodeIdx) -> Option<SimTime> {
        let asks = |step: &&Step| {
            (step.from, step.to) == (from, to)
                && matches!(&step.kind, StepKind::Says(said) if said.wants_an_answer())
        };
        self.steps.iter().rev().find(asks).map(|step| step.at)
    }
}

impl<O: Overlay> Observer<O> for Tracer<'_> {
    fn before(&mut self, scene: &Scene<'_, O>, event: &EventOf<O>) {
        self.now = scene.now;
        let Event::Deadline { node, call, .. } = *event else {
            return;
        };
        let purpose = scene.calls.purpose(call);
        let ticket = purpose.and_then(|purpose| scene.overlay.ticket_of_call(node, purpose));
        let Some(ticket) = self.traced(ticket) else {
            return;
        };
        let knows = self.knowledge(scene, node);
        let traced = self.open.get_mut(&ticket);
        if let (Some(traced), Some(peer)) = (traced, scene.calls.waiting_for(call)) {
            let asked = traced.last_asked(node, peer);
            let step = Step {
                at: scene.now,
                from: node,
                to: peer,
                kind: StepKind::WaitsInVain,
                took: asked.map(|asked| scene.now.since(asked)),
                knows,
            };
            traced.note(scene, step);
        }
    }

    fn asked(&mut self, scene: &Scene<'_, O>, asked: &Asked) {
        let number = self.number(asked);
        if !(self.wanted)(asked, number) {
            return;
        }
        let source = asked.source.some();
        let knew = source.and_then(|source| self.knowledge(scene, source));
        let mut traced = Traced {
            asked: *asked,
            number,
            knew: knew.clone(),
            members: Vec::new(),
            others: BTreeMap::new(),
            steps: Vec::new(),
            ids: source
                .map(|source| (source, asked.source_id))
                .into_iter()
                .collect(),
            texts: BTreeMap::new(),
            end: None,
        };
        traced.name_all(scene, knew.as_ref());
        if let Some(others) = &self.notes_knowledge {
            traced.members = scene.members.iter().map(|(id, _)| id).collect();
            for other in others {
                let there = scene.members.at_or_after(RingId(*other));
                if let Some((_, node)) = there.filter(|(id, _)| id.0 == *other) {
                    let knows = scene.overlay.knows(node);
                    traced.name_all(scene, Some(&knows));
                    traced.others.insert(*other, knows);
                }
            }
        }
        self.open.insert(asked.ticket, traced);
    }

    fn sent(&mut self, scene: &Scene<'_, O>, sent: &Sent<O::Msg>) {
        if self.open.is_empty() {
            return;
        }
        let Some(ticket) = self.traced(scene.overlay.ticket(&sent.msg, scene.calls)) else {
            return;
        };
        let said = scene.overlay.said(&sent.msg, scene.parcels);
        let knows = self.knowledge(scene, sent.from);
        let traced = self.open.get_mut(&ticket);
        if let (Some(traced), Some(said)) = (traced, said) {
            let took = match sent.fate {
                Fate::Arrives(at) => Some(at.since(scene.now)),
                _ => None,
            };
            let step = Step {
                at: scene.now,
                from: sent.from,
                to: sent.to,
                kind: StepKind::Says(said),
                took,
                knows,
            };
            traced.note(scene, step);
        }
    }

    fn refused(&mut self, node: NodeIdx, ticket: Option<u64>, _: bool) {
        self.note_deed(node, ticket, StepKind::Refuses);
    }

    fn misrouted(&mut self, node: NodeIdx, named: NodeIdx, ticket: Option<u64>, _: bool) {
        let of_itself = node == named;
        self.note_deed(node, ticket, StepKind::Lies { of_itself });
    }

    fn finished(&mut self, finished: &Finished, sink: &mut dyn RecordSink) -> io::Result<()> {
        self.give_away(|| End::Lookup(*finished), sink)
    }

    fn operated(&mut self, over: &FinishedOperation, sink: &mut dyn RecordSink) -> io::Result<()> {
        self.give_away(|| End::Operation(over.clone()), sink)
    }
}

impl Said {
    /// Whether the sender waits for an answer.
    fn wants_an_answer(&self) -> bool {
        matches!(
            self,
            Self::Forward { .. }
                | Self::Ask { .. }
                | Self::WhoKeeps
                | Self::FindPlace(_)
                | Self::Put { .. }
                | Self::Get
        )
    }
}
