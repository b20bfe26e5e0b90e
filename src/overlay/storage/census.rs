//! What there is of each key, in truth. No node knows this: it is counted where copies come and go, for judging what
//! users get and for results.

use std::collections::BTreeMap;

use crate::world::RingId;

/// The copies of a key.
#[derive(Clone, Copy, Default, Debug)]
struct Count {
    /// On live nodes.
    kept: u32,
    /// Under way from nodes that have left.
    under_way: u32,
}

/// What is kept, all in all.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Keys that were ever stored.
    pub stored: u64,
    /// Of these: keys of which a live node has a copy, or one is under way from a node that has left.
    pub alive: u64,
    /// Of these: keys with fewer copies than there should be.
    pub under_replicated: u64,
    /// Copies on live nodes.
    pub copies: u64,
}

impl Totals {
    /// Keys that were stored and are not alive.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.stored - self.alive
    }
}

/// The copies of all keys.
pub(super) struct Census {
    replicas: u32,
    counts: BTreeMap<RingId, Count>,
    totals: Totals,
    /// Copies under way from nodes that have left.
    under_way: u64,
}

impl Census {
    /// No copy yet; `replicas` of each key are wanted.
    pub(super) fn new(replicas: u8) -> Self {
        Self {
            replicas: u32::from(replicas),
            counts: BTreeMap::new(),
            totals: Totals::default(),
            under_way: 0,
        }
    }

    pub(super) fn under_way(&self) -> u64 {
        self.under_way
    }

    pub(super) fn totals(&self) -> Totals {
        self.totals
    }

    /// How many copies of a key there are, those under way from nodes that have left included.
    pub(super) fn copies_of(&self, key: RingId) -> u32 {
        let count = self.counts.get(&key);
        count.map_or(0, |count| count.kept + count.under_way)
    }

    /// A node keeps one more key.
    pub(super) fn kept(&mut self, key: RingId) {
        self.totals.copies += 1;
        self.change(key, |count| count.kept += 1);
    }

    /// A node keeps a key no more.
    pub(super) fn gone(&mut self, key: RingId) {
        self.totals.copies -= 1;
        self.change(key, |count| count.kept -= 1);
    }

    /// A node that leaves has sent a copy.
    pub(super) fn sent_off(&mut self, key: RingId) {
        self.under_way += 1;
        self.change(key, |count| count.under_way += 1);
    }

    /// A copy of a node that has left has arrived, or never will.
    pub(super) fn arrived(&mut self, key: RingId) {
        self.under_way -= 1;
        self.change(key, |count| count.under_way -= 1);
    }

    fn change(&mut self, key: RingId, change: impl FnOnce(&mut Count)) {
        let replicas = self.replicas;
        let class = |count: &Count| {
            let alive = count.kept + count.under_way > 0;
            (u64::from(alive), u64::from(alive && count.kept < replicas))
        };
        let totals = &mut self.totals;
        let count = self.counts.entry(key).or_insert_with(|| {
            totals.stored += 1;
            Count::default()
        });
        let (alive, few) = class(count);
        change(count);
        let (alive_now, few_now) = class(count);
        totals.alive = totals.alive + alive_now - alive;
        totals.under_replicated = totals.under_replicated + few_now - few;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_lost_with_its_last_copy_and_not_while_one_is_under_way() {
        let mut census = Census::new(2);
        let key = RingId(7);
        let totals = |census: &Census| {
            let Totals {
                alive,
                under_replicated,
                copies,
                ..
            } = census.totals();
            (alive, under_replicated, copies, census.totals().lost())
        };
        census.kept(key);
        assert_eq!(totals(&census), (1, 1, 1, 0));
        census.kept(key);
        assert_eq!(totals(&census), (1, 0, 2, 0));
        census.gone(key);
        census.sent_off(key);
        census.gone(key);
        assert_eq!((totals(&census), census.copies_of(key)), ((1, 1, 0, 0), 1));
        census.arrived(key);
        assert_eq!((totals(&census), census.copies_of(key)), ((0, 0, 0, 1), 0));
        census.kept(key);
        assert_eq!(totals(&census), (1, 1, 1, 0), "put again");
        assert_eq!(census.copies_of(RingId(8)), 0);
    }
}
