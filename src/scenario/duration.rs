//! Durations as they are written in a scenario: a decimal number and a unit.

use std::fmt;

use super::slip;
use crate::engine::SimDuration;

/// Nanoseconds of each unit.
const UNITS: [(&str, u64); 7] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
];

/// The longest duration there is: 100 years. A few of them added still fit simulated time.
pub(crate) const LONGEST: SimDuration = SimDuration::from_secs(36_500 * 86_400);

/// What is allowed, for error messages.
pub(crate) const FORMAT: &str = "a duration is a string of a number and a unit (ns, us, ms, s, m, h or d), such as \"500ms\", \
     \"30s\" or \"1.5h\"";

/// Why a text is no duration: what to write beside it, and what was probably meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct DurationError {
    /// What is wrong.
    pub label: String,
    /// A duration that was probably meant.
    pub meant: Option<String>,
}

/// In one line.
impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.meant {
            Some(meant) => write!(f, "{} (did you mean {meant}?)", self.label),
            None => f.write_str(&self.label),
        }
    }
}

/// Reads a duration such as `500ms` or `1.5h`.
pub(crate) fn parse(text: &str) -> Result<SimDuration, DurationError> {
    if text.starts_with('-') {
        return Err(error("a duration cannot be negative", None));
    }
    let digits = text.len()
        - text
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
            .len();
    let (number, unit) = text.split_at(digits);
    if let Some(meant) = with_a_point(text) {
        return Err(error("a decimal comma", Some(meant)));
    }
    if number.is_empty() {
        return Err(error("a duration starts with a number", None));
    }
    if unit.is_empty() {
        return Err(error("the unit is missing", Some(format!("{number}s"))));
    }
    let Some(&(_, scale)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        let meant = nearest_unit(unit).map(|unit| format!("{number}{unit}"));
        let meant = meant.or_else(|| in_parts(text));
        return Err(error(&format!("`{unit}` is not a unit"), meant));
    };
    exact(number, scale)
}

/// What is meant by a duration in several parts, such as `1h30m`: all of it in the smallest of their units.
fn in_parts(text: &str) -> Option<String> {
    let (mut rest, mut sum, mut least) = (text, 0_u64, UNITS[UNITS.len() - 1]);
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let behind = &rest[end..];
        let next = behind
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(behind.len());
        let unit = behind[..next].trim_end();
        let &unit = UNITS.iter().find(|(name, _)| *name == unit)?;
        sum = sum.checked_add(exact(&rest[..end], unit.1).ok()?.0)?;
        least = if unit.1 < least.1 { unit } else { least };
        rest = &behind[next..];
    }
    (sum % least.1 == 0).then(|| format!("{}{}", sum / least.1, least.0))
}

/// What is meant by a duration with a decimal comma.
fn with_a_point(text: &str) -> Option<String> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',');
    let number = slip::number_meant(text.strip_suffix(unit)?)?;
    Some(format!("{number}{unit}"))
}

fn error(label: &str, meant: Option<String>) -> DurationError {
    DurationError {
        label: label.to_owned(),
        meant,
    }
}

/// `number` times `scale`, in integers all the way so that "0.1s" is what it says.
fn exact(number: &str, scale: u64) -> Result<SimDuration, DurationError> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || fraction.is_empty() || fraction.contains('.') {
        return Err(error("this is not a decimal number", None));
    }
    let too_long = || error("longer than 100 years", None);
    let too_fine = || error("finer than a nanosecond", None);
    let whole: u128 = whole.parse().map_err(|_| too_long())?;
    let fraction = fraction.trim_end_matches('0');
    let parts = u32::try_from(fraction.len())
        .ok()
        .and_then(|places| 10_u128.checked_pow(places))
        .ok_or_else(too_fine)?;
    let fraction: u128 = format!("0{fraction}").parse().map_err(|_| too_fine())?;
    let fraction = fraction
        .checked_mul(scale.into())
        .filter(|product| product % parts == 0)
        .ok_or_else(too_fine)?;
    whole
        .checked_mul(scale.into())
        .and_then(|whole| u64::try_from(whole + fraction / parts).ok())
        .map(SimDuration)
        .filter(|span| *span <= LONGEST)
        .ok_or_else(too_long)
}

/// The unit that somebody who spells it out must mean.
fn nearest_unit(unit: &str) -> Option<&'static str> {
    match unit.trim().to_lowercase().as_str() {
        "nsec" | "nanoseconds" | "nanosecond" | "ns" => Some("ns"),
        "µs" | "μs" | "usec" | "microseconds" | "microsecond" | "us" => Some("us"),
        "msec" | "millis" | "milliseconds" | "millisecond" | "ms" => Some("ms"),
        "sec" | "secs" | "second" | "seconds" | "s" => Some("s"),
        "min" | "mins" | "minute" | "minutes" | "m" => Some("m"),
        "hr" | "hrs" | "hour" | "hours" | "h" => Some("h"),
        "day" | "days" | "d" => Some("d"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_and_decimals_are_exact() {
        for (text, nanoseconds) in [
            ("1ns", 1),
            ("2us", 2_000),
            ("500ms", 500_000_000),
            ("0ms", 0),
            ("30s", 30_000_000_000),
            ("1.5s", 1_500_000_000),
            ("0.1s", 100_000_000),
            ("0.000000001s", 1),
            ("1.50h", 5_400_000_000_000),
            ("10m", 600_000_000_000),
            ("36500d", LONGEST.0),
        ] {
            assert_eq!(parse(text), Ok(SimDuration(nanoseconds)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        for (text, label, meant) in [
            ("30", "the unit is missing", Some("30s")),
            ("1,5s", "a decimal comma", Some("1.5s")),
            ("10min", "`min` is not a unit", Some("10m")),
            ("10 m", "` m` is not a unit", Some("10m")),
            ("5 fortnights", "` fortnights` is not a unit", None),
            ("-5s", "a duration cannot be negative", None),
            ("", "a duration starts with a number", None),
            ("off", "a duration starts with a number", None),
            ("1.2.3s", "this is not a decimal number", None),
            (".5s", "this is not a decimal number", None),
            ("5.s", "this is not a decimal number", None),
            ("0.5ns", "finer than a nanosecond", None),
            (
                "0.00000000000000000000000000000000000000001s",
                "finer than a nanosecond",
                None,
            ),
            ("36500.1d", "longer than 100 years", None),
            (
                "999999999999999999999999999999999999999999s",
                "longer than 100 years",
                None,
            ),
        ] {
            let expected = error(label, meant.map(str::to_owned));
            assert_eq!(parse(text), Err(expected), "{text}");
        }
    }
}
