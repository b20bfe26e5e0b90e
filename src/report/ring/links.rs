//! The nodes of a ring and their links.

/// What a node knows another one as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Successor,
    Predecessor,
    Finger,
}

impl Kind {
    /// As files name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Successor => "successor",
            Self::Predecessor => "predecessor",
            Self::Finger => "finger",
        }
    }
}

/// A link from one node to another, or to itself. Nodes are named by their rank: the place among the identifiers in
/// order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Link {
    pub from: usize,
    pub to: usize,
    pub kind: Kind,
    /// The entries of the finger table that name this node, ascending; none unless it is a finger.
    pub fingers: Vec<u32>,
}

/// Nodes on a ring of 2^bits positions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Ring {
    ids: Vec<u64>,
    bits: u32,
}

impl Ring {
    /// A ring of 2^`bits` positions, 1 to 64 bits, with these nodes on it. The identifiers are sorted, all different
    /// and below 2^`bits`; there is at least one.
    pub(crate) fn new(ids: Vec<u64>, bits: u32) -> Self {
        Self { ids, bits }
    }

    pub(crate) fn ids(&self) -> &[u64] {
        &self.ids
    }

    pub(crate) fn bits(&self) -> u32 {
        self.bits
    }

    /// The last position.
    pub(crate) fn last(&self) -> u64 {
        u64::MAX >> (64 - self.bits)
    }

    /// The rank of the node with this identifier, if there is one.
    pub(crate) fn rank(&self, id: u64) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    /// The rank of the first node at or after a position.
    fn owner(&self, position: u64) -> usize {
        self.ids.partition_point(|&id| id < position) % self.ids.len()
    }

    pub(super) fn successor(&self, rank: usize) -> usize {
        (rank + 1) % self.ids.len()
    }

    pub(super) fn predecessor(&self, rank: usize) -> usize {
        (rank + self.ids.len() - 1) % self.ids.len()
    }

    /// Where finger `i` of a node begins, and the node that it names.
    pub(super) fn finger(&self, rank: usize, i: u32) -> (u64, usize) {
        let start = self.ids[rank].wrapping_add(1 << i) & self.last();
        (start, self.owner(start))
    }

    /// The fingers of a node: each node that is one once, in the order of the table.
    pub(crate) fn fingers(&self, rank: usize) -> Vec<Link> {
        let mut links: Vec<Link> = Vec::new();
        for i in 0..self.bits {
            let (_, to) = self.finger(rank, i);
            // Starts go once around the ring at most, so entries that name the same node are neighbours.
            match links.last_mut() {
                Some(link) if link.to == to => link.fingers.push(i),
                _ => links.push(Link {
                    from: rank,
                    to,
                    kind: Kind::Finger,
                    fingers: vec![i],
                }),
            }
        }
        links
    }

    /// All links: of each node its successor, its predecessor, and its fingers.
    pub(crate) fn links(&self) -> impl Iterator<Item = Link> + '_ {
        let neighbour = |from, to, kind| Link {
            from,
            to,
            kind,
            fingers: Vec::new(),
        };
        (0..self.ids.len()).flat_map(move |rank| {
            let successor = neighbour(rank, self.successor(rank), Kind::Successor);
            let predecessor = neighbour(rank, self.predecessor(rank), Kind::Predecessor);
            [successor, predecessor]
                .into_iter()
                .chain(self.fingers(rank))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(ring: &Ring) -> Vec<(u64, u64, &'static str, Vec<u32>)> {
        let id = |rank: usize| ring.ids()[rank];
        let links = ring.links();
        links
            .map(|link| (id(link.from), id(link.to), link.kind.name(), link.fingers))
            .collect()
    }

    /// 7 bits. The starts of 98 are 99, 100, 102, 106, 114, 2 and 34: the last two lie across the top of the ring, and
    /// the first node after 34 is 98 itself.
    #[test]
    fn the_links_of_the_lectures_ring() {
        let ring = Ring::new(vec![14, 32, 98, 124], 7);
        let links = told(&ring);
        assert_eq!(
            links[..4],
            [
                (14, 32, "successor", vec![]),
                (14, 124, "predecessor", vec![]),
                (14, 32, "finger", vec![0, 1, 2, 3, 4]),
                (14, 98, "finger", vec![5, 6]),
            ]
        );
        let of_98: Vec<_> = links.into_iter().filter(|link| link.0 == 98).collect();
        assert_eq!(
            of_98[2..],
            [
                (98, 124, "finger", vec![0, 1, 2, 3, 4]),
                (98, 14, "finger", vec![5]),
                (98, 98, "finger", vec![6]),
            ]
        );
    }

    #[test]
    fn a_lonely_node_knows_itself_alone() {
        let links = told(&Ring::new(vec![u64::MAX], 64));
        let all: Vec<u32> = (0..64).collect();
        assert_eq!(
            links,
            [
                (u64::MAX, u64::MAX, "successor", vec![]),
                (u64::MAX, u64::MAX, "predecessor", vec![]),
                (u64::MAX, u64::MAX, "finger", all),
            ]
        );
    }

    #[test]
    fn a_node_is_a_finger_once_whatever_the_ring() {
        for bits in 1..=4 {
            for chosen in 1..1_u64 << (1 << bits) {
                let ids = (0..1 << bits).filter(|id| chosen >> id & 1 == 1);
                let ring = Ring::new(ids.collect(), bits);
                for rank in 0..ring.ids().len() {
                    let links = ring.fingers(rank);
                    let mut nodes: Vec<usize> = links.iter().map(|link| link.to).collect();
                    nodes.sort_unstable();
                    nodes.dedup();
                    assert_eq!(nodes.len(), links.len(), "{ring:?}");
                    let entries = links.into_iter().flat_map(|link| link.fingers);
                    assert!(entries.eq(0..bits), "{ring:?}");
                }
            }
        }
    }
}
