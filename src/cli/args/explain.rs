//! Arguments of `chordsim explain`.

use clap::Args;

#[derive(Args, Debug)]
pub(in crate::cli) struct ExplainArgs {
    /// An error code, metric, column, key, section, choice, outcome, reason or invariant [default: lists them all]
    #[arg(value_name = "WORD")]
    pub words: Vec<String>,
    /// As JSON, for other programs
    #[arg(long)]
    pub json: bool,
}
