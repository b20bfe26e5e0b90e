//! Numbers as people write them elsewhere: with a decimal comma, in groups of three digits, or in per cent.

use std::ops::Range;

/// The number that is probably meant by `0,5` or `30 %`, as it would be written in TOML; `None` if the text is
/// neither.
pub(crate) fn number_meant(text: &str) -> Option<String> {
    let text = text.trim();
    let (number, percent) = match text.strip_suffix('%') {
        Some(number) => (number.trim_end(), true),
        None => (text, false),
    };
    let plain = number.replacen(',', ".", 1);
    let is_decimal = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = plain
        .strip_prefix('-')
        .unwrap_or(&plain)
        .split('.')
        .collect();
    let decimal = parts.len() <= 2 && parts.into_iter().all(is_decimal);
    if !decimal || (plain == number && !percent) {
        return None;
    }
    if !percent {
        return Some(plain);
    }
    let share = plain.parse::<f64>().ok()? / 100.0;
    // As many digits as anybody writes: 12.3 / 100 is no 0.123 in binary.
    let share = format!("{share:.12}");
    Some(share.trim_end_matches('0').trim_end_matches('.').to_owned())
}

/// The whole number that may be meant by `10,000` or `10 000`.
fn whole_meant(text: &str) -> Option<String> {
    let mut groups = text.trim().split([',', ' ', '\u{a0}', '\u{202f}', '\'']);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let is_digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let is_first = (1..=3).contains(&first.len()) && is_digits(first) && !first.starts_with('0');
    let are_groups = !rest.is_empty() && rest.iter().all(|g| g.len() == 3 && is_digits(g));
    (is_first && are_groups).then(|| first.to_owned() + &rest.concat())
}

/// What to write in place of such a number.
pub(crate) fn remedy(text: &str) -> Option<String> {
    if let Some(whole) = whole_meant(text) {
        let as_decimal = number_meant(text);
        let or = as_decimal.map_or_else(String::new, |number| {
            format!("; {number} if it is a decimal comma")
        });
        return Some(format!("digits stand together: {whole}{or}"));
    }
    let number = number_meant(text)?;
    Some(if text.trim_end().ends_with('%') {
        format!("a share is written as a number from 0 to 1: {number}")
    } else {
        format!("the decimal point is a point: {number}")
    })
}

/// The number of digits, commas and signs behind the last equals sign before a place, such as `0,1` in the inline table
/// `{ loss = 0,1 }`, whose comma is found wrong only further on.
pub(crate) fn number_before(text: &str, place: usize) -> Option<Range<usize>> {
    let line = text[..place].rfind('\n').map_or(0, |newline| newline + 1);
    let equals = line + text[line..place].rfind('=')?;
    let behind = &text[equals + 1..];
    let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
    let start = equals + 1 + blanks;
    let is_of_number = |c: char| c.is_ascii_digit() || ",.-%".contains(c);
    let length = text[start..].find(|c| !is_of_number(c));
    let end = length.map_or(text.len(), |length| start + length);
    Some(start..start + text[start..end].trim_end_matches(',').len())
}

/// The value of the line in which a place of a TOML text lies, if there is one before any comment.
pub(crate) fn value_at(text: &str, place: usize) -> Option<Range<usize>> {
    let start = text[..place].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].lines().next()?;
    let line = line.split('#').next().unwrap_or(line);
    let (key, value) = line.split_once('=')?;
    let value_start = start + key.len() + 1 + (value.len() - value.trim_start().len());
    Some(value_start..value_start + value.trim().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_three_digits_are_understood() {
        for (text, told) in [
            (
                "10,000",
                Some("digits stand together: 10000; 10.000 if it is a decimal comma"),
            ),
            ("10 000", Some("digits stand together: 10000")),
            ("1,000,000", Some("digits stand together: 1000000")),
            ("0,125", Some("the decimal point is a point: 0.125")),
            ("10 00", None),
            ("10,0000", Some("the decimal point is a point: 10.0000")),
        ] {
            assert_eq!(remedy(text).as_deref(), told, "{text}");
        }
    }

    #[test]
    fn a_number_inside_an_inline_table_is_found() {
        for text in [
            "a = 1\nb = { loss = 0,1 }",
            "b = { loss =0,1, x = 2 }",
            "b = {loss = 0,1",
        ] {
            // Wherever the comma is noticed behind itself.
            for place in text.find(",1").unwrap() + 1..text.find(",1").unwrap() + 2 {
                let found = number_before(text, place).map(|range| &text[range]);
                assert_eq!(found, Some("0,1"), "{text}");
            }
        }
        assert_eq!(number_before("a = 1\nloss 0,1", 10), None);
    }

    #[test]
    fn a_comma_and_a_percent_sign_are_understood_and_nothing_else_is() {
        for (text, meant) in [
            ("0,5", Some("0.5")),
            ("-1,25", Some("-1.25")),
            ("30%", Some("0.3")),
            ("12.3 %", Some("0.123")),
            ("0,1%", Some("0.001")),
            ("100%", Some("1")),
            ("0.5", None),
            ("7", None),
            ("1,2,3", None),
            ("1.2,3", None),
            (",5", None),
            ("%", None),
            ("a,b", None),
            ("30%%", None),
            ("", None),
        ] {
            assert_eq!(number_meant(text).as_deref(), meant, "{text}");
        }
    }

    #[test]
    fn the_value_of_a_line_is_found_from_anywhere_in_it() {
        let text = "a = 1\nloss = 0,5   # half\n[b]";
        for place in 6..12 {
            assert_eq!(value_at(text, place), Some(13..16), "{place}");
        }
        assert_eq!(value_at(text, text.len()), None);
    }
}
