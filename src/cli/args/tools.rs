//! Arguments of the commands for other programs: editors, shells, the manual.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

#[derive(Args, Debug)]
pub(in crate::cli) struct SchemaArgs {
    /// Where it goes instead of standard output
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,
}

/// A shell whose completions there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum Shell {
    /// ~/.local/share/bash-completion/completions/chordsim
    Bash,
    /// A file _chordsim in a folder of $fpath
    Zsh,
    /// ~/.config/fish/completions/chordsim.fish
    Fish,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: Shell,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct ManArgs {
    /// Write a page for the program, one for each command and one for scenario files into this folder; without, that of
    /// the program goes to standard output
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
}
