//! How peers go.

/// How a peer went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Departure {
    /// It told its neighbours.
    Leave,
    /// It did not.
    Crash,
}

impl Departure {
    /// As it is written in the result files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::Crash => "crash",
        }
    }
}
