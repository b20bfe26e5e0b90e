//! Random squares, written in every format by other code, are read as what they are; and any text gives data or a
//! message.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

/// Latencies in hundredths of a millisecond: none is zero off the diagonal.
fn squares() -> impl Strategy<Value = Vec<Vec<u32>>> {
    (4_usize..9).prop_flat_map(|size| {
        let row = prop::collection::vec(1_u32..100_000, size);
        prop::collection::vec(row, size).prop_map(|mut rows| {
            for (host, row) in rows.iter_mut().enumerate() {
                row[host] = 0;
            }
            rows
        })
    })
}

/// What stands above the diagonal, on both sides of it.
fn symmetric(rows: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let hosts = 0..rows.len();
    let cell = |host: usize, other: usize| rows[host.min(other)][host.max(other)];
    let row = |host| hosts.clone().map(|other| cell(host, other)).collect();
    hosts.clone().map(row).collect()
}

/// A number with a point, or another sign in its place.
fn number(hundredths: u32, point: char) -> String {
    format!("{}{point}{:02}", hundredths / 100, hundredths % 100)
}

fn name(host: usize) -> String {
    format!("host{host}.example")
}

/// The lines of a square, between two values `between`, with names in the first row and column or without.
fn table(rows: &[Vec<u32>], between: &str, point: char, names: bool, ends: [&str; 2]) -> String {
    let mut text = String::new();
    let mut line = |cells: Vec<String>| {
        writeln!(text, "{}{}{}", ends[0], cells.join(between), ends[1]).unwrap();
    };
    if names {
        line(
            std::iter::once(String::new())
                .chain((0..rows.len()).map(name))
                .collect(),
        );
    }
    for (host, row) in rows.iter().enumerate() {
        let own = names.then(|| name(host));
        line(
            own.into_iter()
                .chain(row.iter().map(|value| number(*value, point)))
                .collect(),
        );
    }
    text
}

/// One triangle, with the diagonal or without.
fn triangle(rows: &[Vec<u32>], lower: bool, diagonal: bool) -> String {
    let mut text = String::new();
    for (host, row) in rows.iter().enumerate() {
        let skip = usize::from(!diagonal);
        let part = if lower {
            &row[..host + 1 - skip]
        } else {
            &row[host + skip..]
        };
        let cells: Vec<String> = part.iter().map(|value| number(*value, '.')).collect();
        writeln!(text, "{}", cells.join(" ")).unwrap();
    }
    text
}

fn pairs(rows: &[Vec<u32>], between: &str, named: bool) -> String {
    let mut text = String::new();
    for (from, row) in rows.iter().enumerate() {
        for (to, value) in row.iter().enumerate().filter(|(to, _)| *to != from) {
            let ends = [from, to].map(|host| if named { name(host) } else { host.to_string() });
            writeln!(
                text,
                "{}{between}{}{between}{}",
                ends[0],
                ends[1],
                number(*value, '.')
            )
            .unwrap();
        }
    }
    text
}

fn check(text: &str, rows: &[Vec<u32>]) -> Result<(), TestCaseError> {
    let hosts =
        read(text).map_err(|error| TestCaseError::fail(format!("{text}\n{}", rendered(&error))))?;
    let expected: Vec<Vec<f64>> = rows
        .iter()
        .map(|row| {
            row.iter()
                .map(|value| number(*value, '.').parse().unwrap())
                .collect()
        })
        .collect();
    prop_assert_eq!(square(&hosts), expected, "{}", text);
    Ok(())
}

proptest! {
    #[test]
    fn a_square_is_the_same_in_every_format(rows in squares()) {
        for names in [false, true] {
            check(&table(&rows, ",", '.', names, ["", ""]), &rows)?;
            check(&table(&rows, "\t", '.', names, ["", ""]), &rows)?;
            check(&table(&rows, "\t", ',', names, ["", ""]), &rows)?;
            check(&table(&rows, ";", ',', names, ["", ""]), &rows)?;
            check(&table(&rows, " | ", '.', names, ["| ", " |"]), &rows)?;
            check(&table(&rows, "  ", '.', names, [" ", ""]), &rows)?;
            check(&table(&rows, ", ", '.', names, ["", ""]), &rows)?;
            check(&pairs(&rows, " ", names), &rows)?;
            check(&pairs(&rows, ",", names), &rows)?;
        }
        check(&table(&rows, " ", ',', false, ["", ""]), &rows)?;
        check(&format!("{}\n{}", rows.len(), table(&rows, " ", '.', false, ["", ""])), &rows)?;
        check(&table(&rows, " ms ", '.', false, ["", " ms"]), &rows)?;
    }

    #[test]
    fn a_triangle_is_the_same_in_every_format(rows in squares()) {
        let rows = symmetric(&rows);
        for (lower, diagonal) in [(true, true), (true, false), (false, true), (false, false)] {
            check(&triangle(&rows, lower, diagonal), &rows)?;
        }
        let mut text = format!("topology E2EGraph {}\nfailure_model NullFailureModel\n\n", rows.len());
        for (from, row) in rows.iter().enumerate() {
            for (to, value) in row.iter().enumerate().skip(from + 1) {
                writeln!(text, "{},{} {}", from + 1, to + 1, number(*value, '.')).unwrap();
            }
        }
        check(&text, &rows)?;
    }

    /// Whatever a file holds: latencies of all pairs that make sense, or a message that can be shown.
    #[test]
    fn any_text_gives_data_or_a_message(
        text in prop_oneof![
            any::<String>(),
            "[0-9a-c.,;| \t\n\"-]{0,60}",
            "((0|1|2|7|NA|-1|a|b|x y|)[,; \t|\n]){0,30}",
            "topology (E2EGraph|Euclidean) [0-9]?\n((node )?[0-4],[0-4] ?[0-9-]{0,2}\n){0,9}",
            "<nodelist>(<node>|</node>|<coord>|</coord>|<!--|-->|[0-9]|/>){0,30}",
        ],
        missing in prop_oneof![Just(Missing::Refuse), Just(Missing::Median), Just(Missing::Symmetric)],
    ) {
        match read_with(&text, reading(missing)) {
            Err(error) => prop_assert!(rendered(&error).contains("help: ")),
            Ok(hosts) => {
                prop_assert!(hosts.count > 0);
                prop_assert!(hosts.names.is_empty() || hosts.names.len() == hosts.count);
                match &hosts.distances {
                    Distances::Square(values) => {
                        prop_assert_eq!(values.len(), hosts.count * hosts.count);
                        prop_assert!(values.iter().all(|ms| (0.0..=3_600_000.0).contains(ms)));
                    }
                    Distances::Points { dimensions, coordinates } => {
                        prop_assert_eq!(coordinates.len(), hosts.count * dimensions);
                    }
                }
            }
        }
    }
}
