//! What a reader of graphs is told about the file.

/// What is looked for in the file of a graph.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'k> {
    /// The attribute or column that holds latencies. `"latency"` stands for any of the usual names.
    pub latency: &'k str,
    /// What latencies are in where their cells do not say so; `None`: what the column's name says, or milliseconds.
    pub unit: Option<Unit>,
    /// The attribute of nodes that says how often hosts hang off each.
    pub weight: Option<&'k str>,
}

impl Default for Reading<'_> {
    fn default() -> Self {
        Self {
            latency: Self::USUAL,
            unit: None,
            weight: None,
        }
    }
}

impl<'k> Reading<'k> {
    /// Stands for all usual names of a latency.
    pub const USUAL: &'static str = "latency";

    /// The one name that a latency must have, if it is none of the usual ones.
    pub(super) fn named_latency(&self) -> Option<&'k str> {
        (self.latency != Self::USUAL).then_some(self.latency)
    }
}

/// What latencies are in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Microseconds.
    Us,
    /// Milliseconds.
    Ms,
    /// Seconds.
    S,
}

impl Unit {
    /// The unit that a text names.
    pub(super) fn of(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            // The micro sign and the Greek letter.
            "us" | "usec" | "\u{b5}s" | "\u{3bc}s" | "microsecond" | "microseconds" => {
                Some(Self::Us)
            }
            "ms" | "msec" | "millisecond" | "milliseconds" => Some(Self::Ms),
            "s" | "sec" | "second" | "seconds" => Some(Self::S),
            _ => None,
        }
    }

    /// How it is written.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Us => "us",
            Self::Ms => "ms",
            Self::S => "s",
        }
    }

    /// So many of it, in milliseconds. A division, as a thousandth is no number of binary digits: 2738 us must be
    /// the nearest number to 2.738 ms.
    pub(super) fn to_ms(self, value: f64) -> f64 {
        match self {
            Self::Us => value / 1000.0,
            Self::Ms => value,
            Self::S => value * 1000.0,
        }
    }
}
