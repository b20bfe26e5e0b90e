//! Everything that one run measures, gathered as it goes.

use std::io;

use super::distribution::{Counts, Keep, Values};
use super::inequality::Spread;
use super::lookup_row;
use super::nodes::{Facts, NodeColumns};
use super::observer::{Asked, Measured, Observer, Parting, Sample, Scene, Sent};
use super::operations::{FinishedOperation, OperationCounts};
use super::selfish::{self, Apart};
use super::timeline::{Tally, Timeline};
use crate::catalogue::{
    FingerprintRecord, LookupRecord, Metric, Outcome, Reason, RecordSink, RunSummary,
};
use crate::client::Finished;
use crate::engine::{FingerprintChain, SimDuration, SimTime, Stream, unit_hash};
use crate::network::Fate;
use crate::overlay::{Overlay, Traffic};
use crate::scenario::resolved::Output;
use crate::world::Departure;
use crate::world::{NodeIdx, PeerIdx, RingId};

/// Watches one run.
pub struct Recorder<'a> {
    sink: &'a mut dyn RecordSink,
    /// What becomes rows.
    output: Output,
    from: SimTime,
    measuring: bool,
    /// The measurement is over: who comes or goes now is none of its nodes' history.
    over: bool,
    /// Lookups that are over and count.
    counted: u64,
    nodes: NodeColumns,
    timeline: Timeline,
    tally: Tally,
    totals: Totals,
    operations: OperationCounts,
    hops: Counts,
    /// In milliseconds.
    latency: Values,
    stretch: Values,
    tells_shunned: bool,
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
    turned_away: u64,
    /// Failed lookups by reason, in the order of [`Reason::OF_LOOKUPS`].
    failed_for: [u64; Reason::OF_LOOKUPS.len()],
}

impl<'a> Recorder<'a> {
    /// A recorder for a measurement that begins at `from` with timeline rows of this width; `output` says what becomes
    /// rows, `apart` whether honest and selfish peers are measured apart.
    pub fn new(
        sink: &'a mut dyn RecordSink,
        output: &Output,
        from: SimTime,
        sample: SimDuration,
        apart: bool,
    ) -> Self {
        // What every lookup's row shows in full is kept in full.
        let keep = if output.lookups < 1.0 {
            Keep::Some
        } else {
            Keep::All
        };
        Self {
            sink,
            output: output.clone(),
            from,
            measuring: false,
            over: false,
            counted: 0,
            nodes: NodeColumns::new(output.nodes || apart),
            timeline: Timeline::new(from, sample),
            tally: Tally::default(),
            tells_shunned: false,
            totals: Totals::default(),
            operations: OperationCounts::default(),
            hops: Counts::default(),
            latency: Values::new(keep),
            stretch: Values::new(keep),
        }
    }

    /// Makes room for so many nodes that are going to be added.
    pub fn reserve(&mut self, nodes: usize) {
        self.nodes.reserve(nodes);
    }

    /// Asks for what will change when a node handles a message.
    pub fn prefetch(&self, node: NodeIdx) {
        self.nodes.prefetch(node);
    }

    /// Where rows go.
    pub fn sink(&mut self) -> &mut dyn RecordSink {
        self.sink
    }

    /// A user's request is over.
    pub(super) fn finished(&mut self, finished: &Finished) -> io::Result<()> {
        if !finished.opening.counts {
            return Ok(());
        }
        let record = lookup_row::row(self.counted, finished, self.from);
        self.counted += 1;
        self.count(&record);
        let row = self.timeline.row(finished.opening.started);
        self.timeline.lookup(row, &record);
        if unit_hash(0, Stream::Workload, record.lookup, 0) < self.output.lookups {
            self.sink.take((&record).into())?;
        }
        Ok(())
    }

    /// A user's put or get is over.
    pub(super) fn operated(&mut self, over: &FinishedOperation) -> io::Result<()> {
        if !over.request.opening.counts {
            return Ok(());
        }
        let record = self.operations.count(over, self.from);
        if unit_hash(0, Stream::Puts, record.operation, 0) < self.output.operations {
            self.sink.take((&record).into())?;
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
        if let Some(reason) = record.reason {
            self.totals.failed_for[reason as usize] += 1;
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

    /// The run is over: hands the remaining rows to the sink and gives the summary. `facts` tells
    /// what is not known here of each node, `positions` how many nodes make a peer, `chain` what
    /// happened, `added` what other observers have to say, `apart` who is selfish, where that is measured.
    ///
    /// # Errors
    /// When a row cannot be written.
    pub fn finish(
        mut self,
        facts: impl Iterator<Item = Facts>,
        positions: u32,
        chain: &FingerprintChain,
        added: Vec<Measured>,
        apart: Option<&dyn Fn(PeerIdx) -> bool>,
    ) -> io::Result<RunSummary> {
        for (facts, node) in facts.zip(0..).filter(|_| self.output.nodes) {
            if let Some(record) = self.nodes.record(NodeIdx(node), self.from, &facts) {
                self.sink.take((&record).into())?;
            }
        }
        for row in self.timeline.rows() {
            self.sink.take((&row).into())?;
        }
        for link in chain.links() {
            let record = FingerprintRecord {
                time_s: link.at.seconds_from(self.from),
                events: link.events,
                fingerprint: link.hex(),
            };
            self.sink.take((&record).into())?;
        }
        self.latency.sort();
        self.stretch.sort();
        let mut summary = RunSummary::new(chain.fingerprint());
        self.fill_in(&mut summary, positions, chain.events());
        if let Some(is_selfish) = apart {
            summary.extend(self.burdens(positions, is_selfish));
        }
        summary.extend(added);
        Ok(summary)
    }

    /// Says whether lookups can fail because of what their askers think of others.
    pub fn tell_shunned(&mut self, tells: bool) {
        self.tells_shunned = tells;
    }

    /// Fills in all metrics.
    fn fill_in(&self, summary: &mut RunSummary, positions: u32, events: u64) {
        summary.extend(self.lookup_metrics());
        summary.extend(self.load_metrics(positions));
        summary.extend(self.key_metrics(positions));
        let last = self.timeline.rows().last();
        summary.extend([
            (Metric::Joins, Some(self.tally.joins as f64)),
            (Metric::Leaves, Some(self.tally.leaves as f64)),
            (Metric::Crashes, Some(self.tally.crashes as f64)),
            (Metric::NodesEnd, last.map(|row| row.nodes as f64)),
            (Metric::Events, Some(events as f64)),
            (Metric::TurnedAway, Some(self.totals.turned_away as f64)),
        ]);
        let reasons = Reason::OF_LOOKUPS.into_iter();
        let told = reasons.filter(|reason| self.tells_shunned || *reason != Reason::Shunned);
        summary.extend(told.filter_map(|reason| {
            let count = self.totals.failed_for[reason as usize];
            Some((reason.metric()?, Some(count as f64)))
        }));
        if let Some(totals) = self.timeline.last_stock() {
            let bytes = (self.tally.repair_bytes, self.tally.handover_bytes);
            summary.extend(self.operations.metrics(totals, bytes));
        }
    }

    /// What is handled, sent and owned by honest peers, and by selfish ones; and how many are selfish.
    fn burdens(
        &self,
        positions: u32,
        is_selfish: &dyn Fn(PeerIdx) -> bool,
    ) -> impl IntoIterator<Item = Measured> + use<> {
        let (nodes, from) = (&self.nodes, self.from);
        let burdens = [
            Apart::of(nodes.loads(positions, from), is_selfish).metrics(&selfish::LOAD),
            Apart::of(nodes.bytes(positions, from), is_selfish).metrics(&selfish::BYTES),
            Apart::of(nodes.held_keys(positions), is_selfish).metrics(&selfish::KEYS),
        ];
        let last = self.timeline.rows().last();
        let share = last.and_then(|row| row.selfish_share);
        let burdens = burdens.into_iter().flatten();
        burdens.chain([(Metric::SelfishShare, share)])
    }

    fn lookup_metrics(&self) -> impl IntoIterator<Item = Measured> + use<> {
        let lookups = self.totals.ok + self.totals.wrong + self.totals.failed;
        let per_lookup = |sum: u64| (lookups > 0).then(|| sum as f64 / lookups as f64);
        let forwards = self.hops.mean_of(|hops| hops.saturating_sub(1));
        [
            (Metric::Lookups, Some(lookups as f64)),
            (Metric::Ok, Some(self.totals.ok as f64)),
            (Metric::Wrong, Some(self.totals.wrong as f64)),
            (Metric::Failed, Some(self.totals.failed as f64)),
            (Metric::SuccessRate, per_lookup(self.totals.ok)),
            (Metric::HopsMean, self.hops.mean()),
            (Metric::HopsP50, self.hops.percentile(0.5)),
            (Metric::HopsP95, self.hops.percentile(0.95)),
            (Metric::HopsP99, self.hops.percentile(0.99)),
            (Metric::HopsMax, self.hops.max()),
            (Metric::PathLengthMean, forwards),
            (Metric::LatencyMsMean, self.latency.mean()),
            (Metric::LatencyMsP50, self.latency.percentile(0.5)),
            (Metric::LatencyMsP95, self.latency.percentile(0.95)),
            (Metric::LatencyMsP99, self.latency.percentile(0.99)),
            (Metric::StretchMean, self.stretch.mean()),
            (Metric::StretchP50, self.stretch.percentile(0.5)),
            (Metric::StretchP95, self.stretch.percentile(0.95)),
            (Metric::TimeoutsMean, per_lookup(self.totals.timeouts)),
        ]
    }

    fn load_metrics(&self, positions: u32) -> impl IntoIterator<Item = Measured> + use<> {
        let load = Spread::of(self.nodes.loads(positions, self.from).map(|(_, load)| load));
        let maintenance = self.totals.maintenance_messages as f64;
        [
            (Metric::Messages, Some(self.tally.messages as f64)),
            (Metric::MaintenanceMessages, Some(maintenance)),
            (Metric::Bytes, Some(self.totals.bytes as f64)),
            (Metric::LostMessages, Some(self.totals.lost as f64)),
            (Metric::RefusedMessages, Some(self.totals.refused as f64)),
            (Metric::LoadMean, load.mean()),
            (Metric::LoadMax, load.max()),
            (Metric::LoadGini, load.gini()),
        ]
    }

    fn key_metrics(&self, positions: u32) -> impl IntoIterator<Item = Measured> + use<> {
        let keys = Spread::of(self.nodes.held_keys(positions).map(|(_, keys)| keys));
        [
            (Metric::KeysMean, keys.mean()),
            (Metric::KeysP1, keys.percentile(0.01)),
            (Metric::KeysP99, keys.percentile(0.99)),
            (Metric::KeysMax, keys.max()),
            (Metric::KeysGini, keys.gini()),
            (Metric::KeysSd, keys.deviation()),
            (Metric::KeysEmptyShare, keys.share_of(0)),
        ]
    }
}
impl<O: Overlay> Observer<O> for Recorder<'_> {
    fn node_added(&mut self, _: RingId) {
        self.nodes.add();
    }

    fn converged(&mut self, scene: &Scene<'_, O>) {
        self.nodes.are_there(scene.members, scene.now);
    }

    #[inline]
    fn sent(&mut self, _: &Scene<'_, O>, sent: &Sent<O::Msg>) {
        if sent.counts {
            self.tally.messages += 1;
            self.totals.maintenance_messages += u64::from(sent.traffic == Traffic::Maintenance);
            self.totals.bytes += u64::from(sent.bytes);
            if matches!(sent.traffic, Traffic::Repair | Traffic::Handover) {
                self.tally.copies_sent(sent.traffic, sent.bytes);
            }
            self.totals.lost += u64::from(!matches!(sent.fate, Fate::Arrives(_)));
            self.nodes.sent(sent.from, sent.bytes, sent.traffic);
        }
    }

    #[inline]
    fn handled(&mut self, node: NodeIdx, counts: bool) {
        if counts {
            self.nodes.handled(node);
        }
    }

    fn refused(&mut self, _: NodeIdx, _: Option<u64>, counts: bool) {
        self.totals.refused += u64::from(counts);
    }

    fn misrouted(&mut self, _: NodeIdx, _: NodeIdx, _: Option<u64>, counts: bool) {
        self.totals.refused += u64::from(counts);
    }

    fn turned_away(&mut self) {
        self.totals.turned_away += u64::from(self.measuring);
    }

    fn joined(&mut self, scene: &Scene<'_, O>, node: NodeIdx) {
        if !self.over {
            self.nodes.joined(node, scene.now);
        }
    }

    fn left(&mut self, _: &Scene<'_, O>, node: NodeIdx, parting: Parting) {
        // Whoever has lost the others is still up. When its peer goes, `went_down` follows.
        if parting == Parting::Lost && !self.over {
            self.nodes.lost_the_ring(node);
        }
    }

    fn went_down(&mut self, now: SimTime, node: NodeIdx, departure: Departure) {
        if !self.over {
            self.nodes.left(node, now, departure);
        }
    }

    fn came_up(&mut self, now: SimTime, node: NodeIdx) {
        if !self.over {
            self.nodes.came_up(node, now, self.measuring);
        }
    }

    fn gone_for_good(&mut self, node: NodeIdx) {
        // From the end of the measurement on nothing of a node's history changes.
        if !self.over {
            self.nodes.gone_for_good(node, self.from);
        }
    }

    fn peer_came(&mut self) {
        self.tally.joins += u64::from(self.measuring);
    }

    fn peer_went(&mut self, departure: Departure) {
        if self.measuring {
            self.tally.departed(departure);
        }
    }

    fn asked(&mut self, _: &Scene<'_, O>, asked: &Asked) {
        if let (Some(source), true) = (asked.source.some(), asked.counts) {
            self.nodes.asked(source);
        }
    }

    fn measuring_began(&mut self) {
        self.measuring = true;
        self.nodes.begin_measuring(self.from);
    }

    fn sampled(&mut self, sample: &Sample) {
        self.timeline.close_row(sample, self.tally);
    }

    /// Only lookups under way still matter.
    fn measuring_ended(&mut self, now: SimTime, owners: &[NodeIdx]) {
        self.measuring = false;
        self.over = true;
        self.nodes.end_measuring(now);
        self.nodes.count_keys(owners);
    }
}
