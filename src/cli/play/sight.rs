//! What a session has seen of a run, and whether the moment has come at which the run is to stop.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::account::{Answer, Ask, Entry, Goal, Operation, Over, Replay, What};
use crate::client::Finished;
use crate::engine::{SimDuration, SimTime};
use crate::observe::Scene;
use crate::overlay::{Item, Knowledge, Overlay};
use crate::report::play::{Copy, Moment, Node};
use crate::scenario::resolved::ScriptKind;
use crate::sim::Watch;
use crate::world::NodeIdx;

/// How many things are noted at most: nobody reads more.
const NOTED_MAX: usize = 10_000;

/// What has been seen.
pub(super) struct Sight {
    from: SimTime,
    pub(super) goal: Goal,
    limit: SimTime,
    bits: u32,
    names: BTreeMap<u64, String>,
    /// The events of the script that say goodbye.
    goodbyes: BTreeSet<u32>,
    /// Set to stop the run.
    watch: Arc<Watch>,
    /// The identifiers of all nodes, by their numbers.
    pub(super) ids: Vec<u64>,
    /// The time of the event that is being handled.
    pub(super) now: SimTime,
    /// The event of the script that is being handled, and whether anything has come of it.
    pub(super) script: Option<(u32, bool)>,
    pub(super) fired: BTreeSet<u32>,
    idle: BTreeSet<u32>,
    /// The tickets of all requests that are not over, in their order.
    pub(super) tickets: VecDeque<u64>,
    /// Those of the script's requests, and by which event they began.
    pub(super) open: BTreeMap<u64, u32>,
    /// Nodes that are up and not on the ring, and the event that let them join.
    pub(super) joining: BTreeMap<NodeIdx, Option<u32>>,
    /// Whether something was under way at the present.
    was_busy: bool,
    /// With [`Goal::Step`]: what each node knew and kept when it last acted.
    pub(super) known: BTreeMap<NodeIdx, (Knowledge, Vec<Item>)>,
    entries: Vec<Entry>,
    /// When the last thing happened that was waited for.
    happened: Option<SimTime>,
    before: Option<Moment>,
    /// The moment at which the run is to stop, once that is known.
    target: Option<SimTime>,
    reached: Option<(SimTime, Moment)>,
}

impl Sight {
    pub(super) fn new(ask: Ask<'_>, watch: Arc<Watch>) -> Self {
        let events = ask.spec.scenario.events.iter().zip(0..);
        let goodbyes = events
            .filter(|(event, _)| matches!(event.kind, ScriptKind::Leave(_)))
            .map(|(_, number)| number);
        Self {
            goodbyes: goodbyes.collect(),
            target: match ask.goal {
                Goal::At(at) => Some(at),
                Goal::Over(_) | Goal::Step => None,
            },
            from: ask.from,
            goal: ask.goal,
            limit: ask.limit,
            bits: ask.spec.scenario.overlay.id_bits,
            names: ask.names,
            watch,
            ids: Vec::new(),
            now: SimTime::ZERO,
            script: None,
            fired: BTreeSet::new(),
            idle: BTreeSet::new(),
            tickets: VecDeque::new(),
            open: BTreeMap::new(),
            joining: BTreeMap::new(),
            was_busy: false,
            known: BTreeMap::new(),
            entries: Vec::new(),
            happened: None,
            before: None,
            reached: None,
        }
    }

    /// What was seen; `None` if the run did not come to the moment.
    pub(super) fn seen(self) -> Option<Replay> {
        let (present, after) = self.reached?;
        Some(Replay {
            before: self.before?,
            after,
            present,
            entries: self.entries,
            idle: self.idle,
            is_busy: !(self.open.is_empty() && self.joining.is_empty()),
            is_reached: self.happened.is_some() || matches!(self.goal, Goal::At(_)),
        })
    }

    pub(super) fn is_done(&self) -> bool {
        self.reached.is_some()
    }

    pub(super) fn id(&self, node: NodeIdx) -> u64 {
        self.ids.get(node.at()).copied().unwrap_or_default()
    }

    pub(super) fn is_noting(&self) -> bool {
        self.now >= self.from && self.before.is_some() && !self.is_done()
    }

    pub(super) fn note(&mut self, what: What) {
        if !self.is_noting() {
            return;
        }
        let concerns = match &self.goal {
            Goal::Step if self.was_busy => concerns_requests(&what),
            Goal::Step => true,
            Goal::At(_) | Goal::Over(_) => false,
        };
        if concerns {
            self.happened = Some(self.now);
        }
        if self.entries.len() < NOTED_MAX {
            self.entries.push(Entry { at: self.now, what });
        }
    }

    /// Whether what an event of the script has begun is over.
    pub(super) fn is_over(&self, script: u32) -> bool {
        let still = self.open.values().any(|it| *it == script);
        let joining = self.joining.values().any(|it| *it == Some(script));
        self.fired.contains(&script) && !still && !joining
    }

    /// An event is due at `now`; all that were due before have been handled.
    pub(super) fn look<O: Overlay>(&mut self, scene: &Scene<'_, O>) {
        let now = scene.now;
        if now <= self.now && self.before.is_some() {
            return;
        }
        self.see_to_the_script();
        if self.before.is_none() && now >= self.from {
            self.before = Some(self.moment(scene));
            self.was_busy = !(self.open.is_empty() && self.joining.is_empty());
            if let Goal::Step = self.goal {
                for (_, node) in scene.members.iter() {
                    self.known.insert(node, known(scene, node));
                }
            }
        }
        if self.target.is_none() {
            self.target = self.find_target(now);
        }
        if let Some(target) = self.target.filter(|target| now >= *target) {
            self.reached = Some((target, self.moment(scene)));
            self.watch.cancel.store(true, Ordering::Relaxed);
        }
    }

    /// The run has come to its end before anything else was due.
    pub(super) fn end<O: Overlay>(&mut self, scene: &Scene<'_, O>) {
        if !self.is_done() {
            let limit = self.target.unwrap_or(self.limit);
            let moment = self.moment(scene);
            self.before.get_or_insert_with(|| moment.clone());
            self.reached = Some((limit, moment));
        }
    }

    /// Where to stop, if what was waited for has happened.
    pub(super) fn find_target(&mut self, now: SimTime) -> Option<SimTime> {
        match self.goal {
            Goal::Over(script) if self.is_over(script) => {
                let last = self.now.max(self.from);
                self.happened = Some(last);
                Some(next_second(last, self.limit))
            }
            Goal::Step if self.happened.is_some() => {
                let last = self.happened.unwrap_or(self.from);
                Some(roundest(last, now))
            }
            _ => (now >= self.limit).then_some(self.limit),
        }
    }

    /// Notes whether the event of the script that was handled last had any effect.
    pub(super) fn see_to_the_script(&mut self) {
        if let Some((script, false)) = self.script.take() {
            self.idle.insert(script);
        }
    }

    pub(super) fn script_has_effect(&mut self) -> Option<u32> {
        let (script, effect) = self.script.as_mut()?;
        *effect = true;
        Some(*script)
    }

    pub(super) fn moment<O: Overlay>(&self, scene: &Scene<'_, O>) -> Moment {
        let nodes = scene
            .members
            .iter()
            .map(|(id, node)| (id.0, self.node(scene, node)));
        Moment {
            bits: self.bits,
            nodes: nodes.collect(),
            joining: self.joining.keys().map(|node| self.id(*node)).collect(),
            names: self.names.clone(),
        }
    }

    pub(super) fn node<O: Overlay>(&self, scene: &Scene<'_, O>, node: NodeIdx) -> Node {
        let (knowledge, items) = known(scene, node);
        let id = |node: NodeIdx| self.id(node);
        let copies = items.into_iter().map(|item| Copy {
            key: item.key.0,
            version: item.version,
            bytes: item.bytes,
            text: scene
                .operations
                .text(item.key, item.version)
                .map(str::to_owned),
        });
        Node {
            predecessor: knowledge.predecessor.map(id),
            successors: knowledge.successors.into_iter().map(id).collect(),
            fingers: knowledge
                .fingers
                .into_iter()
                .map(|finger| finger.map(id))
                .collect(),
            copies: copies.collect(),
        }
    }

    pub(super) fn over(&mut self, request: &Finished, operation: Option<Operation>) {
        let Some(ticket) = self.tickets.pop_front() else {
            return;
        };
        if self.open.remove(&ticket).is_none() {
            return;
        }
        let answer = request.answer.map(|answer| Answer {
            at: answer.at,
            node: answer.claim.id.0,
            owner: answer.claim.owner.map(|id| id.0),
            hops: answer.hops,
        });
        self.note(What::Over(Over {
            started: request.opening.started,
            key: request.opening.key.0,
            answer: answer.map_err(|failure| failure.reason),
            operation,
        }));
    }

    /// Whether a message is told of: one of a request of the script, or of somebody who joins or says goodbye.
    pub(super) fn is_told(&self, ticket: Option<u64>, from: NodeIdx, to: NodeIdx) -> bool {
        if let Some(ticket) = ticket {
            return self.is_ours(ticket);
        }
        let says_goodbye = self
            .script
            .is_some_and(|(script, _)| self.goodbyes.contains(&script));
        says_goodbye || self.joining.contains_key(&from) || self.joining.contains_key(&to)
    }

    /// Whether a request is one of the script that is told of.
    pub(super) fn is_ours(&self, ticket: u64) -> bool {
        self.open.contains_key(&ticket)
    }
}

/// Whether it is of a request or a join.
fn concerns_requests(what: &What) -> bool {
    match what {
        What::Copies { .. } | What::Silent { .. } | What::Changed => false,
        What::Sent(_)
        | What::Asked { .. }
        | What::Refuses(_)
        | What::Misroutes { .. }
        | What::Over(_)
        | What::CameUp { .. }
        | What::Joined(_)
        | What::Lost(_)
        | What::Down(..) => true,
    }
}

pub(super) fn known<O: Overlay>(scene: &Scene<'_, O>, node: NodeIdx) -> (Knowledge, Vec<Item>) {
    let stock = scene.overlay.stock();
    let copies = stock.map_or_else(Vec::new, |stock| stock.copies_at(node));
    (scene.overlay.knows(node), copies)
}

/// The first full second behind a moment, or the limit if that comes first.
fn next_second(last: SimTime, limit: SimTime) -> SimTime {
    let second = SimDuration::from_secs(1).0;
    SimTime((last.0 / second + 1) * second).min(limit)
}

/// The moment with the fewest digits behind `last`, but not behind `next`, the moment of the next event.
fn roundest(last: SimTime, next: SimTime) -> SimTime {
    let units = [1_000_000, 1_000, 1];
    let behind = units.map(|unit| SimTime((last.0 / unit + 1) * unit));
    behind.into_iter().find(|at| *at <= next).unwrap_or(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_present_lies_behind_what_has_happened_and_not_behind_what_is_next() {
        let at = |last, next| roundest(SimTime(last), SimTime(next)).0;
        assert_eq!(at(50_000_000, 100_000_000), 51_000_000);
        assert_eq!(at(50_000_000, 51_000_000), 51_000_000);
        assert_eq!(at(50_000_000, 50_700_000), 50_001_000);
        assert_eq!(at(50_000_000, 50_000_600), 50_000_001);
        assert_eq!(at(7, 8), 8);
        let second = |last, limit| next_second(SimTime(last), SimTime(limit)).0;
        assert_eq!(second(150_000_000, 9_000_000_000), 1_000_000_000);
        assert_eq!(second(1_000_000_000, 9_000_000_000), 2_000_000_000);
        assert_eq!(second(1_000_000_000, 1_500_000_000), 1_500_000_000);
    }
}
