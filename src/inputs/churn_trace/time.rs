//! Moments as they stand in traces.

use super::trace::fault;
use crate::engine::SimTime;
use crate::inputs::churn_fault::ChurnFault;
use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::text::TextFile;

/// The latest moment: beyond what any clock shows, and within what the simulated one can.
const SECONDS_MAX: u64 = 10_000_000_000;

/// Digits behind the point that a nanosecond needs.
const DIGITS: usize = 9;

/// The unit of the times of a format, in nanoseconds.
#[derive(Clone, Copy)]
pub(super) enum Unit {
    /// Seconds.
    Second,
    /// Milliseconds.
    Millisecond,
}

/// Reads a moment. Decimals are read digit by digit, so that times in seconds since 1970 lose nothing.
///
/// # Errors
/// A fault at that place.
pub(super) fn moment(file: TextFile<'_>, word: &str, unit: Unit) -> Result<SimTime, InputError> {
    let value = || shortened(word);
    let wrong = |what| Err(fault(file, word, what));
    let ns = match decimal(word, unit) {
        Some(ns) => ns,
        // Such as 1.5e6.
        None => match word.parse::<f64>() {
            Ok(number) if number < 0.0 => {
                return wrong(ChurnFault::NegativeTime { value: value() });
            }
            Ok(number) if number.is_finite() => libm::round(number * per_unit(unit) as f64) as u128,
            _ => return wrong(ChurnFault::NotATime { value: value() }),
        },
    };
    if ns > u128::from(SECONDS_MAX) * 1_000_000_000 {
        return wrong(ChurnFault::TooLate { value: value() });
    }
    Ok(SimTime(ns as u64))
}

fn per_unit(unit: Unit) -> u64 {
    match unit {
        Unit::Second => 1_000_000_000,
        Unit::Millisecond => 1_000_000,
    }
}

/// Nanoseconds, of digits with or without a point. What is finer than a nanosecond is cut off.
fn decimal(word: &str, unit: Unit) -> Option<u128> {
    let (whole, fraction) = word.split_once('.').unwrap_or((word, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 18 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let whole: u128 = whole.parse().ok()?;
    let kept = &fraction[..fraction.len().min(DIGITS)];
    let scale = 10_u128.pow((DIGITS - kept.len()) as u32);
    let part: u128 = if kept.is_empty() {
        0
    } else {
        kept.parse::<u128>().ok()? * scale
    };
    // `part` is in billionths of the unit.
    Some(whole * u128::from(per_unit(unit)) + part * u128::from(per_unit(unit)) / 1_000_000_000)
}
