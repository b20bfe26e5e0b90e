//! What can be typed behind `table`, and what is shown of results elsewhere too.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use crate::report::table::Format;

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct TableArgs {
    /// A folder that `chordsim run` wrote
    #[arg(value_name = "RESULTS_DIR")]
    pub results: PathBuf,
    #[command(flatten)]
    pub shown: ShownArgs,
    #[command(flatten)]
    pub written: WrittenArgs,
    /// What theory expects beside every metric of which it expects something
    #[arg(long)]
    pub expected: bool,
    /// Means without their intervals
    #[arg(long)]
    pub no_interval: bool,
    /// A row for each metric, and a column for each combination
    #[arg(long)]
    pub transpose: bool,
}

const EXAMPLES: &str = "\
Examples:
  chordsim table results/churn
  chordsim table results/churn --metric hops_mean,success_rate --where routing=fingers
  chordsim table results/churn --out churn.tex";

/// What is shown of results.
#[derive(Args, Clone, Debug, Default)]
pub(in crate::cli) struct ShownArgs {
    /// Metrics, by their names in summary.csv; `all` for all there are [default: those that a run shows at its end]
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub metric: Vec<String>,
    /// Only combinations with this value of a swept key: --where routing=fingers; several values of one key mean any of them
    #[arg(long = "where", value_name = "KEY=VALUE")]
    pub wanted: Vec<String>,
}

/// How and where it is written.
#[derive(Args, Clone, Debug, Default)]
pub(in crate::cli) struct WrittenArgs {
    /// The format [default: by the ending of --out, else text]
    #[arg(long, value_name = "FORMAT", value_parser = format())]
    pub format: Option<Format>,
    /// Where it goes instead of standard output: .txt, .md, .tex, .html, .csv or .json
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

fn format() -> impl clap::builder::TypedValueParser<Value = Format> {
    let names: Vec<&str> = Format::all().map(Format::name).collect();
    PossibleValuesParser::new(names).map(|name| Format::named(&name).unwrap_or_default())
}
