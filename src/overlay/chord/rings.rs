//! How many rings there are: a network that is cut in two leaves one on each side.

use super::Chord;
use crate::world::{Directory, Member, NodeIdx};

impl Chord {
    /// The cycles that are made by going from each member to its first live successor. A node whose list is empty is its
    /// own successor; one whose entries are all dead leads nowhere.
    pub(super) fn count_rings(&self, directory: &Directory) -> u64 {
        let members: Vec<Member> = directory.iter().collect();
        let leads_to: Vec<_> = (0..members.len())
            .map(|rank| self.leads_to(&members, rank, directory))
            .collect();
        cycles(&leads_to)
    }

    /// The place among the members, sorted by identifier, of the first live successor of the one in this place.
    fn leads_to(&self, members: &[Member], rank: usize, directory: &Directory) -> Option<usize> {
        let list = self.list_of(members[rank].1);
        if list.is_empty() {
            return Some(rank);
        }
        let is_live = |entry: &NodeIdx| directory.is_member(*entry);
        let first = list.iter().copied().find(is_live)?;
        // Mostly it is the next one.
        let next = (rank + 1) % members.len();
        if members[next].1 == first {
            return Some(next);
        }
        let place = members.binary_search(&(self.id_of(first), first));
        place.ok()
    }
}

/// The cycles of a graph in which each node leads to one other, to itself or to none.
fn cycles(leads_to: &[Option<usize>]) -> u64 {
    const NOT_SEEN: usize = usize::MAX;
    // From where each node was first reached.
    let mut seen_from = vec![NOT_SEEN; leads_to.len()];
    let mut count = 0;
    for start in 0..leads_to.len() {
        let mut at = Some(start);
        while let Some(place) = at.filter(|place| seen_from[*place] == NOT_SEEN) {
            seen_from[place] = start;
            at = leads_to[place];
        }
        // A way that ends where it has been itself has closed a cycle that no earlier one came to.
        let is_new = at.is_some_and(|place| seen_from[place] == start);
        count += u64::from(is_new);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_are_counted_and_the_ways_to_them_are_not() {
        let count = |leads_to: &[usize]| {
            let leads_to: Vec<_> = leads_to
                .iter()
                .map(|place| Some(*place).filter(|place| *place < 9))
                .collect();
            cycles(&leads_to)
        };
        assert_eq!(count(&[]), 0);
        assert_eq!(count(&[0]), 1, "alone");
        assert_eq!(count(&[1, 2, 3, 0]), 1);
        assert_eq!(count(&[2, 3, 0, 1]), 2, "two of two");
        assert_eq!(count(&[1, 2, 1, 2]), 1, "two ways lead into the same cycle");
        assert_eq!(count(&[3, 0, 1, 9]), 0, "the last one leads nowhere");
        assert_eq!(count(&[0, 1, 2, 2]), 3);
        assert_eq!(count(&[1, 0, 0, 4, 3, 9, 5]), 2);
    }
}
