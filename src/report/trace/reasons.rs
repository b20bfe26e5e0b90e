//! Why a node passes a lookup on to just that node: which entry of its tables has decided.

use crate::observe::trace::Traced;
use crate::overlay::Knowledge;
use crate::report::naming::short_id;
use crate::world::{NodeIdx, RingId, Space};

/// The entry that names a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Entry {
    /// This place of the successor list, counted from 0.
    Successor(usize),
    /// This finger, counted from 0.
    Finger(u32),
    /// The predecessor.
    Predecessor,
}

/// Where a node that knows this stands, and what it is about.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub traced: &'a Traced,
    pub space: Space,
    /// The node that decides.
    pub node: NodeIdx,
    pub knows: &'a Knowledge,
}

impl View<'_> {
    fn id(&self, node: NodeIdx) -> u64 {
        self.traced.id(node)
    }

    fn name(&self, node: NodeIdx) -> String {
        short_id(self.id(node))
    }

    fn key(&self) -> String {
        short_id(self.traced.asked.key.0)
    }

    /// The entry that names a node which is taken for the owner, or for a node before the key.
    pub(super) fn entry(&self, next: NodeIdx, as_owner: bool) -> Option<Entry> {
        let successors = self.knows.successors.iter();
        let in_list = successors
            .clone()
            .position(|node| *node == next)
            .map(Entry::Successor);
        // Of several fingers that name it the one that reaches farthest.
        let fingers = self
            .knows
            .fingers
            .iter()
            .rposition(|node| *node == Some(next));
        let finger = fingers.map(|i| Entry::Finger(i as u32));
        let is_predecessor = self.knows.predecessor == Some(next);
        match in_list {
            Some(Entry::Successor(0)) => in_list,
            _ if as_owner => in_list.or_else(|| is_predecessor.then_some(Entry::Predecessor)),
            _ => finger.or(in_list),
        }
    }

    /// Why the lookup goes to `next`, in a sentence without its end.
    pub(super) fn reason(&self, next: NodeIdx, as_owner: bool, after_failure: bool) -> String {
        let (key, to) = (self.key(), self.name(next));
        let entry = self.entry(next, as_owner);
        if as_owner {
            return self.names_the_owner(&key, &to, entry);
        }
        let first = self.knows.successors.first().copied();
        match entry {
            Some(Entry::Successor(0)) => format!("key {key} is beyond my successor {to}"),
            Some(Entry::Successor(place)) if after_failure => {
                format!(
                    "the next in my successor list, entry {}, is {to}",
                    place + 1
                )
            }
            Some(Entry::Successor(place)) => format!(
                "key {key} is beyond my successor list; the farthest node before it that I know is {to}, entry {} of that list",
                place + 1
            ),
            Some(Entry::Finger(i)) => {
                let start = self.space.finger_start(RingId(self.id(self.node)), i);
                let start = short_id(start.0);
                let beyond = match first {
                    Some(first) if !after_failure => {
                        format!("key {key} is beyond my successor {}; ", self.name(first))
                    }
                    _ => String::new(),
                };
                let best = if after_failure {
                    "next best"
                } else {
                    "farthest node"
                };
                format!(
                    "{beyond}the {best} before it that I know is {to}, my finger {i}, which starts at {start}"
                )
            }
            Some(Entry::Predecessor) | None => {
                format!("the node before the key that I know is {to}")
            }
        }
    }

    fn names_the_owner(&self, key: &str, to: &str, entry: Option<Entry>) -> String {
        match entry {
            Some(Entry::Successor(0)) => {
                format!("key {key} lies between me and my successor {to}, so {to} owns it")
            }
            Some(Entry::Successor(place)) => {
                let before = self.knows.successors[place - 1];
                let lies_between = self.space.between_right_closed(
                    RingId(self.id(before)),
                    self.traced.asked.key,
                    RingId(self.traced.id(self.knows.successors[place])),
                );
                let before = self.name(before);
                if !lies_between {
                    return format!(
                        "the owner of {key} is silent; behind it {to} is next in my successor list, entry {}, and owns what was its",
                        place + 1
                    );
                }
                format!(
                    "key {key} lies between {before} and {to}, entries {place} and {} of my successor list, so {to} owns it",
                    place + 1
                )
            }
            Some(Entry::Predecessor) => {
                format!("key {key} is not mine: it lies at or before my predecessor {to}")
            }
            Some(Entry::Finger(_)) | None => format!("as far as I know {to} owns key {key}"),
        }
    }

    /// Why the node takes the key for its own.
    pub(super) fn owns(&self) -> String {
        let (key, me) = (self.traced.asked.key, RingId(self.id(self.node)));
        let Some(before) = self.knows.predecessor else {
            if self.knows.successors.is_empty() {
                return "I am alone on the ring".to_owned();
            }
            return format!(
                "I know no node before me, and others take me for the owner of {}",
                self.key()
            );
        };
        let name = self.name(before);
        if self
            .space
            .between_right_closed(RingId(self.id(before)), key, me)
        {
            format!("{} lies between my predecessor {name} and me", self.key())
        } else {
            format!("my predecessor {name} does not answer, so what was its is mine")
        }
    }
}
