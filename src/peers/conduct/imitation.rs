//! `decide_by = "imitation"`: each peer compares how it fared with one other peer, and does as that one does if that one fared
//! better: "imitate if better" of Schlag, "Why Imitate, and If So, How?", Journal of Economic Theory 78 (1998), a pairwise
//! comparison in the words of evolutionary game theory (Traulsen, Nowak, Pacheco, Physical Review E 74, 2006).

use crate::world::PeerIdx;

/// What a peer has gained and paid since the last decision.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Account {
    /// Its requests that were answered as they should be.
    pub answered: u64,
    /// Messages that it sent in serving others.
    pub messages: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// What this is worth.
#[derive(Clone, Copy)]
pub(super) struct Worth {
    /// What an answered request is worth.
    pub gain_per_request: f64,
    /// What a message costs.
    pub cost_per_message: f64,
    /// What each of its bytes costs besides.
    pub cost_per_byte: f64,
}

impl Worth {
    /// How a peer has fared.
    pub(super) fn of(&self, account: Account) -> f64 {
        let gain = self.gain_per_request * account.answered as f64;
        let messages = self.cost_per_message * account.messages as f64;
        gain - messages - self.cost_per_byte * account.bytes as f64
    }
}

/// The accounts of all peers that have gained or paid anything.
#[derive(Default)]
pub(super) struct Accounts {
    of: Vec<Account>,
}

impl Accounts {
    /// The account of a peer.
    pub(super) fn of(&self, peer: PeerIdx) -> Account {
        self.of.get(peer.at()).copied().unwrap_or_default()
    }

    /// The same, to enter something.
    pub(super) fn entry(&mut self, peer: PeerIdx) -> &mut Account {
        if self.of.len() <= peer.at() {
            self.of.resize(peer.at() + 1, Account::default());
        }
        &mut self.of[peer.at()]
    }

    /// An interval begins.
    pub(super) fn clear(&mut self) {
        self.of.clear();
    }
}

/// The one of `others` other peers with whom the peer in this place compares itself; `draw` is uniform on [0, 1).
pub(super) fn counterpart(place: usize, others: usize, draw: f64) -> usize {
    let other = ((draw * others as f64) as usize).min(others - 1);
    other + usize::from(other >= place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_else_may_be_the_counterpart_and_nobody_is_its_own() {
        // Four others: a quarter of the draws falls to each.
        let drawn = |place| [0.0, 0.3, 0.5, 0.99].map(|draw| counterpart(place, 4, draw));
        assert_eq!(drawn(0), [1, 2, 3, 4]);
        assert_eq!(drawn(2), [0, 1, 3, 4]);
        assert_eq!(drawn(4), [0, 1, 2, 3]);
    }

    #[test]
    fn a_peer_fares_by_what_it_gained_and_paid() {
        let worth = Worth {
            gain_per_request: 2.0,
            cost_per_message: 0.5,
            cost_per_byte: 0.001,
        };
        let account = Account {
            answered: 10,
            messages: 8,
            bytes: 3000,
        };
        // 20 - 4 - 3.
        assert!((worth.of(account) - 13.0).abs() < 1e-12);
    }
}
