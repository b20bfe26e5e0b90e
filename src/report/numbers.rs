//! Numbers as people write and read them.

/// A number as people write it: no exponent, no trailing zeros, thousands apart from 10 000 on.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let (whole, fraction) = text
        .split_once('.')
        .map_or((text, None), |(w, f)| (w, Some(f)));
    let (sign, digits) = whole
        .strip_prefix('-')
        .map_or(("", whole), |digits| ("-", digits));
    let whole = if digits.len() > 4 {
        apart(digits)
    } else {
        digits.to_owned()
    };
    match fraction {
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
        None if whole == "0" => whole,
        None => format!("{sign}{whole}"),
    }
}

/// Digits in groups of three, with blanks between them that do not break.
fn apart(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

/// A share in per cent. What is not all is never shown as all, nor what is not nothing as nothing.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    let share = part as f64 * 100.0 / whole.max(1) as f64;
    let is_honest = |text: &String| {
        let shown: f64 = text.parse().unwrap_or(share);
        (shown < 100.0 || part == whole) && (shown > 0.0 || part == 0)
    };
    let text = (1..6)
        .map(|decimals| format!("{share:.decimals$}"))
        .find(is_honest);
    let text = text.unwrap_or_else(|| share.to_string());
    format!(
        "{}\u{a0}%",
        text.trim_end_matches('0').trim_end_matches('.')
    )
}

/// A swept value as a number: a number as it is, a duration in seconds.
pub(crate) fn quantity(value: &str) -> Option<f64> {
    let units = [
        ("ns", 1e-9),
        ("us", 1e-6),
        ("µs", 1e-6),
        ("ms", 1e-3),
        ("s", 1.0),
        ("m", 60.0),
        ("h", 3600.0),
        ("d", 86400.0),
    ];
    let number = |text: &str| text.parse().ok().filter(|v: &f64| v.is_finite());
    number(value).or_else(|| {
        let of = |(unit, seconds): (&str, f64)| Some(number(value.strip_suffix(unit)?)? * seconds);
        units.into_iter().find_map(of)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_without_exponent_or_trailing_zeros() {
        let cases = [
            (1.0, "1"),
            (0.25, "0.25"),
            (1234.5, "1234.5"),
            (10_000.0, "10\u{a0}000"),
            (-100_000.25, "-100\u{a0}000.25"),
            (2_000_000.0, "2\u{a0}000\u{a0}000"),
            (-0.0, "0"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn a_share_is_never_rounded_to_all_or_nothing() {
        let cases = [
            (1, 1, "100\u{a0}%"),
            (0, 7, "0\u{a0}%"),
            (831, 1000, "83.1\u{a0}%"),
            (1, 2, "50\u{a0}%"),
        ];
        for (part, whole, text) in cases {
            assert_eq!(percent(part, whole), text);
        }
        // 1 of 100 000 is 0.001 %, and 99 999 of them are 99.999 %.
        assert_eq!(percent(1, 100_000), "0.001\u{a0}%");
        assert_eq!(percent(99_999, 100_000), "99.999\u{a0}%");
    }
}
