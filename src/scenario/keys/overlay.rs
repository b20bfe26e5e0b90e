//! `[overlay]`: members, their identifiers, and what every overlay has.

use serde::Serialize;

use super::key::{DURATION, POSITIVE, Section, ValueKind, Word, count};
use super::value::{FromValue, Value};
use crate::engine::SimDuration;

/// The most ring positions at time 0, so that columns of them fit their indices with room for all
/// who join later.
pub(in crate::scenario) const MAX_POSITIONS: u32 = 100_000_000;

section! {
    /// Members, their identifiers, and what every overlay has.
    pub struct Overlay, static OVERLAY = Section::table("overlay"), {
        /// Which overlay runs.
        protocol: Protocol = "chord", ValueKind::Word(Protocol::WORDS);
        /// Members at time 0, each with `virtual_nodes` positions; with a list of ids their number
        /// follows from it.
        nodes: u32 = 1000, count(1, MAX_POSITIONS as u64);
        /// Ring positions per peer.
        virtual_nodes: u32 = 1, count(1, 10_000), also("chord.virtual_nodes"),
            limits("times `nodes` at most 100 000 000");
        /// The ring has 2^`id_bits` positions; all nodes (times `virtual_nodes`) and those that
        /// join by faults must find room.
        id_bits: u32 = 64, count(3, 64);
        /// How identifiers are given out. Of a list, all must be different, below 2^`id_bits`, and as
        /// many as `nodes` times `virtual_nodes`.
        ids: Ids = "hashed", ValueKind::WordOrCounts(Ids::WORDS);
        /// In which state the run begins.
        start: Start = "converged", ValueKind::Word(Start::WORDS);
        /// With `start = "join"`: the span from time 0 over which the initial members join.
        join_window: SimDuration = "5m", DURATION;
        /// Through whom nodes join ([chord.md](chord.md#finding-a-contact)): `replaced`, or a number of well-known peers, which are the
        /// first ones; of these a node asks one after the other, beginning with a random one, and nobody else. Once all
        /// were asked in vain it waits for `request_timeout`.
        bootstrap: Bootstrap = "replaced", ValueKind::WordOrCount(Bootstrap::WORDS), limits("1 to `nodes`, at most 100");
        /// Without an answer to a call for this long the call is made again or the node counts as dead.
        rpc_timeout: SimDuration = "500ms", POSITIVE, also("chord.rpc_timeout");
        /// How often a call that was not answered is made again before the node that was called counts as
        /// dead. Each time costs another `rpc_timeout`.
        rpc_retries: u8 = 0, count(0, 100), also("chord.rpc_retries");
        /// Without an answer for this long a user's request has failed.
        request_timeout: SimDuration = "30s", POSITIVE, also("chord.lookup_timeout");
    }
}

words! {
    /// `overlay.protocol`
    pub enum Protocol {
        /// Stoica et al. 2001, in the variants of `chord.maintenance`.
        Chord = "chord",
    }
}

words! {
    /// `overlay.start`
    pub enum Start {
        /// Every table is correct at time 0.
        Converged = "converged",
        /// Everybody joins through the well-known node.
        Join = "join",
    }
}

/// `overlay.bootstrap`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bootstrap {
    /// One well-known node, which is always there.
    Replaced,
    /// So many well-known peers, the first ones, whether they are there or not.
    Fixed(u32),
}

impl Bootstrap {
    const WORDS: &'static [Word] = &[Word {
        name: "replaced",
        doc: "One well-known node, in whose place another comes at once when it goes. Who could not join through it \
              asks a random member.",
    }];
}

impl FromValue for Bootstrap {
    fn from_value(value: Value) -> Self {
        match value {
            Value::Word(0) => Self::Replaced,
            // What is too many is refused when it is known how many there are.
            Value::Count(count) => Self::Fixed(u32::try_from(count).unwrap_or(u32::MAX)),
            other => other.misfit(),
        }
    }
}

/// `overlay.ids`
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ids {
    /// The leading bits of the SHA-1 of a node's address.
    Hashed,
    /// Evenly spaced, in ring order.
    Even,
    /// Hashed, within the part of the ring that is the region's.
    Region,
    /// Given one by one: as many as there are ring positions at time 0, all different.
    List(Vec<u64>),
}

impl Ids {
    const WORDS: &'static [Word] = &[
        Word {
            name: "hashed",
            doc: "The leading bits of the SHA-1 of a node's address.",
        },
        Word {
            name: "even",
            doc: "Evenly spaced, in ring order.",
        },
        Word {
            name: "region",
            doc: "Each region of the network has an equal part of the ring, and nodes there identifiers at random in it; on \
                  networks with regions (`transit-stub`, `regions`).",
        },
    ];
}

impl FromValue for Ids {
    fn from_value(value: Value) -> Self {
        match value {
            Value::Word(0) => Self::Hashed,
            Value::Word(1) => Self::Even,
            Value::Word(2) => Self::Region,
            Value::Counts(list) => Self::List(list),
            other => other.misfit(),
        }
    }
}
