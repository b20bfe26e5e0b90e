//! Event files of p2psim (T. Gil, F. Kaashoek, J. Li, R. Morris, J. Stribling, 2003–2005): `node TIME NODE ACTION
//! NAME=VALUE …`, times in milliseconds, nodes by number. Actions are `join`, `leave`, `crash` and `lookup`, or their numbers
//! 0, 1, 2 and 4, alone or behind the name of a protocol (`Chord:join`). Lines that begin with `observe` or `simulator`,
//! and `nodeevent`s, say nothing about who is there.

use super::events::{Act, Events};
use super::time::{Unit, moment};
use super::trace::{ChurnTrace, Format, Wish, fault};
use crate::inputs::churn_fault::ChurnFault;
use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::remarks::Remarks;
use crate::inputs::text::TextFile;

/// Whether a line begins as they do.
pub(super) fn looks_so(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let kind = words.next().unwrap_or_default();
    let number = words.next().is_some_and(|word| word.parse::<f64>().is_ok());
    matches!(kind, "node" | "observe" | "simulator") && number
}

/// Reads all events.
///
/// # Errors
/// The first fault in the text.
pub(super) fn read(file: TextFile<'_>, remarks: &mut Remarks) -> Result<ChurnTrace, InputError> {
    let mut events = Events::new(file);
    for line in file.data_lines().map(str::trim) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["node", time, node, action, ref rest @ ..] => {
                let at = moment(file, time, Unit::Millisecond)?;
                let Ok(number) = node.parse() else {
                    return Err(unknown(file, node));
                };
                match act(file, line, action, rest)? {
                    Some(act) => events.add(at, number, act, line)?,
                    None => events.pass_over("nodeevent"),
                }
            }
            [other @ ("observe" | "simulator"), ..] => events.pass_over(other),
            ["node", ..] => {
                let wrong = ChurnFault::Fields {
                    what: "an event of a node",
                    expected: "`node`, a time, a node and an action".into(),
                    found: words.len(),
                };
                return Err(fault(file, line, wrong));
            }
            _ => return Err(unknown(file, words[0])),
        }
    }
    events.finish(Format::P2psim, remarks)
}

fn unknown(file: TextFile<'_>, word: &str) -> InputError {
    let value = shortened(word);
    fault(file, word, ChurnFault::UnknownAction { value })
}

/// What is done; `None` if it is nothing about who is there and asks.
fn act(
    file: TextFile<'_>,
    line: &str,
    action: &str,
    rest: &[&str],
) -> Result<Option<Act>, InputError> {
    let name = action.rsplit_once(':').map_or(action, |(_, name)| name);
    Ok(Some(match name {
        "join" | "0" => Act::Join,
        "leave" | "1" | "crash" | "2" => Act::Go,
        "lookup" | "4" => {
            let key = rest.iter().find_map(|word| word.strip_prefix("key="));
            let Some(key) = key.filter(|key| !key.is_empty()) else {
                let (action, needs) = ("lookup", "key=…");
                return Err(fault(file, line, ChurnFault::Incomplete { action, needs }));
            };
            Act::Ask(Wish::Lookup { key: key.into() })
        }
        "nodeevent" | "5" => return Ok(None),
        _ => return Err(unknown(file, action)),
    }))
}
