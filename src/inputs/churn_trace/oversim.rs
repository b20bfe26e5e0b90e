//! Traces of OverSim (its `GlobalTraceManager`): `TIME NODE COMMAND …`, times in seconds, nodes by number. Commands are
//! `JOIN`, `LEAVE`, `PUT key value` (the value is the rest of the line) and `GET key`. Commands that divide and mend
//! the network are passed over.

use super::events::{Act, Events};
use super::time::{Unit, moment};
use super::trace::{ChurnTrace, Format, Wish, fault};
use crate::inputs::churn_fault::ChurnFault;
use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::remarks::Remarks;
use crate::inputs::text::TextFile;

/// Commands that are about the network between the nodes.
const ABOUT_THE_NETWORK: [&str; 3] = [
    "CONNECT_NODETYPES",
    "DISCONNECT_NODETYPES",
    "MERGE_BOOTSTRAPNODES",
];

/// Whether a line has a time, a number, and a word in capital letters.
pub(super) fn looks_so(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let time = words.next().is_some_and(|word| word.parse::<f64>().is_ok());
    let node = words.next().is_some_and(|word| number(word).is_some());
    let is_command = |word: &str| word.starts_with(|first: char| first.is_ascii_uppercase());
    time && node && words.next().is_some_and(is_command)
}

/// The number of a node, which may be hexadecimal.
fn number(word: &str) -> Option<u64> {
    let hexadecimal = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X"));
    match hexadecimal {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => word.parse().ok(),
    }
}

/// Reads all commands.
///
/// # Errors
/// The first fault in the text.
pub(super) fn read(file: TextFile<'_>, remarks: &mut Remarks) -> Result<ChurnTrace, InputError> {
    let mut events = Events::new(file);
    for line in file.data_lines().map(str::trim) {
        let (time, rest) = first_word(line);
        let (node, rest) = first_word(rest);
        let (command, rest) = first_word(rest);
        if command.is_empty() {
            let wrong = ChurnFault::Fields {
                what: "a command",
                expected: "a time, a node and what it does".into(),
                found: line.split_whitespace().count(),
            };
            return Err(fault(file, line, wrong));
        }
        let at = moment(file, time, Unit::Second)?;
        let Some(number) = number(node) else {
            return Err(unknown(file, node));
        };
        if ABOUT_THE_NETWORK.contains(&command) {
            events.pass_over(command);
            continue;
        }
        events.add(at, number, act(file, line, command, rest)?, line)?;
    }
    events.finish(Format::Oversim, remarks)
}

/// The first word, and what follows it.
fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}

fn unknown(file: TextFile<'_>, word: &str) -> InputError {
    let value = shortened(word);
    fault(file, word, ChurnFault::UnknownAction { value })
}

fn act(file: TextFile<'_>, line: &str, command: &str, rest: &str) -> Result<Act, InputError> {
    let (key, value) = first_word(rest);
    let value = value.trim();
    let incomplete = |action, needs| fault(file, line, ChurnFault::Incomplete { action, needs });
    Ok(match command {
        "JOIN" => Act::Join,
        "LEAVE" => Act::Go,
        "PUT" if key.is_empty() || value.is_empty() => {
            return Err(incomplete("PUT", "a key and a value"));
        }
        "PUT" => Act::Ask(Wish::Put {
            key: key.into(),
            value: value.into(),
        }),
        "GET" if key.is_empty() => return Err(incomplete("GET", "a key")),
        "GET" => Act::Ask(Wish::Get { key: key.into() }),
        _ => return Err(unknown(file, command)),
    })
}
