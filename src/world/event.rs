//! What can happen. The queue holds nothing else.

use super::index::{CallId, Epoch, NodeIdx, OpIdx, PeerIdx};

/// What an overlay puts into a message or a timer. It is small and has one canonical form of two words,
/// which is stored and enters the fingerprint.
pub trait Payload: Copy {
    /// The canonical form. Equal payloads have equal words and different payloads different words. The
    /// second word uses its low 32 bits only. The first word of a timer must not be 4 or 5: these are the
    /// loop's own.
    fn words(&self) -> [u64; 2];

    /// The payload with these words.
    fn from_words(words: [u64; 2]) -> Self;

    /// Its name in an account of a run that people read.
    fn name(&self) -> &'static str;
}

/// An event in its canonical form: this waits in the queue and is digested for the fingerprint. Together
/// with its time it fills 32 bytes, half a cache line. Contents that are too long for it (a list of
/// successors, a key) live in a table of the overlay, and the event names the row.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Packed([u64; 3]);

/// One thing that happens at one moment.
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
    /// The time for the answer to a call of `node` is over.
    Deadline {
        /// Who called.
        node: NodeIdx,
        /// The life in which the node called.
        epoch: Epoch,
        /// Which call.
        call: CallId,
    },
    /// A user at `node` has waited for an answer long enough to ask again.
    Retry {
        /// Where the user is.
        node: NodeIdx,
        /// The life in which the request was made.
        epoch: Epoch,
        /// The operation of the request.
        op: OpIdx,
    },
    /// A user at `node` believes the best answer so far.
    Settle {
        /// Where the user is.
        node: NodeIdx,
        /// The life in which the request was made.
        epoch: Epoch,
        /// The request.
        ticket: u64,
    },
    /// A node that nobody let in looks for a contact again.
    Contact {
        /// Which node.
        node: NodeIdx,
        /// The life in which it began to look.
        epoch: Epoch,
    },
    /// The next lookup of the workload starts.
    Request,
    /// The next put of the workload starts.
    Put,
    /// The next get of the workload starts.
    Get,
    /// The next arrival of the churn process (a peer joins).
    Arrival,
    /// The next departure of the churn process (some peer leaves).
    Departure,
    /// One given peer changes between up and down.
    Toggle(PeerIdx),
    /// A scheduled fault strikes: its number in the scenario.
    Fault(u32),
    /// An event of the script is due: its number in the scenario.
    Script(u32),
    /// A request of a trace is due: its number in order of time.
    Traced(u32),
    /// It is the turn of this node to make a request.
    Turn(NodeIdx),
    /// This peer asks itself whether to come back as another.
    Whitewash(PeerIdx),
    /// Peers decide whether to play fair.
    Decide,
    /// A peer that comes only to ask does its next step.
    Leech(PeerIdx),
    /// The warm-up is over: measuring begins.
    Measure,
    /// A row of the timeline is due.
    Sample,
    /// The measured duration is over; what is under way may finish.
    Drain,
}

/// The numbers of the kinds are part of every fingerprint: never change one.
const MESSAGE: u64 = 1;
const HANDLE: u64 = 2;
const TIMER: u64 = 3;
const REQUEST: u64 = 4;
const ARRIVAL: u64 = 5;
const DEPARTURE: u64 = 6;
const TOGGLE: u64 = 7;
const FAULT: u64 = 8;
const MEASURE: u64 = 9;
const SAMPLE: u64 = 10;
const DRAIN: u64 = 11;
const PUT: u64 = 12;
const GET: u64 = 13;
const SCRIPT: u64 = 14;
const TURN: u64 = 15;
const WHITEWASH: u64 = 19;
const DECIDE: u64 = 17;
const LEECH: u64 = 18;
const SETTLE: u64 = 16;
const TRACED: u64 = 20;
const CONTACT: u64 = 24;

/// Deadlines and retries are packed as timers of the node that waits, under these numbers, which no timer of
/// an overlay may have.
const DEADLINE_TIMER: u64 = 4;
const RETRY_TIMER: u64 = 5;

impl Packed {
    /// From the top down: the kind (8 bits), a node's life (24), the node.
    #[inline]
    fn of_node(kind: u64, epoch: Epoch, node: NodeIdx, [a, b]: [u64; 2]) -> Self {
        Self([
            kind << 56 | u64::from(epoch.0) << 32 | u64::from(node.0),
            a,
            b,
        ])
    }

    #[inline]
    fn of_all(kind: u64, number: u32) -> Self {
        Self([kind << 56, u64::from(number), 0])
    }

    #[inline]
    fn routed<M: Payload>(kind: u64, (to, from): (NodeIdx, NodeIdx), epoch: Epoch, msg: M) -> Self {
        let [a, b] = msg.words();
        debug_assert!(b >> 32 == 0, "the second word of a payload has 32 bits");
        // Payloads keep the upper half of their second word free: the sender goes there.
        Self::of_node(kind, epoch, to, [a, b | u64::from(from.0) << 32])
    }

    /// The canonical form of [`Event::Message`], the most frequent one: put together without looking at all others.
    #[inline]
    pub fn of_message<M: Payload>(to: NodeIdx, from: NodeIdx, epoch: Epoch, msg: M) -> Self {
        Self::routed(MESSAGE, (to, from), epoch, msg)
    }

    /// The node that will handle the event, if it is for a node.
    #[inline]
    pub fn node(self) -> Option<NodeIdx> {
        (self.kind() <= TIMER).then_some(NodeIdx(self.0[0] as u32))
    }

    /// The content of the message, if the event is a message.
    #[inline]
    pub fn message<M: Payload>(self) -> Option<M> {
        (self.kind() <= HANDLE).then(|| self.payload())
    }

    /// The words that enter the fingerprint.
    #[inline]
    pub fn words(self) -> [u64; 3] {
        self.0
    }

    #[inline]
    fn kind(self) -> u64 {
        self.0[0] >> 56
    }

    #[inline]
    fn payload<P: Payload>(self) -> P {
        let [_, a, b] = self.0;
        P::from_words([a, b & u64::from(u32::MAX)])
    }
}

impl<M: Payload, T: Payload> Event<M, T> {
    /// The canonical form.
    #[inline]
    pub fn pack(self) -> Packed {
        match self {
            Self::Message {
                to,
                from,
                epoch,
                msg,
            } => Packed::of_message(to, from, epoch, msg),
            Self::Handle {
                to,
                from,
                epoch,
                msg,
            } => Packed::routed(HANDLE, (to, from), epoch, msg),
            Self::Timer { node, epoch, timer } => {
                let words = timer.words();
                assert!(
                    ![DEADLINE_TIMER, RETRY_TIMER].contains(&words[0]),
                    "the first word of a timer of an overlay must not be 4 or 5"
                );
                Packed::of_node(TIMER, epoch, node, words)
            }
            Self::Deadline { node, epoch, call } => {
                let words = [DEADLINE_TIMER, u64::from(call.0)];
                Packed::of_node(TIMER, epoch, node, words)
            }
            Self::Retry { node, epoch, op } => {
                Packed::of_node(TIMER, epoch, node, [RETRY_TIMER, u64::from(op.0)])
            }
            Self::Settle {
                node,
                epoch,
                ticket,
            } => Packed::of_node(SETTLE, epoch, node, [ticket, 0]),
            Self::Contact { node, epoch } => Packed::of_node(CONTACT, epoch, node, [0, 0]),
            Self::Request => Packed::of_all(REQUEST, 0),
            Self::Arrival => Packed::of_all(ARRIVAL, 0),
            Self::Departure => Packed::of_all(DEPARTURE, 0),
            Self::Toggle(peer) => Packed::of_all(TOGGLE, peer.0),
            Self::Fault(number) => Packed::of_all(FAULT, number),
            Self::Script(number) => Packed::of_all(SCRIPT, number),
            Self::Traced(number) => Packed::of_all(TRACED, number),
            Self::Turn(node) => Packed::of_all(TURN, node.0),
            Self::Whitewash(peer) => Packed::of_all(WHITEWASH, peer.0),
            Self::Decide => Packed::of_all(DECIDE, 0),
            Self::Leech(peer) => Packed::of_all(LEECH, peer.0),
            Self::Measure => Packed::of_all(MEASURE, 0),
            Self::Sample => Packed::of_all(SAMPLE, 0),
            Self::Drain => Packed::of_all(DRAIN, 0),
            Self::Put => Packed::of_all(PUT, 0),
            Self::Get => Packed::of_all(GET, 0),
        }
    }

    /// The event with this canonical form.
    ///
    /// # Panics
    /// Never: only [`Event::pack`] packs events.
    #[inline]
    pub fn unpack(packed: Packed) -> Self {
        let [head, number, last] = packed.0;
        let epoch = Epoch((head >> 32) as u16);
        let (to, from) = (NodeIdx(head as u32), NodeIdx((last >> 32) as u32));
        match packed.kind() {
            MESSAGE => Self::Message {
                to,
                from,
                epoch,
                msg: packed.payload(),
            },
            HANDLE => Self::Handle {
                to,
                from,
                epoch,
                msg: packed.payload(),
            },
            TIMER => match number {
                DEADLINE_TIMER => Self::Deadline {
                    node: to,
                    epoch,
                    call: CallId(last as u32),
                },
                RETRY_TIMER => Self::Retry {
                    node: to,
                    epoch,
                    op: OpIdx(last as u32),
                },
                _ => Self::Timer {
                    node: to,
                    epoch,
                    timer: packed.payload(),
                },
            },
            SETTLE => Self::Settle {
                node: to,
                epoch,
                ticket: number,
            },
            CONTACT => Self::Contact { node: to, epoch },
            REQUEST => Self::Request,
            ARRIVAL => Self::Arrival,
            DEPARTURE => Self::Departure,
            TOGGLE => Self::Toggle(PeerIdx(number as u32)),
            FAULT => Self::Fault(number as u32),
            SCRIPT => Self::Script(number as u32),
            TRACED => Self::Traced(number as u32),
            TURN => Self::Turn(NodeIdx(number as u32)),
            WHITEWASH => Self::Whitewash(PeerIdx(number as u32)),
            DECIDE => Self::Decide,
            LEECH => Self::Leech(PeerIdx(number as u32)),
            MEASURE => Self::Measure,
            SAMPLE => Self::Sample,
            DRAIN => Self::Drain,
            PUT => Self::Put,
            GET => Self::Get,
            kind => unreachable!("no kind of event is called {kind}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::SimTime;

    impl Payload for u32 {
        fn words(&self) -> [u64; 2] {
            [u64::from(*self) << 32, u64::from(*self)]
        }

        fn from_words([_, b]: [u64; 2]) -> Self {
            b as Self
        }

        fn name(&self) -> &'static str {
            "number"
        }
    }

    #[test]
    #[should_panic(expected = "must not be 4 or 5")]
    fn a_timer_cannot_pass_for_a_deadline() {
        #[derive(Clone, Copy)]
        struct Four;
        impl Payload for Four {
            fn words(&self) -> [u64; 2] {
                [4, 0]
            }
            fn from_words(_: [u64; 2]) -> Self {
                Self
            }
            fn name(&self) -> &'static str {
                "four"
            }
        }
        let (node, epoch, timer) = (NodeIdx(0), Epoch::FIRST_LIFE, Four);
        let _ = Event::<u32, Four>::Timer { node, epoch, timer }.pack();
    }

    #[test]
    fn an_event_with_its_time_fills_half_a_cache_line() {
        assert_eq!(size_of::<(SimTime, Packed)>(), 32);
    }

    #[test]
    fn an_event_is_unpacked_as_it_was_packed() {
        let (to, from) = (NodeIdx::NONE, NodeIdx(0x8765_4321));
        let (epoch, msg) = (Epoch(u16::MAX), 0xfedc_ba98);
        let events: [Event<u32, u32>; 23] = [
            Event::Message {
                to,
                from,
                epoch,
                msg,
            },
            Event::Handle {
                to,
                from,
                epoch,
                msg,
            },
            Event::Timer {
                node: to,
                epoch,
                timer: msg,
            },
            Event::Deadline {
                node: to,
                epoch,
                call: CallId(u32::MAX),
            },
            Event::Retry {
                node: to,
                epoch,
                op: OpIdx(7),
            },
            Event::Request,
            Event::Arrival,
            Event::Departure,
            Event::Toggle(PeerIdx(u32::MAX)),
            Event::Fault(7),
            Event::Measure,
            Event::Sample,
            Event::Drain,
            Event::Put,
            Event::Get,
            Event::Script(u32::MAX),
            Event::Traced(7),
            Event::Turn(NodeIdx(u32::MAX)),
            Event::Leech(PeerIdx(7)),
            Event::Settle {
                node: to,
                epoch,
                ticket: 1 << 61,
            },
            Event::Contact { node: to, epoch },
            Event::Whitewash(PeerIdx(u32::MAX)),
            Event::Decide,
        ];
        for (event, number) in events.into_iter().zip(0..) {
            let packed = event.pack();
            assert_eq!(Event::unpack(packed), event);
            assert_eq!(packed.node(), (number < 5).then_some(to));
            assert_eq!(packed.message(), (number < 2).then_some(msg));
        }
    }
}
