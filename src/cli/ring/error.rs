//! What can be wrong with what is asked of a ring, and what to do about it.

use std::path::PathBuf;

use miette::Diagnostic;

use crate::codes::{self, Code, Coded};
use crate::report::ring::Ring;

/// The most identifiers that a message lists.
const LISTED_MAX: usize = 16;

#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, Diagnostic)]
pub(super) enum RingError {
    #[error("a ring of {positions} positions is not printed (at most {most})")]
    #[diagnostic(help(
        "write it with --format dot, graphml, json or csv, or draw it with --picture; or make it smaller with --set \
         overlay.nodes=N"
    ))]
    NotPrinted { positions: usize, most: usize },
    #[error("a ring of {positions} positions is too large for a graph (at most {most})")]
    #[diagnostic(help("make it smaller with --set overlay.nodes=N"))]
    TooLarge { positions: usize, most: usize },
    #[error("identifiers follow the regions of the network here, which is not built for a ring")]
    #[diagnostic(help("run the scenario: nodes.csv has them, with the host of each node"))]
    ByRegion,
    #[error("one ring is asked for, and there are {scenarios} scenarios")]
    #[diagnostic(help(
        "name one scenario; without --format, --out, --path, --picture and --run each ring is printed"
    ))]
    Several { scenarios: usize },
    #[error("--run {run}: there is no such run; the scenario has {runs}, counted from 0")]
    #[diagnostic(help("`chordsim check --runs` lists them, with their numbers"))]
    NoRun { run: u32, runs: usize },
    #[error("--path: the format {format} has no place for the way of a lookup")]
    #[diagnostic(help("leave --path out, or take --format text or json, or a picture"))]
    NoPathIn { format: &'static str },
    #[error("{option}: there is no node {id} on this ring")]
    #[diagnostic(help("{nodes}"))]
    NoNode {
        option: &'static str,
        id: u64,
        nodes: String,
    },
    #[error("--path: there is no key {key} on this ring; the last is {last}")]
    #[diagnostic(help(
        "give a key from 0 to {last}, or make the ring larger with --set overlay.id_bits=N"
    ))]
    NoKey { key: u64, last: u64 },
    #[error("{option} {}: a picture is .svg, .png or .pdf, by the end of its name", path.display())]
    #[diagnostic(help(
        "name it so, such as ring.svg; for other programs `check --ring --format` has the ring as dot, graphml, json or csv, and \
         `trace --json` the story"
    ))]
    NoPicture { option: &'static str, path: PathBuf },
    #[error("--out and --picture both name {}", path.display())]
    #[diagnostic(help("name two files"))]
    SameFile { path: PathBuf },
    #[error("--fingers-of: the fingers of {chosen} nodes cannot be told apart (at most {most})")]
    #[diagnostic(help("choose fewer nodes, and draw several pictures"))]
    TooMany { chosen: usize, most: usize },
    #[error("the picture could not be drawn: {reason}")]
    NotDrawn { reason: String },
}

impl RingError {
    pub(super) fn no_node(ring: &Ring, option: &'static str, id: u64) -> Self {
        let ids = ring.ids();
        let after = ids.partition_point(|other| *other < id);
        let nodes = if ids.len() <= LISTED_MAX {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            format!("its nodes are {}", ids.join(", "))
        } else {
            let next = ids[after % ids.len()];
            let before = ids[(after + ids.len() - 1) % ids.len()];
            format!("the nearest ones are {before} and {next}; --format csv lists all")
        };
        Self::NoNode { option, id, nodes }
    }
}

impl Coded for RingError {
    fn kind(&self) -> Code {
        match self {
            Self::NotPrinted { .. } | Self::TooLarge { .. } => codes::RING_TOO_LARGE,
            Self::ByRegion
            | Self::NoPathIn { .. }
            | Self::NoPicture { .. }
            | Self::TooMany { .. } => codes::NOT_SHOWN_SO,
            Self::Several { .. } => codes::OPTIONS_EXCLUDE,
            Self::NoRun { .. } => codes::NO_SUCH_RUN,
            Self::NoNode { .. } | Self::NoKey { .. } => codes::NO_SUCH_NODE,
            Self::SameFile { .. } => codes::SAME_FILE,
            Self::NotDrawn { .. } => codes::NOT_DRAWN,
        }
    }
}
