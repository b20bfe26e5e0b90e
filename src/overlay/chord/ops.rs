//! Operations under way: lookups by users and by maintenance, and joins. A real node would carry these
//! data in the message or keep them at the asking node. Here they stand once, and an [`OpIdx`] names
//! them.

use std::collections::VecDeque;

use crate::engine::{SimTime, prefetch_at, push_huge};
use crate::world::{CallId, NodeIdx, OpIdx, RingId};

/// What an operation is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum OpKind {
    /// A user's lookup, with the ticket that its reports carry.
    User(u64),
    /// The entry of a finger table.
    Finger(u8),
    /// The place on the ring of a node that joins.
    Join,
    /// The place of a member in another ring, if there is one.
    Probe,
}

/// A kind in one word. An enumeration would be two words of different size. They would be copied in
/// pieces other than those in which they were written, and that makes the processor wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct PackedKind(u64);

impl PackedKind {
    #[inline]
    fn unpack(self) -> OpKind {
        let value = self.0 >> 2;
        match self.0 & 3 {
            0 => OpKind::User(value),
            1 => OpKind::Finger(value as u8),
            2 => OpKind::Join,
            _ => OpKind::Probe,
        }
    }
}

impl From<OpKind> for PackedKind {
    #[inline]
    fn from(kind: OpKind) -> Self {
        Self(match kind {
            // Tickets count lookups: no run comes near 2^62.
            OpKind::User(ticket) => ticket << 2,
            OpKind::Finger(i) => u64::from(i) << 2 | 1,
            OpKind::Join => 2,
            OpKind::Probe => 3,
        })
    }
}

/// One operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Op {
    /// The key looked up; for a join the identifier of the node that joins.
    pub key: RingId,
    /// The node that asks.
    pub origin: NodeIdx,
    /// When it began.
    pub started: SimTime,
    /// What the operation is for.
    kind: PackedKind,
    /// Messages that were not answered in time.
    pub timeouts: u32,
    /// How often the operation was started again.
    pub attempt: u16,
    /// Iterative lookups: different nodes that have answered.
    pub hops: u32,
    /// Iterative lookups: the call whose answer is waited for.
    pub call: CallId,
}

/// What most handlers need to know of an operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Task {
    pub op: OpIdx,
    pub key: RingId,
    pub origin: NodeIdx,
    kind: PackedKind,
}

impl Task {
    /// What the operation is for.
    #[inline]
    pub(super) fn kind(&self) -> OpKind {
        self.kind.unpack()
    }
}

impl Op {
    /// What the operation is for.
    #[inline]
    pub(super) fn kind(&self) -> OpKind {
        self.kind.unpack()
    }

    /// Whether the asking node itself asks every node on the way.
    pub(super) fn is_iterative(&self) -> bool {
        self.call != NO_CALL
    }
}

const NO_CALL: CallId = CallId(u32::MAX);

/// One cache line, so that looking at an operation means waiting for memory once.
#[derive(Default)]
#[repr(align(64))]
struct Slot {
    generation: u32,
    /// Whether there are any notes on the operation.
    noted: bool,
    op: Option<Op>,
}

const _: () = assert!(size_of::<Slot>() == 64);

/// What few operations need. Notes are kept when a slot is used again, so that nothing is allocated in
/// the long run.
#[derive(Default)]
struct Notes {
    /// Iterative lookups: the nodes that have answered, in order.
    path: Vec<NodeIdx>,
    /// Nodes that did not answer. In an iterative lookup the asking node remembers all of them; an
    /// operation that is passed on carries the name of the last one.
    struck: Vec<NodeIdx>,
    /// Iterative lookups: nodes that the asking node would not ask, because it thinks ill of them.
    shunned: Vec<NodeIdx>,
    /// Whether it asks them all the same, because there is nobody else.
    takes_all: bool,
}

impl Notes {
    fn clear(&mut self) {
        self.path.clear();
        self.struck.clear();
        self.shunned.clear();
        self.takes_all = false;
    }
}

/// The table of operations. A slot is used again only after many others, and its generation is part of
/// the name. So a late message never meets an operation other than its own.
#[derive(Default)]
pub(super) struct Ops {
    slots: Vec<Slot>,
    /// The notes on the operation in each slot.
    notes: Vec<Notes>,
    free: VecDeque<u32>,
}

const SLOT_BITS: u32 = 26;
const GENERATIONS: u32 = 1 << (32 - SLOT_BITS);
/// The number of slots that rest before the first one is used again.
const MIN_RESTING_SLOTS: usize = 64;

impl Ops {
    /// Enters an operation.
    ///
    /// # Panics
    /// With more than 67 million operations under way at once, which would take 5 GiB.
    pub(super) fn insert(
        &mut self,
        key: RingId,
        origin: NodeIdx,
        kind: OpKind,
        started: SimTime,
    ) -> OpIdx {
        let slot = if self.free.len() > MIN_RESTING_SLOTS {
            self.free.pop_front()
        } else {
            None
        };
        let slot = slot.unwrap_or_else(|| {
            assert!(
                self.slots.len() < 1 << SLOT_BITS,
                "over 67 million operations under way"
            );
            push_huge(&mut self.slots, Slot::default());
            self.notes.push(Notes::default());
            self.slots.len() as u32 - 1
        });
        if let Some(next) = self.free.front() {
            prefetch_at(&self.slots, *next as usize);
        }
        let row = &mut self.slots[slot as usize];
        row.generation = (row.generation + 1) % GENERATIONS;
        if std::mem::take(&mut row.noted) {
            self.notes[slot as usize].clear();
        }
        row.op = Some(Op {
            key,
            origin,
            started,
            kind: kind.into(),
            timeouts: 0,
            attempt: 0,
            hops: 0,
            call: NO_CALL,
        });
        OpIdx(row.generation << SLOT_BITS | slot)
    }

    /// Asks for an operation.
    pub(super) fn prefetch(&self, op: OpIdx) {
        prefetch_at(&self.slots, position(op));
    }

    /// The operation, unless it is over.
    pub(super) fn get(&self, op: OpIdx) -> Option<&Op> {
        self.slot(op)?.op.as_ref()
    }

    /// What is to be done, unless the operation is over.
    #[inline]
    pub(super) fn task(&self, op: OpIdx) -> Option<Task> {
        let &Op {
            key, origin, kind, ..
        } = self.get(op)?;
        Some(Task {
            op,
            key,
            origin,
            kind,
        })
    }

    /// The operation to change, unless it is over.
    pub(super) fn get_mut(&mut self, op: OpIdx) -> Option<&mut Op> {
        self.slot_mut(op)?.op.as_mut()
    }

    /// The nodes that have answered an iterative lookup, in order; empty if it is over.
    pub(super) fn path(&mut self, op: OpIdx) -> Option<&mut Vec<NodeIdx>> {
        self.notes_mut(op).map(|notes| &mut notes.path)
    }

    /// A node has not answered. The nodes noted before are forgotten.
    pub(super) fn strike_out_only(&mut self, op: OpIdx, silent: NodeIdx) {
        if let Some(notes) = self.notes_mut(op) {
            notes.struck.clear();
            notes.struck.push(silent);
        }
    }

    /// A node has not answered.
    pub(super) fn strike_out(&mut self, op: OpIdx, silent: NodeIdx) {
        if let Some(notes) = self.notes_mut(op) {
            notes.struck.push(silent);
        }
    }

    /// Whether a node has already failed to answer this operation.
    pub(super) fn has_struck_out(&self, op: OpIdx, node: NodeIdx) -> bool {
        let notes = self.notes(op);
        notes.is_some_and(|notes| notes.struck.contains(&node))
    }

    /// The asking node goes around a node of which it thinks ill.
    pub(super) fn shun(&mut self, op: OpIdx, node: NodeIdx) {
        if let Some(notes) = self.notes_mut(op) {
            notes.shunned.push(node);
        }
    }

    /// Whether a node is not to be asked: it has failed to answer, or is shunned.
    pub(super) fn is_passed_over(&self, op: OpIdx, node: NodeIdx) -> bool {
        let notes = self.notes(op);
        notes.is_some_and(|notes| notes.struck.contains(&node) || notes.shunned.contains(&node))
    }

    /// Whether the asking node has gone around anybody.
    pub(super) fn has_shunned(&self, op: OpIdx) -> bool {
        self.notes(op)
            .is_some_and(|notes| !notes.shunned.is_empty())
    }

    /// Whether the asking node asks also those of which it thinks ill.
    pub(super) fn takes_all(&self, op: OpIdx) -> bool {
        self.notes(op).is_some_and(|notes| notes.takes_all)
    }

    /// From now on it does, and begins at its own tables again.
    pub(super) fn take_all(&mut self, op: OpIdx) {
        if let Some(notes) = self.notes_mut(op) {
            notes.path.clear();
            notes.shunned.clear();
            notes.takes_all = true;
        }
    }

    fn notes(&self, op: OpIdx) -> Option<&Notes> {
        let noted = self.slot(op).is_some_and(|slot| slot.noted);
        noted.then(|| &self.notes[position(op)])
    }

    /// The operation starts again, for this attempt, as if nothing had been found out yet.
    pub(super) fn start_again(&mut self, op: OpIdx, attempt: u16) {
        if let Some(row) = self.get_mut(op) {
            row.attempt = attempt;
            row.hops = 0;
        }
        if let Some(notes) = self.notes_mut(op) {
            notes.clear();
        }
    }

    /// The operation is over and is taken out. `None` if it was over before.
    pub(super) fn remove(&mut self, op: OpIdx) -> Option<Op> {
        let removed = self.slot_mut(op)?.op.take();
        if removed.is_some() {
            self.free.push_back(position(op) as u32);
        }
        removed
    }

    /// How many operations there is room for.
    #[cfg(test)]
    pub(super) fn room(&self) -> usize {
        self.slots.len()
    }

    /// How many operations are under way.
    #[cfg(test)]
    pub(super) fn open(&self) -> usize {
        self.slots.iter().filter(|slot| slot.op.is_some()).count()
    }

    fn slot(&self, op: OpIdx) -> Option<&Slot> {
        self.slots
            .get(position(op))
            .filter(|slot| slot.generation == op.0 >> SLOT_BITS)
    }

    fn notes_mut(&mut self, op: OpIdx) -> Option<&mut Notes> {
        self.slot_mut(op)?.noted = true;
        Some(&mut self.notes[position(op)])
    }

    fn slot_mut(&mut self, op: OpIdx) -> Option<&mut Slot> {
        self.slots
            .get_mut(position(op))
            .filter(|slot| slot.generation == op.0 >> SLOT_BITS)
    }
}

fn position(op: OpIdx) -> usize {
    (op.0 & ((1 << SLOT_BITS) - 1)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aim_is_unpacked_as_it_was_packed() {
        for kind in [
            OpKind::User(0),
            OpKind::User(1 << 61),
            OpKind::Finger(63),
            OpKind::Join,
            OpKind::Probe,
        ] {
            assert_eq!(PackedKind::from(kind).unpack(), kind);
        }
    }

    #[test]
    fn a_name_never_finds_a_later_operation_in_the_same_slot() {
        let mut ops = Ops::default();
        let first = ops.insert(RingId(1), NodeIdx(0), OpKind::Join, SimTime::ZERO);
        assert_eq!(ops.remove(first).unwrap().key, RingId(1));
        assert!(ops.remove(first).is_none());
        for key in 0..1000 {
            let later = ops.insert(RingId(key), NodeIdx(0), OpKind::Join, SimTime::ZERO);
            assert!(
                ops.get(first).is_none() || later == first,
                "found by an old name"
            );
            assert_eq!(ops.get(later).unwrap().key, RingId(key));
            ops.remove(later);
        }
        assert!(ops.slots.len() <= MIN_RESTING_SLOTS + 2);
    }
}
