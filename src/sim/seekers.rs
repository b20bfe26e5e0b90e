//! Nodes that go through a list of well-known ones to be let in (`overlay.bootstrap`).

use std::collections::BTreeMap;

use crate::world::NodeIdx;

/// How far nodes that are to join have got with the list.
#[derive(Default)]
pub(super) struct Seekers(BTreeMap<NodeIdx, Search>);

/// Where a node began, and how many it has asked.
struct Search {
    first: u32,
    asked: u32,
}

impl Seekers {
    /// The place in a list of this length, which is not 0, of the one whom a node asks next; `None` if it has asked all of
    /// them, and begins anew the next time. `draw` says where it begins.
    pub(super) fn next(
        &mut self,
        node: NodeIdx,
        length: u32,
        draw: impl FnOnce() -> u32,
    ) -> Option<u32> {
        let search = self.0.entry(node).or_insert_with(|| Search {
            first: draw(),
            asked: 0,
        });
        if search.asked >= length {
            search.asked = 0;
            return None;
        }
        let place = (search.first + search.asked) % length;
        search.asked += 1;
        Some(place)
    }

    /// A node is let in, or gone.
    pub(super) fn end(&mut self, node: NodeIdx) {
        if !self.0.is_empty() {
            self.0.remove(&node);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_asked_once_and_then_the_search_begins_anew() {
        let mut seekers = Seekers::default();
        let mut ask = |node, first| seekers.next(NodeIdx(node), 3, || first);
        let asked: Vec<_> = (0..5).map(|_| ask(7, 1)).collect();
        assert_eq!(asked, [Some(1), Some(2), Some(0), None, Some(1)]);
        assert_eq!(ask(8, 2), Some(2), "another node");
        seekers.end(NodeIdx(7));
        assert_eq!(seekers.next(NodeIdx(7), 3, || 0), Some(0));
    }
}
