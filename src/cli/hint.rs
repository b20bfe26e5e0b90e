//! What is probably meant by an option or a command that there is none of.

use std::path::Path;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::scenario::keys::{self, ValueKind};
use crate::scenario::known_keys;

/// The most keys of one name that are offered.
const MOST: usize = 3;

/// The error, with a tip where it is plain what was meant: a key of scenarios written as an option, or a scenario
/// without the command.
pub(super) fn add(mut error: Error, arguments: &[String]) -> Error {
    let given = |kind| match error.get(kind) {
        Some(ContextValue::String(given)) => Some(given.clone()),
        _ => None,
    };
    let tips = match error.kind() {
        ErrorKind::UnknownArgument => {
            given(ContextKind::InvalidArg).map(|option| for_key(&option, arguments))
        }
        ErrorKind::InvalidSubcommand => {
            given(ContextKind::InvalidSubcommand).map(|it| for_file(&it))
        }
        _ => None,
    };
    let tips: Vec<StyledStr> = tips
        .unwrap_or_default()
        .iter()
        .map(StyledStr::from)
        .collect();
    if !tips.is_empty() {
        error.remove(ContextKind::SuggestedArg);
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
    }
    error
}

/// `--nodes 64` means `--set overlay.nodes=64`.
fn for_key(option: &str, arguments: &[String]) -> Vec<String> {
    let Some(name) = option.strip_prefix("--") else {
        return Vec::new();
    };
    let meant = name.replace('-', "_");
    let value = value_of(option, arguments).unwrap_or("VALUE");
    let is_meant = |key: &&String| **key == meant || key.rsplit('.').next() == Some(&meant);
    // `output.nodes` is no number.
    let is_number = value.parse::<f64>().is_ok();
    let may_be = |key: &&String| {
        let kind = keys::find(key).map(|(_, key)| key.kind);
        !(is_number && matches!(kind, Some(ValueKind::Truth)))
    };
    let keys = known_keys().iter().filter(is_meant);
    let keys = keys.filter(may_be).take(MOST);
    keys.map(|key| format!("a key of the scenario is set by '--set {key}={value}'"))
        .collect()
}

fn value_of<'a>(option: &str, arguments: &'a [String]) -> Option<&'a str> {
    let at = arguments.iter().position(|argument| {
        let rest = argument.strip_prefix(option);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    })?;
    let attached = arguments[at].split_once('=').map(|(_, value)| value);
    attached.or_else(|| {
        let next = arguments.get(at + 1).map(String::as_str);
        next.filter(|next| !next.starts_with("--"))
    })
}

/// A scenario where a command should be.
fn for_file(given: &str) -> Vec<String> {
    let path = Path::new(given);
    let is_scenario = path.extension().is_some_and(|it| it == "toml") || path.is_file();
    let tip = || format!("a scenario is run by 'chordsim run {given}'");
    is_scenario.then(tip).into_iter().collect()
}
