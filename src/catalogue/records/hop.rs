//! `hops.csv`.

use crate::catalogue::record::record;

record! {
    /// A position on the way of lookups: the first hop, the second, and so on, and the answer. All is about the lookups that
    /// count and were answered rightly; positions from 64 on share a row.
    HopRecord in "hops.csv", a row per "hop position of lookups",
        wanted by "output.hops" if |output| output.hops;

    /// The number of the row in the run, from 0.
    position: u32 => Name;
    /// `hop`: the lookup is passed on; iterative: the next node is asked. `referral`: iterative, what that node answers.
    /// `answer`: the owner tells the asking node.
    step: &'static str => Name;
    /// The how manieth hop, from 1; 64 stands for all from the 64th on; empty for the answer.
    hop: Option<u32> => Name;
    /// Messages there. Those that were not answered in time are no hops.
    messages: u64 => Count;
    /// How long one was under way, in the mean.
    latency_ms_mean: Option<f64> => Milliseconds, "mean latency";
    /// The median of that.
    latency_ms_p50: Option<f64> => Milliseconds, "median latency";
    /// The 95th percentile of that.
    latency_ms_p95: Option<f64> => Milliseconds, "95th percentile of latency";
    /// Share of them that leave the region, or domain, of the sender; empty where the network has none.
    crossing_share: Option<f64> => Share, "messages that leave their region";
    /// Lookups that took this many hops in all, of those that have a stretch; in the row of the answer all of these.
    lookups: Option<u64> => Count;
    /// Their stretch in the mean.
    stretch_mean: Option<f64> => Ratio, "mean stretch";
    /// The median of it.
    stretch_p50: Option<f64> => Ratio, "median stretch";
    /// The 95th percentile of it.
    stretch_p95: Option<f64> => Ratio, "95th percentile of stretch";
}
