//! A second opinion: Chord on a ring at rest, as a textbook has it.
//!
//! Slow, and meant to be obviously right. It knows the whole ring, a sorted list of identifiers, and sends
//! no message; everything is searched for from one end to the other, and the arithmetic of the ring is
//! remainders of 128-bit numbers. It uses nothing of the program: what it is compared with are the rows
//! that a run wrote.

/// How a lookup is passed on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Way {
    Successors,
    Fingers,
}

/// A ring of 2^`bits` positions with nodes on it.
pub(crate) struct Ring {
    bits: u32,
    /// In order.
    ids: Vec<u64>,
}

impl Ring {
    pub(crate) fn new(bits: u32, ids: impl IntoIterator<Item = u64>) -> Self {
        let mut ids: Vec<u64> = ids.into_iter().collect();
        ids.sort_unstable();
        assert!(!ids.is_empty(), "a ring has a node");
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "all differ");
        assert!(u128::from(*ids.last().unwrap()) < 1 << bits, "on the ring");
        Self { bits, ids }
    }

    pub(crate) fn bits(&self) -> u32 {
        self.bits
    }

    pub(crate) fn ids(&self) -> &[u64] {
        &self.ids
    }

    /// How many positions it is clockwise from one to another: 0 if they are the same.
    fn clockwise(&self, from: u64, to: u64) -> u128 {
        let positions = 1_u128 << self.bits;
        (u128::from(to) + positions - u128::from(from)) % positions
    }

    /// The first node whose identifier is equal to or follows the key.
    pub(crate) fn owner(&self, key: u64) -> u64 {
        let follows = self.ids.iter().copied().find(|id| *id >= key);
        follows.unwrap_or(self.ids[0])
    }

    fn rank(&self, id: u64) -> usize {
        let rank = self.ids.iter().position(|node| *node == id);
        rank.unwrap_or_else(|| panic!("{id} is no node"))
    }

    /// The next `length` nodes after this one, as far as there are as many others.
    pub(crate) fn successors(&self, id: u64, length: usize) -> Vec<u64> {
        let following = self.ids.iter().cycle().skip(self.rank(id) + 1);
        following
            .copied()
            .take(length.min(self.ids.len() - 1))
            .collect()
    }

    /// Where the fingers of a node start: n + 2^i.
    pub(crate) fn finger_starts(&self, id: u64) -> Vec<u64> {
        let start = |i| (u128::from(id) + (1_u128 << i)) % (1_u128 << self.bits);
        (0..self.bits).map(|i| start(i) as u64).collect()
    }

    /// The finger table: for each start the first node at or after it.
    pub(crate) fn fingers(&self, id: u64) -> Vec<u64> {
        let starts = self.finger_starts(id);
        starts.into_iter().map(|start| self.owner(start)).collect()
    }

    /// The nodes a lookup is passed to, the asking one not included, the owner of the key last. With
    /// `length` successors in each node's list.
    pub(crate) fn path(&self, source: u64, key: u64, way: Way, length: usize) -> Vec<u64> {
        let owner = self.owner(key);
        let mut path = Vec::new();
        let mut at = source;
        while at != owner {
            at = self.next(at, key, way, length);
            path.push(at);
            assert!(path.len() < self.ids.len(), "nobody is met twice: {path:?}");
        }
        path
    }

    /// To whom a node that does not own the key passes the lookup.
    fn next(&self, at: u64, key: u64, way: Way, length: usize) -> u64 {
        let list = self.successors(at, length);
        let to_key = self.clockwise(at, key);
        match way {
            Way::Successors => list[0],
            Way::Fingers => {
                let in_list = list.iter().find(|id| self.clockwise(at, **id) >= to_key);
                in_list.copied().unwrap_or_else(|| {
                    let known = list.iter().copied().chain(self.fingers(at));
                    let precedes = |id: &u64| (1..to_key).contains(&self.clockwise(at, *id));
                    let farthest = known
                        .filter(precedes)
                        .max_by_key(|id| self.clockwise(at, *id));
                    farthest.expect("the key lies beyond the whole list")
                })
            }
        }
    }

    /// How many of these keys a node owns, looking at each.
    pub(crate) fn keys_of(&self, id: u64, keys: &[u64]) -> usize {
        let owned = |key: &&u64| self.owner(**key) == id;
        keys.iter().filter(owned).count()
    }
}
