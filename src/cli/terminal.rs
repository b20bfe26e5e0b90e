//! Standard error: messages, diagnostics, and whether there is anybody to look at them.

use std::io::{IsTerminal as _, stderr};

use miette::{GraphicalReportHandler, GraphicalTheme};

use super::args::Color;
use super::harmless::Harmless;
use super::output;
use crate::codes::Coded;

/// How messages are shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terminal {
    /// Whether standard error is a terminal.
    pub interactive: bool,
    color: bool,
}

/// Whether there is to be colour on something that is a terminal, or is not.
pub(super) fn is_coloured(color: Color, is_terminal: bool) -> bool {
    let unwanted = || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match color {
        Color::Auto => is_terminal && !unwanted(),
        Color::Always => true,
        Color::Never => false,
    }
}

impl Terminal {
    /// Decides by the option, `NO_COLOR` and what standard error is.
    pub(super) fn new(color: Color) -> Self {
        let interactive = stderr().is_terminal();
        let color = is_coloured(color, interactive);
        Self { interactive, color }
    }

    /// Shows an error with its place and remedy.
    pub(super) fn report(self, diagnostic: &dyn Coded) {
        let theme = if self.color {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_links(false)
            .with_width(100);
        let mut text = String::new();
        handler
            .render_report(&mut text, &Harmless::new(diagnostic))
            .expect("writing to memory does not fail");
        // Each further error has this line in front of it, whatever it is.
        let lines = text.lines().filter(|line| line.trim_end() != "Error:");
        lines.for_each(|line| output::coloured(&format!("{line}\n")));
    }
}
