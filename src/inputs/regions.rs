//! Regions with the latencies between them, in CSV: a header `region,share,` and the names of all regions, then a line
//! for each of them with its name, its share of the hosts, and the latency in milliseconds, one way, to each region of
//! the header.
//!
//! Lines may come in any order; blank lines and lines that begin with `#` are passed over. Shares are what parts of a
//! whole are measured in: their sum need not be 1. The two directions between regions may differ.

use super::error::InputError;
use super::excerpt::shortened;
use super::fault::Fault;
use super::harmless::{first_harmful, named};
use super::latency::latency_ms;
use super::text::TextFile;

/// The most regions.
pub const REGIONS_MAX: usize = 1000;

const COLUMNS: [&str; 2] = ["region", "share"];

/// Regions, numbered from 0 in the order of the header.
#[derive(Clone, PartialEq, Debug)]
pub struct RegionTable {
    /// What they are called: all different.
    pub names: Vec<String>,
    /// What share of the hosts each has: none negative, their sum above zero.
    pub shares: Vec<f64>,
    /// Row by row, in milliseconds from one region to each: finite, not negative, at most an hour.
    pub one_way_ms: Vec<f64>,
}

/// A line of the table.
struct Row<'a> {
    share: f64,
    /// As they stand there.
    latencies: Vec<&'a str>,
}

/// Reads a table of regions.
///
/// # Errors
/// The first fault in the text.
pub fn read(file: TextFile<'_>) -> Result<RegionTable, InputError> {
    let mut lines = file.data_lines();
    let header = lines
        .next()
        .ok_or_else(|| file.fault(file.text(), Fault::Empty))?;
    let names = names(file, header)?;
    let mut rows: Vec<Option<Row<'_>>> = names.iter().map(|_| None).collect();
    let mut last = header;
    for line in lines {
        let (name, row) = row(file, line, names.len())?;
        let Some(region) = names.iter().position(|known| *known == name) else {
            let value = shortened(name);
            return Err(file.fault(name, Fault::UnknownRegion { value }));
        };
        if rows[region].replace(row).is_some() {
            return Err(file.fault(name, Fault::RegionTwice));
        }
        last = line;
    }
    table(file, &names, rows, last)
}

/// Puts the rows in order; `last` is the last of them.
fn table(
    file: TextFile<'_>,
    names: &[&str],
    rows: Vec<Option<Row<'_>>>,
    last: &str,
) -> Result<RegionTable, InputError> {
    let (mut shares, mut one_way_ms) = (Vec::new(), Vec::new());
    for (name, row) in names.iter().zip(rows) {
        let Some(row) = row else {
            return Err(file.fault(name, Fault::RegionWithoutLine));
        };
        shares.push(row.share);
        for latency in row.latencies {
            one_way_ms.push(latency_ms(file, latency)?);
        }
    }
    let sum: f64 = shares.iter().sum();
    if sum <= 0.0 || !sum.is_finite() {
        return Err(file.fault(last, Fault::NoShares));
    }
    Ok(RegionTable {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        shares,
        one_way_ms,
    })
}

/// The names of the header, all different.
fn names<'a>(file: TextFile<'a>, header: &'a str) -> Result<Vec<&'a str>, InputError> {
    let fields: Vec<_> = fields(header).collect();
    let Some((first, names)) = fields.split_first_chunk() else {
        return Err(file.fault(header, Fault::RegionHeader));
    };
    if *first != COLUMNS || names.is_empty() {
        return Err(file.fault(header, Fault::RegionHeader));
    }
    if let Some(beyond) = names.get(REGIONS_MAX) {
        let most = REGIONS_MAX;
        return Err(file.fault(beyond, Fault::TooManyRegions { most }));
    }
    for (at, name) in names.iter().enumerate() {
        if name.is_empty() {
            return Err(file.fault(name, Fault::RegionHeader));
        }
        if let Some(sign) = first_harmful(name) {
            let sign = named(sign);
            return Err(file.fault(name, Fault::Harmful { sign }));
        }
        if names[..at].contains(name) {
            return Err(file.fault(name, Fault::RegionTwice));
        }
    }
    Ok(names.to_vec())
}

/// The name of a line's region, and the rest of it.
fn row<'a>(
    file: TextFile<'a>,
    line: &'a str,
    regions: usize,
) -> Result<(&'a str, Row<'a>), InputError> {
    let fields: Vec<_> = fields(line).collect();
    let expected = COLUMNS.len() + regions;
    if fields.len() != expected {
        let found = fields.len();
        return Err(file.fault(line, Fault::RegionFields { found, expected }));
    }
    let share = share(file, fields[1])?;
    let latencies = fields[2..].to_vec();
    Ok((fields[0], Row { share, latencies }))
}

fn share(file: TextFile<'_>, word: &str) -> Result<f64, InputError> {
    let parsed = word.parse::<f64>().ok();
    let share = parsed.filter(|share| share.is_finite() && *share >= 0.0);
    share.ok_or_else(|| {
        let value = shortened(word);
        file.fault(word, Fault::NotAShare { value })
    })
}

fn fields(line: &str) -> impl Iterator<Item = &str> {
    line.split(',').map(str::trim)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::inputs::testing::{fault_of, rendered};

    fn read(text: &str) -> Result<RegionTable, InputError> {
        super::read(TextFile::new("r.csv".as_ref(), text))
    }

    #[test]
    fn lines_are_put_in_the_order_of_the_header() {
        let table = read("# one way\nregion, share,A,B b\n\nB b,30,4,2.5\n A , 10,1,3\n").unwrap();
        assert_eq!(table.names, ["A", "B b"]);
        assert_eq!(table.shares, [10.0, 30.0]);
        assert_eq!(table.one_way_ms, [1.0, 3.0, 4.0, 2.5]);
    }

    #[test]
    fn every_fault_is_found_at_its_place() {
        let with_header = |rest: &str| format!("region,share,A,B\n{rest}");
        let value = |text: &str| text.to_owned();
        for (text, place, fault) in [
            (String::new(), (1, 1), Fault::Empty),
            (value("region,A,B\n"), (1, 1), Fault::RegionHeader),
            (value("region,share\n"), (1, 1), Fault::RegionHeader),
            (value("region,share,A,\n"), (1, 16), Fault::RegionHeader),
            (value("region,share,A,A\n"), (1, 16), Fault::RegionTwice),
            (
                with_header("A,1,5\n"),
                (2, 1),
                Fault::RegionFields {
                    found: 3,
                    expected: 4,
                },
            ),
            (
                with_header("C,1,5,6\n"),
                (2, 1),
                Fault::UnknownRegion { value: value("C") },
            ),
            (
                with_header("A,1,5,6\nA,1,5,6\n"),
                (3, 1),
                Fault::RegionTwice,
            ),
            (with_header("A,1,5,6\n"), (1, 16), Fault::RegionWithoutLine),
            (
                with_header("A,-1,5,6\n"),
                (2, 3),
                Fault::NotAShare { value: value("-1") },
            ),
            (
                with_header("A,10%,5,6\n"),
                (2, 3),
                Fault::NotAShare {
                    value: value("10%"),
                },
            ),
            (with_header("A,0,5,6\nB,0,7,8"), (3, 1), Fault::NoShares),
            (
                with_header("A,1,5,x\nB,1,7,8"),
                (2, 7),
                Fault::NotANumber { value: value("x") },
            ),
        ] {
            let error = read(&text).unwrap_err();
            assert_eq!(fault_of(&error), (place, &fault), "{text:?}");
            assert!(rendered(&error).contains("help"), "{text:?}");
        }
    }

    #[test]
    fn so_many_regions_can_be_told_apart_and_no_more() {
        let header = |count: usize| {
            let names: Vec<_> = (0..count).map(|n| format!("r{n}")).collect();
            format!("region,share,{}\n", names.join(","))
        };
        let most = REGIONS_MAX;
        let error = read(&header(most + 1)).unwrap_err();
        assert_eq!(fault_of(&error).1, &Fault::TooManyRegions { most });
        let error = read(&header(most)).unwrap_err();
        assert_eq!(fault_of(&error).1, &Fault::RegionWithoutLine);
    }

    proptest! {
        /// Whatever a file holds: a square with shares that can be drawn by, or a message.
        #[test]
        fn any_text_gives_a_table_or_a_message(rest in any::<String>(), cells in "[A-C,0-9.\n-]{0,40}") {
            for text in [&rest, &cells, &format!("region,share,A,B\n{cells}")] {
                match read(text) {
                    Ok(table) => {
                        let regions = table.names.len();
                        prop_assert_eq!(table.shares.len(), regions);
                        prop_assert_eq!(table.one_way_ms.len(), regions * regions);
                    }
                    Err(error) => prop_assert!(!rendered(&error).is_empty()),
                }
            }
        }
    }
}
