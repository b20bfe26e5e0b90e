//! Observers: they see what happens in a run and never touch it. Nothing in a run reads one.
//!
//! A hook is declared once, in `hooks!`: from it follow a method of [`Observer`] and one of
//! [`Observers`](super::Observers), which tells all of them.

use std::io;

use super::operations::FinishedOperation;
use crate::catalogue::{Metric, RecordSink};
use crate::client::{Claim, Finished, OperationState, Operations};
use crate::engine::SimTime;
use crate::network::{Fate, Network};
use crate::overlay::parcels::Parcels;
use crate::overlay::rpc::Calls;
use crate::overlay::storage::Totals;
use crate::overlay::{Health, Overlay, Traffic};
use crate::peers::Conduct;
use crate::world::{Action, Departure, Directory, Event, HostIdx, NodeIdx, PeerIdx, RingId};

/// What an observer may look at.
pub struct Scene<'a, O: Overlay> {
    /// The simulated time.
    pub now: SimTime,
    /// All nodes.
    pub overlay: &'a O,
    /// Who is a member.
    pub members: &'a Directory,
    /// The calls under way.
    pub calls: &'a Calls<O::Purpose>,
    /// The lists under way.
    pub parcels: &'a Parcels,
    /// What users know of puts and gets.
    pub operations: &'a Operations,
    /// The network.
    pub network: &'a Network,
    /// How many nodes each peer has: node n belongs to peer n / positions.
    pub positions: u32,
    /// Who is selfish at this moment.
    pub conduct: &'a Conduct,
}

impl<O: Overlay> Scene<'_, O> {
    /// The peer that a node belongs to.
    #[must_use]
    pub fn peer(&self, node: NodeIdx) -> PeerIdx {
        PeerIdx(node.0 / self.positions)
    }

    /// The host that a node sits on.
    #[must_use]
    pub fn host(&self, node: NodeIdx) -> HostIdx {
        self.network.host_of(self.peer(node))
    }
}

/// An event of a run with this overlay.
pub type EventOf<O> = Event<<O as Overlay>::Msg, <O as Overlay>::Timer>;

/// A user at a node asks for a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asked {
    /// When.
    pub at: SimTime,
    /// The request's ticket. Tickets are numbered in the order in which requests begin.
    pub ticket: u64,
    /// The asking node; [`NodeIdx::NONE`] if nobody is there to ask.
    pub source: NodeIdx,
    /// Its identifier.
    pub source_id: RingId,
    /// The key.
    pub key: RingId,
    /// What is done; `None`: the key is only looked up.
    pub operation: Option<Action>,
    /// Whether it begins within the measured duration.
    pub counts: bool,
}

/// A message that a node sends.
#[derive(Clone, Copy, Debug)]
pub struct Sent<M> {
    /// The sender.
    pub from: NodeIdx,
    /// The receiver.
    pub to: NodeIdx,
    /// What it says.
    pub msg: M,
    /// Its size on the wire.
    pub bytes: u32,
    /// On whose account it travels.
    pub traffic: Traffic,
    /// What the network does with it.
    pub fate: Fate,
    /// Whether it is measured: it is sent within the measured duration, or for a request that counts.
    pub counts: bool,
}

/// Why a node is a member no more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Parting {
    /// Its peer has departed.
    Departed(Departure),
    /// It has lost the others, and is going to join again.
    Lost,
}

/// The state of a run at the end of a row of the timeline.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// When.
    pub at: SimTime,
    /// How far the tables are from the truth.
    pub health: Health,
    /// Peers that are members.
    pub members: u64,
    /// Peers that are up and have not joined yet.
    pub joining: u64,
    /// The median relative error of round trips that nodes estimate from coordinates; `None` if they have none.
    pub estimate_error: Option<f64>,
    /// Share of the members that are selfish; `None` if that is not measured, or nobody is a member.
    pub selfish_share: Option<f64>,
    /// What is kept under the keys; `None` if nothing ever is.
    pub stock: Option<Totals>,
}

/// A metric and its value, if it has one.
pub type Measured = (Metric, Option<f64>);

/// Gives the list of hooks to a macro.
macro_rules! hooks {
    ($make:ident) => {
        $make! {
            /// The next node exists; it is no member yet.
            node_added(id: RingId);
            /// All members are there from the start.
            converged(scene: &Scene<'_, O>);
            /// An event is about to be handled.
            before(scene: &Scene<'_, O>, event: &EventOf<O>);
            /// A node sends a message.
            sent(scene: &Scene<'_, O>, sent: &Sent<O::Msg>);
            /// A message has reached a node that is there to handle it; whether it is measured, as with
            /// [`Sent::counts`].
            handled(node: NodeIdx, counts: bool);
            /// A peer refuses what a message asks of it, a selfish one or one that plays fair and declines: the ticket of the request, if it is for one, and whether it is
            /// measured.
            refused(node: NodeIdx, ticket: Option<u64>, counts: bool);
            /// A selfish peer names the wrong owner of a key that a message looks for: the node that it names.
            misrouted(node: NodeIdx, named: NodeIdx, ticket: Option<u64>, counts: bool);
            /// A node has acted, and what it wanted done is done.
            acted(scene: &Scene<'_, O>, node: NodeIdx);
            /// A node has become a member.
            joined(scene: &Scene<'_, O>, node: NodeIdx);
            /// A member is one no more.
            left(scene: &Scene<'_, O>, node: NodeIdx, parting: Parting);
            /// A node has come up with its peer, and is going to join.
            came_up(now: SimTime, node: NodeIdx);
            /// A node has gone down with its peer, whether it was a member or not.
            went_down(now: SimTime, node: NodeIdx, departure: Departure);
            /// A node that has gone down never comes back.
            gone_for_good(node: NodeIdx);
            /// A peer has come up.
            peer_came();
            /// A peer has gone.
            peer_went(departure: Departure);
            /// A user asks for a key.
            asked(scene: &Scene<'_, O>, asked: &Asked);
            /// A peer would have come, but the ring has no identifier left for it.
            turned_away();
            /// A node answers for a key.
            claimed(scene: &Scene<'_, O>, key: RingId, claim: &Claim);
            /// A user puts or gets what is under a key.
            began(now: SimTime, key: RingId, action: Action);
            /// A put or get has been told how it ended.
            ended(scene: &Scene<'_, O>, key: RingId, state: &OperationState);
            /// The warm-up is over.
            measuring_began();
            /// A row of the timeline ends.
            sampled(sample: &Sample);
            /// The measured duration is over; each key of the workload is owned by one of these nodes.
            measuring_ended(now: SimTime, owners: &[NodeIdx]);
        }
    };
}

pub(super) use hooks;

macro_rules! define_observer {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*);)*) => {
        /// Sees what happens in a run. Every hook has an empty default.
        pub trait Observer<O: Overlay> {
            $(
                $(#[$doc])*
                fn $name(&mut self, $($arg: $type),*) {
                    let _ = ($($arg,)*);
                }
            )*

            /// A user's request is over; requests are told of in the order in which they began. Rows go to the sink.
            ///
            /// # Errors
            /// When what is made of it cannot be written; the run then stops.
            fn finished(
                &mut self,
                finished: &Finished,
                sink: &mut dyn RecordSink,
            ) -> io::Result<()> {
                let _ = (finished, sink);
                Ok(())
            }

            /// A user's put or get is over, likewise.
            ///
            /// # Errors
            /// As with `finished`.
            fn operated(
                &mut self,
                over: &FinishedOperation,
                sink: &mut dyn RecordSink,
            ) -> io::Result<()> {
                let _ = (over, sink);
                Ok(())
            }

            /// The run is over: rows to the sink, and what there is to say in the summary.
            ///
            /// # Errors
            /// When a row cannot be written.
            fn done(
                &mut self,
                scene: &Scene<'_, O>,
                sink: &mut dyn RecordSink,
            ) -> io::Result<Vec<Measured>> {
                let _ = (scene, sink);
                Ok(Vec::new())
            }
        }
    };
}

hooks!(define_observer);
