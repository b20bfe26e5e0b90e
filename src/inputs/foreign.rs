//! Squares as other programs write them: with numbers for names at the edges, or with decimal commas. Asked only
//! when a text is no square, to say what it is instead.

use super::error::InputError;
use super::excerpt::shortened;
use super::fault::Fault;
use super::text::TextFile;

/// So many values of a line say how numbers are written in it.
const VALUES_MAX: usize = 1000;

/// What the text is, if it is one of these; `words` takes a line apart.
pub(super) fn recognised<'a>(
    file: TextFile<'a>,
    words: impl Fn(&'a str) -> Vec<&'a str>,
) -> Option<InputError> {
    let mut lines = file.data_lines();
    let (first_line, second_line) = (lines.next()?, lines.next()?);
    let (first, second) = (words(first_line), words(second_line));
    let rows = 2 + lines.count();
    let index = || file.data_lines().map(|line| words(line)[0]);
    if let Some(comma) = decimal_comma(first_line).or_else(|| decimal_comma(second_line)) {
        let value = shortened(comma);
        return Some(file.fault(comma, Fault::DecimalComma { value }));
    }
    let corner = first.len() == second.len() && first[0].trim().is_empty();
    let beside_an_index = second.len() == first.len() + 1 && counts_up(index().skip(1));
    // Below the header each host is no way from itself.
    let is_zero = |(host, line): (usize, &'a str)| {
        words(line).get(host).and_then(|word| word.parse().ok()) == Some(0.0)
    };
    let above_a_square =
        rows == first.len() + 1 && file.data_lines().skip(1).enumerate().all(is_zero);
    if corner || (counts_up(first.iter().copied()) && (beside_an_index || above_a_square)) {
        return Some(file.fault(first_line.trim_end(), Fault::TableHeader));
    }
    let is_whole = first.iter().all(|word| !word.trim().is_empty());
    let is_index = rows + 1 == first.len() && is_whole && counts_up(index());
    is_index.then(|| file.fault(first[0], Fault::TableIndex))
}

/// Whether these are 0, 1, 2 and so on.
fn counts_up<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    words
        .enumerate()
        .all(|(number, word)| word.trim_matches('"').parse() == Ok(number))
}

/// The first value of a line with a comma between digits, if other signs stand between the values.
fn decimal_comma(line: &str) -> Option<&str> {
    let is_between = |c: char| c == ';' || c.is_whitespace();
    let values: Vec<&str> = line
        .split(is_between)
        .filter(|value| !value.is_empty())
        .take(VALUES_MAX)
        .collect();
    let is_decimal = |value: &&str| {
        let (whole, fraction) = value.split_once(',').unwrap_or(("", ""));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        digits(whole) && digits(fraction)
    };
    let is_whole = |value: &&str| value.bytes().all(|b| b.is_ascii_digit());
    let all_numbers = values
        .iter()
        .all(|value| is_decimal(value) || is_whole(value));
    let first = values.iter().copied().find(|value| is_decimal(value));
    first.filter(|_| values.len() > 1 && all_numbers)
}

#[cfg(test)]
mod tests {
    use super::super::matrix;
    use super::*;
    use crate::inputs::testing::{fault_of, rendered};

    fn check(text: &str, place: (usize, usize), fault: &Fault, help: &str) {
        let error = matrix::read(TextFile::new("m.csv".as_ref(), text)).expect_err(text);
        assert_eq!(fault_of(&error), (place, fault), "{text:?}");
        let told = rendered(&error);
        assert!(told.contains(help), "{told}");
    }

    /// `DataFrame.to_csv` with all there is, without an index, without a header, and with tabs.
    #[test]
    fn what_pandas_writes_around_the_square_is_recognised() {
        let help = "index=False)";
        let header = |text| check(text, (1, 1), &Fault::TableHeader, help);
        header(",0,1\n0,0.0,1.5\n1,1.5,0.0\n");
        header(",a,b\na,0.0,1.5\nb,1.5,0.0\n");
        header("0,1\n0.0,1.5\n1.5,0.0\n");
        header(
            "# made by hand\n,0,1\n0,0.0,1.5\n1,1.5,0.0\n"
                .split_once('\n')
                .unwrap()
                .1,
        );
        check(
            "\t0\t1\n0\t0.0\t1.5\n1\t1.5\t0.0\n",
            (1, 1),
            &Fault::TableHeader,
            help,
        );
        check("0,0.0,1.5\n1,1.5,0.0\n", (1, 1), &Fault::TableIndex, help);
    }

    #[test]
    fn decimal_commas_are_recognised_where_something_else_divides_the_values() {
        let comma = |value: &str| Fault::DecimalComma {
            value: value.to_owned(),
        };
        check("0\t1,5\n1,5\t0\n", (1, 3), &comma("1,5"), "tr ';,' '\\t.'");
        check("0;1,5\n1,5;0\n", (1, 3), &comma("1,5"), "decimal point");
    }

    /// Squares that begin with 0 and 1, and one with commas and blanks, are squares.
    #[test]
    fn a_square_stays_one() {
        for text in ["0 1\n1 0", "0,1\n1,0", "0, 1\n1, 0", "0,1 2\n1,0 2\n 2,2 0"] {
            assert!(
                matrix::read(TextFile::new("m".as_ref(), text)).is_ok(),
                "{text}"
            );
        }
    }
}
