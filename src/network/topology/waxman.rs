//! Routers in a square, of which near ones are linked more often than distant ones.
//!
//! Waxman, "Routing of Multipoint Connections", IEEE JSAC 6(9), 1988 (his first model, RG1):
//!
//! 1. Routers are uniformly random points of a square.
//! 2. Each two of them are linked with probability α·exp(−d/(β·L)), where d is their distance and L the greatest
//!    there can be, √2 in the unit square. (Waxman calls the factor β and the reach α; most who came after him do as here.)
//!
//! Such a graph may fall into parts. These are joined by the shortest links that do: a minimum spanning tree of the
//! parts, where two parts are as far apart as their nearest routers. So the graph has as many links more as it had
//! parts less one; with 1000 routers, α = 0.4 and β = 0.1 there rarely are two.

use rand::RngExt as _;

use super::square::{Builder, Square};
use crate::engine::{Stream, stream};
use crate::scenario::resolved::Waxman;

/// Generates the topology of this seed.
pub(crate) fn generate(shape: &Waxman, seed: u64) -> Square {
    let mut rng = stream(seed, Stream::Latency);
    let mut square = Builder::new(shape.routers, shape.span, &mut rng);
    let reach = reach(shape);
    for b in 1..shape.routers {
        for a in 0..b {
            let uniform: f64 = rng.random();
            // Most pairs need no exponential.
            if uniform < shape.alpha
                && uniform < shape.alpha * libm::exp(-square.distance(a, b) / reach)
            {
                square.link(a, b);
            }
        }
    }
    join_parts(&mut square);
    square.finish()
}

/// The distance over which the probability of a link falls to a share 1/e.
fn reach(shape: &Waxman) -> f64 {
    shape.beta * std::f64::consts::SQRT_2
}

/// A router that is not reached yet: the nearest of those that are, and how far away that is.
#[derive(Clone, Copy)]
struct Nearest {
    distance: f64,
    reached: u32,
}

/// Links the parts of a graph: Prim's algorithm from router 0, where existing links cost nothing.
fn join_parts(square: &mut Builder) {
    let routers = square.routers() as usize;
    let mut nearest = vec![
        Some(Nearest {
            distance: f64::INFINITY,
            reached: 0,
        });
        routers
    ];
    let mut missing = routers - reach_part(square, 0, &mut nearest);
    while missing > 0 {
        let (router, to) = next(&nearest).expect("a router is missing");
        square.link(to, router);
        missing -= reach_part(square, router, &mut nearest);
    }
}

/// The router that is nearest to those that are reached, and to which of them; of several the first.
fn next(nearest: &[Option<Nearest>]) -> Option<(u32, u32)> {
    let waiting = (0_u32..)
        .zip(nearest)
        .filter_map(|(router, it)| Some((router, (*it)?)));
    waiting
        .min_by(|(_, a), (_, b)| a.distance.total_cmp(&b.distance))
        .map(|(router, it)| (router, it.reached))
}

/// Marks a router and all that are linked with it, at whatever remove, as reached (`None`); how many these are. Those
/// that are left learn whether one of them is nearer than others, unless nobody is left.
fn reach_part(square: &Builder, first: u32, nearest: &mut [Option<Nearest>]) -> usize {
    let mut part = vec![first];
    nearest[first as usize] = None;
    let mut done = 0;
    while done < part.len() {
        for neighbour in square.neighbours(part[done]) {
            if nearest[neighbour as usize].take().is_some() {
                part.push(neighbour);
            }
        }
        done += 1;
    }
    for (router, it) in (0..).zip(nearest) {
        let Some(it) = it else { continue };
        for &reached in &part {
            let distance = square.distance(reached, router);
            if distance < it.distance {
                *it = Nearest { distance, reached };
            }
        }
    }
    part.len()
}

/// How many links a topology has on average, those between parts aside.
pub(crate) fn links(shape: &Waxman) -> f64 {
    let routers = f64::from(shape.routers);
    routers * (routers - 1.0) / 2.0 * link_probability(shape)
}

/// The probability that two random routers are linked, by Simpson's rule over their distance.
fn link_probability(shape: &Waxman) -> f64 {
    const STEPS: u32 = 2000;
    let width = std::f64::consts::SQRT_2 / f64::from(STEPS);
    let value = |step: u32| {
        let distance = width * f64::from(step);
        let weight = match step {
            0 | STEPS => 1.0,
            _ if step % 2 == 1 => 4.0,
            _ => 2.0,
        };
        weight * density(distance) * libm::exp(-distance / reach(shape))
    };
    shape.alpha * width / 3.0 * (0..=STEPS).map(value).sum::<f64>()
}

/// The density of the distance of two random points of a unit square.
fn density(distance: f64) -> f64 {
    use std::f64::consts::PI;
    let square = distance * distance;
    if distance <= 1.0 {
        return 2.0 * distance * (square - 4.0 * distance + PI);
    }
    // Rounding must not take the last step beyond the corner.
    let beyond = (square - 1.0).max(0.0).sqrt();
    (2.0 * distance * (4.0 * beyond - (square + 2.0 - PI) - 4.0 * libm::atan(beyond))).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::SimDuration;
    use crate::network::testing::{mean_and_deviation, waxman};
    use crate::network::topology::RouterGraph;
    use crate::network::topology::routers::Topology;
    use petgraph::algo::connected_components;

    fn apart(square: &Square, a: u32, b: u32) -> f64 {
        let [from, to] = [a, b].map(|router| square.places[router as usize]);
        libm::hypot(from[0] - to[0], from[1] - to[1])
    }

    fn mean_degree(topology: &Topology) -> f64 {
        2.0 * topology.edge_count() as f64 / topology.node_count() as f64
    }

    /// 34.07 is 999 times the probability of a link, which an integral over the square gives. A part that is joined by
    /// one link adds 0.002.
    #[test]
    fn a_thousand_routers_have_the_mean_degree_that_the_formula_gives() {
        let shape = waxman();
        assert!((2.0 * links(&shape) / 1000.0 - 34.07).abs() < 0.005);
        let degrees: Vec<f64> = (0..20)
            .map(|seed| mean_degree(&generate(&shape, seed).topology))
            .collect();
        let (mean, deviation) = mean_and_deviation(&degrees);
        let error = deviation / 20_f64.sqrt();
        assert!((mean - 34.07).abs() < 0.02 * 34.07, "{mean}");
        assert!(
            (mean - 34.07).abs() < 4.0 * error + 0.01,
            "{mean} ± {error}"
        );
    }

    /// Of all pairs about as far apart as this, the share that the formula says has a link.
    #[test]
    fn links_are_as_probable_as_their_length_says() {
        let shape = waxman();
        for (least, most) in [(0.05, 0.06), (0.2, 0.21), (0.45, 0.46)] {
            let (mut pairs, mut linked) = (0.0, 0.0);
            for seed in 0..5 {
                let square = generate(&shape, seed);
                for a in 0..shape.routers {
                    for b in 0..a {
                        if !(least..most).contains(&apart(&square, a, b)) {
                            continue;
                        }
                        pairs += 1.0;
                        let edge = square.topology.find_edge(a.into(), b.into());
                        linked += f64::from(u8::from(edge.is_some()));
                    }
                }
            }
            let expected = 0.4 * libm::exp(-0.5 * (least + most) / 0.1 / 2_f64.sqrt());
            let error = (expected * (1.0 - expected) / pairs).sqrt();
            let share: f64 = linked / pairs;
            // The formula bends by a fortieth of a percent within so short an interval.
            assert!(
                (share - expected).abs() < 4.0 * error + 0.001,
                "{share} {expected}"
            );
        }
    }

    #[test]
    fn a_link_takes_the_span_times_its_length() {
        let square = generate(&waxman(), 3);
        for link in square.topology.edge_indices().take(200) {
            let (a, b) = square.topology.edge_endpoints(link).unwrap();
            let length = apart(&square, a.index() as u32, b.index() as u32);
            let latency = square.topology[link].as_millis_f64();
            assert!((latency - 100.0 * length).abs() < 1e-5);
        }
    }

    /// With no links at all the joined parts are the shortest tree over all routers: Kruskal's algorithm finds the same.
    #[test]
    fn parts_are_joined_by_the_shortest_links_that_do() {
        let alone = Waxman {
            routers: 60,
            alpha: 0.0,
            ..waxman()
        };
        let square = generate(&alone, 5);
        assert_eq!(square.topology.edge_count(), 59);
        let mut all = Topology::clone(&square.topology);
        for a in 0..60_u32 {
            for b in 0..a {
                let latency = SimDuration::from_millis_f64(100.0 * apart(&square, a, b));
                all.add_edge(a.into(), b.into(), latency);
            }
        }
        let tree = petgraph::algo::min_spanning_tree(&all);
        let shortest: f64 = tree
            .filter_map(|element| match element {
                petgraph::data::Element::Edge { weight, .. } => Some(weight.as_millis_f64()),
                petgraph::data::Element::Node { .. } => None,
            })
            .sum();
        let joined: f64 = square
            .topology
            .edge_weights()
            .map(|it| it.as_millis_f64())
            .sum();
        assert!((joined - shortest).abs() < 1e-4, "{joined} {shortest}");
    }

    #[test]
    fn a_sparse_graph_is_connected_by_one_link_for_each_part_beyond_the_first() {
        for seed in 0..20 {
            let sparse = Waxman {
                routers: 300,
                alpha: 0.05,
                ..waxman()
            };
            let square = generate(&sparse, seed);
            assert_eq!(connected_components(&square.topology), 1);
            // The links that were drawn come first; each that comes after them joins two parts.
            let mut links = Topology::clone(&square.topology);
            let joining = (2..links.edge_count()).take_while(|parts| {
                let last = links.edge_count() - 1;
                links.remove_edge(petgraph::graph::EdgeIndex::new(last));
                connected_components(&links) == *parts
            });
            assert!(joining.count() > 10, "seed {seed}");
            assert!(RouterGraph::new(square.topology).is_ok());
        }
    }
}
