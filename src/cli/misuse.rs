//! What is said about arguments that cannot be: clap's words, with the code of the kind of mistake.

use std::io::{IsTerminal as _, stderr};

use clap::CommandFactory as _;
use clap::error::{Error, ErrorKind};

use super::args::{Cli, Color};
use super::output;
use super::terminal::is_coloured;
use crate::codes::{self, Code};

/// Ends the program by an error of its arguments, or by the help that they ask for.
pub(super) fn end(error: &Error) -> ! {
    let Some(code) = kind(error.kind()) else {
        error.exit();
    };
    let coloured = is_coloured(Color::Auto, stderr().is_terminal());
    output::coloured(&with_code(error, code, coloured));
    std::process::exit(error.exit_code())
}

/// Ends the program the way a mistyped option does.
pub(super) fn refuse(code: Code, message: &str) -> ! {
    let error = Cli::command().error(ErrorKind::ArgumentConflict, message);
    let coloured = is_coloured(Color::Auto, stderr().is_terminal());
    output::coloured(&with_code(&error, code, coloured));
    std::process::exit(error.exit_code())
}

/// As it is shown: `error[E0080]: unexpected argument`.
pub(super) fn with_code(error: &Error, code: Code, coloured: bool) -> String {
    let text = error.render();
    let text = if coloured {
        text.ansi().to_string()
    } else {
        text.to_string()
    };
    text.replacen("error:", &format!("error[{code}]:"), 1)
}

/// Which kind of mistake it is; `None` for what is none.
pub(super) fn kind(kind: ErrorKind) -> Option<Code> {
    match kind {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => None,
        ErrorKind::MissingRequiredArgument
        | ErrorKind::MissingSubcommand
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues
        | ErrorKind::NoEquals => Some(codes::ARGUMENT_MISSING),
        ErrorKind::ArgumentConflict => Some(codes::OPTIONS_EXCLUDE),
        ErrorKind::InvalidValue
        | ErrorKind::ValueValidation
        | ErrorKind::InvalidUtf8
        | ErrorKind::TooManyValues => Some(codes::BAD_OPTION_VALUE),
        _ => Some(codes::UNKNOWN_OPTION),
    }
}
