//! The metrics. A new one is an entry here and a value where it is measured.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::metric::Pooling::{Maximum, MeanOver, Minimum, Never, Sum};
use super::metric::metrics;

metrics! {
    /// Lookups that started within `duration`.
    Lookups = "lookups", "lookups": Count, Always, Sum;
    /// Lookups whose answer names the node that owned the key when it was given.
    Ok = "ok", "lookups answered rightly": Count, Always, Sum;
    /// Lookups whose answer names another node.
    Wrong = "wrong", "lookups answered wrongly": Count, Always, Sum;
    /// Lookups that were not answered, or that nobody was left to ask.
    Failed = "failed", "lookups not answered": Count, Always, Sum;
    /// Share of the lookups that were answered rightly: `ok / lookups`.
    SuccessRate = "success_rate", "success rate": Share, Always, MeanOver("lookups"), expected;
    /// Mean hops of the lookups that were answered rightly (`ok`).
    HopsMean = "hops_mean", "mean hops per lookup": Count, Always, MeanOver("ok"), expected;
    /// Median of the hops of lookups that were answered rightly.
    HopsP50 = "hops_p50", "median of hops": Count, Always, Never;
    /// 95th percentile of the hops of lookups that were answered rightly.
    HopsP95 = "hops_p95", "95th percentile of hops": Count, Always, Never;
    /// 99th percentile of the hops of lookups that were answered rightly.
    HopsP99 = "hops_p99", "99th percentile of hops": Count, Always, Never;
    /// Most hops of a lookup that was answered rightly.
    HopsMax = "hops_max", "most hops": Count, Always, Maximum;
    /// Mean of `max(hops - 1, 0)`: forwards up to the key's predecessor, as the papers count.
    PathLengthMean = "path_length_mean", "mean path length": Count, Always, MeanOver("ok");
    /// Mean latency, from asking to the answer, of the lookups that were answered rightly.
    LatencyMsMean = "latency_ms_mean", "mean latency": Milliseconds, Always, MeanOver("ok"), expected;
    /// Median latency of the lookups that were answered rightly.
    LatencyMsP50 = "latency_ms_p50", "median latency": Milliseconds, Always, Never;
    /// 95th percentile of the latency of lookups that were answered rightly.
    LatencyMsP95 = "latency_ms_p95", "95th percentile of latency": Milliseconds, Always, Never;
    /// 99th percentile of the latency of lookups that were answered rightly.
    LatencyMsP99 = "latency_ms_p99", "99th percentile of latency": Milliseconds, Always, Never;
    /// Mean of latency over the direct round trip, of the lookups answered rightly that had a hop.
    StretchMean = "stretch_mean", "mean stretch": Ratio, Always, Never;
    /// Median of that stretch.
    StretchP50 = "stretch_p50", "median stretch": Ratio, Always, Never;
    /// 95th percentile of that stretch.
    StretchP95 = "stretch_p95", "95th percentile of stretch": Ratio, Always, Never;
    /// Messages of a lookup that were not answered in time, in the mean over all lookups.
    TimeoutsMean = "timeouts_mean", "mean timeouts per lookup": Count, Always, MeanOver("lookups"), expected;
    /// Messages sent by all nodes within `duration`.
    Messages = "messages", "messages": Count, Always, Sum;
    /// Messages sent to keep the ring in repair.
    MaintenanceMessages = "maintenance_messages", "messages of maintenance": Count, Always, Sum;
    /// Bytes sent by all nodes.
    Bytes = "bytes", "bytes sent": Bytes, Always, Sum;
    /// Messages handled per peer, in the mean over the peers that were members.
    LoadMean = "load_mean", "mean load per peer": Count, Always, Never;
    /// The most messages that a peer handled.
    LoadMax = "load_max", "highest load of a peer": Count, Always, Maximum;
    /// Gini coefficient of the messages handled: 0 if all peers have the same, towards 1 if one has all.
    LoadGini = "load_gini", "Gini coefficient of load": Ratio, Always, Never;
    /// Keys owned per peer at the end, in the mean.
    KeysMean = "keys_mean", "mean keys per peer": Count, Always, Never, expected;
    /// 1st percentile of the keys owned per peer at the end.
    KeysP1 = "keys_p1", "1st percentile of keys per peer": Count, Always, Never, expected;
    /// 99th percentile of the keys owned per peer at the end.
    KeysP99 = "keys_p99", "99th percentile of keys per peer": Count, Always, Never, expected;
    /// The most keys that a peer owns at the end.
    KeysMax = "keys_max", "most keys of a peer": Count, Always, Maximum;
    /// Gini coefficient of the keys owned per peer at the end.
    KeysGini = "keys_gini", "Gini coefficient of keys": Ratio, Always, Never;
    /// Peers that came.
    Joins = "joins", "joins": Count, Always, Sum;
    /// Peers that said goodbye.
    Leaves = "leaves", "departures with a goodbye": Count, Always, Sum;
    /// Peers that went without a word.
    Crashes = "crashes", "departures without a word": Count, Always, Sum;
    /// Peers that are members at the end.
    NodesEnd = "nodes_end", "members at the end": Count, Always, Never;
    /// Events of the simulation, from its beginning to its end.
    Events = "events", "events": Count, Always, Sum;
    /// Messages that the network lost.
    LostMessages = "lost_messages", "messages lost": Count, Always, Sum;
    /// Messages that a peer did not serve: a selfish one, or one that plays fair and declines.
    RefusedMessages = "refused_messages", "messages refused": Count, Always, Sum;
    /// Standard deviation of the keys owned per peer at the end.
    KeysSd = "keys_sd", "standard deviation of keys per peer": Count, Always, Never;
    /// Share of the peers that own no key at the end.
    KeysEmptyShare = "keys_empty_share", "peers without keys": Share, Always, Never;
    /// Times that something that should always hold stopped holding.
    Violations = "violations", "violations": Count, WithAudit, Sum;
    /// Violations with all preconditions of the proof given: the protocol itself has broken it.
    ViolationsUnexcused = "violations_unexcused", "violations without excuse": Count, WithAudit, Sum;
    /// Time in which something that should always hold did not.
    ViolatedS = "violated_s", "time in violation": Seconds, WithAudit, Sum;
    /// The fewest principals since the invariant first held; empty if it never did.
    PrincipalsMin = "principals_min", "fewest principals": Count, WithAudit, Minimum;
    /// Failed lookups to which there was no answer in time, for no known reason.
    FailedTimeout = "failed_timeout", "lookups that timed out": Count, Always, Sum;
    /// Failed lookups that a selfish peer had refused to serve.
    FailedDropped = "failed_dropped", "lookups dropped": Count, Always, Sum;
    /// Failed lookups whose asking node went, or lost the ring, before the answer was there.
    FailedAskerGone = "failed_asker_gone", "lookups of nodes that went": Count, Always, Sum;
    /// Failed lookups for which no node was left to ask.
    FailedNobodyLeft = "failed_nobody_left", "lookups with nobody left to ask": Count, Always, Sum;
    /// Peers that would have come, but the ring had no identifier left for them.
    TurnedAway = "turned_away", "peers without room": Count, Always, Sum;
    /// Puts that started within `duration`.
    Puts = "puts", "puts": Count, WithStorage, Sum;
    /// Gets that started within `duration`.
    Gets = "gets", "gets": Count, WithStorage, Sum;
    /// Share of the puts that as many nodes acknowledged as `write_quorum` wants.
    PutSuccessRate = "put_success_rate", "puts that were stored": Share, WithStorage, MeanOver("puts");
    /// Share of the gets that read a version as new as the newest one that was stored when they began.
    GetSuccessRate = "get_success_rate", "gets that found the value": Share, WithStorage, MeanOver("gets"), expected;
    /// Of the gets that read something: the share that read a version older than the newest one that was stored when they
    /// began.
    StaleRate = "stale_rate", "stale reads": Share, WithStorage, Never;
    /// Keys that were stored and of which no live node has a copy at the end.
    ValuesLost = "values_lost", "values lost": Count, WithStorage, Sum;
    /// Keys of which a live node has a copy at the end.
    ValuesAlive = "values_alive", "values alive": Count, WithStorage, Sum, expected;
    /// Keys that are alive at the end with fewer copies than `replicas`.
    UnderReplicated = "under_replicated", "values with too few copies": Count, WithStorage, Sum;
    /// Bytes sent to compare and replace copies.
    RepairBytes = "repair_bytes", "bytes of repair": Bytes, WithStorage, Sum;
    /// Bytes sent because keys move when a node joins or says goodbye.
    HandoverBytes = "handover_bytes", "bytes of hand-over": Bytes, WithStorage, Sum;
    /// Bytes of repair and of hand-over together: what it costs to keep the copies.
    UpkeepBytes = "upkeep_bytes", "bytes that keep the copies": Bytes, WithStorage, Sum;
    /// Mean latency of the puts that were stored, from asking to the last acknowledgement that was waited for.
    PutLatencyMsMean = "put_latency_ms_mean", "mean latency of puts": Milliseconds, WithStorage, Never;
    /// Mean latency of the gets that read something.
    GetLatencyMsMean = "get_latency_ms_mean", "mean latency of gets": Milliseconds, WithStorage, Never;
    /// The part of the latency of puts from asking the nodes that keep copies on, in the mean.
    PutQuorumMsMean = "put_quorum_ms_mean", "mean wait of puts for their quorum": Milliseconds, WithStorage, Never;
    /// The part of the latency of gets from asking the nodes that keep copies on, in the mean.
    GetQuorumMsMean = "get_quorum_ms_mean", "mean wait of gets for their quorum": Milliseconds, WithStorage, Never;
    /// Gets that found nothing, and no live node has a copy.
    GetsLost = "gets_lost", "gets of lost values": Count, WithStorage, Sum;
    /// Events of the script that had no effect: the peer that they name was not there, or the one that was to join was.
    ScriptIdle = "script_idle", "events of the script without effect": Count, WithScript, Sum;
    /// Peers that are up, on the ring or on their way there, on average over the measurement.
    PeersUpMean = "peers_up_mean", "mean number of peers that are up": Count, WithTrace, Never;
    /// Median, over 1000 random pairs of members at the end of the measurement, of the relative error of the round trips that
    /// nodes estimate from coordinates.
    EstimateError = "estimate_error", "median error of estimated round trips": Share, WithCoordinates, Never;
    /// Messages of lookups, puts and gets that crossed a link, in the mean over the links of the network (links that attach a
    /// single host left aside).
    LinkStressMean = "link_stress_mean", "mean messages per link": Count, WithLinks, Never;
    /// 95th percentile of that over these links.
    LinkStressP95 = "link_stress_p95", "95th percentile of messages per link": Count, WithLinks, Never;
    /// The most messages of lookups, puts and gets that crossed one of these links.
    LinkStressMax = "link_stress_max", "messages on the worst link": Count, WithLinks, Maximum;
    /// Mean messages per link if each of these requests went straight to the owner of its key and an answer straight back.
    DirectLinkStressMean = "direct_link_stress_mean", "mean messages per link, sent straight": Count, WithLinks, Never;
    /// The most messages on one link then.
    DirectLinkStressMax = "direct_link_stress_max", "messages on the worst link, sent straight": Count, WithLinks, Maximum;
    /// `link_stress_mean / direct_link_stress_mean`: how often the overlay crosses links for each crossing that is necessary.
    LinkStressRatio = "link_stress_ratio", "link stress over that of the direct way": Ratio, WithLinks, Never;
    /// 99th percentile of the stretch of the lookups that were answered rightly.
    StretchP99 = "stretch_p99", "99th percentile of stretch": Ratio, WithHops, Never;
    /// Share of the hops that leave the region, or domain, of the node that passes the lookup on; empty where the network has
    /// none.
    RegionCrossingShare = "region_crossing_share", "hops that leave their region": Share, WithHops, Never;
    /// Share of the latency that the last hop took, the one to the owner: of all lookups answered rightly that had a hop, taken
    /// together.
    LastHopLatencyShare = "last_hop_latency_share", "latency in the last hop": Share, WithHops, Never;
    /// Failed lookups whose asking node thought ill of everybody that it could have asked.
    FailedShunned = "failed_shunned", "lookups that shunned all": Count, WithReputation, Sum;
    /// Times within `duration` that a peer, honest or selfish, came to think ill of another.
    Verdicts = "verdicts", "verdicts": Count, WithReputation, Sum;
    /// Those about peers that were honest at that moment.
    FalseVerdicts = "false_verdicts", "false verdicts": Count, WithReputation, Sum;
    /// `false_verdicts / verdicts`; empty without any verdict.
    FalseVerdictShare = "false_verdict_share", "false verdicts": Share, WithReputation, MeanOver("verdicts");
    /// Times within `duration` that a selfish peer came back as another; each is counted among `leaves` and among `joins`, too.
    Whitewashes = "whitewashes", "peers that came back as others": Count, WithWhitewash, Sum;
    /// Lookups, puts and gets that started within `duration`.
    Requests = "requests", "requests": Count, WithSelfish, Sum;
    /// Messages of requests, which are all but those of maintenance, repair and hand-over: per request, in the mean.
    RequestMessagesMean = "request_messages_mean", "messages per request": Count, WithSelfish, MeanOver("requests");
    /// Share of the requests of which a message was refused before an answer was there. Where another attempt got through, the
    /// request has its answer all the same.
    RefusedShare = "refused_share", "requests of which a message was refused": Share, WithSelfish, MeanOver("requests");
    /// Requests of honest peers: those that were not selfish when they asked.
    RequestsHonest = "requests_honest", "requests of honest peers": Count, WithSelfish, Sum;
    /// Share of the requests of honest peers of which a message was refused before an answer was there.
    RefusedShareHonest = "refused_share_honest", "requests of honest peers of which a message was refused": Share, WithSelfish, MeanOver("requests_honest");
    /// Lookups of honest peers.
    LookupsHonest = "lookups_honest", "lookups of honest peers": Count, WithSelfish, Sum;
    /// Share of the lookups of honest peers that were answered rightly.
    SuccessRateHonest = "success_rate_honest", "success rate of honest peers": Share, WithSelfish, MeanOver("lookups_honest");
    /// Lookups of selfish peers.
    LookupsSelfish = "lookups_selfish", "lookups of selfish peers": Count, WithSelfish, Sum;
    /// Share of the lookups of selfish peers that were answered rightly.
    SuccessRateSelfish = "success_rate_selfish", "success rate of selfish peers": Share, WithSelfish, MeanOver("lookups_selfish");
    /// Share of selfish peers among the members at the end of the measurement.
    SelfishShare = "selfish_share", "selfish peers": Share, WithSelfish, Never;
    /// Messages handled per peer, in the mean over the honest peers.
    LoadMeanHonest = "load_mean_honest", "mean load of honest peers": Count, WithSelfish, Never;
    /// The most messages handled by an honest peer over `load_mean_honest`.
    LoadMaxOverMeanHonest = "load_max_over_mean_honest", "highest over mean load of honest peers": Ratio, WithSelfish, Never;
    /// Gini coefficient of the messages handled by honest peers: 0 if all have the same, towards 1 if one has all.
    LoadGiniHonest = "load_gini_honest", "Gini coefficient of load of honest peers": Ratio, WithSelfish, Never;
    /// Jain's index of the messages handled by n honest peers: 1 if all have the same, 1/n if one has all.
    LoadJainHonest = "load_jain_honest", "Jain's index of load of honest peers": Ratio, WithSelfish, Never;
    /// Messages handled per peer, in the mean over the selfish peers.
    LoadMeanSelfish = "load_mean_selfish", "mean load of selfish peers": Count, WithSelfish, Never;
    /// Bytes sent per peer, in the mean over the honest peers.
    BytesMeanHonest = "bytes_mean_honest", "mean bytes sent of honest peers": Bytes, WithSelfish, Never;
    /// The most bytes sent by an honest peer over `bytes_mean_honest`.
    BytesMaxOverMeanHonest = "bytes_max_over_mean_honest", "highest over mean bytes sent of honest peers": Ratio, WithSelfish, Never;
    /// Gini coefficient of the bytes sent by honest peers: 0 if all have the same, towards 1 if one has all.
    BytesGiniHonest = "bytes_gini_honest", "Gini coefficient of bytes sent of honest peers": Ratio, WithSelfish, Never;
    /// Jain's index of the bytes sent by n honest peers: 1 if all have the same, 1/n if one has all.
    BytesJainHonest = "bytes_jain_honest", "Jain's index of bytes sent of honest peers": Ratio, WithSelfish, Never;
    /// Bytes sent per peer, in the mean over the selfish peers.
    BytesMeanSelfish = "bytes_mean_selfish", "mean bytes sent of selfish peers": Bytes, WithSelfish, Never;
    /// Keys owned per peer at the end, in the mean over the honest peers.
    KeysMeanHonest = "keys_mean_honest", "mean keys of honest peers": Count, WithSelfish, Never;
    /// The most keys owned at the end by an honest peer over `keys_mean_honest`.
    KeysMaxOverMeanHonest = "keys_max_over_mean_honest", "highest over mean keys of honest peers": Ratio, WithSelfish, Never;
    /// Gini coefficient of the keys owned at the end by honest peers: 0 if all have the same, towards 1 if one has all.
    KeysGiniHonest = "keys_gini_honest", "Gini coefficient of keys of honest peers": Ratio, WithSelfish, Never;
    /// Jain's index of the keys owned at the end by n honest peers: 1 if all have the same, 1/n if one has all.
    KeysJainHonest = "keys_jain_honest", "Jain's index of keys of honest peers": Ratio, WithSelfish, Never;
    /// Keys owned per peer at the end, in the mean over the selfish peers.
    KeysMeanSelfish = "keys_mean_selfish", "mean keys of selfish peers": Count, WithSelfish, Never;
    /// Puts of honest peers.
    PutsHonest = "puts_honest", "puts of honest peers": Count, WithSelfishStorage, Sum;
    /// Share of the puts of honest peers that as many nodes acknowledged as `write_quorum` wants.
    PutSuccessRateHonest = "put_success_rate_honest", "puts of honest peers that were stored": Share, WithSelfishStorage, MeanOver("puts_honest");
    /// Puts of selfish peers.
    PutsSelfish = "puts_selfish", "puts of selfish peers": Count, WithSelfishStorage, Sum;
    /// Share of the puts of selfish peers that as many nodes acknowledged as `write_quorum` wants.
    PutSuccessRateSelfish = "put_success_rate_selfish", "puts of selfish peers that were stored": Share, WithSelfishStorage, MeanOver("puts_selfish");
    /// Gets of honest peers.
    GetsHonest = "gets_honest", "gets of honest peers": Count, WithSelfishStorage, Sum;
    /// Share of the gets of honest peers that read a version as new as the newest one that was stored when they began.
    GetSuccessRateHonest = "get_success_rate_honest", "gets of honest peers that found the value": Share, WithSelfishStorage, MeanOver("gets_honest");
    /// Gets of selfish peers.
    GetsSelfish = "gets_selfish", "gets of selfish peers": Count, WithSelfishStorage, Sum;
    /// Share of the gets of selfish peers that read a version as new as the newest one that was stored when they began.
    GetSuccessRateSelfish = "get_success_rate_selfish", "gets of selfish peers that found the value": Share, WithSelfishStorage, MeanOver("gets_selfish");
    /// Messages of puts and gets of honest peers that peers declined which play fair: what a defence costs those that it is to
    /// protect.
    DeclinedHonest = "declined_honest", "messages of honest peers that were declined": Count, WithDeclining, Sum;
    /// Messages of puts and gets of selfish peers that peers declined which play fair.
    DeclinedSelfish = "declined_selfish", "messages of selfish peers that were declined": Count, WithDeclining, Sum;
}

impl Metric {
    /// Its column in `summary.csv`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// The metric of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|metric| metric.name() == name)
    }

    /// Those of which theory may know something.
    pub fn expected() -> impl Iterator<Item = Self> {
        let all = Self::ALL.iter().copied();
        all.filter(|metric| metric.info().expected.is_some())
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// By its name.
impl Serialize for Metric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Metric {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::named(&name).ok_or_else(|| D::Error::custom(format!("there is no metric {name}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart_and_weights_are_metrics() {
        for &metric in Metric::ALL {
            assert_eq!(Metric::named(metric.name()), Some(metric));
            if let MeanOver(weight) = metric.info().pooling {
                assert!(Metric::named(weight).is_some(), "{metric}: {weight}");
            }
        }
        assert_eq!(Metric::named("hop_mean"), None);
    }
}
