//! Checks of single values. Each converts what is written, or notes a problem and goes on with the
//! default, so that one reading of a scenario finds all that is wrong with it.

use std::ops::RangeInclusive;

use toml::Spanned;

use crate::engine::SimDuration;
use crate::scenario::duration::{self, LONGEST};
use crate::scenario::error::Problem;
use crate::scenario::schema::{Dur, Int, Num, Opt, Word};
use crate::scenario::source::Span;

/// The most that may happen per second: one event a nanosecond.
pub const MAX_RATE: f64 = 1e9;

/// The problems found so far.
pub struct Checks<'a> {
    /// In the order in which they were found.
    pub problems: Vec<Problem>,
    /// Tells which of several places is to blame: one that was swept, then one that an option of
    /// the command line set.
    pub blame: &'a dyn Fn(&Span) -> u8,
}

impl Checks<'_> {
    /// Notes a problem.
    pub fn push(
        &mut self,
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problems.push(Problem::new(span, message, label, help));
    }

    /// Of several places that do not fit together, the one that was changed last: swept values
    /// before options before the file, and otherwise the first.
    pub fn culprit<const N: usize>(&self, places: [Option<Span>; N]) -> Option<Span> {
        let mut places: Vec<Span> = places.into_iter().flatten().collect();
        places.sort_by_key(|span| std::cmp::Reverse((self.blame)(span)));
        places.into_iter().next()
    }

    /// A whole number within a range.
    pub fn count(
        &mut self,
        key: &str,
        given: &Opt<Int>,
        default: u64,
        range: RangeInclusive<u64>,
    ) -> u64 {
        let Some(given) = given else { return default };
        let value = u64::try_from(given.get_ref().0)
            .ok()
            .filter(|value| range.contains(value));
        value.unwrap_or_else(|| {
            let (least, most) = (range.start(), range.end());
            let limits = if *most == u64::MAX {
                format!("{least} to 2^64 - 1")
            } else {
                format!("{least} to {most}")
            };
            self.out_of_range(key, given.span(), &limits, &default.to_string());
            default
        })
    }

    /// [`Checks::count`] for what is counted in 32 bits.
    pub fn count32(
        &mut self,
        key: &str,
        given: &Opt<Int>,
        default: u32,
        range: RangeInclusive<u32>,
    ) -> u32 {
        let range = u64::from(*range.start())..=u64::from(*range.end());
        self.count(key, given, default.into(), range) as u32
    }

    /// A finite number within a range.
    pub fn number(
        &mut self,
        key: &str,
        given: &Opt<Num>,
        default: f64,
        range: RangeInclusive<f64>,
    ) -> f64 {
        let Some(given) = given else { return default };
        let value = given.get_ref().0;
        if range.contains(&value) {
            // Without this "-0.0" would be a second zero.
            return value + 0.0;
        }
        let (least, most) = (range.start(), range.end());
        if value.is_finite() {
            let limits = format!("{least} to {most}");
            self.out_of_range(key, given.span(), &limits, &default.to_string());
        } else {
            let limits = format!("write a number from {least} to {most}");
            let message = format!("`{key}` must be a finite number");
            self.push(given.span(), message, "not finite", limits);
        }
        default
    }

    /// A share of a whole or a probability.
    pub fn share(&mut self, key: &str, given: &Opt<Num>, default: f64) -> f64 {
        self.number(key, given, default, 0.0..=1.0)
    }

    /// How often something happens per second.
    pub fn rate(&mut self, key: &str, given: &Opt<Num>, default: f64) -> f64 {
        self.number(key, given, default, 0.0..=MAX_RATE)
    }

    fn out_of_range(&mut self, key: &str, span: Span, limits: &str, default: &str) {
        self.push(
            span,
            format!("`{key}` is out of range"),
            format!("allowed: {limits}"),
            format!("write a value from {limits}; the default is {default}"),
        );
    }

    /// A duration, zero included.
    pub fn duration(&mut self, key: &str, given: &Opt<Dur>, default: SimDuration) -> SimDuration {
        let Some(given) = given else { return default };
        duration::parse(&given.get_ref().0).unwrap_or_else(|error| {
            let help = match error.meant {
                Some(meant) => format!("did you mean \"{meant}\"? {}", duration::FORMAT),
                None => duration::FORMAT.to_owned(),
            };
            self.push(
                given.span(),
                format!("`{key}` is not a duration"),
                error.label,
                help,
            );
            default
        })
    }

    /// A duration of more than zero.
    pub fn positive(&mut self, key: &str, given: &Opt<Dur>, default: SimDuration) -> SimDuration {
        let span = self.duration(key, given, default);
        match given {
            Some(given) if span == SimDuration::ZERO => {
                self.push(
                    given.span(),
                    format!("`{key}` must be more than zero"),
                    format!("allowed: more than 0s, up to {LONGEST}"),
                    format!("the default is \"{default}\""),
                );
                default
            }
            _ => span,
        }
    }

    /// A period, or `None` where it is "off".
    pub fn period(
        &mut self,
        key: &str,
        given: &Opt<Dur>,
        default: SimDuration,
    ) -> Option<SimDuration> {
        match given {
            Some(given) if given.get_ref().0 == "off" => None,
            _ => Some(self.positive(key, given, default)),
        }
    }

    /// A duration that must be there, of more than zero; `owner` is blamed for one that is not.
    pub fn required(&mut self, key: &str, given: &Opt<Dur>, owner: Span) -> SimDuration {
        if given.is_none() {
            self.push(
                owner,
                format!("`{key}` is missing"),
                "something is missing here",
                format!("give it a value; {}", duration::FORMAT),
            );
        }
        self.positive(key, given, SimDuration::from_secs(1))
    }

    /// A word, translated; those without a translation are not available.
    pub fn choice<E: Copy, R>(
        &mut self,
        key: &str,
        given: &Opt<Word<E>>,
        default: R,
        translate: impl Fn(E) -> Option<R>,
        available: &str,
    ) -> R {
        let Some(given) = given else { return default };
        translate(given.get_ref().0).unwrap_or_else(|| {
            self.unavailable(key, given.span(), available);
            default
        })
    }

    /// Notes that something of the contract is not there yet.
    pub fn unavailable(&mut self, key: &str, span: Span, available: &str) {
        self.push(
            span,
            format!("this value of `{key}` is known, but not available in this version"),
            "not available yet",
            format!("available: {available}"),
        );
    }
}

/// The place of a key, if it is there.
pub fn place<T>(given: &Opt<T>) -> Option<Span> {
    given.as_ref().map(Spanned::span)
}
