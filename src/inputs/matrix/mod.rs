//! Latencies between all pairs of hosts, in the formats that people have them in.
//!
//! What a text is, its content tells: a topology of p2psim begins with `topology`, a list of coordinates of `OverSim` is
//! XML, and everything else is a table: a square, one triangle of it, or a list of pairs. What was guessed, the remarks
//! say. Zero is a number like any other, never "unknown".

mod cells;
mod fill;
mod glance;
mod layout;
mod oversim;
mod p2psim;
mod pairs;
mod points;
mod table;
mod value;

use std::collections::BTreeMap;

use super::error::InputError;
use super::fault::Fault;
use super::remarks::Remarks;
use super::text::TextFile;

pub use value::Unit;

/// The most hosts of a table: the latencies between them fill two gigabytes.
pub const HOSTS_MAX: usize = 1 << 14;
/// The most hosts that are points.
pub const POINTS_MAX: usize = 1_000_000;

/// What becomes of latencies that were not measured.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Missing {
    /// They are a fault.
    #[default]
    Refuse,
    /// The median of all others stands for each.
    Median,
    /// That of the other direction stands for it.
    Symmetric,
}

/// How a text is to be read where it leaves that open.
#[derive(Clone, Copy, Default, Debug)]
pub struct Reading {
    /// Of numbers without one.
    pub unit: Unit,
    /// What becomes of what was not measured.
    pub missing: Missing,
}

/// Hosts, and how far they are from each other.
#[derive(Clone, PartialEq, Debug)]
pub struct Hosts {
    /// How many.
    pub count: usize,
    /// What the file calls them, if it has names.
    pub names: Vec<String>,
    /// How far they are apart.
    pub distances: Distances,
    /// What was guessed, decided or filled in.
    pub remarks: Remarks,
}

/// How far hosts are from each other, in milliseconds.
#[derive(Clone, PartialEq, Debug)]
pub enum Distances {
    /// Row by row from one host to all: finite, not negative, at most an hour.
    Square(Vec<f64>),
    /// Hosts are points in a space, and a message takes as long as the straight line: host by host the coordinates, so
    /// many each.
    Points {
        /// Of the space.
        dimensions: usize,
        /// In milliseconds of one way.
        coordinates: Vec<f64>,
    },
}

/// Reads latencies between hosts.
///
/// # Errors
/// The first fault in the text.
pub fn read(file: TextFile<'_>, reading: Reading) -> Result<Hosts, InputError> {
    let first = file.data_lines().next();
    let first = first.ok_or_else(|| file.fault(file.text(), Fault::Empty))?;
    match first.split_whitespace().next() {
        Some("topology") => p2psim::read(file, reading),
        Some("graph" | "graph[" | "Creator") => {
            Err(file.fault(first.trim(), Fault::IsGraph { format: "GML" }))
        }
        Some("Topology:") => Err(file.fault(first.trim(), Fault::IsGraph { format: "BRITE" })),
        Some(word) if word.starts_with('<') => oversim::read(file, reading.unit),
        _ => table::read(file, reading),
    }
}

/// Latencies as they stand in a file, before what is missing has been filled in.
struct Draft {
    count: usize,
    names: Vec<String>,
    /// Row by row, in milliseconds; not a number where none is known.
    values: Vec<f64>,
    remarks: Remarks,
}

impl Draft {
    /// So many hosts without any latency.
    fn new(count: usize, names: Vec<String>) -> Self {
        Self {
            count,
            names,
            values: vec![f64::NAN; count * count],
            remarks: Remarks::default(),
        }
    }

    fn set(&mut self, from: usize, to: usize, value: Option<f64>) {
        self.values[from * self.count + to] = value.unwrap_or(f64::NAN);
    }

    /// The same in both directions.
    fn set_both(&mut self, from: usize, to: usize, value: Option<f64>) {
        self.set(from, to, value);
        self.set(to, from, value);
    }

    /// What a host is called; its number from 0 if it has no name.
    fn name(&self, host: usize) -> String {
        let name = self.names.get(host);
        name.map_or_else(|| host.to_string(), |name| super::excerpt::shortened(name))
    }

    /// The hosts, all of whose distances are known.
    fn finished(self) -> Hosts {
        Hosts {
            count: self.count,
            names: self.names,
            distances: Distances::Square(self.values),
            remarks: self.remarks,
        }
    }
}

/// Hosts by what a list calls them, numbered as they first appear.
#[derive(Default)]
struct Names<'a> {
    numbers: BTreeMap<&'a str, usize>,
    names: Vec<&'a str>,
}

impl<'a> Names<'a> {
    fn number(&mut self, name: &'a str) -> usize {
        let next = self.names.len();
        let number = *self.numbers.entry(name).or_insert(next);
        if number == next {
            self.names.push(name);
        }
        number
    }
}

#[cfg(test)]
mod tests;
