//! A number from elsewhere beside what theory expects: which convention it goes with, and if with none, which mistakes
//! would give it.
//!
//! | file | concern |
//! |---|---|
//! | `rings` | random rings and lookups on them, right and wrong ones |
//! | `hops`, `mistakes` | conventions of counting hops, and what makes a mean wrong |
//! | `others` | keys per node, lookups that get through, values that outlive their nodes |

mod hops;
mod mistakes;
mod others;
mod rings;

pub use hops::{Hops, Routing};
pub use others::{Keys, Lifetimes, Through};
pub use rings::HopShares;

/// So many standard errors away a number still fits.
pub const STANDARD_ERRORS: f64 = 3.0;

/// A number that something would give.
#[derive(Clone, PartialEq, Debug)]
pub struct Candidate {
    /// What it is counted or made by.
    pub name: String,
    /// What it comes to.
    pub value: f64,
    /// How far a right number may be from it, at [`STANDARD_ERRORS`].
    pub tolerance: f64,
    /// What to do about it, or where it is usual.
    pub note: String,
    /// Whether a number in it was chosen so that it comes as near as it can: such a one proves less.
    pub chosen: bool,
}

impl Candidate {
    /// Whether a number may be this one.
    #[must_use]
    pub fn fits(&self, given: f64) -> bool {
        (given - self.value).abs() <= self.tolerance
    }

    /// How far a number is off, in parts of the tolerance.
    #[must_use]
    pub fn off(&self, given: f64) -> f64 {
        (given - self.value).abs() / self.tolerance.max(f64::MIN_POSITIVE)
    }
}

/// What is to be made of a number.
#[derive(Clone, PartialEq, Debug)]
pub struct Judgement {
    /// The number.
    pub given: f64,
    /// What is right, by each convention.
    pub conventions: Vec<Candidate>,
    /// What is wrong and would give this number; the nearest first, behind them those with a chosen number. Not asked where a convention fits.
    pub causes: Vec<Candidate>,
    /// Where nothing gives it: the mistakes that come nearest.
    pub nearest: Vec<Candidate>,
    /// What the tolerance stands on.
    pub basis: String,
}

/// The most causes that are told.
const CAUSES_MAX: usize = 4;

/// The most that are told of those that do not give the number.
const NEAREST_MAX: usize = 3;

impl Judgement {
    fn of(
        given: f64,
        conventions: Vec<Candidate>,
        mistakes: impl FnOnce() -> Vec<Candidate>,
        basis: String,
    ) -> Self {
        let fits = conventions.iter().any(|it| it.fits(given));
        let mut mistakes = if fits { Vec::new() } else { mistakes() };
        mistakes.sort_by(|one, other| {
            let off = one.off(given).total_cmp(&other.off(given));
            one.chosen.cmp(&other.chosen).then(off)
        });
        let (mut causes, mut nearest): (Vec<_>, Vec<_>) =
            mistakes.into_iter().partition(|it| it.fits(given));
        causes.truncate(CAUSES_MAX);
        nearest.truncate(if fits || !causes.is_empty() {
            0
        } else {
            NEAREST_MAX
        });
        Self {
            given,
            conventions,
            causes,
            nearest,
            basis,
        }
    }

    /// The conventions that it fits.
    pub fn fitting(&self) -> impl Iterator<Item = &Candidate> {
        self.conventions.iter().filter(|it| it.fits(self.given))
    }
}
