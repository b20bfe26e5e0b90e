//! Network coordinates: how far other nodes are, without having measured each of them.
//!
//! Every node keeps a point in a plane and a height above it. The round trip between two nodes is estimated as the
//! distance of their points plus both heights: the plane stands for the core of the network, a height for the link that
//! joins a node to it. A node that has measured a round trip to another, and has been told the other's coordinates and
//! how good they are, moves towards or away from it, farther the worse its own coordinates are. Knows no overlay and no
//! message.
//!
//! Source: Dabek, Cox, Kaashoek, Morris, "Vivaldi: A Decentralized Network Coordinate System", SIGCOMM 2004: the
//! adaptive timestep of section 3.3 with both constants at 0.25, heights as in section 5.4, two dimensions as its
//! evaluation recommends.

/// Bytes of coordinates in a message: two numbers for the point, one for the height, one for the error, of 4 bytes each.
pub const WIRE_BYTES: u32 = 16;

/// How much one sample may move a node: the constant `c_c` of the paper.
const STEP: f64 = 0.25;
/// How much one sample changes a node's error: the constant `c_e` of the paper.
const ERROR_STEP: f64 = 0.25;
/// Nothing is nearer to the core than this, in milliseconds. A height of zero could never grow again, as forces act
/// on heights in proportion.
const HEIGHT_MIN_MS: f64 = 0.01;

/// Where a node believes it is, in milliseconds of round trip.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Coordinates {
    point: [f32; 2],
    height: f32,
    /// The relative error of its estimates, as the node itself sees it; 1 at the beginning.
    error: f32,
}

impl Default for Coordinates {
    fn default() -> Self {
        Self {
            point: [0.0; 2],
            height: HEIGHT_MIN_MS as f32,
            error: 1.0,
        }
    }
}

impl Coordinates {
    /// The estimated round trip to a node with these coordinates, in milliseconds.
    #[must_use]
    pub fn round_trip_ms(&self, other: &Self) -> f64 {
        let [x, y] = self.offset(other);
        libm::hypot(x, y) + f64::from(self.height) + f64::from(other.height)
    }

    /// The relative error of its estimates, as the node itself sees it.
    #[must_use]
    pub fn error(&self) -> f64 {
        f64::from(self.error)
    }

    fn offset(&self, other: &Self) -> [f64; 2] {
        [0, 1].map(|axis| f64::from(self.point[axis]) - f64::from(other.point[axis]))
    }

    /// The node has measured a round trip to another with these coordinates. `angle` gives the direction, as a share of
    /// a full turn, in which two nodes at the same point part. Round trips of zero tell nothing: those nodes share a
    /// host.
    pub fn learn(&mut self, other: &Self, round_trip_ms: f64, angle: f64) {
        if round_trip_ms <= 0.0 {
            return;
        }
        let estimate = self.round_trip_ms(other);
        let (mine, theirs) = (f64::from(self.error), f64::from(other.error));
        let weight = mine / (mine + theirs).max(f64::MIN_POSITIVE);
        let off = (estimate - round_trip_ms).abs() / round_trip_ms;
        let share = ERROR_STEP * weight;
        self.error = (off * share + mine * (1.0 - share)).min(1.0) as f32;
        let force = STEP * weight * (round_trip_ms - estimate);
        let [x, y] = self.direction(other, angle, estimate);
        let upwards = (f64::from(self.height) + f64::from(other.height)) / estimate;
        self.point[0] += (force * x) as f32;
        self.point[1] += (force * y) as f32;
        let height = f64::from(self.height) + force * upwards;
        self.height = height.max(HEIGHT_MIN_MS) as f32;
    }

    /// The part in the plane of the unit vector that leads away from another node.
    fn direction(&self, other: &Self, angle: f64, estimate: f64) -> [f64; 2] {
        let [x, y] = self.offset(other);
        if x == 0.0 && y == 0.0 {
            let turn = 2.0 * std::f64::consts::PI * angle;
            return [libm::cos(turn), libm::sin(turn)];
        }
        [x / estimate, y / estimate]
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt as _;

    use super::*;
    use crate::engine::{Stream, stream};

    fn at(x: f32, y: f32, height: f32, error: f32) -> Coordinates {
        let point = [x, y];
        Coordinates {
            point,
            height,
            error,
        }
    }

    #[test]
    fn the_estimate_is_the_distance_and_both_heights() {
        let (a, b) = (at(0.0, 0.0, 5.0, 0.5), at(30.0, 40.0, 10.0, 0.5));
        assert!((a.round_trip_ms(&b) - 65.0).abs() < 1e-9);
        assert!((b.round_trip_ms(&a) - 65.0).abs() < 1e-9);
    }

    /// One step by hand: both errors .5, so the weight is .5 and a quarter of it an eighth; the sample is 35 ms longer
    /// than estimated, the force 4.375 ms along (3, 4, 1.5)/6.5.
    #[test]
    fn one_sample_moves_a_node_as_the_paper_says() {
        let (mut a, b) = (at(30.0, 40.0, 5.0, 0.5), at(0.0, 0.0, 10.0, 0.5));
        a.learn(&b, 100.0, 0.0);
        let near = |value: f32, expected: f64| (f64::from(value) - expected).abs() < 1e-4;
        assert!(near(a.point[0], 30.0 + 4.375 * 30.0 / 65.0), "{a:?}");
        assert!(near(a.point[1], 40.0 + 4.375 * 40.0 / 65.0), "{a:?}");
        assert!(near(a.height, 5.0 + 4.375 * 15.0 / 65.0), "{a:?}");
        // .35 off: .35 · .125 + .5 · .875.
        assert!(near(a.error, 0.481_25), "{a:?}");
    }

    #[test]
    fn nodes_on_one_host_learn_nothing_and_nodes_at_one_point_part() {
        let mut a = Coordinates::default();
        a.learn(&Coordinates::default(), 0.0, 0.3);
        assert_eq!(a, Coordinates::default());
        a.learn(&Coordinates::default(), 80.0, 0.25);
        assert!(a.point[1] > 5.0 && a.point[0].abs() < 1e-4, "{a:?}");
    }

    /// On a network that is a plane with access links the estimates come to be right.
    #[test]
    fn on_a_plane_with_access_links_estimates_become_right() {
        let mut rng = stream(3, Stream::Protocol);
        let truth: Vec<_> = (0..60)
            .map(|_| {
                let [x, y]: [f32; 2] = [rng.random::<f32>() * 200.0, rng.random::<f32>() * 200.0];
                at(x, y, 1.0 + rng.random::<f32>() * 20.0, 0.0)
            })
            .collect();
        let mut nodes = vec![Coordinates::default(); truth.len()];
        for _ in 0..200 {
            for a in 0..nodes.len() {
                let b = (a + 1 + rng.random_range(0..59_u32) as usize) % 60;
                let (other, sample) = (nodes[b], truth[a].round_trip_ms(&truth[b]));
                nodes[a].learn(&other, sample, rng.random());
            }
        }
        let mut errors = Vec::new();
        for a in 0..60 {
            for b in 0..a {
                let right = truth[a].round_trip_ms(&truth[b]);
                errors.push((nodes[a].round_trip_ms(&nodes[b]) - right).abs() / right);
            }
        }
        errors.sort_by(f64::total_cmp);
        let median = errors[errors.len() / 2];
        assert!(median < 0.05, "{median}, and 1 before the first sample");
    }
}
