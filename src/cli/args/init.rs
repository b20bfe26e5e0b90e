//! Arguments of `init`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

#[derive(Args, Debug)]
pub(in crate::cli) struct InitArgs {
    /// What the scenario is for; --list has them all
    #[arg(value_name = "NAME", required_unless_present = "list")]
    pub name: Option<String>,
    /// Where it goes [default: NAME.toml]. A file that is there is never replaced
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,
    /// Write chordsim.schema.json beside it, by which editors complete and check keys
    #[arg(long)]
    pub schema: bool,
    /// List what there is
    #[arg(long, conflicts_with_all = ["name", "out", "schema"])]
    pub list: bool,
}
