//! Latencies between all pairs of hosts, from a file: a square of numbers.
//!
//! Line i, value j is the latency from host i to host j in milliseconds; the two directions may
//! differ. Values are separated by blanks, tabs or commas; blank lines and lines that begin with
//! `#` are passed over. Zero is a latency like any other, never "unknown". The diagonal counts as
//! well: it is what peers on one host see of each other.

use super::Latency;
use super::error::{Fault, NetworkError};
use super::text::{TextFile, shortened};
use crate::engine::SimDuration;
use crate::scenario::resolved::MatrixValues;
use crate::world::HostIdx;

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
        check_names(file, row[0])?;
        for word in &row {
            one_way.push(latency(file, word, values)?);
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

/// A header or a column of names is a mistake common enough for a message of its own.
fn check_names(file: TextFile, first: &str) -> Result<(), NetworkError> {
    let name = first.starts_with(|c: char| c.is_alphabetic() || c == '"');
    if name && first.parse::<f64>().is_err() {
        let value = shortened(first);
        return Err(file.fault(first, Fault::Header { value }));
    }
    Ok(())
}

fn latency(file: TextFile, word: &str, values: MatrixValues) -> Result<SimDuration, NetworkError> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::tests::{fault_of, rendered};

    fn read(text: &str, values: MatrixValues) -> Result<Matrix, NetworkError> {
        parse(TextFile::new("m.tsv".as_ref(), text), values)
    }

    fn micros(text: &str, values: MatrixValues) -> Vec<u64> {
        let matrix = read(text, values).unwrap();
        matrix.one_way.iter().map(|way| way.0 / 1000).collect()
    }

    #[test]
    fn round_trips_are_halved_and_one_way_values_are_not() {
        let text = "0 100.5\n80 0\n";
        assert_eq!(
            micros(text, MatrixValues::RoundTrip),
            [0, 50_250, 40_000, 0]
        );
        assert_eq!(micros(text, MatrixValues::OneWay), [0, 100_500, 80_000, 0]);
    }

    #[test]
    fn the_row_is_where_a_message_comes_from() {
        let matrix = read("1 2 3\n4 5 6\n7 8 9", MatrixValues::OneWay).unwrap();
        assert_eq!(matrix.hosts(), Some(3));
        let way = |from, to| matrix.one_way(HostIdx(from), HostIdx(to));
        assert_eq!(way(1, 2), SimDuration::from_millis(6));
        assert_eq!(way(2, 1), SimDuration::from_millis(8));
        assert_eq!(way(1, 1), SimDuration::from_millis(5));
    }

    #[test]
    fn tabs_commas_blanks_comments_and_line_ends_of_all_kinds_are_read_alike() {
        let plain = micros("0 1.5\n2 0", MatrixValues::OneWay);
        for text in [
            "0\t1.5\n2\t0\n",
            "0,1.5\r\n2,0\r\n",
            "\u{feff}# from, to\n\n0 , 1.5\n  2e0,\t0  \n\n",
        ] {
            assert_eq!(micros(text, MatrixValues::OneWay), plain, "{text:?}");
        }
    }

    #[test]
    fn every_fault_is_found_at_its_place() {
        let ragged = |found| Fault::Ragged { found, expected: 3 };
        let value = |text: &str| text.to_owned();
        for (text, place, fault) in [
            ("", (1, 1), Fault::Empty),
            ("# nothing\n\n", (1, 1), Fault::Empty),
            ("0 1 2\n1 0\n2 1 0", (2, 3), ragged(2)),
            ("0 1 2\n1 0 1 4\n2 1 0", (2, 7), ragged(4)),
            (
                "0 1\n1 ten\n",
                (2, 3),
                Fault::NotANumber {
                    value: value("ten"),
                },
            ),
            (
                "5ms 1\n1 0\n",
                (1, 1),
                Fault::NotANumber {
                    value: value("5ms"),
                },
            ),
            (
                "A B\n0 1\n1 0\n",
                (1, 1),
                Fault::Header { value: value("A") },
            ),
            (
                "0 1\n\"b\" 0\n",
                (2, 1),
                Fault::Header {
                    value: value("\"b\""),
                },
            ),
            (
                "0 1\n# \u{e4}\n\t-1 0",
                (3, 2),
                Fault::Negative { value: value("-1") },
            ),
            (
                "NaN 1\n1 0",
                (1, 1),
                Fault::NotFinite {
                    value: value("NaN"),
                },
            ),
            (
                "0 inf\n1 0",
                (1, 3),
                Fault::NotFinite {
                    value: value("inf"),
                },
            ),
            (
                "0 1e9\n1 0",
                (1, 3),
                Fault::TooLarge {
                    value: value("1e9"),
                },
            ),
            ("0,1\n1,,0", (2, 3), Fault::MissingValue),
            ("0,1,\n1,0,", (1, 5), Fault::MissingValue),
            (
                "0 1\n",
                (1, 1),
                Fault::NotSquare {
                    rows: 1,
                    columns: 2,
                },
            ),
            (
                "0 1\n1 0\n2 0",
                (3, 1),
                Fault::NotSquare {
                    rows: 3,
                    columns: 2,
                },
            ),
        ] {
            let error = read(text, MatrixValues::RoundTrip).err().expect(text);
            assert_eq!(fault_of(&error), (place, &fault), "{text:?}");
            assert!(rendered(&error).contains(&format!("m.tsv:{}:{}", place.0, place.1)));
        }
    }

    #[test]
    fn the_message_shows_a_long_row_only_around_the_fault() {
        let row = vec!["123.456"; 490].join("\t");
        let text = format!("{row}\n{}", row.replacen("\t123.456\t", "\tx23.456\t", 1));
        let message = rendered(&read(&text, MatrixValues::RoundTrip).err().unwrap());
        assert!(message.contains("m.tsv, line 2, column 9: `x23.456` is not a number"));
        assert!(
            message.lines().all(|line| line.chars().count() < 130),
            "{message}"
        );
    }
}
