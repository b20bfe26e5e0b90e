use super::*;
use crate::inputs::testing::{fault_of, rendered};

mod faults;
mod formats;
mod written;

fn reading(missing: Missing) -> Reading {
    Reading {
        missing,
        ..Reading::default()
    }
}

fn read_with(text: &str, reading: Reading) -> Result<Hosts, InputError> {
    super::read(TextFile::new("m.tsv".as_ref(), text), reading)
}

fn read(text: &str) -> Result<Hosts, InputError> {
    read_with(text, Reading::default())
}

/// The rows of a square that can be read.
fn square(hosts: &Hosts) -> Vec<Vec<f64>> {
    match &hosts.distances {
        Distances::Square(values) => values.chunks(hosts.count).map(<[f64]>::to_vec).collect(),
        Distances::Points { .. } => panic!("points"),
    }
}

/// What was said, in one line.
fn said(hosts: &Hosts) -> String {
    hosts.remarks.iter().collect::<Vec<_>>().join(", ")
}
