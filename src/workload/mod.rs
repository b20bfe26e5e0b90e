//! The workload: when lookups start, which node asks, and for which key. It depends on which peers are
//! up, and not on the overlay.

mod keys;
mod turns;

pub use keys::Keys;
pub use turns::Turns;

use std::sync::Arc;

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use crate::catalogue::OperationKind;
use crate::engine::{SimDuration, Stream, prefetch_at, stream};
use crate::peers::{Population, exponential};
use crate::scenario::resolved;
use crate::world::Space;
use crate::world::{NodeIdx, PeerIdx, RingId};

/// The requests of one run: Poisson processes over the whole system, one each for lookups, puts and gets.
pub struct Workload {
    lookups_per_s: f64,
    virtual_nodes: u32,
    keys: Keys,
    rng: ChaCha8Rng,
    /// The next lookup, if it was drawn before its time.
    draft: Option<Draft>,
    puts: Process,
    gets: Process,
    /// With lookups that each node makes in its turn.
    pub turns: Option<Turns>,
}

/// When puts or gets start.
struct Process {
    per_s: f64,
    rng: ChaCha8Rng,
}

/// A lookup, put or get that starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Request {
    /// How long until the next one of its kind.
    pub gap: Option<SimDuration>,
    /// The node that asks; `None` if no peer is up.
    pub source: Option<NodeIdx>,
    /// The key.
    pub key: RingId,
    /// Its rank among all keys.
    pub rank: usize,
}

/// A lookup that was drawn.
#[derive(Clone, Copy)]
struct Draft {
    gap: Option<SimDuration>,
    /// The position in the random stream at which the choice begins.
    begin: u128,
    /// How often the population had changed when the choice was made. The choice holds as long as this
    /// number stays the same.
    changes: u64,
    choice: Choice,
}

/// Which node asks, and for what.
#[derive(Clone, Copy)]
struct Choice {
    /// Who asks; `None` if no peer is up.
    asker: Option<Asker>,
    /// The rank of the key.
    rank: usize,
}

#[derive(Clone, Copy)]
struct Asker {
    /// The place of the peer among those that are up.
    place: u32,
    /// The number of the ring position of that peer.
    position: u32,
}

impl Workload {
    /// The workload of the run with this seed. `names`: those of the keys, if they have any.
    #[must_use]
    pub fn new(
        config: &resolved::Workload,
        names: Option<Arc<[Arc<str>]>>,
        virtual_nodes: u32,
        space: Space,
        seed: u64,
    ) -> Self {
        let keys = match names {
            None => Keys::new(config.keys, config.popularity, space, seed),
            Some(names) => Keys::named(names, config.popularity, space),
        };
        Self {
            lookups_per_s: config.lookups_per_s,
            virtual_nodes,
            keys,
            rng: stream(seed, Stream::Workload),
            draft: None,
            puts: Process {
                per_s: config.puts_per_s,
                rng: stream(seed, Stream::Puts),
            },
            gets: Process {
                per_s: config.gets_per_s,
                rng: stream(seed, Stream::Gets),
            },
            turns: Turns::of(config.arrivals, seed),
        }
    }

    fn process(&mut self, kind: OperationKind) -> &mut Process {
        match kind {
            OperationKind::Put => &mut self.puts,
            OperationKind::Get => &mut self.gets,
        }
    }

    /// How long until the first put or get starts.
    pub fn first_operation(&mut self, kind: OperationKind) -> Option<SimDuration> {
        let Process { per_s, rng } = self.process(kind);
        exponential(*per_s, rng)
    }

    /// The next put or get starts: at a random live peer, for a key that is as popular as with lookups.
    pub fn next_operation(&mut self, kind: OperationKind, population: &Population) -> Request {
        let virtual_nodes = self.virtual_nodes;
        let Self {
            keys, puts, gets, ..
        } = self;
        let Process { per_s, rng } = match kind {
            OperationKind::Put => puts,
            OperationKind::Get => gets,
        };
        let gap = exponential(*per_s, rng);
        let Choice { asker, rank } = choose(keys, virtual_nodes, rng, population);
        Request {
            gap,
            source: asker.map(|asker| self.node(asker, population)),
            key: self.keys.all()[rank],
            rank,
        }
    }

    /// What the key of this rank is called, if keys have names.
    #[must_use]
    pub fn name(&self, rank: usize) -> Option<Arc<str>> {
        self.keys.name(rank)
    }

    /// How long until the first lookup starts that is nobody's turn.
    pub fn first_gap(&mut self) -> Option<SimDuration> {
        if self.turns.is_some() {
            return None;
        }
        exponential(self.lookups_per_s, &mut self.rng)
    }

    /// The next lookup starts: a random live peer (at one of its ring positions) asks for a key.
    pub fn next(&mut self, population: &Population) -> Request {
        let draft = self.draft.take();
        let mut draft = draft.unwrap_or_else(|| self.draw(population));
        if draft.changes != population.changes() {
            // Undoes the early draw, as if it had never been made.
            self.rng.set_word_pos(draft.begin);
            draft.choice = self.choose(population);
        }
        Request {
            gap: draft.gap,
            source: draft.choice.asker.map(|asker| self.node(asker, population)),
            key: self.keys.all()[draft.choice.rank],
            rank: draft.choice.rank,
        }
    }

    /// Draws the next lookup before its time, and asks for the memory that names it. This changes
    /// nothing in what is drawn.
    pub fn draw_ahead(&mut self, population: &Population) {
        let draft = self.draw(population);
        if let Some(asker) = draft.choice.asker {
            prefetch_at(population.up(), asker.place as usize);
            prefetch_at(self.keys.all(), draft.choice.rank);
        }
        self.draft = Some(draft);
    }

    /// The node that will ask, and its key, if this was drawn and no peer came or went since.
    pub fn upcoming(&self, population: &Population) -> Option<(NodeIdx, RingId)> {
        let draft = self.draft.as_ref()?;
        let asker = draft
            .choice
            .asker
            .filter(|_| draft.changes == population.changes())?;
        let key = self.keys.all()[draft.choice.rank];
        Some((self.node(asker, population), key))
    }

    fn draw(&mut self, population: &Population) -> Draft {
        let gap = exponential(self.lookups_per_s, &mut self.rng);
        let begin = self.rng.get_word_pos();
        Draft {
            gap,
            begin,
            changes: population.changes(),
            choice: self.choose(population),
        }
    }

    fn choose(&mut self, population: &Population) -> Choice {
        choose(&self.keys, self.virtual_nodes, &mut self.rng, population)
    }

    fn node(&self, asker: Asker, population: &Population) -> NodeIdx {
        let PeerIdx(peer) = population.up()[asker.place as usize];
        NodeIdx(peer * self.virtual_nodes + asker.position)
    }

    /// The key of a lookup that a node makes in its turn.
    pub fn next_key(&mut self) -> RingId {
        let rank = self.keys.draw(&mut self.rng);
        self.keys.all()[rank]
    }

    /// The rank of a key that somebody asks for besides the workload: as popular as there.
    pub fn draw_rank(&self, rng: &mut ChaCha8Rng) -> usize {
        self.keys.draw(rng)
    }

    /// All keys that can be looked up.
    pub fn keys(&self) -> &[RingId] {
        self.keys.all()
    }
}

fn choose(
    keys: &Keys,
    virtual_nodes: u32,
    rng: &mut ChaCha8Rng,
    population: &Population,
) -> Choice {
    let place = population.draw_place(rng);
    let asker = place.map(|place| Asker {
        place,
        position: match virtual_nodes {
            1 => 0,
            several => rng.random_range(0..several),
        },
    });
    let rank = keys.draw(rng);
    Choice { asker, rank }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::resolved::Popularity;

    /// Lookups drawn ahead are those that would have been drawn in their time, even if peers came or
    /// went.
    #[test]
    fn drawing_ahead_changes_nothing() {
        let config = resolved::Workload {
            lookups_per_s: 3.0,
            puts_per_s: 0.0,
            gets_per_s: 0.0,
            keys: 500,
            keys_file: None,
            popularity: Popularity::Uniform,
            source: resolved::Source::Random,
            arrivals: resolved::Arrivals::Poisson,
        };
        let workload = || Workload::new(&config, None, 3, Space::new(64), 5);
        let (mut ahead, mut in_time) = (workload(), workload());
        let mut population = Population::default();
        let peers: Vec<_> = (0..40).map(|_| population.add()).collect();
        assert_eq!(ahead.first_gap(), in_time.first_gap());
        let mut foreseen = 0;
        for step in 0..2000 {
            if step % 3 == 0 {
                ahead.draw_ahead(&population);
            }
            if step % 5 == 0 {
                let peer = peers[step * 7 % 40];
                if population.is_up(peer) {
                    population.take_down(peer);
                } else {
                    population.bring_up(peer);
                }
            }
            let upcoming = ahead.upcoming(&population);
            let request = in_time.next(&population);
            assert_eq!(ahead.next(&population), request);
            assert!(
                upcoming
                    .is_none_or(|(node, key)| (Some(node), key) == (request.source, request.key))
            );
            foreseen += usize::from(upcoming.is_some());
        }
        assert!(foreseen > 400, "{foreseen}");
    }
}
