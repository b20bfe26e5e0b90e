//! `nodes.csv`.

use crate::catalogue::record::record;
use crate::world::Departure;

record! {
    /// A node that was a member during the measurement, or asked a lookup, or sent or handled a message that counts. It is a
    /// position on the ring; a peer has several of them with `virtual_nodes` above 1.
    NodeRecord in "nodes.csv", a row per "node that was a member during the measurement, asked a lookup, or sent or handled a message",
        wanted by "output.nodes" if |output| output.nodes;

    /// Its number, from 0 in order of first joining.
    node: u32 => Name;
    /// Its identifier.
    id: u64 => Name;
    /// Its place in the network.
    host: u32 => Name;
    /// When it first became a member; empty: it never did by the end of the measurement.
    joined_s: Option<f64> => Seconds;
    /// When it last departed as a member; empty: it is there at the end, or never was a member.
    left_s: Option<f64> => Seconds;
    /// `leave`: it told its neighbours; `crash`: it did not; empty: as above.
    departure: Option<Departure> => Name;
    /// Whether its peer is selfish.
    selfish: bool => Name;
    /// Keys it owns at the end; empty if it is no member.
    keys: Option<u64> => Count;
    /// Lookups it asked.
    lookups_started: u64 => Count;
    /// Messages it handled.
    messages_in: u64 => Count, "messages handled per node";
    /// Messages it sent.
    messages_out: u64 => Count;
    /// Lookups of others that it passed on.
    forwarded: u64 => Count;
    /// Bytes it sent.
    bytes_out: u64 => Bytes;
    /// Number of its peer: nodes of one peer share it.
    peer: u32 => Name;
    /// How often it was up during the measurement, on the ring or on its way there.
    sessions: u32 => Count;
    /// For how long it was up during the measurement, on the ring or on its way there.
    up_s: f64 => Seconds, "time up";
}
