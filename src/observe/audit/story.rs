//! What happened to the ring lately, and how it is told.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;

use super::lists::Change;
use crate::engine::SimTime;
use crate::world::{NodeIdx, RingId};

/// So many changes are remembered.
const MEMORY: usize = 512;
/// So many of them make a story at most.
const CHAPTERS: usize = 8;

/// Why a node did something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// A message reached it.
    Message {
        /// From whom.
        from: NodeIdx,
        /// Its name.
        what: &'static str,
    },
    /// A timer of its own went off.
    Timer(&'static str),
    /// Somebody did not answer in time.
    Silence {
        /// Who.
        of: NodeIdx,
        /// Whether a live member has its identifier all the same.
        alive: bool,
    },
    /// It became a member.
    Join,
    /// It said goodbye and went.
    Leave,
    /// It went without a word.
    Crash,
    /// It had lost the ring and gave up its place.
    Lost,
}

impl Cause {
    /// Whether it is the end of a membership: what the proof calls a failure.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Leave | Self::Crash | Self::Lost)
    }
}

/// One change of the ring.
struct Chapter {
    at: SimTime,
    node: NodeIdx,
    cause: Cause,
    change: Option<Change>,
}

/// The latest changes.
#[derive(Default)]
pub(super) struct Story {
    chapters: VecDeque<Chapter>,
}

/// How nodes and times are written.
pub(super) struct Names<'a> {
    pub id_of: &'a dyn Fn(NodeIdx) -> RingId,
    pub from: SimTime,
}

impl Names<'_> {
    fn node(&self, node: NodeIdx) -> String {
        format!("{node} (id {})", (self.id_of)(node))
    }

    fn list(&self, list: &[NodeIdx]) -> String {
        let ids: Vec<String> = list
            .iter()
            .map(|node| (self.id_of)(*node).to_string())
            .collect();
        format!("[{}]", ids.join(" "))
    }
}

impl Story {
    /// Something happened.
    pub(super) fn add(&mut self, at: SimTime, node: NodeIdx, cause: Cause, change: Option<Change>) {
        if self.chapters.len() == MEMORY {
            self.chapters.pop_front();
        }
        let chapter = Chapter {
            at,
            node,
            cause,
            change,
        };
        self.chapters.push_back(chapter);
    }

    /// The latest changes of these nodes, the oldest first.
    pub(super) fn of(&self, nodes: &BTreeSet<NodeIdx>, names: &Names) -> String {
        let concerns = |chapter: &&Chapter| nodes.contains(&chapter.node);
        let mut told: Vec<String> = self
            .chapters
            .iter()
            .rev()
            .filter(concerns)
            .take(CHAPTERS)
            .map(|chapter| chapter.told(names))
            .collect();
        told.reverse();
        told.join("; ")
    }
}

impl Chapter {
    fn told(&self, names: &Names) -> String {
        let at = self.at.seconds_from(names.from);
        let who = names.node(self.node);
        let what = told(self.cause, names);
        match &self.change {
            Some(Change { before, after }) => {
                let (before, after) = (names.list(before), names.list(after));
                format!("{at:.3} s: node {who} {what}: successors {before} -> {after}")
            }
            None => format!("{at:.3} s: node {who} {what}"),
        }
    }
}

/// Such as `had State from 17 (id 120)`.
pub(super) fn told(cause: Cause, names: &Names) -> String {
    match cause {
        Cause::Message { from, what } => format!("had {what} from {}", names.node(from)),
        Cause::Timer(what) => format!("had its timer {what}"),
        Cause::Silence { of, alive: false } => format!("had no answer from {}", names.node(of)),
        Cause::Silence { of, alive: true } => {
            let of = names.node(of);
            format!("had no answer in time from {of}, whose identifier lives")
        }
        Cause::Join => "joined".to_owned(),
        Cause::Leave => "left".to_owned(),
        Cause::Crash => "crashed".to_owned(),
        Cause::Lost => "lost the ring".to_owned(),
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Message { what, .. } | Self::Timer(what) => what,
            Self::Silence { .. } => "silence",
            Self::Join => "join",
            Self::Leave => "leave",
            Self::Crash => "crash",
            Self::Lost => "lost",
        })
    }
}
