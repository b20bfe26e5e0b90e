//! What happens to requests, message by message: for `trace.csv`, and for accounts that people read.
//!
//! | file | concern |
//! |---|---|
//! | [`tracer`](Tracer) | the observer that notes the steps of the requests that are wanted |
//! | [`rows`] | the rows of `trace.csv` |

pub(crate) mod rows;
mod tracer;

pub use tracer::{Number, Tracer};

use std::collections::BTreeMap;
use std::sync::Arc;

use super::observer::Asked;
use super::operations::FinishedOperation;
use crate::client::Finished;
use crate::engine::{SimDuration, SimTime};
use crate::overlay::{Knowledge, Said};
use crate::world::{NodeIdx, RingId};

/// A step on the way of a request.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// When it happens.
    pub at: SimTime,
    /// The node that does it.
    pub from: NodeIdx,
    /// The node that it is done to.
    pub to: NodeIdx,
    /// What is done.
    pub kind: StepKind,
    /// How long a message is under way, `None` if it is lost; how long was waited for an answer.
    pub took: Option<SimDuration>,
    /// What the node knows of the others then; only if the tracer was to note that.
    pub knows: Option<Knowledge>,
}

/// What is done in a step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StepKind {
    /// A message is sent.
    Says(Said),
    /// A message was not answered in time.
    WaitsInVain,
    /// A selfish peer refuses what it was asked for.
    Refuses,
    /// A selfish peer answers a lookup that it was asked to pass on. What it says next is a lie.
    Lies {
        /// Whether it says that it owns the key itself.
        of_itself: bool,
    },
}

/// A request that is over, with its steps in the order in which they happened.
#[derive(Clone, Debug)]
pub struct Traced {
    /// How it began.
    pub asked: Asked,
    /// Its number among those of its kind that count, if it does.
    pub number: Option<Number>,
    /// What the asking node knew when it asked; only if the tracer was to note that.
    pub knew: Option<Knowledge>,
    /// The members when it began, in order; only if the tracer was to note what nodes know.
    pub members: Vec<RingId>,
    /// What other nodes knew then that were to be noted, by identifier; those that were members.
    pub others: BTreeMap<u64, Knowledge>,
    /// Its steps.
    pub steps: Vec<Step>,
    /// The identifiers of all nodes that are named.
    pub ids: BTreeMap<NodeIdx, RingId>,
    /// The values that are texts, by version.
    pub texts: BTreeMap<u32, Arc<str>>,
    /// How it ended; `None` while it is under way.
    pub end: Option<End>,
}

/// How a request ended.
#[derive(Clone, Debug)]
pub enum End {
    /// A lookup.
    Lookup(Finished),
    /// A put or get.
    Operation(FinishedOperation),
}

impl Traced {
    /// The identifier of a node that is named.
    ///
    /// # Panics
    /// If the node is not.
    #[must_use]
    pub fn id(&self, node: NodeIdx) -> u64 {
        self.ids[&node].0
    }

    /// How often the request had been passed on in each step: with iterative lookups, how many nodes had been asked, those that did not answer
    /// left aside.
    #[must_use]
    pub fn hops(&self) -> Vec<u32> {
        let mut asked: Vec<NodeIdx> = Vec::new();
        let mut hop = 0;
        let count = |step: &Step| {
            match step.kind {
                StepKind::Says(Said::Forward { hops, .. }) => hop = hops,
                StepKind::Says(Said::Ask { .. }) => {
                    let place = asked.iter().position(|node| *node == step.to);
                    let place = place.unwrap_or_else(|| {
                        asked.push(step.to);
                        asked.len() - 1
                    });
                    hop = place as u32 + 1;
                }
                // Who does not answer was not passed through.
                StepKind::WaitsInVain => asked.retain(|node| *node != step.to),
                _ => {}
            }
            hop
        };
        self.steps.iter().map(count).collect()
    }
}
