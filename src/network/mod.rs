//! The physical network: how long a message takes between two hosts, and whether it arrives.
//!
//! It knows no overlay and no file system: tables from files come in as text that was read
//! elsewhere.

use rand_chacha::ChaCha8Rng;

use crate::engine::{HostIdx, SimDuration};

/// How long messages take between hosts. One implementation a file.
pub trait Latency: Send {
    /// How many hosts the model has; `None` if it makes as many as are asked for.
    fn hosts(&self) -> Option<u32>;

    /// The one-way latency from one host to another: the same every time it is asked for, zero
    /// from a host to itself unless the model says otherwise.
    fn one_way(&mut self, from: HostIdx, to: HostIdx) -> SimDuration;

    /// How long one message takes. Differs from [`Latency::one_way`] only in models that draw
    /// anew for every message.
    fn message(&mut self, from: HostIdx, to: HostIdx, _rng: &mut ChaCha8Rng) -> SimDuration {
        self.one_way(from, to)
    }
}

/// Parsed files that networks are built from, read once and shared by all runs.
#[derive(Default)]
pub struct Assets {}

/// Why a network cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {}
