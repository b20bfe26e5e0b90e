//! What can be wrong with what is asked for, and what to do about it.

use std::path::PathBuf;

use miette::Diagnostic;

use super::look::Chosen;
use crate::codes::{self, Code, Coded};
use crate::observe::trace::Number;

#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, Diagnostic)]
pub(super) enum TraceError {
    #[error("nothing is asked for that could be told")]
    #[diagnostic(help(
        "say what: --key KEY, --put KEY=VALUE or --get KEY, each with --from ID; or --lookup N or --operation N; or write an \
         [[event]] with a lookup, put or get in the scenario"
    ))]
    NothingAsked,
    #[error("--put: there is no value")]
    #[diagnostic(help(
        "write the key and the value with `=` between them, such as --put alice=hello"
    ))]
    NoValue,
    #[error("it is not said which node asks")]
    #[diagnostic(help(
        "name one with --from ID; `chordsim check --ring --format csv` lists the nodes, and on a ring of more than 8192 nodes \
         nodes.csv does"
    ))]
    NobodyNamed,
    #[error("--fingers-of: there is no place {id} on this ring; the last is {last}")]
    #[diagnostic(help("give identifiers from 0 to {last}"))]
    NoPlace { id: u64, last: u64 },
    #[error("the run has no {kind} {number}")]
    #[diagnostic(help(
        "they are numbered from 0, as in {file}; the last line of a run there has the greatest number"
    ))]
    NoSuchNumber {
        kind: &'static str,
        number: u64,
        file: &'static str,
    },
    #[error("node {from} did not ask: no user was there {after} after the end of the warm-up")]
    #[diagnostic(help(
        "name a node that is up then with --from ID, or another time with --at TIME: nodes.csv of a run says who was up when; of a peer \
         with several positions only the first asks"
    ))]
    NotThere { from: u64, after: String },
    #[error("{option} {} is the scenario itself", path.display())]
    #[diagnostic(help("name another file"))]
    IsScenario { option: &'static str, path: PathBuf },
    #[error("two of --out, --diagram and --map name {}", path.display())]
    #[diagnostic(help("name different files"))]
    SameFile { path: PathBuf },
    #[error("--map: this network has neither links nor a map, so there is nothing to draw it by")]
    #[diagnostic(help(
        "choose `network.model = \"transit-stub\"`, `\"waxman\"`, `\"scale-free\"`, `\"graph\"` or `\"plane\"`, or use --diagram, which needs no map"
    ))]
    NoMap,
    #[error("the diagram could not be drawn: {reason}")]
    NotDrawn { reason: String },
    #[error("the run failed: {reason}")]
    NotSimulated { reason: String },
}

impl TraceError {
    /// The request was never made.
    pub(super) fn not_asked(chosen: Chosen) -> Self {
        match chosen {
            Chosen::Numbered(Number::Lookup(number)) => Self::NoSuchNumber {
                kind: "lookup",
                number,
                file: "lookups.csv",
            },
            Chosen::Numbered(Number::Operation(number)) => Self::NoSuchNumber {
                kind: "put or get",
                number,
                file: "operations.csv",
            },
            Chosen::Scripted { from, after, .. } => Self::NotThere {
                from: from.0,
                after: after.to_string(),
            },
        }
    }
}

impl Coded for TraceError {
    fn kind(&self) -> Code {
        match self {
            Self::NothingAsked | Self::NobodyNamed => codes::NOT_ASKED,
            Self::NoValue => codes::BAD_OPTION_VALUE,
            Self::NoPlace { .. } | Self::NotThere { .. } => codes::NO_SUCH_NODE,
            Self::NoSuchNumber { .. } => codes::NO_SUCH_RUN,
            Self::IsScenario { .. } | Self::SameFile { .. } => codes::SAME_FILE,
            Self::NoMap => codes::NOT_SHOWN_SO,
            Self::NotDrawn { .. } => codes::NOT_DRAWN,
            Self::NotSimulated { .. } => codes::RUN_FAILED,
        }
    }
}
