//! Latencies as they stand in a file: milliseconds, finite, not negative, at most an hour.

use super::error::InputError;
use super::excerpt::shortened;
use super::fault::Fault;
use super::text::TextFile;

/// The greatest latency taken from a file, in milliseconds: one hour. What is larger is in another
/// unit.
pub(super) const MOST_MS: f64 = 3_600_000.0;

/// What stands for a value that is not there, in small letters.
const UNMEASURED: [&str; 13] = [
    "na", "n/a", "n.a.", "#n/a", "null", "none", "nil", "*", "?", "-", "--", "–", "—",
];

/// Whether a word says that a latency is not known.
pub(super) fn is_unmeasured(word: &str) -> bool {
    UNMEASURED.contains(&word.trim_matches('"').to_ascii_lowercase().as_str())
}

/// Whether a word is a number but for a comma in place of its point; it may stand in quotes.
pub(super) fn has_decimal_comma(word: &str) -> bool {
    let bare = word.trim_matches('"');
    bare.matches(',').count() == 1 && bare.replace(',', ".").parse::<f64>().is_ok()
}

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
        Err(_) if is_unmeasured(word) => Err(fault(Fault::Unmeasured { value: short() })),
        Err(_) if has_decimal_comma(word) => Err(fault(Fault::DecimalComma { value: short() })),
        Err(_) => Err(fault(Fault::NotANumber { value: short() })),
        Ok(ms) if !ms.is_finite() => Err(fault(Fault::NotFinite { value: short() })),
        Ok(ms) if ms < 0.0 => Err(fault(Fault::Negative { value: short() })),
        Ok(ms) if ms > MOST_MS => Err(fault(Fault::TooLarge { value: short() })),
        Ok(ms) => Ok(ms),
    }
}
