//! What users do with a key beyond looking it up.

/// What a user wants done under a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// To store a value.
    Put {
        /// The number of this put among those of its key, from 1.
        version: u32,
        /// The size of the value.
        bytes: u32,
    },
    /// To have the value.
    Get,
}
