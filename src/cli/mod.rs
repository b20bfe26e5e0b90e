//! The command-line program: what can be typed, and what comes back. One file per command.
//!
//! The only place that prints. Standard output carries data; everything else goes to standard
//! error.

mod advice;
mod args;
mod check;
mod claim;
mod compare;
mod completions;
mod data_folder;
mod exit;
mod explain;
mod harmless;
mod hint;
mod ignored;
mod init;
mod interrupt;
mod judge;
mod load;
mod log;
mod man;
mod misuse;
mod needs;
mod output;
mod paper;
mod play;
mod plot;
mod progress;
mod remarks;
mod report;
mod results_read;
mod ring;
mod run;
mod save;
mod schema;
mod survey;
mod table;
mod terminal;
mod trace;
mod validate;
mod verify;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command};
use terminal::Terminal;

use crate::codes;
use crate::inputs::harmless::escaped;

/// Runs the command that was typed and returns the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    ignored::ignore_file_size_limit();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misused(error, &arguments),
    };
    let terminal = Terminal::new(cli.color);
    let result = match &cli.command {
        Command::Run(args) => run::run(args, terminal),
        Command::Init(args) => init::run(args),
        Command::Check(args) => check::run(args),
        Command::Trace(args) => trace::run(args),
        Command::Plot(args) => plot::run(args),
        Command::Report(args) => report::run(args),
        Command::Table(args) => table::run(args),
        Command::Compare(args) => compare::run(args),
        Command::Log(args) => log::run(args),
        Command::Verify(args) => verify::run(args, terminal),
        Command::Play(args) => play::run(args, cli.color),
        Command::Validate(args) => validate::run(args, terminal),
        Command::Judge(args) => judge::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Schema(args) => schema::run(args),
        Command::Completions(args) => Ok(completions::run(args)),
        Command::Man(args) => man::run(args),
    };
    let exit = result.unwrap_or_else(|stop| {
        terminal.report(&*stop.diagnostic);
        stop.exit
    });
    ExitCode::from(output::exit(exit) as u8)
}

/// Tells what is wrong with the arguments, or the help that they ask for. What quotes an argument that would steer the
/// terminal is told as of one in plain letters.
fn misused(error: clap::Error, arguments: &[String]) -> ExitCode {
    let plain: Vec<String> = arguments
        .iter()
        .map(|it| escaped(it).into_owned())
        .collect();
    if plain == arguments {
        misuse::end(&hint::add(error, arguments));
    }
    if let Err(error) = Cli::try_parse_from(&plain) {
        misuse::end(&hint::add(error, &plain));
    }
    // Only the sign itself was wrong; without colours nothing of it is left.
    let code = misuse::kind(error.kind()).unwrap_or(codes::BAD_OPTION_VALUE);
    output::messages(&misuse::with_code(&error, code, false));
    ExitCode::from(error.exit_code() as u8)
}
