//! What a number is counted or measured in.

/// The unit of a metric or column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// None: it names something (an identifier, the number of a row, a word) and means nothing as a quantity.
    Name,
    /// How many.
    Count,
    /// One quantity over another of the same kind, or another number without a unit.
    Ratio,
    /// A part of a whole, 0 to 1.
    Share,
    /// Seconds. Moments count from when the measurement began, and are negative before.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Bytes.
    Bytes,
}

impl Unit {
    /// As it stands in a table for people; empty for what has none.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Name | Self::Count | Self::Ratio => "",
            Self::Share => "0 to 1",
            Self::Seconds => "s",
            Self::Milliseconds => "ms",
            Self::Bytes => "bytes",
        }
    }

    /// By what a value is multiplied to be drawn or shown: shares are shown in per cent.
    #[must_use]
    pub fn shown_factor(self) -> f64 {
        if self == Self::Share { 100.0 } else { 1.0 }
    }

    /// The label of an axis that shows values with this unit, such as `latency (ms)`.
    #[must_use]
    pub fn axis(self, label: &str) -> String {
        match self {
            Self::Name | Self::Count | Self::Ratio => label.to_owned(),
            Self::Share => format!("{label} (%)"),
            Self::Seconds | Self::Milliseconds | Self::Bytes => {
                format!("{label} ({})", self.symbol())
            }
        }
    }
}
