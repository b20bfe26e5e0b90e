//! From what a file says to what it means: whether its values fit together, and what follows from
//! them.

mod churn;
mod distribution;
mod expect;
mod expect_where;
mod header;
mod network;
mod overlay;
mod run;
mod workload;

pub(crate) use expect::{expectations, read as read_expectations};
pub(crate) use header::{Header, header};
pub(crate) use run::{Resolved, read_parts, scenario};
