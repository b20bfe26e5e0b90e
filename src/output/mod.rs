//! To come.

pub mod plot;
