//! What comes in as text: readers of data files that a user may have written.
//!
//! A reader is given a text and gives plain data: numbers, names, edges. What is wrong with the text is a
//! [`TextFault`] with file, line, column and a remedy. A format is one file here.
//!
//! This module opens no file and knows no network and no overlay: what the data means, whoever asked for
//! it knows.

pub mod edge_list;
pub mod encoding;
mod error;
mod excerpt;
mod fault;
mod foreign;
mod latency;
pub mod matrix;
#[cfg(test)]
pub(crate) mod testing;
mod text;

pub use error::{InputError, TextFault};
pub use fault::Fault;
pub use text::TextFile;
