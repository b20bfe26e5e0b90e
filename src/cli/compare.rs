//! `chordsim compare`: two results, or two combinations of one, side by side.

use std::path::Path;

use miette::Diagnostic;

use super::args::{CompareArgs, WrittenArgs};
use super::exit::{Exit, Stop};
use super::results_read::{Opened, unreadable};
use super::table::{Target, wanted};
use crate::codes::{self, Code, Coded};
use crate::report::compare::{self, CompareError, Matching};
use crate::report::table::{Format, Metrics, Where};

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("one result is named, and nothing to compare within it")]
#[diagnostic(help("name a second folder, or a swept key with --by, such as --by routing"))]
struct OneResult;

impl Coded for OneResult {
    fn kind(&self) -> Code {
        codes::NOT_COMPARABLE
    }
}

pub(super) fn run(args: &CompareArgs) -> Result<Exit, Stop> {
    let written = WrittenArgs {
        format: args.written.format.or(args.json.then_some(Format::Json)),
        out: args.written.out.clone(),
    };
    if args.second.is_none() && args.by.is_none() {
        return Err(Stop::usage(OneResult));
    }
    let target = Target::of(&written)?;
    let metrics = Metrics::named(&args.shown.metric).map_err(Stop::usage)?;
    let wanted = wanted(&args.shown)?;
    let first = Opened::at(&args.first)?;
    let second = args.second.as_deref().map(Opened::at).transpose()?;
    let second = second.as_ref();
    let paths = [
        args.first.as_path(),
        args.second.as_deref().unwrap_or(Path::new("")),
    ];
    let matching = matching(&first, second, paths, args.by.as_deref(), &wanted);
    let tables = matching.and_then(|matching| compare::tables(&matching, &metrics));
    // First of all: files of two states of a result say nothing.
    first.done()?;
    second.map_or(Ok(()), Opened::done)?;
    target.write(&tables.map_err(stop)?, None)?;
    Ok(Exit::Done)
}

fn matching<'a>(
    first: &'a Opened,
    second: Option<&'a Opened>,
    paths: [&Path; 2],
    by: Option<&str>,
    wanted: &[Where],
) -> Result<Matching<'a>, CompareError> {
    match (second, by) {
        (Some(second), _) => {
            let names = names(paths);
            let names = [names[0].as_str(), names[1].as_str()];
            Matching::between([&first.folder, &second.folder], names, wanted)
        }
        (None, by) => Matching::within(&first.folder, by.unwrap_or_default(), wanted),
    }
}

/// What two folders are called: the last part of their paths, or where those are the same the whole.
fn names(paths: [&Path; 2]) -> [String; 2] {
    let last = |path: &Path| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        name.to_string_lossy().into_owned()
    };
    let short = paths.map(last);
    if short[0] != short[1] {
        return short;
    }
    let whole = paths.map(|path| path.display().to_string());
    if whole[0] != whole[1] {
        return whole;
    }
    ["first", "second"].map(|which| format!("{} ({which})", short[0]))
}

fn stop(error: CompareError) -> Stop {
    match error {
        CompareError::Folder(error) => unreadable(error),
        other => Stop::usage(other),
    }
}
