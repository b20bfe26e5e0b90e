//! The way of a lookup on a ring at rest, from the definitions.
//!
//! If every table is as it should be, only the owner of a key matters, not the key: all nodes before
//! the owner precede the key. So a lookup is a pair of ranks, and its way is a walk over ranks.
//!
//! * *Successors*: every hop goes one node on. From m nodes before the owner a lookup takes m hops.
//! * *Fingers*: if the owner is among the next r nodes (the successor list), one hop. Otherwise the
//!   lookup goes on to the farthest known node before the owner. Among the fingers this is the one for
//!   the highest power of two that does not lead past the node before the owner. Its start lies at or
//!   before that node, so the finger does too; the next finger starts beyond that node.
//!
//! The hops from all nodes to one owner follow from each other, beginning with the nearest node. A
//! node needs one hop more than the next node on its way. This takes N steps for each owner.
//!
//! Where peers drop lookups, a lookup gets through if no node between the asking node and the owner
//! belongs to such a peer.

use crate::scenario::resolved::{Chord, Routing};
use crate::theory::hops::Hops;
use crate::theory::ring::Ring;

/// The most pairs for which all pairs are looked at.
const PAIRS: usize = 20_000_000;

/// The number of pairs that are sampled on larger rings.
const SAMPLE: u32 = 1 << 16;

/// The golden ratio minus one: its multiples fill the unit interval evenly.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// The hops of all lookups. Every node asks equally often, for keys by their popularity.
pub(in crate::theory) fn hops(ring: &Ring, chord: &Chord) -> Hops {
    let reach = usize::from(chord.successors).min(ring.len() - 1);
    match chord.routing {
        Routing::Successors => along_the_ring(ring),
        Routing::Fingers if ring.len() * ring.len() <= PAIRS => by_fingers(ring, reach),
        Routing::Fingers => sample(ring, reach, SAMPLE),
    }
}

/// From successor to successor: an owner is reached from every node back to the first node that drops
/// lookups. That node itself can still ask.
fn along_the_ring(ring: &Ring) -> Hops {
    let nodes = ring.len();
    let mut hops = Hops::default();
    // The demand for owners that can be reached from at most this many nodes away.
    let mut reached = vec![0.0; nodes];
    for (owner, farthest) in farthest_askers(ring).into_iter().enumerate() {
        let demand = ring.demand()[owner];
        reached[farthest] += demand;
        hops.lose(demand * (nodes - 1 - farthest) as f64);
    }
    let mut weight = 0.0;
    for distance in (0..nodes).rev() {
        weight += reached[distance];
        hops.add(distance as u32, weight);
    }
    hops
}

/// For each owner, how many nodes before it the farthest node lies from which it can be reached.
fn farthest_askers(ring: &Ring) -> Vec<usize> {
    let nodes = ring.len();
    let mut farthest = vec![nodes - 1; nodes];
    let mut dropper: Option<usize> = None;
    // Twice around: on the second round the last dropper is known from the start.
    for step in 0..2 * nodes {
        let rank = step % nodes;
        if let Some(dropper) = dropper {
            farthest[rank] = (step - dropper).min(nodes - 1);
        }
        if ring.drops(rank) {
            dropper = Some(step);
        }
    }
    farthest
}

/// Looks at all pairs.
fn by_fingers(ring: &Ring, reach: usize) -> Hops {
    let bits = ring.bits();
    let fingers: Vec<u32> = (0..ring.len())
        .flat_map(|rank| (0..bits).map(move |i| ring.finger(rank, i) as u32))
        .collect();
    let finger = |rank: usize, i: u32| fingers[rank * bits as usize + i as usize] as usize;
    let mut hops = Hops::default();
    let mut ways = vec![LOST; ring.len()];
    for (owner, demand) in ring.demand().iter().enumerate() {
        if *demand > 0.0 {
            ways_to(ring, owner, reach, finger, &mut ways);
            count(&ways, *demand, &mut hops);
        }
    }
    hops
}

/// Stands in place of the hops of a lookup that does not get through.
const LOST: u8 = u8::MAX;

/// The hops to `owner`; the position in `ways` says how many nodes before the owner the asking node
/// is. A hop by finger at least halves the distance, so there are never more than 65 hops.
fn ways_to(
    ring: &Ring,
    owner: usize,
    reach: usize,
    finger: impl Fn(usize, u32) -> usize,
    ways: &mut [u8],
) {
    ways[0] = 0;
    ways[1..=reach].fill(1);
    for before in reach + 1..ways.len() {
        let asker = ring.ahead(owner, ring.len() - before);
        let step = farthest_step(ring, asker, before, reach, &finger);
        let rest = ways[before - step];
        ways[before] = if rest == LOST || ring.drops(ring.ahead(asker, step)) {
            LOST
        } else {
            rest + 1
        };
    }
}

/// How many nodes ahead the farthest known node lies that is before an owner. The owner is `before`
/// nodes ahead, farther than the list reaches.
fn farthest_step(
    ring: &Ring,
    node: usize,
    before: usize,
    reach: usize,
    finger: impl Fn(usize, u32) -> usize,
) -> usize {
    let last = ring.ahead(node, before - 1);
    let power = ring.distance(node, last).ilog2();
    finger(node, power).max(reach)
}

fn count(ways: &[u8], demand: f64, hops: &mut Hops) {
    let mut counts = [0_u64; 256];
    for way in ways {
        counts[usize::from(*way)] += 1;
    }
    hops.lose(demand * counts[usize::from(LOST)] as f64);
    for (count, way) in counts.iter().zip(0..u32::from(LOST)) {
        if *count > 0 {
            hops.add(way, demand * *count as f64);
        }
    }
}

/// Some pairs, spread evenly over asking nodes and over demand.
fn sample(ring: &Ring, reach: usize, pairs: u32) -> Hops {
    let mut total = 0.0;
    let cumulative: Vec<f64> = ring
        .demand()
        .iter()
        .map(|demand| {
            total += demand;
            total
        })
        .collect();
    let mut hops = Hops::sampled(pairs);
    for pair in 0..pairs {
        let place = f64::from(pair) + 0.5;
        let asker = (place / f64::from(pairs) * ring.len() as f64) as usize;
        let asked = (place * GOLDEN).fract() * total;
        let owner = cumulative.partition_point(|sum| *sum <= asked);
        match walk(ring, asker, owner.min(ring.len() - 1), reach) {
            Some(way) => hops.add(way, 1.0),
            None => hops.lose(1.0),
        }
    }
    hops
}

/// The hops of one lookup; `None` if it is dropped.
fn walk(ring: &Ring, asker: usize, owner: usize, reach: usize) -> Option<u32> {
    let (mut node, mut hops) = (asker, 0);
    loop {
        let before = ring.ahead(owner, ring.len() - node) % ring.len();
        if before <= reach {
            return Some(hops + u32::from(before > 0));
        }
        let finger = |rank, i| ring.finger(rank, i);
        node = ring.ahead(node, farthest_step(ring, node, before, reach, finger));
        if ring.drops(node) {
            return None;
        }
        hops += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::ring;

    fn ring_of(nodes: u32, selfish: &str) -> Ring {
        let text = format!(
            "overlay = {{ nodes = {nodes} }}\nchord = {{ virtual_nodes = 2 }}\n\
             selfish = {{ fraction = {selfish} }}"
        );
        ring(&text, 0)
    }

    /// Where all pairs can be looked at, a sample of them gives the same result.
    #[test]
    fn a_sample_agrees_with_all_pairs() {
        for selfish in ["0.0", "0.2"] {
            let ring = ring_of(350, selfish);
            let (all, some) = (by_fingers(&ring, 4), sample(&ring, 4, 1 << 15));
            let (exact, near) = (all.moments(f64::from), some.moments(f64::from));
            let error = some.error(near, f64::INFINITY, some.share());
            assert!(
                (exact.mean - near.mean).abs() < 3.0 * error,
                "{exact:?}, {near:?}"
            );
            assert!(error < 0.015);
            assert!((all.share() - some.share()).abs() < 0.01);
        }
    }

    /// Every pair is walked, one node after the other.
    #[test]
    fn askers_behind_a_dropper_do_not_get_through() {
        for selfish in ["0.0", "0.1", "1.0"] {
            let ring = ring_of(30, selfish);
            let mut plain = Hops::default();
            for (owner, demand) in ring.demand().iter().enumerate() {
                for before in 0..ring.len() {
                    let mut between = (1..before).map(|n| ring.ahead(owner, ring.len() - n));
                    if between.any(|node| ring.drops(node)) {
                        plain.lose(*demand);
                    } else {
                        plain.add(before as u32, *demand);
                    }
                }
            }
            let closed = along_the_ring(&ring);
            assert!((closed.share() - plain.share()).abs() < 1e-12, "{selfish}");
            assert!(
                plain
                    .weights()
                    .iter()
                    .zip(closed.weights())
                    .all(|(a, b)| (a - b).abs() < 1e-9)
            );
            assert_eq!(closed.any_lost(), selfish != "0.0");
        }
    }

    /// Walking pair by pair and going backwards from the owner give the same.
    #[test]
    fn ways_follow_from_each_other() {
        for (selfish, reach) in [("0.0", 1), ("0.3", 1), ("0.3", 5), ("1.0", 3)] {
            let ring = ring_of(60, selfish);
            let mut plain = Hops::default();
            for (owner, demand) in ring.demand().iter().enumerate() {
                for asker in 0..ring.len() {
                    match walk(&ring, asker, owner, reach) {
                        Some(hops) => plain.add(hops, *demand),
                        None => plain.lose(*demand),
                    }
                }
            }
            assert_eq!(by_fingers(&ring, reach), plain, "{selfish}, {reach}");
        }
    }
}
