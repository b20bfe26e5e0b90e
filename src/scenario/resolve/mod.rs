//! From what a file says to what it means: whether its values fit together, and what follows from
//! them.

mod churn;
mod data_file;
mod distribution;
mod event;
mod event_order;
mod expect;
mod expect_where;
mod fault;
mod header;
mod measured;
mod network;
mod overlay;
mod plot;
mod run;
mod selfish;
mod selfish_when;
pub(crate) mod threshold;
pub(crate) mod until;
mod workload;

pub(crate) use expect::read as read_expectations;
pub(crate) use header::{Header, header, is_plain_name};
pub(crate) use plot::read as read_plots;
pub(crate) use run::{Resolved, read_parts, scenario};

use self::expect_where::Combinations;
use crate::scenario::chosen_plot::ChosenPlot;
use crate::scenario::error::Problem;
use crate::scenario::expect::Expectation;
use crate::scenario::plan::Plan;
use crate::scenario::reader::Reader;

/// What a scenario says about the results of a plan whose runs are laid out: what should come out, and what is to
/// be drawn. In a scenario that the command line `changed`, what is about a key that is not swept any more is
/// left out. The swept keys have so many values.
pub(crate) fn afterwards(
    mut reader: Reader<'_>,
    plan: &Plan,
    counts: &[u32],
    changed: bool,
) -> Result<(Vec<Expectation>, Vec<ChosenPlot>), Vec<Problem>> {
    let combinations = Combinations::of(plan, counts);
    let expectations = expect::expectations(&mut reader, plan, &combinations, changed);
    let plots = plot::plots(&mut reader, plan, &combinations, changed);
    if reader.problems.is_empty() {
        Ok((expectations, plots))
    } else {
        Err(reader.problems.all())
    }
}
