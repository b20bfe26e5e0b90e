//! `links.csv`.

use crate::catalogue::record::record;

record! {
    /// A physical link of the network, and what crossed it. Links of the network itself are all there, used or not; a link
    /// that attaches a host to its router is there if something crossed it. A message that is lost counts on all links of
    /// its path, one that a cut stops on none.
    LinkRecord in "links.csv", a row per "physical link",
        wanted by "output.links" if |output| output.links;

    /// Its number, from 0; in a graph from a file that of its edge.
    link: u32 => Name;
    /// What it leads from: its name in the file, or else `host` or `router` and the number. Hosts are those of `nodes.csv`.
    from: String => Name;
    /// What it leads to.
    to: String => Name;
    /// How long a message takes from one end to the other.
    latency_ms: f64 => Milliseconds, "latency";
    /// Messages of lookups, puts and gets that count, with their acknowledgements and answers, in both directions unless
    /// links have one.
    messages: u64 => Count, "messages per link";
    /// Their bytes.
    bytes: u64 => Bytes;
    /// What there would be if each of these requests were sent straight to the node that owns the key when it begins, and
    /// one answer came straight back.
    direct_messages: u64 => Count, "messages per link, sent straight";
    /// Messages of maintenance, of repair and of hand-over, within the measured duration.
    maintenance_messages: u64 => Count, "messages of maintenance per link";
    /// Their bytes.
    maintenance_bytes: u64 => Bytes;
    /// `true` if it attaches one host to its router.
    access: bool => Name;
    /// Where it leads from, on the map of the network: in a plane, or degrees of longitude; empty without a map.
    from_x: Option<f64> => Ratio;
    /// Likewise: in a plane, or degrees of latitude.
    from_y: Option<f64> => Ratio;
    /// Where it leads to.
    to_x: Option<f64> => Ratio;
    /// Likewise.
    to_y: Option<f64> => Ratio;
}
