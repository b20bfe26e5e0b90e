//! Arguments of `check`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{ChangeArgs, RingArgs};

#[derive(Args, Debug)]
pub(in crate::cli) struct CheckArgs {
    /// Scenario files
    #[arg(required = true, value_name = "SCENARIO.toml", value_hint = ValueHint::FilePath)]
    pub scenarios: Vec<PathBuf>,
    #[command(flatten)]
    pub change: ChangeArgs,
    /// List the runs: number, swept values, repetition and seed
    #[arg(long, visible_alias = "list", conflicts_with_all = ["ring", "resolved", "json"])]
    pub runs: bool,
    /// Print every key of a run with its value and where that comes from, as a scenario that can be run
    #[arg(long, group = "of_one_run", conflicts_with = "json")]
    pub resolved: bool,
    /// All that is known of a scenario as JSON on standard output, one line per scenario
    #[arg(long, group = "of_one_run", conflicts_with = "ring")]
    pub json: bool,
    /// So many runs in parallel, for the time that all of them take [default: all cores]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub jobs: Option<u32>,
    #[command(flatten)]
    pub rings: RingArgs,
}
