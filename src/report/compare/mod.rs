//! Two results side by side: what differs, by how much, and what chance has to do with it.
//!
//! Runs with the same seed are a pair: what comes and goes, who asks for what and how far hosts are apart is the same in both,
//! so most of what chance does falls out of their difference. Where requests are the same one by one, they are compared so.
//!
//! | file | concern |
//! |---|---|
//! | `sides` | which combinations of swept values stand against which |
//! | `statistics` | differences, intervals and probabilities; Holm's correction |
//! | `metrics` | metric by metric, by pairs of runs |
//! | `requests` | request by request |
//! | `scenarios` | in what the scenarios differ |
//! | `words` | sentences that do not say more than was shown |
//! | `tables` | all of it as tables |

mod metrics;
mod requests;
mod scenarios;
mod sides;
mod statistics;
mod tables;
mod words;

pub(crate) use sides::{CompareError, Matching};
pub(crate) use tables::tables;
