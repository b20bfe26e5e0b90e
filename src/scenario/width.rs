//! How wide a confidence interval may be: what is written behind `until`.

use std::fmt;

use serde::{Serialize, Serializer};

/// Half the width that an interval may have.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Width {
    /// This share of the mean; more than 0 and less than 1.
    Share(f64),
    /// This much, in the unit of the metric; more than 0.
    Absolute(f64),
}

/// What is wrong with a text that should say how wide an interval may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NoWidth {
    /// It does not begin with `until`.
    NotUntil,
    /// There is no number behind it.
    NoNumber,
    /// A share that is not between 0 and 1.
    NoShare,
    /// A width of zero or less.
    NotPositive,
}

impl Width {
    /// What half the width may be at this mean; `None` if no share of it can be taken.
    #[must_use]
    pub fn at(self, mean: f64) -> Option<f64> {
        match self {
            Self::Share(_) if mean == 0.0 => None,
            Self::Share(share) => Some(share * mean.abs()),
            Self::Absolute(half) => Some(half),
        }
    }

    /// Half the width that was reached, in the terms of this one: a share of the mean in per cent, or as it is.
    #[must_use]
    pub fn told(self, mean: f64, half: f64) -> String {
        match self {
            Self::Share(_) if mean != 0.0 => {
                format!("±{} %", two_digits(half / mean.abs() * 100.0))
            }
            _ => format!("±{}", two_digits(half)),
        }
    }
}

/// As it is written: `±5 %`, `±0.01`.
impl fmt::Display for Width {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // 0.07 * 100 is 7.000000000000001.
            Self::Share(share) => write!(f, "±{} %", (share * 1e8).round() / 1e6),
            Self::Absolute(half) => write!(f, "±{half}"),
        }
    }
}

impl Serialize for Width {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads `until ±5 %`, `until +-5%`, `until 5 %` and `until ±0.01`.
pub(crate) fn parse(text: &str) -> Result<Width, NoWidth> {
    let rest = text.trim().strip_prefix("until").ok_or(NoWidth::NotUntil)?;
    let rest = rest.trim_start();
    let signs = ["±", "+-", "+/-"];
    let number = signs.iter().find_map(|sign| rest.strip_prefix(sign));
    let number = number.unwrap_or(rest).trim();
    let (number, is_share) = match number.strip_suffix('%') {
        Some(number) => (number.trim_end(), true),
        None => (number, false),
    };
    let value: f64 = number.parse().map_err(|_| NoWidth::NoNumber)?;
    match (is_share, value) {
        (_, value) if !value.is_finite() => Err(NoWidth::NoNumber),
        (_, ..=0.0) => Err(NoWidth::NotPositive),
        (true, 100.0..) => Err(NoWidth::NoShare),
        (true, value) => Ok(Width::Share(value / 100.0)),
        (false, value) => Ok(Width::Absolute(value)),
    }
}

/// So many digits of a width are worth reading.
fn two_digits(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let magnitude = libm::floor(libm::log10(value.abs())) as i32;
    let decimals = usize::try_from((1 - magnitude).clamp(0, 9)).unwrap_or(0);
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_width_is_read_as_people_write_it() {
        for text in [
            "until ±5 %",
            "until ±5%",
            "until +-5%",
            "until +/- 5 %",
            "until 5 %",
            "  until ± 5.0 %",
            "until±5\u{a0}%",
        ] {
            assert_eq!(parse(text), Ok(Width::Share(0.05)), "{text}");
        }
        assert_eq!(parse("until ±0.01"), Ok(Width::Absolute(0.01)));
        assert_eq!(parse("until 20"), Ok(Width::Absolute(20.0)));
    }

    #[test]
    fn what_is_no_width_is_told_apart() {
        for (text, why) in [
            ("5", NoWidth::NotUntil),
            ("Until 5 %", NoWidth::NotUntil),
            ("until", NoWidth::NoNumber),
            ("until %", NoWidth::NoNumber),
            ("until 5 ms", NoWidth::NoNumber),
            ("until ±inf", NoWidth::NoNumber),
            ("until nan %", NoWidth::NoNumber),
            ("until ±0 %", NoWidth::NotPositive),
            ("until -5 %", NoWidth::NotPositive),
            ("until ±100 %", NoWidth::NoShare),
        ] {
            assert_eq!(parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn a_width_is_shown_as_it_is_written() {
        for text in ["±5 %", "±7 %", "±0.1 %", "±12.5 %", "±0.01", "±3"] {
            let width = parse(&format!("until {text}")).unwrap();
            assert_eq!(width.to_string(), text);
        }
        assert_eq!(Width::Share(0.05).told(2.0, 0.25), "±12 %");
        assert_eq!(Width::Share(0.05).told(-2.0, 0.005), "±0.25 %");
        assert_eq!(Width::Absolute(0.01).told(2.0, 0.0123), "±0.012");
    }

    #[test]
    fn of_a_mean_of_zero_there_is_no_share() {
        assert_eq!(Width::Share(0.05).at(0.0), None);
        assert_eq!(Width::Share(0.5).at(-3.0), Some(1.5));
        assert_eq!(Width::Absolute(0.5).at(0.0), Some(0.5));
    }
}
