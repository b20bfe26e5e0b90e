//! Values under keys: what is kept where, how it gets there and how it survives. `docs/storage.md` says what the protocol is
//! and where it comes from.
//!
//! [`Stored`] is an overlay around another one: it hands on what is the overlay's, and does with the rest what this module
//! is about. The overlay carries its messages and says which node keeps what ([`Replicas`]); it knows nothing of copies.
//!
//! | file | concern |
//! |---|---|
//! | `shelf` | the copies of one node |
//! | `placement` | the scheme: which nodes keep the copies of a key |
//! | `message` | what nodes say to each other about copies |
//! | `operation` | puts and gets, at the node that asks |
//! | `pending` | what is known of one under way |
//! | `places` | puts and gets whose copies are spread |
//! | `shunned` | the same where the asking node thinks ill of some |
//! | `repair` | copies are compared, replaced and released |
//! | `walk` | copies at other places than their keys are compared |
//! | `search` | the owner of a place is found |
//! | `handover` | keys move when a node joins or leaves |
//! | `census` | what there is of each key, in truth |
//! | `service` | what each message asks for, and what is said by those that do not do it |
//! | `handlers` | which event goes where |

mod census;
mod handlers;
mod handover;
mod message;
mod operation;
mod pending;
mod placement;
mod places;
mod repair;
mod search;
mod service;
mod shelf;
mod shunned;
mod walk;

pub use census::Totals;
pub use message::{CARRIERS, Cause, FIRST_KIND, Msg, Purpose, Timer};

use std::collections::BTreeMap;

use self::census::Census;
use self::message::Errand;
use self::message::{ARC, DIGEST, ITEM};
use self::pending::Pending;
use self::placement::Placement;
use self::search::Searches;
use self::shelf::Shelf;
use super::{Arc, Carries, Fx, Item, LookAhead, ParcelId, Replicas, Traffic};
use crate::scenario::resolved;
use crate::world::{CallId, NodeIdx, PerNode, RingId, Rows, Space};

/// An overlay on which values can be stored.
pub trait Host:
    LookAhead + Replicas<Msg: Carries<Msg>, Timer: Carries<Timer>, Purpose: Carries<Purpose>>
{
}

impl<O> Host for O where
    O: LookAhead + Replicas<Msg: Carries<Msg>, Timer: Carries<Timer>, Purpose: Carries<Purpose>>
{
}

/// What is kept under the keys, in truth.
pub trait Stock {
    /// How many copies of a key there are, those under way from nodes that have left included.
    fn copies_of(&self, key: RingId) -> u32;

    /// All keys together.
    fn totals(&self) -> Totals;

    /// How many keys a node keeps copies of.
    fn kept_by(&self, node: NodeIdx) -> usize;

    /// The places of a key, of which the first is its own: as many copies as there should be are shared out evenly among these,
    /// to the owner of each and the nodes behind it.
    fn places_of(&self, key: RingId) -> Vec<RingId>;

    /// How many copies are under way from nodes that have left.
    fn under_way(&self) -> u64;

    /// The copies that a node keeps, by their keys.
    fn copies_at(&self, node: NodeIdx) -> Vec<Item>;

    /// Which version of a key's value a node keeps; 0 if none.
    fn version_at(&self, node: NodeIdx, key: RingId) -> u32;

    /// The keys that a node takes for its own; `None` if it does not know.
    fn own_keys(&self, node: NodeIdx) -> Option<Arc>;

    /// The nodes that keep copies of what has a place among a node's own keys, as far as it knows, itself first.
    fn keepers_of(&self, node: NodeIdx) -> Vec<NodeIdx>;

    /// The nodes that come into question for that, without itself.
    fn stand_ins_of(&self, node: NodeIdx) -> &[NodeIdx];
}

/// An overlay with values under its keys.
pub struct Stored<O: Host> {
    overlay: O,
    config: resolved::Storage,
    placement: Placement,
    space: Space,
    /// Nodes of one peer have numbers that follow each other.
    nodes_per_peer: u32,
    rows: Rows,
    shelves: PerNode<Shelf>,
    census: Census,
    /// The puts and gets under way, by the node that asks and their number.
    pending: BTreeMap<(NodeIdx, u32), Pending>,
    /// Where these stand, as long as a user waits.
    by_ticket: BTreeMap<u64, (NodeIdx, u32)>,
    next_operation: u32,
    searches: Searches,
}

impl<O: Host> Stored<O> {
    /// An overlay that has no node yet, with nothing stored.
    #[must_use]
    pub fn new(overlay: O, shape: &resolved::Overlay, config: &resolved::Storage) -> Self {
        let space = Space::new(shape.id_bits);
        Self {
            overlay,
            config: *config,
            placement: Placement::new(config, space),
            space,
            nodes_per_peer: shape.virtual_nodes,
            rows: Rows::default(),
            shelves: PerNode::default(),
            census: Census::new(config.replicas),
            pending: BTreeMap::new(),
            by_ticket: BTreeMap::new(),
            next_operation: 0,
            searches: Searches::default(),
        }
    }

    fn shelf(&self, node: NodeIdx) -> &Shelf {
        self.shelves.of(&self.rows, node)
    }

    fn shelf_mut(&mut self, node: NodeIdx) -> &mut Shelf {
        self.shelves.of_mut(&self.rows, node)
    }

    fn peer_of(&self, node: NodeIdx) -> u32 {
        node.0 / self.nodes_per_peer
    }

    /// The nodes that keep copies of what has a place among a node's own keys besides it, and the node behind them: each of another peer.
    fn others(&self, node: NodeIdx) -> (Vec<NodeIdx>, Option<NodeIdx>) {
        let wanted = usize::from(self.placement.nodes_each()) - 1;
        let mut peers = vec![self.peer_of(node)];
        let mut others = Vec::with_capacity(wanted);
        for candidate in self.overlay.stand_ins(node) {
            let peer = self.peer_of(*candidate);
            if peers.contains(&peer) {
                continue;
            }
            if others.len() == wanted {
                return (others, Some(*candidate));
            }
            peers.push(peer);
            others.push(*candidate);
        }
        (others, None)
    }

    /// The copies that a node has of all keys with a place on an arc.
    fn copies_with_place_on(&self, node: NodeIdx, arc: Arc) -> Vec<Item> {
        let shelf = self.shelf(node);
        let mut copies: Vec<Item> = shelf.on(arc).collect();
        let mut seen = vec![arc];
        for number in 1..self.placement.places() {
            let keys = self.placement.keys_with(number, arc);
            let is_seen = |key| seen.iter().any(|arc: &Arc| arc.holds(self.space, key));
            copies.extend(shelf.on(keys).filter(|item| !is_seen(item.key)));
            seen.push(keys);
        }
        copies
    }

    /// Whether a node is to keep a copy of a key itself, as far as it knows. With several places to a key nobody else can tell,
    /// so that a node which does not know its own keys keeps what it has.
    fn is_keeper(&self, node: NodeIdx, key: RingId) -> bool {
        let unknown = self.placement.places() > 1;
        let own = self.overlay.own_arc(node);
        own.map_or(unknown, |own| self.placement.belongs(key, own))
    }

    /// A node keeps a copy, unless it has one as new.
    fn keep(&mut self, node: NodeIdx, item: Item, fx: &Fx<O>) {
        if self.shelf_mut(node).keep(item, fx.now()) {
            self.census.kept(item.key);
        }
    }

    /// A node keeps a copy no more.
    fn discard(&mut self, node: NodeIdx, key: RingId) {
        if self.shelf_mut(node).remove(key) {
            self.census.gone(key);
        }
    }

    /// A node keeps nothing any more.
    fn discard_all(&mut self, node: NodeIdx) {
        let keys = self.shelves.of_mut(&self.rows, node).clear();
        for key in keys {
            self.census.gone(key);
        }
    }
}

/// The call of copies that nobody waits for an answer to.
const NOBODY_WAITS: CallId = CallId(u32::MAX);

/// The arc of a batch that is about no arc.
const NO_ARC: Arc = Arc {
    after: RingId(0),
    upto: RingId(0),
};

fn size_of_values(items: &[Item]) -> u32 {
    let size = |item: &Item| u64::from(ITEM) + u64::from(item.bytes);
    let sum: u64 = items.iter().map(size).sum();
    u32::try_from(sum).unwrap_or(u32::MAX)
}

/// Packs copies with their values.
fn pack_values<O: Host>(items: &[Item], fx: &mut Fx<O>) -> ParcelId {
    let bytes = size_of_values(items);
    let items = items.iter().copied();
    fx.parcels_mut().pack_batch((NO_ARC, 0), items, bytes)
}

/// Packs the keys and versions of copies.
fn pack_names<O: Host>(items: &[Item], fx: &mut Fx<O>) -> ParcelId {
    let bytes = (items.len() as u32).saturating_mul(ITEM);
    let items = items.iter().copied();
    fx.parcels_mut().pack_batch((NO_ARC, 0), items, bytes)
}

/// Packs the digest of all copies on an arc.
fn pack_summary<O: Host>(arc: Arc, digest: u64, fx: &mut Fx<O>) -> ParcelId {
    fx.parcels_mut().pack_batch((arc, digest), [], ARC + DIGEST)
}

/// Packs a place, which is the end of the way.
fn pack_place<O: Host>(way: Arc, fx: &mut Fx<O>) -> ParcelId {
    fx.parcels_mut().pack_batch((way, 0), [], ARC)
}

/// Sends a message about copies.
fn send<O: Host>(to: NodeIdx, msg: Msg, traffic: Traffic, fx: &mut Fx<O>) {
    fx.send(to, O::Msg::from(msg), traffic);
}
