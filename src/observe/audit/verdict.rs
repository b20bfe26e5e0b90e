//! What does not hold, since when, and whether the preconditions of the proof were given.

use std::collections::BTreeSet;

use super::auditor::{Auditor, Ring};
use super::shape::Shape;
use super::story::{Cause, Names};
use super::{Excuse, Findings, Invariant};
use crate::catalogue::AuditRecord;
use crate::engine::SimTime;
use crate::world::{NodeIdx, RingId};

/// So many violations get a story; all get a row.
const STORIES: usize = 1000;
/// So many offenders are named.
const NAMED: usize = 8;

impl Auditor {
    /// Looks at what holds after something has happened to a node, and what did before.
    pub(super) fn judge(&mut self, node: NodeIdx, ring: &Ring<'_>) {
        if !self.established && !self.is_sound() {
            return;
        }
        if !std::mem::replace(&mut self.established, true) {
            self.sound_since = Some(self.now);
        }
        self.count_time();
        self.shape = self.pointers.shape();
        let principals = self.skips.principals();
        let least = self.findings.least_principals.unwrap_or(principals);
        self.findings.least_principals = Some(least.min(principals));
        let was_sound = self.was_sound();
        for invariant in Invariant::STATES {
            match (self.holds(invariant), self.open.get(&invariant).copied()) {
                (true, Some(row)) => {
                    self.rows[row].until_s = Some(self.now.seconds_from(self.from));
                    self.open.remove(&invariant);
                }
                (false, None) => {
                    let excuse = self.excuse(was_sound);
                    let row = self.violation(invariant, node, excuse, ring);
                    self.open.insert(invariant, row);
                }
                _ => {}
            }
        }
        if !was_sound && self.was_sound() {
            self.sound_since = Some(self.now);
        }
    }

    /// Whether the invariant held when it was last looked at.
    fn was_sound(&self) -> bool {
        let broken = [Invariant::LiveSuccessor, Invariant::Principals];
        broken.iter().all(|part| !self.open.contains_key(part))
    }

    /// A node has answered for a key that another owns.
    pub fn answered_for_another(&mut self, node: NodeIdx, key: RingId, ring: &Ring<'_>) {
        if !self.established {
            return;
        }
        let excuse = if self.liar == Some(node) {
            Excuse::Selfish
        } else {
            Excuse::NotAtRest
        };
        let row = self.violation(Invariant::KeyOwner, node, Some(excuse), ring);
        let row = &mut self.rows[row];
        row.until_s = Some(row.time_s);
        row.offenders = key.to_string();
        let owner = ring.members.at_or_after(key);
        let owner = owner.map_or_else(|| "nobody".to_owned(), |(_, owner)| format!("node {owner}"));
        let answered = format!("answered for key {key}, which {owner} owns");
        row.story = [row.story.as_str(), &answered].join("; ");
    }

    /// Something does not hold of what is stored; gives its row.
    pub(super) fn violation_of_values(
        &mut self,
        invariant: Invariant,
        node: NodeIdx,
        excuse: Option<Excuse>,
        (keys, told): (Vec<RingId>, String),
        ring: &Ring<'_>,
    ) -> usize {
        let place = self.violation(invariant, node, excuse, ring);
        let row = &mut self.rows[place];
        row.until_s = (!invariant.is_of_copies()).then_some(row.time_s);
        let keys: Vec<String> = keys.iter().take(NAMED).map(RingId::to_string).collect();
        row.offenders = keys.join(" ");
        let story = [row.story.as_str(), &told];
        let told: Vec<&str> = story.into_iter().filter(|it| !it.is_empty()).collect();
        row.story = told.join("; ");
        place
    }

    /// The run is over.
    pub fn finish(&mut self, now: SimTime) -> (Findings, Vec<AuditRecord>) {
        self.now = now;
        self.count_time();
        (self.findings, std::mem::take(&mut self.rows))
    }

    fn count_time(&mut self) {
        let past = self.now.since(self.counted_until);
        if !self.open.is_empty() {
            self.findings.violated = self.findings.violated + past;
        }
        self.counted_until = self.now;
    }

    fn is_sound(&self) -> bool {
        self.holds(Invariant::LiveSuccessor) && self.holds(Invariant::Principals)
    }

    fn holds(&self, invariant: Invariant) -> bool {
        let Shape {
            rings,
            ordered,
            connected,
        } = self.shape;
        match invariant {
            Invariant::LiveSuccessor => self.orphans.is_empty(),
            Invariant::Principals => self.skips.principals() >= self.needed,
            Invariant::OneRing => rings == 1,
            Invariant::OrderedRing => ordered,
            Invariant::ConnectedAppendages => connected,
            Invariant::OrderedLists => self.disordered.is_empty(),
            Invariant::NoDuplicates => self.doubled.is_empty(),
            // Of these each answer or look is judged by itself.
            _ => true,
        }
    }

    /// Why the step under way is not to blame for what it broke; `None` if it is.
    fn excuse(&self, was_sound: bool) -> Option<Excuse> {
        if self.cause.is_failure() {
            Some(Excuse::Failure)
        } else if !was_sound {
            Some(Excuse::BrokenBefore)
        } else if matches!(self.cause, Cause::Silence { alive: true, .. }) {
            Some(Excuse::Suspicion)
        } else {
            self.came_under_way().then_some(Excuse::UnderWay)
        }
    }

    /// Whether what the step did would have done no harm when the answer it acted upon was given: an
    /// entry of the list failed since, or who is skipped was not relied upon yet. Or the invariant did
    /// not hold yet, so that nothing was promised of that answer.
    fn came_under_way(&self) -> bool {
        let recent = |at: SimTime| at <= self.now && self.now.since(at) <= self.patience;
        let entries = |node: &NodeIdx| self.lists.of(*node).iter();
        let failed = |entry: &NodeIdx| self.failed_at.get(*entry).is_some_and(recent);
        let mut fresh = self.newly_skipped.iter();
        self.sound_since.is_some_and(recent)
            || self.orphans.iter().flat_map(entries).any(failed)
            || fresh.any(|node| recent(self.principal_since.get(*node).unwrap_or(SimTime::ZERO)))
    }

    /// Puts a violation down; gives its row.
    fn violation(
        &mut self,
        invariant: Invariant,
        node: NodeIdx,
        excuse: Option<Excuse>,
        ring: &Ring<'_>,
    ) -> usize {
        self.findings.violations += 1;
        self.findings.unexcused += u64::from(excuse.is_none());
        let offenders = self.offenders(invariant, node);
        let ids: Vec<String> = offenders
            .iter()
            .map(|node| ring.id(*node).to_string())
            .collect();
        let row = AuditRecord {
            violation: self.rows.len() as u64,
            time_s: self.now.seconds_from(self.from),
            invariant: invariant.name(),
            node: node.some().map(|node| node.0),
            node_id: node.some().map(|node| ring.id(node).0),
            cause: self.cause.to_string(),
            preconditions: excuse.is_none(),
            excuse: excuse.map_or("", Excuse::name),
            offenders: ids.join(" "),
            principals: self.skips.principals(),
            until_s: None,
            story: self.tell(&offenders, node, ring),
        };
        self.rows.push(row);
        self.rows.len() - 1
    }

    /// The nodes with which something is wrong, as many as are named.
    fn offenders(&self, invariant: Invariant, node: NodeIdx) -> Vec<NodeIdx> {
        let first = |set: &BTreeSet<NodeIdx>| set.iter().copied().take(NAMED).collect();
        let skipped = &self.newly_skipped;
        match invariant {
            Invariant::LiveSuccessor => first(&self.orphans),
            Invariant::Principals if !skipped.is_empty() => {
                skipped.iter().copied().take(NAMED).collect()
            }
            Invariant::OrderedLists => first(&self.disordered),
            Invariant::NoDuplicates => first(&self.doubled),
            _ => node.some().into_iter().collect(),
        }
    }

    fn tell(&self, offenders: &[NodeIdx], node: NodeIdx, ring: &Ring<'_>) -> String {
        if self.rows.len() >= STORIES {
            return String::new();
        }
        let first = offenders.iter().copied().chain(node.some());
        let first: BTreeSet<NodeIdx> = first.collect();
        let entries = first.iter().flat_map(|node| self.lists.of(*node)).copied();
        let concerned = entries.chain(first.iter().copied()).collect();
        let names = Names {
            id_of: ring.id_of,
            from: self.from,
        };
        self.story.of(&concerned, &names)
    }
}
