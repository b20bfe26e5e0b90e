//! Routers that come one by one and are linked to those that have many links already, so that a few have very many.
//!
//! Barabási and Albert, "Emergence of Scaling in Random Networks", Science 286, 1999:
//!
//! 1. m + 1 routers are all linked with each other (the paper leaves open what to begin with).
//! 2. Each further router is linked to m different earlier ones, each drawn with a probability in proportion to the
//!    links that it has.
//!
//! In a large one a share 2m(m + 1) / (k(k + 1)(k + 2)) of the routers has k links. The model says nothing of places or
//! latencies: here routers are uniformly random points of a square, and links as long as they are apart.

use rand::RngExt as _;

use super::square::{Builder, Square};
use crate::engine::{Stream, stream};
use crate::scenario::resolved::ScaleFree;

/// Generates the topology of this seed.
///
/// # Panics
/// If there are not more than m routers.
pub(crate) fn generate(shape: &ScaleFree, seed: u64) -> Square {
    assert!(shape.routers > shape.m, "more routers than links of each");
    let mut rng = stream(seed, Stream::Latency);
    let mut square = Builder::new(shape.routers, shape.span, &mut rng);
    // Both ends of all links: each router is there as often as it has links.
    let mut ends: Vec<u32> = Vec::new();
    let mut link = |a, b, ends: &mut Vec<u32>| {
        square.link(a, b);
        ends.extend([a, b]);
    };
    for b in 1..=shape.m {
        (0..b).for_each(|a| link(a, b, &mut ends));
    }
    let mut drawn = Vec::new();
    for router in shape.m + 1..shape.routers {
        while drawn.len() < shape.m as usize {
            let end = ends[rng.random_range(0..ends.len() as u32) as usize];
            if !drawn.contains(&end) {
                drawn.push(end);
            }
        }
        for earlier in drawn.drain(..) {
            link(earlier, router, &mut ends);
        }
    }
    square.finish()
}

/// How many links a topology has.
pub(crate) fn links(shape: &ScaleFree) -> f64 {
    let m = f64::from(shape.m);
    m * (m + 1.0) / 2.0 + m * (f64::from(shape.routers) - m - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::testing::scale_free;
    use crate::network::topology::routers::Topology;
    use petgraph::algo::connected_components;

    fn degrees(topology: &Topology) -> Vec<usize> {
        let routers = topology.node_indices();
        routers
            .map(|router| topology.edges(router).count())
            .collect()
    }

    #[test]
    fn a_triangle_and_two_links_for_each_further_router() {
        for routers in [3, 4, 100] {
            let shape = ScaleFree {
                routers,
                ..scale_free()
            };
            let square = generate(&shape, 1);
            let expected = 2 * (routers as usize - 3) + 3;
            assert_eq!(square.topology.edge_count(), expected);
            assert!((links(&shape) - expected as f64).abs() < 1e-9);
            assert_eq!(connected_components(&square.topology), 1);
        }
    }

    #[test]
    fn a_router_is_linked_to_different_others() {
        for m in [1, 2, 5] {
            let shape = ScaleFree {
                routers: 200,
                m,
                ..scale_free()
            };
            let square = generate(&shape, 1);
            let mut pairs: Vec<_> = square
                .topology
                .raw_edges()
                .iter()
                .map(|link| (link.source(), link.target()))
                .collect();
            assert!(pairs.iter().all(|(a, b)| a < b));
            pairs.sort_unstable();
            pairs.dedup();
            assert_eq!(pairs.len(), square.topology.edge_count());
        }
    }

    /// For m = 2 a share 12 / (k(k + 1)(k + 2)): .5, .2, .1 of the routers have 2, 3, 4 links.
    #[test]
    fn degrees_are_distributed_as_the_limit_says() {
        let shape = ScaleFree {
            routers: 10_000,
            ..scale_free()
        };
        let seeds = 10;
        let mut counts = [0.0; 8];
        for seed in 0..seeds {
            for degree in degrees(&generate(&shape, seed).topology) {
                counts[degree.min(7)] += 1.0;
            }
        }
        let all = seeds as f64 * 10_000.0;
        for (degree, count) in counts.iter().enumerate().skip(2).take(5) {
            let k = degree as f64;
            let expected = 12.0 / (k * (k + 1.0) * (k + 2.0));
            // Degrees of one graph repel each other a little, so that they scatter less than independent ones.
            let error = (expected * (1.0 - expected) / all).sqrt();
            let share: f64 = count / all;
            assert!(
                (share - expected).abs() < 4.0 * error,
                "{degree}: {share} {expected}"
            );
        }
        assert!(counts[0] + counts[1] <= 0.0, "every router has two links");
    }

    /// The earliest routers grow with the square root of the size: 2·√(10 000 / 3) is 115.
    #[test]
    fn a_few_routers_have_very_many_links() {
        let shape = ScaleFree {
            routers: 10_000,
            ..scale_free()
        };
        let most = degrees(&generate(&shape, 1).topology).into_iter().max();
        assert!(most > Some(100), "{most:?}");
    }
}
