//! How long the edges of a graph are that its file gives no latency: by the positions of their ends, or by one value for
//! all of them.

use std::f64::consts::PI;

use crate::engine::SimDuration;
use crate::inputs::graph::{Edge, Graph, Map};
use crate::inputs::{InputError, Remarks};
use crate::scenario::resolved::GraphOptions;

/// The mean radius of the earth.
const EARTH_KM: f64 = 6371.0;
/// So many nodes without a position are told by name.
const TOLD_MAX: usize = 5;

/// The latencies of the edges of a graph.
pub(super) struct Lengths<'g, 'a> {
    graph: &'g Graph<'a>,
    options: &'g GraphOptions,
    /// Of edges with neither a latency nor two positions, in milliseconds.
    others_ms: Option<f64>,
}

impl<'g, 'a> Lengths<'g, 'a> {
    /// Looks through the edges without a latency.
    pub(super) fn new(
        graph: &'g Graph<'a>,
        options: &'g GraphOptions,
        remarks: &mut Remarks,
    ) -> Self {
        let mut lengths = Self {
            graph,
            options,
            others_ms: options.edge_latency.map(SimDuration::as_millis_f64),
        };
        let unknown = graph.edges().iter().filter(|edge| is_unknown(edge));
        let unknown: Vec<&Edge> = unknown.collect();
        let mut placed: Vec<f64> = unknown
            .iter()
            .filter_map(|edge| lengths.by_position(edge))
            .collect();
        if !placed.is_empty() {
            remarks.say(lengths.told(placed.len()));
        }
        if placed.len() < unknown.len() {
            lengths.tell_the_others(&unknown, &mut placed, remarks);
        }
        lengths
    }

    /// The latency of an edge.
    ///
    /// # Errors
    /// If nothing tells it.
    pub(super) fn of(&self, number: u32, edge: &Edge) -> Result<SimDuration, InputError> {
        if edge.latency_ms().is_none() && !is_unknown(edge) {
            // It never counts.
            return Ok(SimDuration::ZERO);
        }
        let ms = edge.latency_ms();
        let ms = ms.or_else(|| self.by_position(edge)).or(self.others_ms);
        match ms {
            Some(ms) if ms <= 3_600_000.0 => Ok(SimDuration::from_millis_f64(ms)),
            Some(_) => Err(self.graph.too_far(number)),
            None => Err(self.graph.no_latency(number)),
        }
    }

    /// Milliseconds between the positions of an edge's ends, if both are known and count.
    fn by_position(&self, edge: &Edge) -> Option<f64> {
        if !self.options.positions {
            return None;
        }
        let position = |end: u32| self.graph.nodes()[end as usize].position;
        let [a, b] = [position(edge.ends[0])?, position(edge.ends[1])?];
        let km = match self.graph.map()? {
            Map::Globe => great_circle_km(a, b),
            Map::Plane => libm::hypot(a[0] - b[0], a[1] - b[1]),
        };
        Some(km / self.options.km_per_ms)
    }

    /// What is said of so many edges that have two positions.
    fn told(&self, placed: usize) -> String {
        let speed = self.options.km_per_ms;
        let distance = match self.graph.map() {
            Some(Map::Plane) => "distance in km (`x`, `y`)",
            _ => "great-circle distance",
        };
        let all = self.graph.edges().len();
        if placed == all {
            format!("latencies of all {all} edges from {distance} at {speed} km per ms")
        } else {
            format!("latencies of {placed} of {all} edges from {distance} at {speed} km per ms")
        }
    }

    /// Decides what edges get that have neither a latency nor two positions: what the scenario says, or the median of
    /// those with two positions. A place made up for a node could make its edges as short as nothing.
    fn tell_the_others(&mut self, unknown: &[&Edge], placed: &mut [f64], remarks: &mut Remarks) {
        let others = unknown.len() - placed.len();
        if let Some(latency) = self.options.edge_latency {
            remarks.say(format!(
                "{others} edges without a latency take `edge_latency`, {latency}"
            ));
            return;
        }
        if placed.is_empty() {
            return;
        }
        placed.sort_by(f64::total_cmp);
        let median = placed[(placed.len() - 1) / 2];
        self.others_ms = Some(median);
        let mut nodes: Vec<u32> = unknown.iter().flat_map(|edge| edge.ends).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let nodes = nodes
            .into_iter()
            .map(|node| &self.graph.nodes()[node as usize]);
        let lost = nodes.filter(|node| node.position.is_none());
        let mut names: Vec<&str> = lost.map(|node| &*node.name).take(TOLD_MAX + 1).collect();
        if names.len() > TOLD_MAX {
            names[TOLD_MAX] = "…";
        }
        let names = names.join(", ");
        remarks.say(format!(
            "{others} edges of nodes without a position ({names}) take the median of the others, {median:.3} ms"
        ));
    }
}

/// Whether an edge that counts has no latency.
fn is_unknown(edge: &Edge) -> bool {
    edge.latency_ms().is_none() && edge.ends[0] != edge.ends[1]
}

/// The distance of two points, given as longitude and latitude in degrees, on a sphere as large as the earth: by the
/// haversine formula, which is exact for near points as well.
fn great_circle_km(a: [f64; 2], b: [f64; 2]) -> f64 {
    let radians = |degrees: f64| degrees * PI / 180.0;
    let half_sine = |from: f64, to: f64| {
        let sine = libm::sin(radians(to - from) / 2.0);
        sine * sine
    };
    let along = libm::cos(radians(a[1])) * libm::cos(radians(b[1])) * half_sine(a[0], b[0]);
    let share: f64 = half_sine(a[1], b[1]) + along;
    2.0 * EARTH_KM * libm::asin(share.sqrt().min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A quarter, a half and a tenth of the circumference, which is 2π · 6371 km = 40 030.17 km; across the date line;
    /// and a hundredth of a second of arc.
    #[test]
    fn distances_on_the_globe_are_parts_of_its_circumference() {
        let around = 2.0 * PI * EARTH_KM;
        for (a, b, share) in [
            ([0.0, 0.0], [90.0, 0.0], 0.25),
            ([13.0, -90.0], [77.0, 90.0], 0.5),
            ([10.0, 20.0], [10.0, 56.0], 0.1),
            ([179.0, 0.0], [-179.0, 0.0], 2.0 / 360.0),
            ([5.0, 0.0], [5.0, 1.0 / 360_000.0], 1.0 / 129_600_000.0),
            ([8.0, 50.0], [8.0, 50.0], 0.0),
        ] {
            let km = great_circle_km(a, b);
            assert!((km - share * around).abs() < 1e-8, "{a:?} {b:?}: {km}");
        }
    }
}
