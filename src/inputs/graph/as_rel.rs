//! Relationships of autonomous systems as CAIDA publishes them: `as1|as2|relationship`, with a source behind it in later
//! series. There are no latencies: who uses such a graph gives one for all edges.

use super::builder::Builder;
use super::data::Graph;
use super::fault::GraphFault;
use super::options::Reading;
use crate::inputs::error::InputError;
use crate::inputs::text::TextFile;

/// Whether a text begins as such a file does.
pub(super) fn is_such(file: TextFile<'_>) -> bool {
    let first = file.data_lines().next();
    first.is_some_and(|line| ends(line).is_some())
}

/// Reads such a file.
///
/// # Errors
/// The first fault in the text.
pub(super) fn read<'a>(file: TextFile<'a>, reading: Reading<'_>) -> Result<Graph<'a>, InputError> {
    let mut builder = Builder::new(file, reading);
    builder.say("read as relationships of autonomous systems, which have no latencies");
    for line in file.data_lines() {
        let Some([from, to]) = ends(line) else {
            return Err(file.fault(line, GraphFault::NoRelationship));
        };
        let ends = [builder.node(from, from)?, builder.node(to, to)?];
        builder.edge(ends, None, false, line)?;
    }
    builder.finish()
}

/// The two systems of a line: -1 stands for provider and customer, 0 for peers, 1 for siblings.
fn ends(line: &str) -> Option<[&str; 2]> {
    let mut fields = line.split('|').map(str::trim);
    let ends = [fields.next()?, fields.next()?];
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_relationship = matches!(fields.next()?, "-1" | "0" | "1" | "2");
    (ends.into_iter().all(is_number) && is_relationship).then_some(ends)
}
