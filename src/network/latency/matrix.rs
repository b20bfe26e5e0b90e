//! Latencies between all pairs of hosts, from a file. The two directions may differ.
//!
//! The diagonal counts as well: it is what peers on one host see of each other.

use super::model::Latency;
use crate::engine::SimDuration;
use crate::scenario::resolved::MatrixValues;
use crate::world::HostIdx;

pub(super) struct Matrix {
    hosts: u32,
    names: Vec<String>,
    /// Row by row: from one host to all.
    one_way: Box<[SimDuration]>,
}

impl Matrix {
    /// So many hosts, and row by row the milliseconds from each to all. `values` says what the numbers are.
    pub(super) fn new(
        hosts: usize,
        names: Vec<String>,
        values_ms: Vec<f64>,
        values: MatrixValues,
    ) -> Self {
        let one_way = |ms| {
            SimDuration::from_millis_f64(match values {
                MatrixValues::RoundTrip => ms / 2.0,
                MatrixValues::OneWay => ms,
            })
        };
        Self {
            hosts: HostIdx::from_usize(hosts).0,
            names,
            one_way: values_ms.into_iter().map(one_way).collect(),
        }
    }

    /// Bytes of its table.
    pub(super) fn bytes(&self) -> f64 {
        let names = self
            .names
            .iter()
            .map(|name| name.len() + size_of::<String>());
        (size_of_val(&*self.one_way) + names.sum::<usize>()) as f64
    }
}

impl Latency for Matrix {
    fn hosts(&self) -> Option<u32> {
        Some(self.hosts)
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        self.one_way[from.at() * self.hosts as usize + to.at()]
    }

    fn host_name(&self, host: HostIdx) -> Option<&str> {
        self.names.get(host.at()).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(values_ms: [f64; 4], values: MatrixValues) -> Vec<u64> {
        let matrix = Matrix::new(2, Vec::new(), values_ms.to_vec(), values);
        matrix.one_way.iter().map(|way| way.0 / 1000).collect()
    }

    #[test]
    fn round_trips_are_halved_and_one_way_values_are_not() {
        let file = [0.0, 100.5, 80.0, 0.0];
        assert_eq!(
            micros(file, MatrixValues::RoundTrip),
            [0, 50_250, 40_000, 0]
        );
        assert_eq!(micros(file, MatrixValues::OneWay), [0, 100_500, 80_000, 0]);
    }

    #[test]
    fn the_row_is_where_a_message_comes_from() {
        let values_ms = (1..=9).map(f64::from).collect();
        let names = ["x", "y", "z"].map(str::to_owned).to_vec();
        let matrix = Matrix::new(3, names, values_ms, MatrixValues::OneWay);
        assert_eq!(matrix.hosts(), Some(3));
        let way = |from, to| matrix.one_way(HostIdx(from), HostIdx(to));
        assert_eq!(way(1, 2), SimDuration::from_millis(6));
        assert_eq!(way(2, 1), SimDuration::from_millis(8));
        assert_eq!(way(1, 1), SimDuration::from_millis(5));
        assert_eq!(matrix.host_name(HostIdx(1)), Some("y"));
        assert!(matrix.paths().is_none(), "a matrix has no links");
    }
}
