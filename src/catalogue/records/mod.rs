//! The records, one a file. A new one is a file here and a line in `kinds`.

pub(super) mod audit;
pub(super) mod fingerprint;
pub(super) mod hop;
pub(super) mod link;
pub(super) mod lookup;
pub(super) mod node;
pub(super) mod operation;
pub(super) mod replay;
pub(super) mod timeline;
pub(super) mod trace;

#[cfg(test)]
mod tests {
    use crate::catalogue::RecordKind;
    use crate::scenario::resolved::{FingersOf, Output};

    /// Scripts and spreadsheets rely on these names: a column is added at the end, and never renamed.
    #[test]
    fn columns_stand_in_the_promised_order() {
        let promised = [
            "lookups.csv: lookup, time_s, source, source_id, key, owner_id, answer_id, outcome, hops, timeouts, \
             latency_ms, direct_ms, stretch, reason",
            "nodes.csv: node, id, host, joined_s, left_s, departure, selfish, keys, lookups_started, \
             messages_in, messages_out, forwarded, bytes_out, peer, sessions, up_s",
            "timeline.csv: time_s, nodes, lookups, ok, wrong, failed, hops_mean, latency_ms_mean, messages, \
             joins, leaves, crashes, ring_ok, wrong_successors, dead_successors, dead_fingers, wrong_fingers, \
             joining, values_alive, values_lost, under_replicated, repair_bytes, handover_bytes, rings, \
             estimate_error, selfish_share",
            "fingerprints.csv: time_s, events, fingerprint",
            "audit.csv: violation, time_s, invariant, node, node_id, cause, preconditions, excuse, offenders, \
             principals, until_s, story",
            "operations.csv: operation, kind, time_s, source, source_id, key, label, outcome, reason, hops, timeouts, \
             latency_ms, replicas_acked, bytes, version, version_read, quorum_ms",
            "trace.csv: lookup, hop, time_s, from, from_id, to, to_id, event, latency_ms, operation",
            "links.csv: link, from, to, latency_ms, messages, bytes, direct_messages, maintenance_messages, \
             maintenance_bytes, access, from_x, from_y, to_x, to_y",
            "hops.csv: position, step, hop, messages, latency_ms_mean, latency_ms_p50, latency_ms_p95, crossing_share, \
             lookups, stretch_mean, stretch_p50, stretch_p95",
            "replay.csv: time_s, node, id, entry, number, to, to_id",
        ];
        let declared = RecordKind::ALL.iter().map(|kind| {
            let names: Vec<&str> = kind.info().column_names().collect();
            format!("{}: {}", kind.info().file, names.join(", "))
        });
        assert_eq!(declared.collect::<Vec<_>>(), promised);
    }

    #[test]
    fn a_file_is_wanted_as_the_output_section_says() {
        let wanted = |output: Output| -> Vec<&str> {
            let kinds = RecordKind::ALL.iter().map(|kind| kind.info());
            let wanted = kinds.filter(|info| (info.wanted)(&output));
            wanted.map(|info| info.file).collect()
        };
        let nothing = Output {
            lookups: 0.0,
            operations: 0.0,
            nodes: false,
            timeline: false,
            trace: 0.0,
            fingers_of: FingersOf::Asker,
            audit: false,
            links: false,
            hops: false,
            replay: false,
        };
        assert_eq!(wanted(nothing.clone()), ["fingerprints.csv"]);
        let lookups = Output {
            lookups: 0.1,
            ..nothing.clone()
        };
        assert_eq!(wanted(lookups), ["lookups.csv", "fingerprints.csv"]);
        let others = Output {
            nodes: true,
            audit: true,
            links: true,
            hops: true,
            replay: true,
            ..nothing
        };
        assert_eq!(
            wanted(others),
            [
                "nodes.csv",
                "fingerprints.csv",
                "audit.csv",
                "trace.csv",
                "links.csv",
                "hops.csv",
                "replay.csv"
            ]
        );
    }
}
