//! The command-line program: what can be typed, and what comes back. One file per command.
//!
//! The only place that prints. Standard output carries data; everything else goes to standard
//! error.

mod args;
mod audit;
mod check;
mod difference;
mod expected;
mod interrupt;
mod load;
mod plot;
mod progress;
mod ring;
mod run;
mod table;
mod terminal;
mod validate;
mod verdicts;
mod verify;

use std::process::ExitCode;

use clap::Parser as _;
use miette::Diagnostic;

use args::{Cli, Command};
use terminal::Terminal;

use crate::scenario::ScenarioError;

/// How the program ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Exit {
    /// All is done.
    Done = 0,
    /// Something went wrong at run time.
    Failed = 1,
    /// The command line or a scenario is wrong; nothing was written.
    Usage = 2,
    /// Some runs failed, the rest is written.
    Partial = 3,
    /// Two results that should be the same are not.
    Differs = 4,
    /// Interrupted; finished runs are kept.
    Interrupted = 130,
}

/// An error that ends the program.
struct Stop {
    exit: Exit,
    diagnostic: Box<dyn Diagnostic + Send + Sync>,
}

impl Stop {
    /// The command line or a scenario is wrong.
    fn usage(diagnostic: impl Diagnostic + Send + Sync + 'static) -> Self {
        Self {
            exit: Exit::Usage,
            diagnostic: Box::new(diagnostic),
        }
    }

    /// A scenario is wrong.
    fn scenario(error: Box<ScenarioError>) -> Self {
        Self {
            exit: Exit::Usage,
            diagnostic: error,
        }
    }

    /// Something went wrong at run time.
    fn failed(diagnostic: impl Diagnostic + Send + Sync + 'static) -> Self {
        Self {
            exit: Exit::Failed,
            diagnostic: Box::new(diagnostic),
        }
    }
}

/// Runs the command that was typed and returns the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
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
    ExitCode::from(exit as u8)
}
