//! Hosts at points that a file gives; latency is the distance between them.

use super::model::Latency;
use crate::engine::SimDuration;
use crate::world::HostIdx;

pub(super) struct Points {
    names: Vec<String>,
    dimensions: usize,
    /// Host by host, in milliseconds of one way.
    coordinates: Box<[f64]>,
}

impl Points {
    /// Hosts with so many coordinates each, in milliseconds of one way.
    pub(super) fn new(names: Vec<String>, dimensions: usize, coordinates: Vec<f64>) -> Self {
        Self {
            names,
            dimensions,
            coordinates: coordinates.into(),
        }
    }

    /// Bytes of the coordinates and names.
    pub(super) fn bytes(&self) -> f64 {
        let names = self
            .names
            .iter()
            .map(|name| name.len() + size_of::<String>());
        (size_of_val(&*self.coordinates) + names.sum::<usize>()) as f64
    }

    fn of(&self, host: HostIdx) -> &[f64] {
        &self.coordinates[host.at() * self.dimensions..][..self.dimensions]
    }
}

impl Latency for Points {
    fn hosts(&self) -> Option<u32> {
        Some((self.coordinates.len() / self.dimensions) as u32)
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        let sides = self.of(from).iter().zip(self.of(to)).map(|(a, b)| a - b);
        // A root is exact to the last digit on every machine.
        SimDuration::from_millis_f64(sides.map(|side| side * side).sum::<f64>().sqrt())
    }

    fn place(&self, host: HostIdx) -> Option<[f64; 2]> {
        match *self.of(host) {
            [x] => Some([x, 0.0]),
            [x, y, ..] => Some([x, y]),
            [] => None,
        }
    }

    fn host_name(&self, host: HostIdx) -> Option<&str> {
        self.names.get(host.at()).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A triangle with sides of 3, 4 and 5; and the same along one more dimension.
    #[test]
    fn latency_is_the_straight_line() {
        let flat = Points::new(Vec::new(), 2, vec![0.0, 0.0, 3.0, 0.0, 0.0, 4.0]);
        assert_eq!(flat.hosts(), Some(3));
        let way = |from, to| flat.one_way(HostIdx(from), HostIdx(to));
        assert_eq!(
            [way(0, 1), way(2, 0), way(1, 2), way(1, 1)],
            [3, 4, 5, 0].map(SimDuration::from_millis)
        );
        assert_eq!(flat.place(HostIdx(2)), Some([0.0, 4.0]));
        let names = vec!["a".to_owned(), "b".to_owned()];
        let space = Points::new(names, 3, vec![1.0, 1.0, 1.0, 3.0, 2.0, -1.0]);
        assert_eq!(
            space.one_way(HostIdx(1), HostIdx(0)),
            SimDuration::from_millis(3)
        );
        assert_eq!(space.host_name(HostIdx(1)), Some("b"));
    }
}
