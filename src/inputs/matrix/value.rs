//! What a cell says: a number, perhaps with a unit, that nothing was measured, or something else.

use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::fault::Fault;
use crate::inputs::latency::{MOST_MS, is_unmeasured};
use crate::inputs::text::TextFile;

/// The unit of a latency.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Unit {
    /// Microseconds.
    Us,
    /// Milliseconds.
    #[default]
    Ms,
    /// Seconds.
    S,
}

impl Unit {
    /// By one of its usual names, in any case of letters.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match &*name.to_lowercase() {
            // The micro sign and the Greek letter.
            "us" | "µs" | "μs" | "usec" | "usecs" | "microseconds" => Self::Us,
            "ms" | "msec" | "msecs" | "milliseconds" => Self::Ms,
            "s" | "sec" | "secs" | "seconds" => Self::S,
            _ => return None,
        })
    }

    /// So many of them in milliseconds.
    pub(super) fn in_ms(self, value: f64) -> f64 {
        match self {
            Self::Us => value / 1e3,
            Self::Ms => value,
            Self::S => value * 1e3,
        }
    }
}

/// What a cell says.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Said {
    /// A number as it stands there, with its unit if there is one.
    Number(f64, Option<Unit>),
    /// Nothing was measured.
    Nothing,
    /// Anything else.
    Text,
}

impl Said {
    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Number(..))
    }

    pub(super) fn is_text(self) -> bool {
        self == Self::Text
    }

    /// Whether it may be the latency of a host to itself: nothing, or none.
    pub(super) fn is_idle(self) -> bool {
        matches!(self, Self::Nothing | Self::Number(0.0, _))
    }
}

/// What a cell says, where numbers may have a decimal comma or have not.
pub(super) fn said(cell: &str, decimal_comma: bool) -> Said {
    let bare = unquoted(cell);
    if bare.is_empty() {
        return Said::Nothing;
    }
    match number(bare, decimal_comma) {
        Some(value) if value.is_nan() => return Said::Nothing,
        // So the King measurements and many others write it.
        Some(-1.0) => return Said::Nothing,
        Some(value) => return Said::Number(value, None),
        None if is_unmeasured(bare) => return Said::Nothing,
        None => {}
    }
    let digits = bare.trim_end_matches(char::is_alphabetic);
    let unit = Unit::named(&bare[digits.len()..]);
    match (number(digits.trim_end(), decimal_comma), unit) {
        (Some(value), Some(unit)) => Said::Number(value, Some(unit)),
        _ => Said::Text,
    }
}

/// A cell without blanks and quotes around it.
pub(super) fn unquoted(cell: &str) -> &str {
    cell.trim().trim_matches('"').trim()
}

fn number(text: &str, decimal_comma: bool) -> Option<f64> {
    if decimal_comma && has_decimal_comma(text) {
        return text.replace(',', ".").parse().ok();
    }
    text.parse().ok()
}

/// Whether there is one comma, between digits.
pub(super) fn has_decimal_comma(text: &str) -> bool {
    text.split_once(',').is_some_and(|(whole, fraction)| {
        let whole = whole.trim_start_matches(['+', '-']);
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        is_digits(whole)
            && fraction.bytes().next().is_some_and(|b| b.is_ascii_digit())
            && !fraction.contains(',')
    })
}

/// The latency that stands somewhere in the text, in milliseconds; `None` if none was measured. `unit` is that of
/// numbers without one.
///
/// # Errors
/// A fault at that place.
pub(super) fn latency(
    file: TextFile<'_>,
    cell: &str,
    decimal_comma: bool,
    unit: Unit,
) -> Result<Option<f64>, InputError> {
    let fault = |fault: fn(String) -> Fault| {
        let value = shortened(cell.trim());
        Err(file.fault(cell, fault(value)))
    };
    let (value, own) = match said(cell, decimal_comma) {
        Said::Number(value, own) => (value, own),
        Said::Nothing => return Ok(None),
        Said::Text if has_decimal_comma(unquoted(cell)) => {
            return fault(|value| Fault::DecimalComma { value });
        }
        Said::Text => return fault(|value| Fault::NotANumber { value }),
    };
    match own.unwrap_or(unit).in_ms(value) {
        ms if !ms.is_finite() => fault(|value| Fault::NotFinite { value }),
        ms if ms < 0.0 => fault(|value| Fault::Negative { value }),
        ms if ms > MOST_MS => fault(|value| Fault::TooLarge { value }),
        ms => Ok(Some(ms)),
    }
}
