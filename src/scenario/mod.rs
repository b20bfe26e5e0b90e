//! Scenario files: what may stand in one, what it means, and which runs it asks for.
//!
//! The only place that knows TOML. It does no I/O: the text comes in, a [`Plan`] or a
//! [`ScenarioError`] comes out. The way of a scenario through this module:
//!
//! 1. `source` lines up the file and the options of the command line, so that every problem can
//!    be traced back to where it was written;
//! 2. `document` parses them into one tree of TOML values that know their places;
//! 3. `sweep` takes `[sweep]` out of the tree and puts each combination of its values back in;
//! 4. [`keys`] says what such a tree may hold, each key once, and `reader` reads it by that;
//! 5. `resolve` asks whether what was read fits together: [`resolved`] has no gaps;
//! 6. `expect` is what the scenario says should come out, kept apart from all that makes a run;
//!    so is `chosen_plot`, the pictures that it asks for;
//! 7. [`schema`] tells editors what such a file may hold, by the same tables, and [`origin`] where each value of a run
//!    comes from;
//! 8. `threshold` is what the scenario looks for: the plan is then a sweep of which only some runs are made; so it is where
//!    `until` says when there are enough repetitions.
//!
//! `parse` goes this way.

mod chosen_plot;
mod data;
mod document;
mod duration;
mod error;
mod expect;
pub mod keys;
mod network;
pub mod origin;
mod parse;
mod plan;
mod played_trace;
mod reader;
mod resolve;
pub mod resolved;
pub mod schema;
mod selfish;
mod slip;
mod source;
mod suggest;
mod sweep;
mod sweep_parts;
mod threshold;
mod until;
mod width;
mod written;

pub use self::chosen_plot::{ChosenPlot, LogAxes, PlotKind};
pub use self::data::{DataFile, DataKind};
pub(crate) use self::duration::parse as parse_duration;
pub use self::error::ScenarioError;
pub use self::expect::{Expectation, Kind, Quantity, Rule, Statistic};
pub use self::keys::known_keys;
pub use self::plan::{Plan, RunSpec, SweptKey, SweptPart};
pub(crate) use self::resolve::is_plain_name;
pub use self::source::Overrides;
pub(crate) use self::suggest::nearest;
#[cfg(test)]
pub(crate) use self::threshold::always_tried;
pub use self::threshold::{Side, Threshold};
pub use self::until::Until;
pub use self::width::Width;
