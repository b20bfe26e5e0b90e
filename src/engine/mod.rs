//! The machinery of a discrete-event simulation: simulated time, the event queue, named
//! random streams, the fingerprint of a run and the chain that leads to it.
//!
//! This module knows no network and no distributed hash table. Everything above it may use it;
//! it uses nothing of the crate.

mod allocator;
mod chain;
mod chunks;
mod fingerprint;
mod memory;
mod queue;
mod rng;
#[cfg(test)]
pub(crate) mod testing;
mod time;

pub use allocator::{OrEnd, try_reserve};
pub use chain::{ChainLink, FingerprintChain};
pub use fingerprint::Fingerprint;
pub use memory::{prefetch_all, prefetch_at, push_huge, reserve_huge, resize_huge};
pub use queue::EventQueue;
pub use rng::{Stream, repetition_seed, stream, unit_hash};
pub use time::{SimDuration, SimTime};
