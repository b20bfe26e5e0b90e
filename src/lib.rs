//! chordsim: a deterministic discrete-event simulator of Chord distributed hash tables.

pub mod cli;
pub mod engine;
pub mod metrics;
pub mod network;
pub mod output;
pub mod overlay;
pub mod peers;
pub mod scenario;
pub mod sim;
pub mod workload;
