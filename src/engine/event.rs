//! What can happen: the only thing the queue ever holds.

use super::index::{Epoch, NodeIdx, PeerIdx};

/// What an overlay puts into a message or a timer: small, `Copy`, and with one canonical form in
/// two words that goes into the fingerprint.
pub trait Payload: Copy {
    /// The canonical form; equal payloads have equal words, different ones different words. The
    /// second word uses its low 32 bits only.
    fn words(&self) -> [u64; 2];
}

/// One thing that happens at one moment. `Copy` and small: together with its time it fills 32
/// bytes, half a cache line. What is too long for it (a list of successors, a key) lives in a
/// table of the overlay and is named by its row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event<M, T> {
    /// A message arrives at the network interface of `to`.
    Message {
        /// The receiver.
        to: NodeIdx,
        /// The sender.
        from: NodeIdx,
        /// The receiver's life when the message was sent.
        epoch: Epoch,
        /// What it says.
        msg: M,
    },
    /// A message that waited for a busy node is handled by it now.
    Handle {
        /// The receiver.
        to: NodeIdx,
        /// The sender.
        from: NodeIdx,
        /// The receiver's life when the message was sent.
        epoch: Epoch,
        /// What it says.
        msg: M,
    },
    /// A timer that `node` set goes off.
    Timer {
        /// Whose timer.
        node: NodeIdx,
        /// The life in which it was set.
        epoch: Epoch,
        /// Which timer.
        timer: T,
    },
    /// The next lookup of the workload starts.
    Request,
    /// The next arrival of the churn process (a peer joins).
    Arrival,
    /// The next departure of the churn process (some peer leaves).
    Departure,
    /// One given peer changes between up and down.
    Toggle(PeerIdx),
    /// A scheduled fault strikes: its number in the scenario.
    Fault(u32),
    /// The warm-up is over: measuring begins.
    Measure,
    /// A row of the timeline is due.
    Sample,
    /// The measured duration is over; what is under way may finish.
    Drain,
}

impl<M, T> Event<M, T> {
    /// The node that will handle it, if it is for one.
    pub fn node(&self) -> Option<NodeIdx> {
        match self {
            Self::Message { to: node, .. }
            | Self::Handle { to: node, .. }
            | Self::Timer { node, .. } => Some(*node),
            _ => None,
        }
    }

    /// What it says, if it is a message.
    pub fn message(&self) -> Option<&M> {
        match self {
            Self::Message { msg, .. } | Self::Handle { msg, .. } => Some(msg),
            _ => None,
        }
    }
}

impl<M: Payload, T: Payload> Event<M, T> {
    /// The canonical form for the fingerprint.
    pub(super) fn words(&self) -> [u64; 3] {
        let head = |tag: u64, epoch: Epoch, node: NodeIdx| {
            tag << 56 | u64::from(epoch.0) << 32 | u64::from(node.0)
        };
        let routed = |tag, to: NodeIdx, from: NodeIdx, epoch, msg: &M| {
            let [a, b] = msg.words();
            // Payloads keep the upper half of their second word free: the sender goes there.
            [head(tag, epoch, to), a, b ^ (u64::from(from.0) << 32)]
        };
        match self {
            Self::Message {
                to,
                from,
                epoch,
                msg,
            } => routed(1, *to, *from, *epoch, msg),
            Self::Handle {
                to,
                from,
                epoch,
                msg,
            } => routed(2, *to, *from, *epoch, msg),
            Self::Timer { node, epoch, timer } => {
                let [a, b] = timer.words();
                [head(3, *epoch, *node), a, b]
            }
            Self::Request => [4 << 56, 0, 0],
            Self::Arrival => [5 << 56, 0, 0],
            Self::Departure => [6 << 56, 0, 0],
            Self::Toggle(peer) => [7 << 56, u64::from(peer.0), 0],
            Self::Fault(number) => [8 << 56, u64::from(*number), 0],
            Self::Measure => [9 << 56, 0, 0],
            Self::Sample => [10 << 56, 0, 0],
            Self::Drain => [11 << 56, 0, 0],
        }
    }
}
