//! What tests of readers share.

use super::{Fault, InputError};

/// Place and fault of an error in a text.
pub(crate) fn fault_of(error: &InputError) -> ((usize, usize), &Fault) {
    let InputError::Text(text) = error;
    (text.place(), text.fault())
}

/// An error as a user sees it, without colours.
pub(crate) fn rendered(error: &dyn miette::Diagnostic) -> String {
    let theme = miette::GraphicalTheme::unicode_nocolor();
    let handler = miette::GraphicalReportHandler::new_themed(theme).with_width(120);
    let mut out = String::new();
    handler.render_report(&mut out, error).unwrap();
    out
}
