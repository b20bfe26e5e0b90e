//! How a mean and its interval are written for people: one way of rounding, whatever the format of a table.

use std::fmt;

use crate::catalogue::Unit;

/// A mean and how far from it the truth may lie.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Estimate {
    /// Mean of the values; `None` if there is none.
    pub mean: Option<f64>,
    /// Half the width of the 95 % confidence interval of the mean (Student t with n - 1 degrees
    /// of freedom); `None` for fewer than two values.
    pub ci95: Option<f64>,
}

/// For people: as many decimals as the interval makes worth reading.
impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts(Unit::Count).fmt(f)
    }
}

/// An estimate in its parts, each rounded as it is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shown {
    /// There is no value.
    Nothing,
    /// A mean without an interval.
    Alone(String),
    /// A mean, and half the width of its interval.
    PlusMinus(String, String),
    /// A mean, and the ends of its interval, of which one was cut.
    FromTo(String, [String; 2]),
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("–"),
            Self::Alone(mean) => f.write_str(mean),
            Self::PlusMinus(mean, half) => write!(f, "{mean} ± {half}"),
            Self::FromTo(mean, [low, high]) => write!(f, "{mean} ({low} to {high})"),
        }
    }
}

impl Shown {
    /// Without its interval; the mean keeps the decimals that the interval gives it.
    #[must_use]
    pub fn mean_alone(self) -> Self {
        match self {
            Self::PlusMinus(mean, _) | Self::FromTo(mean, _) => Self::Alone(mean),
            other => other,
        }
    }
}

impl Estimate {
    /// For people, as a value of this unit. The interval of a share does not reach beyond 0 or 1: where it would, it
    /// is cut there, and its ends are written out.
    #[must_use]
    pub fn shown(&self, unit: Unit) -> String {
        self.parts(unit).to_string()
    }

    /// The same, in its parts.
    #[must_use]
    pub fn parts(&self, unit: Unit) -> Shown {
        let Some(mean) = self.mean else {
            return Shown::Nothing;
        };
        match self.ci95 {
            Some(half) if half > 0.0 => {
                let decimals = decimals(half, 2);
                let ends = [mean - half, mean + half];
                let shown = format!("{mean:.decimals$}");
                if unit == Unit::Share && (ends[0] < 0.0 || ends[1] > 1.0) {
                    Shown::FromTo(shown, ends.map(|end| end_of_share(end, decimals)))
                } else {
                    Shown::PlusMinus(shown, format!("{half:.decimals$}"))
                }
            }
            half => {
                let shown = format!("{mean:.*}", decimals(mean, 4));
                match half {
                    Some(_) => Shown::PlusMinus(shown, "0".to_owned()),
                    None => Shown::Alone(shown),
                }
            }
        }
    }
}

/// An end of the interval of a share, cut at 0 and 1.
fn end_of_share(value: f64, decimals: usize) -> String {
    match value {
        ..=0.0 => "0".to_owned(),
        1.0.. => "1".to_owned(),
        _ => format!("{value:.decimals$}"),
    }
}

/// A share and half the width of its interval.
#[must_use]
pub fn shown_share(mean: f64, half: f64) -> String {
    let (mean, ci95) = (Some(mean), Some(half));
    Estimate { mean, ci95 }.shown(Unit::Share)
}

/// Decimals that show so many significant digits of a value to people, none for large values or whole
/// numbers.
pub fn decimals(value: f64, digits: i32) -> usize {
    if value == 0.0 || value.fract() == 0.0 && value.abs() >= 10.0 {
        return 0;
    }
    let magnitude = value.abs().log10().floor() as i32;
    usize::try_from((digits - 1 - magnitude).clamp(0, 9)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::csv::estimate;

    #[test]
    fn the_interval_of_a_share_stays_within_0_and_1() {
        let shown = |mean, ci95| {
            let (mean, ci95) = (Some(mean), Some(ci95));
            Estimate { mean, ci95 }.shown(Unit::Share)
        };
        assert_eq!(shown(0.999_93, 0.000_18), "0.99993 (0.99975 to 1)");
        assert_eq!(shown(0.002, 0.0041), "0.0020 (0 to 0.0061)");
        assert_eq!(shown(0.5, 0.02), "0.500 ± 0.020");
        assert_eq!(shown(1.0, 0.0), "1.000 ± 0");
        let hops = estimate(&[1.0, 2.0, 1.0]);
        assert_eq!(hops.shown(Unit::Count), hops.to_string());
    }

    #[test]
    fn an_interval_that_is_left_out_keeps_its_decimals() {
        let rate = |mean, ci95| {
            let (mean, ci95) = (Some(mean), Some(ci95));
            Estimate { mean, ci95 }.parts(Unit::Share).mean_alone()
        };
        assert_eq!(rate(0.999_93, 0.000_18).to_string(), "0.99993");
        assert_eq!(rate(0.5, 0.02).to_string(), "0.500");
    }
}
