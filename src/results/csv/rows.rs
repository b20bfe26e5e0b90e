//! The files with many rows per run: their columns, and how a record becomes a row.

use super::Line;
use crate::metrics::{AuditRecord, FingerprintRow, LookupRecord, NodeRecord, TimelineRow};
use crate::scenario::resolved::Output;

/// A file that every run contributes rows to while it goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RowFile {
    /// A row per lookup.
    Lookups,
    /// A row per node that was a member during the measurement.
    Nodes,
    /// A row per sample.
    Timeline,
    /// A row per link of the chain of fingerprints.
    Fingerprints,
    /// A row per violation that an audit has found.
    Audit,
}

/// What is fixed about such a file.
struct Format {
    name: &'static str,
    columns: &'static [&'static str],
    wanted: fn(&Output) -> bool,
}

impl RowFile {
    /// All of them, in the order in which they are written: that of their declaration.
    pub const ALL: &'static [Self] = &[
        Self::Lookups,
        Self::Nodes,
        Self::Timeline,
        Self::Fingerprints,
        Self::Audit,
    ];

    /// The one place that says what a file is.
    fn format(self) -> Format {
        match self {
            Self::Lookups => Format {
                name: "lookups.csv",
                columns: &LOOKUPS,
                wanted: |output| output.lookups > 0.0,
            },
            Self::Nodes => Format {
                name: "nodes.csv",
                columns: &NODES,
                wanted: |output| output.nodes,
            },
            Self::Timeline => Format {
                name: "timeline.csv",
                columns: &TIMELINE,
                wanted: |output| output.timeline,
            },
            Self::Fingerprints => Format {
                name: "fingerprints.csv",
                columns: &FINGERPRINTS,
                wanted: |_| true,
            },
            Self::Audit => Format {
                name: "audit.csv",
                columns: &AUDIT,
                wanted: |output| output.audit,
            },
        }
    }

    /// Its name in the result folder.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        self.format().name
    }

    /// Whether the scenario asks for it.
    #[must_use]
    pub fn wanted(self, output: &Output) -> bool {
        (self.format().wanted)(output)
    }

    /// Its columns after those that name the run.
    #[must_use]
    pub fn columns(self) -> &'static [&'static str] {
        self.format().columns
    }
}

const LOOKUPS: [&str; 13] = [
    "lookup",
    "time_s",
    "source",
    "source_id",
    "key",
    "owner_id",
    "answer_id",
    "outcome",
    "hops",
    "timeouts",
    "latency_ms",
    "direct_ms",
    "stretch",
];

const NODES: [&str; 15] = [
    "node",
    "id",
    "host",
    "joined_s",
    "left_s",
    "departure",
    "selfish",
    "keys",
    "lookups_started",
    "messages_in",
    "messages_out",
    "forwarded",
    "bytes_out",
    "peer",
    "sessions",
];

const TIMELINE: [&str; 18] = [
    "time_s",
    "nodes",
    "lookups",
    "ok",
    "wrong",
    "failed",
    "hops_mean",
    "latency_ms_mean",
    "messages",
    "joins",
    "leaves",
    "crashes",
    "ring_ok",
    "wrong_successors",
    "dead_successors",
    "dead_fingers",
    "wrong_fingers",
    "joining",
];

const FINGERPRINTS: [&str; 3] = ["time_s", "events", "fingerprint"];

const AUDIT: [&str; 12] = [
    "violation",
    "time_s",
    "invariant",
    "node",
    "node_id",
    "cause",
    "preconditions",
    "excuse",
    "offenders",
    "principals",
    "until_s",
    "story",
];

impl Line {
    /// A row of `lookups.csv`, without the columns that name the run.
    pub fn lookup(&mut self, record: &LookupRecord) {
        self.integer(record.lookup);
        self.number(record.time_s);
        self.integer(u64::from(record.source));
        self.integer(record.source_id);
        self.integer(record.key);
        self.maybe_integer(record.owner_id);
        self.maybe_integer(record.answer_id);
        self.word(record.outcome.name());
        self.maybe_integer(record.hops.map(u64::from));
        self.integer(u64::from(record.timeouts));
        self.maybe_number(record.latency_ms);
        self.maybe_number(record.direct_ms);
        self.maybe_number(record.stretch);
        self.end();
    }

    /// A row of `nodes.csv`, without the columns that name the run.
    pub fn node(&mut self, record: &NodeRecord) {
        self.integer(u64::from(record.node));
        self.integer(record.id);
        self.integer(u64::from(record.host));
        self.number(record.joined_s);
        self.maybe_number(record.left_s);
        self.word(record.departure.map_or("", |departure| departure.name()));
        self.word(truth(record.selfish));
        self.maybe_integer(record.keys);
        self.integer(record.lookups_started);
        self.integer(record.messages_in);
        self.integer(record.messages_out);
        self.integer(record.forwarded);
        self.integer(record.bytes_out);
        self.integer(u64::from(record.peer));
        self.integer(u64::from(record.sessions));
        self.end();
    }

    /// A row of `timeline.csv`, without the columns that name the run.
    pub fn timeline(&mut self, row: &TimelineRow) {
        self.number(row.time_s);
        for count in [row.nodes, row.lookups, row.ok, row.wrong, row.failed] {
            self.integer(count);
        }
        self.maybe_number(row.hops_mean);
        self.maybe_number(row.latency_ms_mean);
        for count in [row.messages, row.joins, row.leaves, row.crashes] {
            self.integer(count);
        }
        // 1 or 0, not a word: its mean over rows is the share of time with a correct ring.
        self.maybe_integer(row.ring_ok.map(u64::from));
        self.maybe_number(row.wrong_successors);
        self.maybe_number(row.dead_successors);
        self.maybe_number(row.dead_fingers);
        self.maybe_number(row.wrong_fingers);
        self.integer(row.joining);
        self.end();
    }

    /// A row of `fingerprints.csv`, without the columns that name the run.
    pub fn fingerprint(&mut self, row: &FingerprintRow) {
        self.number(row.time_s);
        self.integer(row.events);
        self.word(&row.fingerprint);
        self.end();
    }
}

impl Line {
    /// A row of `audit.csv`, without the columns that name the run.
    pub fn violation(&mut self, record: &AuditRecord) {
        self.integer(record.violation);
        self.number(record.time_s);
        self.word(record.invariant);
        self.maybe_integer(record.node.map(u64::from));
        self.maybe_integer(record.node_id);
        self.word(&record.cause);
        self.word(truth(record.preconditions));
        self.word(record.excuse);
        self.word(&record.offenders);
        self.integer(record.principals);
        self.maybe_number(record.until_s);
        self.text(&record.story);
        self.end();
    }
}

fn truth(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{Departure, Outcome};

    /// Rows on their way to disk are found by the place of their file.
    #[test]
    fn every_file_stands_in_its_place() {
        for (place, file) in RowFile::ALL.iter().enumerate() {
            assert_eq!(*file as usize, place, "{}", file.file_name());
        }
    }

    /// The column names exactly as the documentation promises them.
    #[test]
    fn columns_stand_in_the_promised_order() {
        assert_eq!(
            RowFile::Lookups.columns().join(", "),
            "lookup, time_s, source, source_id, key, owner_id, answer_id, outcome, hops, \
             timeouts, latency_ms, direct_ms, stretch"
        );
        assert_eq!(
            RowFile::Nodes.columns().join(", "),
            "node, id, host, joined_s, left_s, departure, selfish, keys, lookups_started, \
             messages_in, messages_out, forwarded, bytes_out, peer, sessions"
        );
        assert_eq!(
            RowFile::Timeline.columns().join(", "),
            "time_s, nodes, lookups, ok, wrong, failed, hops_mean, latency_ms_mean, messages, \
             joins, leaves, crashes, ring_ok, wrong_successors, dead_successors, dead_fingers, \
             wrong_fingers, joining"
        );
        assert_eq!(
            RowFile::Fingerprints.columns().join(", "),
            "time_s, events, fingerprint"
        );
        assert_eq!(
            RowFile::Audit.columns().join(", "),
            "violation, time_s, invariant, node, node_id, cause, preconditions, excuse, offenders, \
             principals, until_s, story"
        );
    }

    #[test]
    fn a_value_stands_under_its_column() {
        let mut line = Line::default();
        line.lookup(&LookupRecord {
            lookup: 0,
            time_s: 1.5,
            source: 2,
            source_id: 3,
            key: 4,
            owner_id: Some(5),
            answer_id: None,
            outcome: Outcome::Failed,
            hops: None,
            timeouts: 9,
            latency_ms: Some(10.25),
            direct_ms: Some(11.0),
            stretch: None,
        });
        line.node(&NodeRecord {
            node: 0,
            id: 1,
            host: 2,
            joined_s: -3.5,
            left_s: Some(4.0),
            departure: Some(Departure::Crash),
            selfish: true,
            keys: None,
            lookups_started: 8,
            messages_in: 9,
            messages_out: 10,
            forwarded: 11,
            bytes_out: 12,
            peer: 13,
            sessions: 14,
        });
        line.timeline(&TimelineRow {
            time_s: 60.0,
            nodes: 1,
            lookups: 2,
            ok: 3,
            wrong: 4,
            failed: 5,
            hops_mean: Some(6.5),
            latency_ms_mean: None,
            messages: 8,
            joins: 9,
            leaves: 10,
            crashes: 11,
            ring_ok: Some(true),
            wrong_successors: Some(0.125),
            dead_successors: Some(0.25),
            dead_fingers: Some(0.5),
            wrong_fingers: Some(0.75),
            joining: 17,
        });
        line.fingerprint(&FingerprintRow {
            time_s: -0.5,
            events: 1,
            fingerprint: "00000000000000ff".to_owned(),
        });
        line.violation(&AuditRecord {
            violation: 0,
            time_s: 1.5,
            invariant: "principals",
            node: Some(2),
            node_id: Some(3),
            cause: "State".to_owned(),
            preconditions: false,
            excuse: "failure",
            offenders: "4 5".to_owned(),
            principals: 6,
            until_s: None,
            story: "a, b".to_owned(),
        });
        assert_eq!(
            String::from_utf8(line.bytes().to_vec()).unwrap(),
            "0,1.5,2,3,4,5,,failed,,9,10.25,11,\n\
             0,1,2,-3.5,4,crash,true,,8,9,10,11,12,13,14\n\
             60,1,2,3,4,5,6.5,,8,9,10,11,1,0.125,0.25,0.5,0.75,17\n\
             -0.5,1,00000000000000ff\n\
             0,1.5,principals,2,3,State,false,failure,4 5,6,,\"a, b\"\n"
        );
    }
}
