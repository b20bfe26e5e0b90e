//! Latencies as they stand in a file: milliseconds, finite, not negative, at most an hour.

use super::error::InputError;
use super::excerpt::shortened;
use super::fault::Fault;
use super::text::TextFile;

/// The greatest latency taken from a file, in milliseconds: one hour. What is larger is in another
/// unit.
const MOST_MS: f64 = 3_600_000.0;

/// Reads a latency in milliseconds that stands somewhere in the text.
///
/// # Errors
/// A fault at that place.
pub(super) fn latency_ms(file: TextFile<'_>, word: &str) -> Result<f64, InputError> {
    let fault = |fault| file.fault(word, fault);
    let short = || shortened(word);
    if word.trim().is_empty() {
        return Err(fault(Fault::MissingValue));
    }
    match word.parse::<f64>() {
        Err(_) => Err(fault(Fault::NotANumber { value: short() })),
        Ok(ms) if !ms.is_finite() => Err(fault(Fault::NotFinite { value: short() })),
        Ok(ms) if ms < 0.0 => Err(fault(Fault::Negative { value: short() })),
        Ok(ms) if ms > MOST_MS => Err(fault(Fault::TooLarge { value: short() })),
        Ok(ms) => Ok(ms),
    }
}
