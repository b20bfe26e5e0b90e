//! Proximity: a ring of hashed identifiers knows nothing of the network below it, and this is what nodes can do about
//! it (`chord.proximity`).
//!
//! * *Proximity neighbour selection* (PNS): finger i may be any node in [n + 2^i, n + 2^(i+1)); of the first so many of
//!   them the nearest is taken. Where the interval is empty, the ordinary finger stands. [`selection`] finds them.
//! * *Proximity route selection* (PRS): of the nodes that it knows, a node hands a lookup not to the one nearest to the
//!   key but to the one by which the lookup is expected to take the least time. [`route`] chooses.
//! * *Ideal*: of all nodes of an interval the nearest, as nobody could know who has not measured everything. It sends no
//!   message, and is the bound for the others.
//!
//! How far another node is, a node knows from round trips that it measured itself, on calls that it makes anyway and on
//! pings, or estimates from coordinates that answers carry (`chord.estimate`): [`coordinates`].
//!
//! Sources: Gummadi, Gummadi, Gribble, Ratnasamy, Shenker, Stoica, "The Impact of DHT Routing Geometry on Resilience and
//! Proximity", SIGCOMM 2003 (PNS, PRS, and that the order is PNS, PRS, none); Dabek, Li, Sit, Robertson, Kaashoek, Morris,
//! "Designing a DHT for Low Latency and High Throughput", NSDI 2004 (candidates from successor lists); Dabek, Kaashoek, Karger,
//! Morris, Stoica, "Wide-area Cooperative Storage with CFS", SOSP 2001, section 4.3 (the rule of PRS).

mod converge;
mod coordinates;
mod near;
mod route;
mod selection;

pub(super) use near::{Near, Proximity};
