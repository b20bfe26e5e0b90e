//! `chordsim log`: which results are here.

use std::path::{Path, PathBuf};

use miette::Diagnostic;
use serde_json::json;

use super::args::LogArgs;
use super::exit::{Exit, Stop};
use super::output;
use crate::codes::{self, Code, Coded};
use crate::inputs::harmless::escaped;
use crate::report::listing;
use crate::results::{Listed, list};

/// Where results go unless it is said otherwise.
const RESULTS: &str = "results";

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("there is no folder {}", folder.display())]
#[diagnostic(help(
    "name the folder that `--out` named, or one of its neighbours; without a name it is results/"
))]
struct NoFolder {
    folder: PathBuf,
}

impl Coded for NoFolder {
    fn kind(&self) -> Code {
        codes::NO_SUCH_FILE
    }
}

pub(super) fn run(args: &LogArgs) -> Result<Exit, Stop> {
    let folder = args.folder.as_deref().unwrap_or(Path::new(RESULTS));
    let all = if folder.is_dir() {
        list(folder).map_err(Stop::failed)?
    } else if args.folder.is_some() {
        let folder = folder.to_owned();
        return Err(Stop::failed(NoFolder { folder }));
    } else {
        Vec::new()
    };
    if args.json {
        output::data(&format!("{}\n", json(&all)));
    } else if all.is_empty() {
        output::message(&format!("no results in {}", folder.display()));
    } else {
        output::data(&escaped(&listing::render(&all)));
    }
    Ok(Exit::Done)
}

fn json(all: &[Listed]) -> serde_json::Value {
    let one = |one: &Listed| {
        json!({
            "folder": one.folder.display().to_string(),
            "name": one.name,
            "title": one.title,
            "when": one.when,
            "wall_seconds": one.wall_seconds,
            "runs": one.runs,
            "failed": one.failed,
            "bytes": one.bytes,
            "program": one.program,
            "state": one.state,
            "fault": one.fault,
        })
    };
    all.iter().map(one).collect()
}
