//! What can be wrong with a network, each with its remedy.

use std::io;
use std::path::PathBuf;

use crate::codes::{self, Code, Coded};
use crate::inputs::{InputError, file};

/// Why a network cannot be built.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum NetworkError {
    /// A file cannot be read.
    #[error("{key}: cannot read {}: {reason}", .path.display())]
    #[diagnostic(help(
        "put the file there (the scenario's comments may say where to get it), or change {key}; \
         paths are relative to the scenario file"
    ))]
    Unreadable {
        /// The key of the scenario that names the file.
        key: &'static str,
        /// Where it was looked for.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// A file's text is not as it must be.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Input(#[from] InputError),
    /// A generated topology would be too large.
    #[error("network.transit-stub asks for {routers} routers; at most {limit} are possible")]
    #[diagnostic(help(
        "there are transit_domains × transit_routers × (1 + stubs_per_transit_router × \
         stub_routers) of them: lower one of these; any number of hosts can share a router"
    ))]
    TooManyRouters {
        /// How many it would have.
        routers: u64,
        /// How many it may have.
        limit: u64,
    },
    /// A generated topology would have too many links.
    #[error("network.{model} asks for about {links:.0} links; at most {limit} are possible")]
    #[diagnostic(help("lower its `routers`, or {remedy}; any number of hosts can share a router"))]
    TooManyLinks {
        /// The model.
        model: &'static str,
        /// About how many it would have.
        links: f64,
        /// How many it may have.
        limit: u32,
        /// What else to do.
        remedy: &'static str,
    },
    /// A file was not taken in before the network was built.
    #[error("{} has not been loaded", .path.display())]
    #[diagnostic(help(
        "call `Assets::load` for the model before `network::build`, `Assets::load_keys` for the keys of a workload, and \
         `Assets::load_churn` for a trace of churn"
    ))]
    NotLoaded {
        /// The file.
        path: PathBuf,
    },
}

impl Coded for NetworkError {
    fn kind(&self) -> Code {
        match self {
            Self::Unreadable { reason, .. } => file::code_of(reason),
            Self::Input(error) => error.kind(),
            Self::TooManyRouters { .. } | Self::TooManyLinks { .. } => codes::IMPOSSIBLE_NETWORK,
            Self::NotLoaded { .. } => codes::NO_SUCH_FILE,
        }
    }
}
