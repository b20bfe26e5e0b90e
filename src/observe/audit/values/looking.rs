//! Looking at what is there: when it was promised to be in place, now and then, and at the end.

use super::calm::Stage;
use super::stocktaking::{Inventory, Missing, Shelves};
use super::{Finding, Values};
use crate::engine::{SimDuration, SimTime};
use crate::observe::audit::auditor::Ring;
use crate::observe::audit::{Excuse, Invariant};
use crate::overlay::storage::Stock;
use crate::world::{NodeIdx, RingId};

/// So many keys are named.
const NAMED: usize = 8;

impl Values {
    /// Something is about to happen: if nothing has for long enough, everything is looked at.
    pub(in super::super) fn look_when_due(
        &mut self,
        now: SimTime,
        ring: &Ring<'_>,
        stock: &dyn Stock,
    ) -> Vec<Finding> {
        match self.calm.stage(now, self.mend(ring, stock)) {
            Stage::Settled | Stage::Mended => self.look(now, ring, stock),
            _ => Vec::new(),
        }
    }

    fn mend(&self, ring: &Ring<'_>, stock: &dyn Stock) -> Option<SimDuration> {
        let nodes = ring.members.len() as u64;
        self.rules.mend(nodes, stock.totals().copies)
    }

    /// Everything is looked at.
    pub(in super::super) fn look(
        &mut self,
        now: SimTime,
        ring: &Ring<'_>,
        stock: &dyn Stock,
    ) -> Vec<Finding> {
        self.forget_puts_before(now);
        let stage = self.calm.stage(now, self.mend(ring, stock));
        let shelves = self.shelves(ring, stock);
        let inventory = shelves.inventory();
        let is_settled = !self.rules.queues && stage != Stage::Unsettled;
        let miscounted = self.miscounted(&inventory, stock, is_settled);
        let mut findings: Vec<Finding> = miscounted.into_iter().collect();
        if !is_settled {
            return findings;
        }
        let is_in_order = shelves.is_in_order();
        if is_in_order {
            findings.extend(self.lost(&inventory));
            findings.push(self.misplaced(&inventory, &shelves));
            findings.extend(self.unrepaired(&inventory, &shelves, now));
            self.known = inventory.into_keys().collect();
        }
        self.calm.looked(is_in_order);
        if is_in_order && self.calm.is_mended() {
            self.calm.spoilt = None;
            let since = self.mended_before(now, ring, stock);
            let lately: Vec<RingId> = self.doubtful.iter().copied().collect();
            for key in lately {
                if !self.was_put_since(key, since) {
                    self.doubtful.remove(&key);
                }
            }
        }
        findings
    }

    /// What was put before then is in all its places.
    fn mended_before(&self, now: SimTime, ring: &Ring<'_>, stock: &dyn Stock) -> SimTime {
        let long = self.mend(ring, stock).unwrap_or(SimDuration::ZERO);
        SimTime(
            now.0
                .saturating_sub((long + self.rules.put_is_over_after()).0),
        )
    }

    fn was_put_since(&self, key: RingId, since: SimTime) -> bool {
        let puts = self.puts.range((key, 0)..=(key, u32::MAX));
        puts.last().is_some_and(|(_, began)| *began >= since)
    }

    /// The counts of keys and copies are those of the shelves. When all has settled no copy is under way.
    fn miscounted(
        &self,
        inventory: &Inventory,
        stock: &dyn Stock,
        is_settled: bool,
    ) -> Option<Finding> {
        let (totals, under_way) = (stock.totals(), stock.under_way());
        let copies: u64 = inventory.values().map(|it| u64::from(it.copies)).sum();
        let wanted = u32::from(self.rules.replicas);
        let full = inventory.values().filter(|it| it.copies >= wanted);
        let (full, kept) = (full.count() as u64, inventory.len() as u64);
        let alive = kept..=kept + under_way;
        let agree = !(is_settled && under_way > 0)
            && totals.copies == copies
            && alive.contains(&totals.alive)
            && totals.alive - totals.under_replicated == full
            && totals.stored >= totals.alive;
        let wrong = inventory
            .iter()
            .filter(|(key, it)| {
                let counted = stock.copies_of(**key);
                counted < it.copies || (under_way == 0 && counted > it.copies)
            })
            .map(|(key, _)| *key);
        let offenders: Vec<RingId> = wrong.take(NAMED).collect();
        (!agree || !offenders.is_empty()).then(|| Finding::Broken {
            invariant: Invariant::Counts,
            node: NodeIdx::NONE,
            excuse: None,
            offenders,
            told: format!(
                "on the shelves are {copies} copies of {kept} keys, {full} of them complete, and {under_way} copies are \
                 under way; counted were {totals:?}"
            ),
        })
    }

    /// A key that was there when all was in order is there, if nobody has failed since.
    fn lost(&self, inventory: &Inventory) -> Option<Finding> {
        let gone = |key: &&RingId| !inventory.contains_key(key) && !self.doubtful.contains(key);
        let offenders: Vec<RingId> = self.known.iter().filter(gone).copied().collect();
        let count = offenders.len();
        (count > 0).then(|| Finding::Broken {
            invariant: Invariant::NothingLost,
            node: NodeIdx::NONE,
            excuse: self.excuse(self.calm.spoilt),
            offenders,
            told: match count {
                1 => "1 value is gone".to_owned(),
                count => format!("{count} values are gone"),
            },
        })
    }

    /// Each key is at its owner.
    fn misplaced(&self, inventory: &Inventory, shelves: &Shelves) -> Finding {
        let mut missing = shelves.missing_at_owners(inventory);
        missing.retain(|it| !self.doubtful.contains(&it.key) && !self.may_be_under_way(it.key));
        found(
            Invariant::KeysAtOwners,
            &missing,
            self.excuse(self.calm.spoilt),
        )
    }

    /// Of puts that began in a ring in order, which is what is not doubtful.
    fn may_be_under_way(&self, key: RingId) -> bool {
        self.recent.iter().any(|(_, recent)| *recent == key)
    }

    /// Each key is at all that should keep a copy, if repair has had its time.
    fn unrepaired(
        &self,
        inventory: &Inventory,
        shelves: &Shelves,
        now: SimTime,
    ) -> Option<Finding> {
        self.rules.repair_every?;
        let since = self.mended_before(now, shelves.ring, shelves.stock);
        let mut missing = shelves.missing_at_keepers(inventory);
        missing.retain(|it| !self.was_put_since(it.key, since));
        let excuse = self.excuse((!self.calm.is_mended()).then_some(Excuse::NotAtRest));
        Some(found(Invariant::CopiesInPlace, &missing, excuse))
    }
}

fn found(invariant: Invariant, missing: &[Missing], excuse: Option<Excuse>) -> Finding {
    let Some(first) = missing.first() else {
        return Finding::Holds(invariant);
    };
    let Missing {
        node,
        key,
        version,
        newest,
    } = *first;
    let count = missing.len();
    let has = match version {
        0 => "nothing".to_owned(),
        version => format!("version {version}"),
    };
    Finding::Broken {
        invariant,
        node,
        excuse,
        offenders: missing.iter().map(|it| it.key).collect(),
        told: format!(
            "node {node} has {has} of key {key}, of which version {newest} is somewhere; in all {count} copies are missing"
        ),
    }
}
