//! `timeline.csv`.

use crate::catalogue::cell::Flag;
use crate::catalogue::record::record;

record! {
    /// An interval of the measurement: what happened in it, and the state at its end. A lookup counts where it
    /// started.
    TimelineRecord in "timeline.csv", a row per "interval of `sample` simulated time",
        wanted by "output.timeline" if |output| output.timeline;

    /// End of the interval.
    time_s: f64 => Seconds;
    /// Peers that are members.
    nodes: u64 => Count;
    /// Lookups started.
    lookups: u64 => Count;
    /// Of those: answered rightly.
    ok: u64 => Count;
    /// Of those: answered wrongly.
    wrong: u64 => Count;
    /// Of those: not answered.
    failed: u64 => Count;
    /// Mean hops of those answered rightly.
    hops_mean: Option<f64> => Count;
    /// Mean latency of those answered rightly.
    latency_ms_mean: Option<f64> => Milliseconds, "mean latency";
    /// Messages sent.
    messages: u64 => Count;
    /// Peers that came up.
    joins: u64 => Count;
    /// Peers that said goodbye.
    leaves: u64 => Count;
    /// Peers that went without a word.
    crashes: u64 => Count;
    /// 1 if every live node's first live successor is the next live node on the ring, else 0; its mean is the
    /// share of time with a correct ring. Empty if the overlay is no ring, or nobody is a member.
    ring_ok: Option<bool> as Flag => Share;
    /// Share of live nodes whose first successor entry is not the next live node; empty as above.
    wrong_successors: Option<f64> => Share, "wrong first successors";
    /// Share of live nodes whose first successor entry is dead; empty as above.
    dead_successors: Option<f64> => Share, "dead first successors";
    /// Share of all finger entries that name a dead node; empty if the nodes keep no fingers.
    dead_fingers: Option<f64> => Share, "dead fingers";
    /// Share of all finger entries that differ from the textbook's table; empty as above. Where fingers are chosen among several
    /// (`chord.proximity`), every member of an entry's interval is right.
    wrong_fingers: Option<f64> => Share, "wrong fingers";
    /// Peers that are up and have not finished joining.
    joining: u64 => Count;
    /// Keys of which a live node has a copy; empty if nothing is stored.
    values_alive: Option<u64> => Count, "values alive";
    /// Keys that were stored and of which no live node has a copy; empty as above.
    values_lost: Option<u64> => Count, "values lost";
    /// Keys that are alive with fewer copies than `replicas`; empty as above.
    under_replicated: Option<u64> => Count, "values with too few copies";
    /// Bytes sent to compare and replace copies; empty as above.
    repair_bytes: Option<u64> => Bytes, "bytes of repair";
    /// Bytes sent because keys move when a node joins or says goodbye; empty as above.
    handover_bytes: Option<u64> => Bytes, "bytes of hand-over";
    /// Separate rings: the cycles that are made by going from each live node to the first node in its successor list that is
    /// alive, on whichever side of a partition. A node whose list is empty is its own successor; one that has only dead entries
    /// leads nowhere. 1 as long as the ring is in one piece, whether or not the order is right; empty if the overlay is no
    /// ring, nobody is a member, or more than 100 000 are.
    rings: Option<u64> => Count, "separate rings";
    /// Median, over 1000 random pairs of members, of the relative error of the round trips that nodes estimate from
    /// coordinates; empty if they have none.
    estimate_error: Option<f64> => Share, "median error of estimated round trips";
    /// Share of selfish peers among the members; empty if the scenario has no `[selfish]`, or nobody is a member.
    selfish_share: Option<f64> => Share, "selfish peers";
}
