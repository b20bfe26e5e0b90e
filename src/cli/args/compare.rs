//! What can be typed behind `compare`.

use std::path::PathBuf;

use clap::Args;

use super::table::{ShownArgs, WrittenArgs};

#[derive(Args, Debug)]
#[command(
    after_help = EXAMPLES,
    mut_arg("wanted", |wanted| wanted.help(
        "Only combinations with this value of a swept key, in each result that sweeps it; several values of one key mean any of \
         them"
    ))
)]
pub(in crate::cli) struct CompareArgs {
    /// A folder that `chordsim run` wrote
    #[arg(value_name = "RESULTS_DIR")]
    pub first: PathBuf,
    /// The one to hold against it
    #[arg(value_name = "OTHER_DIR")]
    pub second: Option<PathBuf>,
    /// Compare two values of this swept key within one folder; of more than two choose with --where
    #[arg(long, value_name = "KEY", conflicts_with = "second")]
    pub by: Option<String>,
    #[command(flatten)]
    pub shown: ShownArgs,
    #[command(flatten)]
    pub written: WrittenArgs,
    /// As JSON: the same as --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
}

const EXAMPLES: &str = "\
Examples:
  chordsim compare results/before results/after
  chordsim compare results/churn --by routing --metric hops_mean,success_rate
  chordsim compare results/selfish --by defence --where defence=none --where defence=retry";
