//! What comes in as text: readers of data files that a user may have written.
//!
//! A reader is given a text and gives plain data: numbers, names, edges. What is wrong with the text is a
//! [`TextFault`] with file, line, column and a remedy. A format is one file here.
//!
//! `file` opens what comes in, here and everywhere else; the readers open nothing. They know no network and no overlay:
//! what the data means, whoever asked for it knows.

mod churn_fault;
pub mod churn_trace;
pub mod encoding;
mod error;
pub(crate) mod excerpt;
mod fault;
pub mod file;
pub mod graph;
pub mod harmless;
mod latency;
pub mod matrix;
pub mod names;
pub mod regions;
mod remarks;
pub mod rows;
#[cfg(test)]
pub(crate) mod testing;
mod text;

pub use churn_fault::ChurnFault;
pub use error::{InputError, TextFault};
pub use fault::Fault;
pub use remarks::Remarks;
pub use text::TextFile;
