//! Latencies between all pairs of hosts, from a file: a square of numbers.
//!
//! Line i, value j is the latency from host i to host j in milliseconds; the two directions may
//! differ. Values are separated by blanks, tabs or commas; blank lines and lines that begin with
//! `#` are passed over. Zero is a latency like any other, never "unknown". The diagonal counts as
//! well: it is what peers on one host see of each other.

use super::Latency;
use super::error::{Fault, NetworkError};
use super::text::{TextFile, shortened};
use crate::engine::{HostIdx, SimDuration};
use crate::scenario::resolved::MatrixValues;

pub(super) struct Matrix {
    hosts: u32,
    /// Row by row: from one host to all.
    one_way: Box<[SimDuration]>,
}

impl Latency for Matrix {
    fn hosts(&self) -> Option<u32> {
        Some(self.hosts)
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        self.one_way[from.at() * self.hosts as usize + to.at()]
    }
}

/// Reads a square of numbers.
///
/// # Errors
/// The first fault in the text.
pub(super) fn parse(file: TextFile, values: MatrixValues) -> Result<Matrix, NetworkError> {
    let mut one_way = Vec::new();
    let (mut rows, mut columns, mut last) = (0, None, file.text);
    for line in file.data_lines() {
        let row = words(line);
        let expected = *columns.get_or_insert(row.len());
        for word in &row {
            one_way.push(latency(file, rows, word, values)?);
        }
        check_length(file, &row, expected)?;
        rows += 1;
        last = line;
    }
    let columns = columns.ok_or_else(|| file.fault(file.text, Fault::Empty))?;
    if rows != columns {
        return Err(file.fault(last, Fault::NotSquare { rows, columns }));
    }
    Ok(Matrix {
        hosts: HostIdx::from_usize(rows).0,
        one_way: one_way.into(),
    })
}

/// The values of a line. What should stand between two commas and does not is an empty one.
fn words(line: &str) -> Vec<&str> {
    line.split(',')
        .flat_map(|piece| {
            let missing = piece.trim().is_empty().then_some(piece);
            missing.into_iter().chain(piece.split_whitespace())
        })
        .collect()
}

fn latency(
    file: TextFile,
    row: usize,
    word: &str,
    values: MatrixValues,
) -> Result<SimDuration, NetworkError> {
    if word.trim().is_empty() {
        return Err(file.fault(word, Fault::MissingValue));
    }
    let first_word = row == 0 || file.text[..file.span_of(word).start].ends_with('\n');
    if first_word && word.parse::<f64>().is_err() {
        let value = shortened(word);
        return Err(file.fault(word, Fault::Header { value }));
    }
    let ms = file.latency_ms(word)?;
    Ok(SimDuration::from_millis_f64(match values {
        MatrixValues::RoundTrip => ms / 2.0,
        MatrixValues::OneWay => ms,
    }))
}

/// A row too long has its fault at the first value too many, one too short at its last.
fn check_length(file: TextFile, row: &[&str], expected: usize) -> Result<(), NetworkError> {
    let found = row.len();
    let at = match found.cmp(&expected) {
        std::cmp::Ordering::Equal => return Ok(()),
        std::cmp::Ordering::Greater => row[expected],
        std::cmp::Ordering::Less => row[found - 1],
    };
    Err(file.fault(at, Fault::Ragged { found, expected }))
}
