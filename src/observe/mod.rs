//! What a run measures. Metrics watch and never touch: nothing here influences a run.

pub mod audit;
mod distribution;
pub mod hops;
mod inequality;
pub mod links;
mod lookup_row;
mod nodes;
mod observer;
mod observers;
mod operations;
mod past;
mod recorder;
pub mod replay;
pub mod selfish;
mod timeline;
pub mod trace;

pub use nodes::Facts;
pub use observer::{Asked, EventOf, Measured, Observer, Parting, Sample, Scene, Sent};
pub use observers::Observers;
pub use operations::FinishedOperation;
pub use recorder::Recorder;
