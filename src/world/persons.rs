//! Who is behind a peer: who has come back under another name is the same person.
//!
//! Peers are numbered as they come, persons as they come for the first time. So what is drawn for a person (where it sits, whether
//! it is selfish) does not depend on how often others have changed their names.

use super::index::PeerIdx;

/// The persons behind all peers.
#[derive(Clone, Debug, Default)]
pub struct Persons {
    /// Peers that are others come back, in their order, and who each of them is: the first peer of a person names it.
    again: Vec<(PeerIdx, PeerIdx)>,
}

impl Persons {
    /// The person behind a peer, also behind one that has yet to come and is nobody come back.
    #[must_use]
    pub fn behind(&self, peer: PeerIdx) -> PeerIdx {
        match self.again.binary_search_by_key(&peer, |(name, _)| *name) {
            Ok(place) => self.again[place].1,
            Err(earlier) => PeerIdx(peer.0 - earlier as u32),
        }
    }

    /// A person takes another name: the next peer, `name`, is who `before` was.
    pub fn rename(&mut self, before: PeerIdx, name: PeerIdx) {
        debug_assert!(self.again.last().is_none_or(|(last, _)| *last < name));
        let person = self.behind(before);
        self.again.push((name, person));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Peers 0 to 3 come, 2 comes back as 4, one more comes, 4 comes back as 6, 0 as 7, and one more comes.
    #[test]
    fn persons_are_numbered_as_if_nobody_had_ever_changed_its_name() {
        let mut persons = Persons::default();
        persons.rename(PeerIdx(2), PeerIdx(4));
        persons.rename(PeerIdx(4), PeerIdx(6));
        persons.rename(PeerIdx(0), PeerIdx(7));
        let behind: Vec<u32> = (0..10)
            .map(|peer| persons.behind(PeerIdx(peer)).0)
            .collect();
        assert_eq!(behind, [0, 1, 2, 3, 2, 4, 2, 0, 5, 6]);
    }
}
