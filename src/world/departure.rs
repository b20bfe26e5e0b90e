//! How peers depart.

/// How a peer departed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Departure {
    /// The peer told its neighbours.
    Leave,
    /// The peer told no other peer.
    Crash,
}

impl Departure {
    /// The name in the result files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::Crash => "crash",
        }
    }
}
