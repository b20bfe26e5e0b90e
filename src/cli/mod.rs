//! The command-line program: what can be typed, and what comes back. One file per command.
//!
//! The only place that prints. Standard output carries data; everything else goes to standard
//! error.

mod advice;
mod args;
mod check;
mod claim;
mod exit;
mod harmless;
mod hint;
mod ignored;
mod interrupt;
mod load;
mod needs;
mod output;
mod paper;
mod plot;
mod progress;
mod ring;
mod run;
mod terminal;
mod validate;
mod verify;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command};
use terminal::Terminal;

/// Runs the command that was typed and returns the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let cli = Cli::try_parse().unwrap_or_else(|error| hint::add(error, &arguments).exit());
    let terminal = Terminal::new(cli.color);
    let result = match &cli.command {
        Command::Run(args) => run::run(args, terminal),
        Command::Check(args) => check::run(args),
        Command::Plot(args) => plot::run(args),
        Command::Verify(args) => verify::run(args, terminal),
        Command::Validate(args) => validate::run(args, terminal),
    };
    let exit = result.unwrap_or_else(|stop| {
        terminal.report(&*stop.diagnostic);
        stop.exit
    });
    ExitCode::from(output::exit(exit) as u8)
}
