//! What can be typed behind `report`.

use std::path::PathBuf;

use clap::Args;

#[derive(Args, Debug)]
pub(in crate::cli) struct ReportArgs {
    /// A folder that `chordsim run` wrote
    #[arg(value_name = "RESULTS_DIR")]
    pub results: PathBuf,
    /// Where the page goes [default: plots/NAME/report.html]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// A template in place of the program's own (docs/report.md)
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
}
