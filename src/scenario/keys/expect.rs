//! `[[expect]]`: what should come out.

use super::key::{Key, Section, ValueKind, number};
use super::value::{FromValue, Value};

/// Larger numbers are a slip.
const MOST: f64 = 1e15;

section! {
    /// What should come out, any number of them. Expectations influence no run.
    pub(crate) struct ExpectKeys, static EXPECT = Section::list("expect").fixed(), {
        /// A metric of [`summary.csv`](results.md#summarycsv), in the mean over the repetitions; a
        /// statistic, see below; or `threshold`, what [`[threshold]`](threshold.md) looks for.
        quantity: Option<String>, ValueKind::Text, absent(Key::REQUIRED);
        /// The swept key along which `value` is a list.
        along: Option<String>, ValueKind::Text;
        /// What it should be; not with `at_least` and `at_most`.
        value: Option<Numbers>, ValueKind::Numbers { least: -MOST, most: MOST };
        /// No further away than this.
        within: Option<f64>, number(0.0, MOST);
        /// No further away than this share of the value.
        within_share: Option<f64>, number(0.0, 1.0);
        /// No further away than so many standard errors of the mean over the repetitions, of which
        /// there must be two.
        standard_errors: Option<f64>, number(0.0, 100.0);
        /// No less than this; a bound instead of a value.
        at_least: Option<f64>, number(-MOST, MOST);
        /// No more than this; a bound instead of a value.
        at_most: Option<f64>, number(-MOST, MOST);
        /// Shown, not judged, if it is `true`.
        reported: Option<bool>, ValueKind::Truth;
        /// Why.
        kind: Option<Kind>, ValueKind::Word(Kind::WORDS), absent(Key::REQUIRED);
        /// Where that is said; must be given unless it is `exact`.
        source: Option<String>, ValueKind::Text;
        /// A remark, shown below the table.
        note: Option<String>, ValueKind::Text;
    }
    without field {
        /// The values of swept keys (named as their columns or in full) that it is about.
        condition["where"], ValueKind::Table, absent("all combinations");
    }
}

words! {
    /// Why one should expect something.
    pub enum Kind {
        /// It follows from the definitions.
        Exact = "exact",
        /// Others measured or computed it.
        Published = "published",
        /// There is a proof of the protocol.
        Proved = "proved",
    }
}

impl Kind {
    /// What scenarios call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::WORDS[self as usize].name
    }
}

/// `expect.value`
#[derive(Clone, PartialEq, Debug, serde::Serialize)]
pub(crate) enum Numbers {
    /// The same everywhere.
    One(f64),
    /// One for each value of a swept key.
    List(Vec<f64>),
}

impl FromValue for Numbers {
    fn from_value(value: Value) -> Self {
        match value {
            Value::Number(number) => Self::One(number),
            Value::Numbers(list) => Self::List(list),
            other => other.misfit(),
        }
    }
}
