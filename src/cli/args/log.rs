//! What `chordsim log` takes.

use std::path::PathBuf;

use clap::Args;

#[derive(Args, Debug)]
pub(in crate::cli) struct LogArgs {
    /// A folder of result folders, or one of these [default: results]
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// The list as JSON on standard output
    #[arg(long)]
    pub json: bool,
}
