//! Places for the nodes of a network that has no map: as far from each other as their shortest path is long.
//!
//! Stress is minimised pair by pair (Zheng, Pawar, Goodman, "Graph Drawing by Stochastic Gradient Descent", IEEE TVCG 25(9),
//! 2019), for a fixed number of rounds and in an order that is always the same: the same network has the same picture. Of many
//! nodes only the distances to some, the pivots, are looked at.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::shapes::{Point, distance};
use crate::engine::{Stream, unit_hash};

/// The most nodes of which every pair is looked at, and the pivots of more.
const PAIRS_MAX: usize = 400;
const PIVOTS: usize = 150;
const ROUNDS: u32 = 120;
/// How far a link that takes no time reaches, of the longest.
const SHORTEST: f64 = 0.02;

/// A link between two nodes, and how long it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub ends: [usize; 2],
    pub length: f64,
}

/// Two nodes, and how far from each other they ought to be.
struct Pair {
    ends: [usize; 2],
    far: f64,
}

/// A place for each of so many nodes. What no path joins keeps no distance.
pub(super) fn places(nodes: usize, edges: &[Edge]) -> Vec<Point> {
    let around = neighbours(nodes, edges);
    let mut pairs = pairs(nodes, &around);
    let mut places: Vec<Point> = (0..nodes as u64)
        .map(|node| {
            let along = |axis| unit_hash(0, Stream::Hosts, node, axis);
            (along(0), along(1))
        })
        .collect();
    let fars = || pairs.iter().map(|pair| pair.far);
    let (least, most) = (fars().fold(f64::MAX, f64::min), fars().fold(0.0, f64::max));
    if pairs.is_empty() {
        return places;
    }
    let (first, last) = (most * most, 0.1 * least * least);
    let decay = libm::log(first / last) / f64::from(ROUNDS - 1);
    for round in 0..ROUNDS {
        let rate = first * libm::exp(-decay * f64::from(round));
        shuffle(&mut pairs, u64::from(round));
        for Pair { ends, far } in &pairs {
            let [a, b] = *ends;
            let pull = (rate / (far * far)).min(1.0);
            let apart = distance(places[a], places[b]).max(1e-9);
            let by = pull * (apart - far) / (2.0 * apart);
            let (x, y) = (places[b].0 - places[a].0, places[b].1 - places[a].1);
            places[a] = (places[a].0 + by * x, places[a].1 + by * y);
            places[b] = (places[b].0 - by * x, places[b].1 - by * y);
        }
    }
    places
}

/// Of each node the nodes at its links, and how long these are: the square root of what they are said to be, so that short
/// ones are still seen beside long ones.
fn neighbours(nodes: usize, edges: &[Edge]) -> Vec<Vec<(usize, f64)>> {
    let longest = edges.iter().map(|edge| edge.length).fold(0.0, f64::max);
    let mut around = vec![Vec::new(); nodes];
    for Edge {
        ends: [a, b],
        length,
    } in edges
    {
        let length = if longest > 0.0 { length / longest } else { 1.0 };
        let length = length.max(SHORTEST).sqrt();
        around[*a].push((*b, length));
        around[*b].push((*a, length));
    }
    around
}

/// All pairs, or of many nodes those with a pivot: the first node, and always the one that is farthest from those before.
fn pairs(nodes: usize, around: &[Vec<(usize, f64)>]) -> Vec<Pair> {
    let count = if nodes <= PAIRS_MAX { nodes } else { PIVOTS };
    let mut nearest = vec![f64::MAX; nodes];
    let mut is_pivot = vec![false; nodes];
    let mut pairs = Vec::new();
    let mut pivot = 0;
    for _ in 0..count {
        is_pivot[pivot] = true;
        for (node, far) in distances(pivot, around).into_iter().enumerate() {
            nearest[node] = nearest[node].min(far);
            if far < f64::MAX && !is_pivot[node] {
                let ends = [pivot, node];
                pairs.push(Pair { ends, far });
            }
        }
        let others = (0..nodes).filter(|node| !is_pivot[*node]);
        let farthest = others.max_by(|a, b| nearest[*a].total_cmp(&nearest[*b]).then(b.cmp(a)));
        let Some(next) = farthest else { break };
        pivot = next;
    }
    pairs
}

/// How far each node is from one of them; what cannot be reached is infinitely far.
fn distances(from: usize, around: &[Vec<(usize, f64)>]) -> Vec<f64> {
    let mut far = vec![f64::MAX; around.len()];
    far[from] = 0.0;
    // Positive numbers are in the order of their bits.
    let mut next = BinaryHeap::from([Reverse((0_u64, from))]);
    while let Some(Reverse((bits, node))) = next.pop() {
        if f64::from_bits(bits) > far[node] {
            continue;
        }
        for (other, length) in &around[node] {
            let by_here = far[node] + length;
            if by_here < far[*other] {
                far[*other] = by_here;
                next.push(Reverse((by_here.to_bits(), *other)));
            }
        }
    }
    far
}

/// An order that looks random and is always the same.
fn shuffle(pairs: &mut [Pair], round: u64) {
    for last in (1..pairs.len()).rev() {
        let pick = unit_hash(1, Stream::Hosts, last as u64, round) * (last + 1) as f64;
        pairs.swap(last, (pick as usize).min(last));
    }
}

/// These places moved and scaled into a box of this width at the origin, and its height: as high as the places want, within
/// limits. What is wider than high lies flat.
pub(super) fn fitted(places: &[Point], width: f64, (least, most): (f64, f64)) -> (Vec<Point>, f64) {
    let extent = |of: fn(&Point) -> f64| {
        let values = || places.iter().map(of);
        (
            values().fold(f64::MAX, f64::min),
            values().fold(f64::MIN, f64::max),
        )
    };
    let (left, right) = extent(|place| place.0);
    let (top, bottom) = extent(|place| place.1);
    let (wide, high) = ((right - left).max(1e-9), (bottom - top).max(1e-9));
    let height = (high * width / wide).clamp(least, most);
    let scale = (width / wide).min(height / high);
    let (x, y) = (
        (width - wide * scale) / 2.0 - left * scale,
        (height - high * scale) / 2.0 - top * scale,
    );
    let place = |place: &Point| (place.0 * scale + x, place.1 * scale + y);
    (places.iter().map(place).collect(), height)
}

/// The places turned so that they reach farthest from left to right.
pub(super) fn turned(mut places: Vec<Point>) -> Vec<Point> {
    let count = places.len().max(1) as f64;
    let sum = places
        .iter()
        .fold((0.0, 0.0), |sum, place| (sum.0 + place.0, sum.1 + place.1));
    let middle = (sum.0 / count, sum.1 / count);
    for place in &mut places {
        *place = (place.0 - middle.0, place.1 - middle.1);
    }
    let moment = |of: fn(&Point) -> f64| places.iter().map(of).sum::<f64>();
    let (xx, yy) = (moment(|p| p.0 * p.0), moment(|p| p.1 * p.1));
    let angle = 0.5 * libm::atan2(2.0 * moment(|p| p.0 * p.1), xx - yy);
    let (sin, cos) = (libm::sin(angle), libm::cos(angle));
    let turn = |p: Point| (p.0 * cos + p.1 * sin, p.1 * cos - p.0 * sin);
    places.into_iter().map(turn).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(a: usize, b: usize, length: f64) -> Edge {
        let ends = [a, b];
        Edge { ends, length }
    }

    /// A chain can be drawn without any stress: its ends are as far apart as all links together, within about a percent after
    /// so many rounds.
    #[test]
    fn a_chain_is_drawn_straight() {
        let chain: Vec<Edge> = (0..9).map(|a| edge(a, a + 1, 1.0)).collect();
        let places = places(10, &chain);
        let apart = distance(places[0], places[9]);
        assert!((apart - 9.0).abs() < 0.1, "{apart}: {places:?}");
        assert!((distance(places[3], places[4]) - 1.0).abs() < 0.05);
        let turned = turned(places);
        assert!(turned.iter().all(|place| place.1.abs() < 0.5), "{turned:?}");
    }

    #[test]
    fn long_links_are_drawn_longer_and_nothing_else_is_asked_twice() {
        let links = [edge(0, 1, 1.0), edge(1, 2, 4.0)];
        let places = places(3, &links);
        let ratio = distance(places[1], places[2]) / distance(places[0], places[1]);
        assert!((ratio - 2.0).abs() < 0.05, "the root of 4: {ratio}");
    }

    #[test]
    fn a_map_keeps_its_shape_in_its_box() {
        let (fitted, height) = fitted(&[(10.0, 5.0), (30.0, 15.0)], 400.0, (100.0, 300.0));
        assert_eq!(
            (fitted, height as u32),
            (vec![(0.0, 0.0), (400.0, 200.0)], 200)
        );
    }

    #[test]
    fn nothing_and_what_has_no_links_have_places_too() {
        assert!(places(0, &[]).is_empty());
        assert_eq!(places(3, &[]).len(), 3);
    }
}
