//! `decide_by = "generosity"`: the contribution game of Feldman, Papadimitriou, Chuang, Stoica, "Free-Riding and Whitewashing
//! in Peer-to-Peer Systems", PINS 2004 (also Algorithmic Game Theory, chapter 23).
//!
//! A peer of generosity θ bears a cost of contributing up to θ. Those who contribute, a share x of all, bear the whole cost
//! together: 1/x each. So a peer contributes iff θ > 1/x. Where θ is uniform on [0, m], a share 1 − 1/(m·x) does so next: for
//! m > 4 there is a stable share (m + √(m² − 4m))/2m, and below (m − √(m² − 4m))/2m nobody is left in the end.
//!
//! Where those who do not contribute are excluded with probability p, they ask for less, so that there is less to bear:
//! (1 − p·(1 − x))/x. And what the system is worth to a peer, b·x, is worth p·b·x less to one who does not contribute. So
//! a peer contributes iff θ + p·b·x > (1 − p·(1 − x))/x.

/// What peers weigh.
#[derive(Clone, Copy)]
pub(super) struct Game {
    /// The greatest generosity.
    pub most: f64,
    /// What the system is worth when all contribute.
    pub benefit: f64,
    /// The probability that one who does not contribute is excluded.
    pub exclusion: f64,
}

impl Game {
    /// Whether a peer contributes where this share of all peers does; `rank` says where its generosity lies between none (0)
    /// and the greatest (1).
    pub(super) fn contributes(&self, rank: f64, share: f64) -> bool {
        let Self {
            most,
            benefit,
            exclusion,
        } = *self;
        if share <= 0.0 {
            return false;
        }
        let asked = 1.0 - exclusion * (1.0 - share);
        most * rank + exclusion * benefit * share > asked / share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn game(most: f64, benefit: f64, exclusion: f64) -> Game {
        Game {
            most,
            benefit,
            exclusion,
        }
    }

    /// The share that contributes in the end, among very many peers.
    fn settled(game: Game, start: f64) -> f64 {
        const PEERS: u32 = 20_000;
        let rank = |peer: u32| (f64::from(peer) + 0.5) / f64::from(PEERS);
        (0..200).fold(start, |share, _| {
            let contribute = (0..PEERS).filter(|peer| game.contributes(rank(*peer), share));
            contribute.count() as f64 / f64::from(PEERS)
        })
    }

    #[test]
    fn those_contribute_who_bear_their_part_of_the_cost() {
        // Half contribute: each bears 2. θ = 5·0.4 is not more than that, 5·0.41 is.
        let game = game(5.0, 0.0, 0.0);
        assert!(!game.contributes(0.4, 0.5) && game.contributes(0.41, 0.5));
        assert!(!game.contributes(1.0, 0.0), "there is nobody to share with");
    }

    #[test]
    fn the_share_settles_where_it_was_published_to() {
        let near = |measured: f64, expected: f64| (measured - expected).abs() < 1e-3;
        // (5 ± √5)/10.
        let free = game(5.0, 0.0, 0.0);
        for start in [0.29, 0.4, 0.7236, 1.0] {
            assert!(near(settled(free, start), 0.7236), "from {start}");
        }
        assert!(settled(free, 0.26) <= 0.0);
        // No share is stable.
        assert!(settled(game(3.9, 0.0, 0.0), 1.0) <= 0.0);
        // 5·x = 5 − (0.95 + 0.05·x)/x + 0.5·x, so 4.5·x² − 4.95·x + 0.95 = 0.
        assert!(near(settled(game(5.0, 10.0, 0.05), 0.5), 0.8523));
        // All contribute, whatever their generosity, as soon as p ≥ 1/b: p·b·1 is then as much as all the cost.
        assert!(near(settled(game(5.0, 10.0, 0.11), 0.9), 1.0));
    }
}
