//! Results as people read them: pictures of a result folder.
//!
//! It reads the files of a result folder. It knows neither how a run is simulated nor how its results were
//! written.

pub mod plot;
