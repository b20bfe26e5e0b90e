//! Everything that one run measures, gathered as it goes.

use std::io;

use super::audit::Findings;
use super::book::{Answer, Book, Claim, End, Entry, Stage, record};
use super::distribution::{Counts, Spectrum};
use super::inequality::Spread;
use super::nodes::{Facts, NodeColumns};
use super::records::{AuditRecord, FingerprintRow, LookupRecord, Outcome, RecordSink, RunSummary};
use super::timeline::{Tally, Timeline};
use crate::engine::{Chain, NodeIdx, OpIdx, RingId, SimDuration, SimTime, Stream, unit_hash};
use crate::overlay::{Health, Traffic};
use crate::peers::Departure;

/// Latencies are kept to the microsecond (in milliseconds), stretch to a thousandth.
const RESOLUTION: f64 = 0.001;

/// Watches one run.
pub struct Recorder<'a> {
    sink: &'a mut dyn RecordSink,
    /// Share of lookups that become rows.
    share: f64,
    from: SimTime,
    measuring: bool,
    /// The measurement is over: who comes or goes now is none of its nodes' history.
    over: bool,
    book: Book,
    counted: u64,
    nodes: NodeColumns,
    timeline: Timeline,
    tally: Tally,
    totals: Totals,
    hops: Counts,
    latency: Spectrum,
    stretch: Spectrum,
    /// What an audit has found; `None` without one.
    findings: Option<Findings>,
}

#[derive(Default)]
struct Totals {
    ok: u64,
    wrong: u64,
    failed: u64,
    timeouts: u64,
    maintenance_messages: u64,
    bytes: u64,
    lost: u64,
    refused: u64,
}

impl<'a> Recorder<'a> {
    /// A recorder for a measurement that begins at `from` with timeline rows of this width; `share`
    /// of the lookups become rows.
    pub fn new(
        sink: &'a mut dyn RecordSink,
        share: f64,
        from: SimTime,
        sample: SimDuration,
    ) -> Self {
        Self {
            sink,
            share,
            from,
            measuring: false,
            over: false,
            book: Book::default(),
            counted: 0,
            nodes: NodeColumns::default(),
            timeline: Timeline::new(from, sample),
            tally: Tally::default(),
            totals: Totals::default(),
            hops: Counts::default(),
            latency: Spectrum::new(RESOLUTION),
            stretch: Spectrum::new(RESOLUTION),
            findings: None,
        }
    }

    /// The warm-up is over: from now on things count.
    pub fn begin_measuring(&mut self) {
        self.measuring = true;
        self.nodes.begin_measuring();
    }

    /// The duration is over: only lookups under way still matter.
    pub fn end_measuring(&mut self, owners: impl Iterator<Item = NodeIdx>) {
        self.measuring = false;
        self.over = true;
        self.nodes.count_keys(owners);
    }

    /// Makes room for so many nodes that are going to be added.
    pub fn reserve(&mut self, nodes: usize) {
        self.nodes.reserve(nodes);
    }

    /// The next node exists.
    pub fn add_node(&mut self) {
        self.nodes.add();
    }

    /// A node has become a member.
    pub fn node_joined(&mut self, node: NodeIdx, now: SimTime) {
        if !self.over {
            self.nodes.joined(node, now, self.measuring);
        }
    }

    /// A node that may have been a member is gone.
    pub fn node_left(&mut self, node: NodeIdx, now: SimTime, departure: Departure) {
        if !self.over {
            self.nodes.left(node, now, departure);
        }
    }

    /// A peer has come up.
    pub fn peer_joined(&mut self) {
        self.tally.joins += u64::from(self.measuring);
    }

    /// A peer has gone.
    pub fn peer_left(&mut self, departure: Departure) {
        if self.measuring {
            self.tally.departed(departure);
        }
    }

    /// A node sends a message.
    pub fn message_sent(&mut self, from: NodeIdx, bytes: u32, traffic: Traffic) {
        if self.measuring {
            self.tally.messages += 1;
            self.totals.maintenance_messages += u64::from(traffic == Traffic::Maintenance);
            self.totals.bytes += u64::from(bytes);
            self.nodes.sent(from, bytes, traffic);
        }
    }

    /// The network loses a message.
    pub fn message_lost(&mut self) {
        self.totals.lost += u64::from(self.measuring);
    }

    /// A node handles a message.
    pub fn message_handled(&mut self, node: NodeIdx) {
        if self.measuring {
            self.nodes.handled(node);
        }
    }

    /// Asks for what will change when the node handles a message.
    pub fn prefetch(&self, node: NodeIdx) {
        self.nodes.prefetch(node);
    }

    /// Asks for a lookup that is about to end.
    pub fn prefetch_lookup(&self, ticket: u64) {
        self.book.prefetch(ticket);
    }

    /// A selfish peer refuses what a message asks of it.
    pub fn message_refused(&mut self) {
        self.totals.refused += u64::from(self.measuring);
    }

    /// A lookup starts; gives its ticket.
    pub fn lookup_started(
        &mut self,
        now: SimTime,
        (source, source_id): (NodeIdx, RingId),
        key: RingId,
    ) -> u64 {
        let counted = self
            .measuring
            .then(|| (self.counted, self.timeline.row(now)));
        if self.measuring {
            self.counted += 1;
            self.nodes.asked(source);
        }
        let (stage, op) = (Stage::Open(None), None);
        let entry = Entry {
            started: now,
            source,
            source_id,
            key,
            op,
            counted,
            stage,
        };
        self.book.open(entry)
    }

    /// The overlay's operation for a lookup that has just started (and may be over already).
    pub fn lookup_is(&mut self, ticket: u64, op: OpIdx) {
        if let Some(entry) = self.book.get_mut(ticket) {
            entry.op = Some(op);
        }
    }

    /// A node sends an answer to a lookup.
    pub fn lookup_claimed(&mut self, ticket: u64, claim: Claim) {
        if let Some(entry) = self.book.get_mut(ticket) {
            entry.stage = Stage::Open(Some(claim));
        }
    }

    /// The asking node, the key and the latest claim of a lookup that is still open.
    pub fn open_lookup(&mut self, ticket: u64) -> Option<(NodeIdx, RingId, Option<Claim>)> {
        let entry = self.book.get_mut(ticket)?;
        let Stage::Open(claim) = entry.stage else {
            return None;
        };
        Some((entry.source, entry.key, claim))
    }

    /// A lookup is over, with its answer or, if there was none, the identifier of the key's owner now.
    ///
    /// # Errors
    /// When its row, or that of one that waited for it, cannot be written.
    pub fn lookup_ended(
        &mut self,
        ticket: u64,
        answer: Result<Answer, Option<RingId>>,
        timeouts: u32,
    ) -> io::Result<()> {
        if let Some(entry) = self.book.get_mut(ticket) {
            entry.stage = Stage::Over(End { answer, timeouts });
        }
        while let Some((entry, end)) = self.book.pop_closed() {
            self.close(&entry, &end)?;
        }
        Ok(())
    }

    /// The ticket, key, operation and start of the oldest lookup that is still open.
    pub fn oldest_open(&self) -> Option<(u64, RingId, Option<OpIdx>, SimTime)> {
        self.book
            .oldest_open()
            .map(|(ticket, entry)| (ticket, entry.key, entry.op, entry.started))
    }

    /// Whether no lookup is under way.
    pub fn is_idle(&self) -> bool {
        self.book.is_empty()
    }

    /// Closes a row of the timeline; `population` is how many peers are members and how many are
    /// still joining.
    pub fn sample(&mut self, now: SimTime, health: Health, population: (u64, u64)) {
        self.timeline.close_row(now, self.tally, health, population);
    }

    fn close(&mut self, entry: &Entry, end: &End) -> io::Result<()> {
        let Some((number, row)) = entry.counted else {
            return Ok(());
        };
        let record = record(number, entry, end, self.from);
        self.count(&record);
        self.timeline.lookup(row, &record);
        if unit_hash(0, Stream::Workload, number, 0) < self.share {
            self.sink.lookup(&record)?;
        }
        Ok(())
    }

    fn count(&mut self, record: &LookupRecord) {
        self.totals.timeouts += u64::from(record.timeouts);
        match record.outcome {
            Outcome::Ok => self.totals.ok += 1,
            Outcome::Wrong => self.totals.wrong += 1,
            Outcome::Failed => self.totals.failed += 1,
        }
        if record.outcome == Outcome::Ok {
            record
                .hops
                .into_iter()
                .for_each(|hops| self.hops.record(hops));
            record
                .latency_ms
                .into_iter()
                .for_each(|latency| self.latency.record(latency));
            record
                .stretch
                .into_iter()
                .for_each(|stretch| self.stretch.record(stretch));
        }
    }

    /// The audit of the run is over.
    ///
    /// # Errors
    /// When a row cannot be written.
    pub fn audited(&mut self, findings: Findings, rows: &[AuditRecord]) -> io::Result<()> {
        self.findings = Some(findings);
        rows.iter().try_for_each(|row| self.sink.violation(row))
    }

    /// The run is over: hands the remaining rows to the sink and gives the summary. `facts` tells
    /// what is not known here of each node, `positions` how many nodes make a peer, `chain` what
    /// happened.
    ///
    /// # Errors
    /// When a row cannot be written.
    pub fn finish(
        self,
        facts: impl Iterator<Item = Facts>,
        positions: u32,
        chain: &Chain,
    ) -> io::Result<RunSummary> {
        for (facts, node) in facts.zip(0..) {
            if let Some(record) = self.nodes.record(NodeIdx(node), self.from, &facts) {
                self.sink.node(&record)?;
            }
        }
        for row in self.timeline.rows() {
            self.sink.timeline(&row)?;
        }
        for link in chain.links() {
            self.sink.fingerprint(&FingerprintRow {
                time_s: link.at.seconds_from(self.from),
                events: link.events,
                fingerprint: link.hex(),
            })?;
        }
        Ok(RunSummary {
            metrics: self.metrics(positions, chain.events()),
            fingerprint: chain.fingerprint(),
        })
    }

    /// All metrics in the order of their columns.
    fn metrics(&self, positions: u32, events: u64) -> Vec<(&'static str, Option<f64>)> {
        let mut metrics = self.lookup_metrics();
        let keys = Spread::of(self.nodes.held_keys(positions));
        metrics.extend(self.load_metrics(positions, &keys));
        let last = self.timeline.rows().last();
        let end = last.map(|row| row.nodes as f64);
        metrics.extend([
            ("joins", Some(self.tally.joins as f64)),
            ("leaves", Some(self.tally.leaves as f64)),
            ("crashes", Some(self.tally.crashes as f64)),
            ("nodes_end", end),
            ("events", Some(events as f64)),
            ("lost_messages", Some(self.totals.lost as f64)),
            ("refused_messages", Some(self.totals.refused as f64)),
            ("keys_sd", keys.deviation()),
            ("keys_empty_share", keys.share_of(0)),
        ]);
        metrics.extend(self.findings.iter().flat_map(audit_metrics));
        metrics
    }

    fn lookup_metrics(&self) -> Vec<(&'static str, Option<f64>)> {
        let lookups = self.totals.ok + self.totals.wrong + self.totals.failed;
        let per_lookup = |sum: u64| (lookups > 0).then(|| sum as f64 / lookups as f64);
        vec![
            ("lookups", Some(lookups as f64)),
            ("ok", Some(self.totals.ok as f64)),
            ("wrong", Some(self.totals.wrong as f64)),
            ("failed", Some(self.totals.failed as f64)),
            ("success_rate", per_lookup(self.totals.ok)),
            ("hops_mean", self.hops.mean()),
            ("hops_p50", self.hops.percentile(0.5)),
            ("hops_p95", self.hops.percentile(0.95)),
            ("hops_p99", self.hops.percentile(0.99)),
            ("hops_max", self.hops.max()),
            (
                "path_length_mean",
                self.hops.mean_of(|hops| hops.saturating_sub(1)),
            ),
            ("latency_ms_mean", self.latency.mean()),
            ("latency_ms_p50", self.latency.percentile(0.5)),
            ("latency_ms_p95", self.latency.percentile(0.95)),
            ("latency_ms_p99", self.latency.percentile(0.99)),
            ("stretch_mean", self.stretch.mean()),
            ("stretch_p50", self.stretch.percentile(0.5)),
            ("stretch_p95", self.stretch.percentile(0.95)),
            ("timeouts_mean", per_lookup(self.totals.timeouts)),
        ]
    }

    fn load_metrics(&self, positions: u32, keys: &Spread) -> Vec<(&'static str, Option<f64>)> {
        let load = Spread::of(self.nodes.loads(positions, self.from));
        vec![
            ("messages", Some(self.tally.messages as f64)),
            (
                "maintenance_messages",
                Some(self.totals.maintenance_messages as f64),
            ),
            ("bytes", Some(self.totals.bytes as f64)),
            ("load_mean", load.mean()),
            ("load_max", load.max()),
            ("load_gini", load.gini()),
            ("keys_mean", keys.mean()),
            ("keys_p1", keys.percentile(0.01)),
            ("keys_p99", keys.percentile(0.99)),
            ("keys_max", keys.max()),
            ("keys_gini", keys.gini()),
        ]
    }
}

fn audit_metrics(findings: &Findings) -> [(&'static str, Option<f64>); 4] {
    let least = findings.least_principals.map(|least| least as f64);
    [
        ("violations", Some(findings.violations as f64)),
        ("violations_unexcused", Some(findings.unexcused as f64)),
        ("violated_s", Some(findings.violated.as_secs_f64())),
        ("principals_min", least),
    ]
}
