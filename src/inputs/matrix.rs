//! Latencies between all pairs of hosts: a square of numbers.
//!
//! Line i, value j is the latency from host i to host j in milliseconds; the two directions may
//! differ. Values are separated by blanks, tabs or commas; blank lines and lines that begin with
//! `#` are passed over. Zero is a number like any other, never "unknown".

use super::error::InputError;
use super::excerpt::shortened;
use super::fault::Fault;
use super::foreign;
use super::latency::{is_unmeasured, latency_ms};
use super::text::TextFile;

/// The most hosts: the latencies between them fill two gigabytes.
pub const HOSTS_MAX: usize = 1 << 14;

/// A square of latencies.
#[derive(Clone, PartialEq, Debug)]
pub struct Square {
    /// How many rows it has, and how many values each.
    pub size: usize,
    /// Row by row, in milliseconds: finite, not negative, at most an hour.
    pub values_ms: Vec<f64>,
}

/// Reads a square of numbers.
///
/// # Errors
/// The first fault in the text.
pub fn read(file: TextFile<'_>) -> Result<Square, InputError> {
    square(file).map_err(|error| foreign::recognised(file, words).unwrap_or(error))
}

fn square(file: TextFile<'_>) -> Result<Square, InputError> {
    let mut values_ms = Vec::new();
    let (mut rows, mut columns, mut last) = (0, None, file.text());
    for line in file.data_lines() {
        let row = words(line);
        let expected = *columns.get_or_insert(row.len());
        check_names(file, row[0])?;
        if let Some(beyond) = row.get(HOSTS_MAX) {
            return Err(file.fault(beyond, Fault::TooManyHosts { most: HOSTS_MAX }));
        }
        if rows == HOSTS_MAX {
            return Err(file.fault(line, Fault::TooManyHosts { most: HOSTS_MAX }));
        }
        for word in &row {
            values_ms.push(latency_ms(file, word)?);
        }
        check_length(file, &row, expected)?;
        rows += 1;
        last = line;
    }
    let columns = columns.ok_or_else(|| file.fault(file.text(), Fault::Empty))?;
    if rows != columns {
        return Err(file.fault(last, Fault::NotSquare { rows, columns }));
    }
    Ok(Square {
        size: rows,
        values_ms,
    })
}

/// The values of a line, or one more than a line may have. What should stand between two commas and does not is an empty one.
fn words(line: &str) -> Vec<&str> {
    line.split(',')
        .flat_map(|piece| {
            let missing = piece.trim().is_empty().then_some(piece);
            missing.into_iter().chain(piece.split_whitespace())
        })
        .take(HOSTS_MAX + 1)
        .collect()
}

/// A header or a column of names is a mistake common enough for a message of its own.
fn check_names(file: TextFile<'_>, first: &str) -> Result<(), InputError> {
    let name = first.starts_with(|c: char| c.is_alphabetic() || c == '"');
    if name && first.parse::<f64>().is_err() && !is_unmeasured(first) {
        let value = shortened(first);
        return Err(file.fault(first, Fault::Header { value }));
    }
    Ok(())
}

/// A row too long has its fault at the first value too many, one too short at its last.
fn check_length(file: TextFile<'_>, row: &[&str], expected: usize) -> Result<(), InputError> {
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
    use crate::inputs::testing::{fault_of, rendered};

    fn read(text: &str) -> Result<Square, InputError> {
        super::read(TextFile::new("m.tsv".as_ref(), text))
    }

    #[test]
    fn values_are_kept_row_by_row() {
        let values_ms = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(f64::from).to_vec();
        let square = read("1 2 3\n4 5 6\n7 8 9").unwrap();
        let size = 3;
        assert_eq!(square, Square { size, values_ms });
    }

    #[test]
    fn tabs_commas_blanks_comments_and_line_ends_of_all_kinds_are_read_alike() {
        let plain = read("0 1.5\n2 0").unwrap();
        for text in [
            "0\t1.5\n2\t0\n",
            "0,1.5\r\n2,0\r\n",
            "\u{feff}# from, to\n\n0 , 1.5\n  2e0,\t0  \n\n",
        ] {
            assert_eq!(read(text).unwrap(), plain, "{text:?}");
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
                "0 NA\n1 0\n",
                (1, 3),
                Fault::Unmeasured { value: value("NA") },
            ),
            (
                "0 1\n* 0\n",
                (2, 1),
                Fault::Unmeasured { value: value("*") },
            ),
            (
                "NA,1\n1,NA\n",
                (1, 1),
                Fault::Unmeasured { value: value("NA") },
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
            let error = read(text).expect_err(text);
            assert_eq!(fault_of(&error), (place, &fault), "{text:?}");
            assert!(rendered(&error).contains(&format!("m.tsv:{}:{}", place.0, place.1)));
        }
    }

    #[test]
    fn there_is_a_limit_to_hosts() {
        let most = HOSTS_MAX;
        let fault = Fault::TooManyHosts { most };
        // Each value takes two bytes.
        let wide = read(&"0 ".repeat(100_000)).unwrap_err();
        assert_eq!(fault_of(&wide), ((1, 2 * most + 1), &fault));
        let long = read(&"0 0\n".repeat(most + 1)).unwrap_err();
        assert_eq!(fault_of(&long), ((most + 1, 1), &fault));
        let just = read(&"0 0\n".repeat(most)).unwrap_err();
        assert!(matches!(fault_of(&just).1, Fault::NotSquare { .. }));
    }

    #[test]
    fn the_message_shows_a_long_row_only_around_the_fault() {
        let row = vec!["123.456"; 490].join("\t");
        let text = format!("{row}\n{}", row.replacen("\t123.456\t", "\tx23.456\t", 1));
        let message = rendered(&read(&text).unwrap_err());
        assert!(message.contains("m.tsv, line 2, column 9: `x23.456` is not a number"));
        assert!(
            message.lines().all(|line| line.chars().count() < 130),
            "{message}"
        );
    }
}
