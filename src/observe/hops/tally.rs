//! What is kept of the hops of lookups, by their position.

use crate::catalogue::{HopRecord, Metric, Outcome, to_15_digits};
use crate::client::Finished;
use crate::engine::{SimDuration, SimTime};
use crate::observe::distribution::{Keep, Values};
use crate::observe::lookup_row;
use crate::observe::observer::Measured;
use crate::observe::trace::{End, Step, StepKind, Traced};
use crate::overlay::Said;
use crate::world::NodeIdx;

/// The last position with a row of its own; further ones share it. In a ring walked node by node there would be as many as
/// nodes.
const LAST: usize = 64;

/// Messages of one kind at one position.
struct Leg {
    latency_ms: Values,
    /// Those between two hosts with a region, and those of them between two regions.
    placed: u64,
    crossing: u64,
}

impl Default for Leg {
    fn default() -> Self {
        Self {
            latency_ms: Values::new(Keep::Few),
            placed: 0,
            crossing: 0,
        }
    }
}

impl Leg {
    fn crossing_share(&self) -> Option<f64> {
        (self.placed > 0).then(|| to_15_digits(self.crossing as f64 / self.placed as f64))
    }
}

/// The kinds of messages on the way of a lookup, in the order of the rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Hop,
    Referral,
    Answer,
}

impl Kind {
    const NAMES: [&'static str; 3] = ["hop", "referral", "answer"];

    fn of(step: &Step) -> Option<Self> {
        let StepKind::Says(said) = &step.kind else {
            return None;
        };
        match said {
            Said::Forward { .. } | Said::Ask { .. } => Some(Self::Hop),
            Said::Referral { .. } => Some(Self::Referral),
            Said::Owner => Some(Self::Answer),
            _ => None,
        }
    }
}

/// What is kept.
pub(super) struct Tally {
    from: SimTime,
    /// By kind, then by position from 1; answers have position 1.
    legs: [Vec<Leg>; 3],
    /// By hops of a whole lookup, from 1.
    stretch: Vec<Values>,
    all_stretch: Values,
    /// Milliseconds of all last hops, and of all lookups that had one.
    last_hops_ms: f64,
    lookups_ms: f64,
}

impl Tally {
    /// Of a measurement that begins at `from`.
    pub(super) fn new(from: SimTime) -> Self {
        Self {
            from,
            legs: Default::default(),
            stretch: Vec::new(),
            all_stretch: Values::new(Keep::Some),
            last_hops_ms: 0.0,
            lookups_ms: 0.0,
        }
    }

    /// Takes in a lookup that is over, if it was answered rightly.
    pub(super) fn add(&mut self, traced: &Traced, region: impl Fn(NodeIdx) -> Option<u32>) {
        let Some(End::Lookup(finished)) = &traced.end else {
            return;
        };
        let row = lookup_row::row(0, finished, self.from);
        if row.outcome != Outcome::Ok {
            return;
        }
        for ((place, step), hop) in traced.steps.iter().enumerate().zip(traced.hops()) {
            let (Some(kind), Some(took)) = (Kind::of(step), step.took) else {
                continue;
            };
            if kind == Kind::Hop && is_in_vain(step, &traced.steps[place..]) {
                continue;
            }
            let took_ms = took.as_millis_f64();
            let position = if kind == Kind::Answer { 1 } else { hop };
            let leg = at(&mut self.legs[kind as usize], position);
            leg.latency_ms.record(took_ms);
            if let (Some(here), Some(there)) = (region(step.from), region(step.to)) {
                leg.placed += 1;
                leg.crossing += u64::from(here != there);
            }
        }
        if let (Some(hops), Some(stretch)) = (row.hops, row.stretch) {
            at_or(&mut self.stretch, hops, || Values::new(Keep::Few)).record(stretch);
            self.all_stretch.record(stretch);
        }
        if let (Some(last_ms), Some(latency_ms)) = (last_hop_ms(traced, finished), row.latency_ms) {
            self.last_hops_ms += last_ms;
            self.lookups_ms += latency_ms;
        }
    }

    /// Has to be called before the rows and metrics are asked for.
    pub(super) fn sort(&mut self) {
        let legs = self.legs.iter_mut().flatten();
        legs.for_each(|leg| leg.latency_ms.sort());
        self.stretch.iter_mut().for_each(Values::sort);
        self.all_stretch.sort();
    }

    /// The rows: all hops, all referrals, the answer.
    pub(super) fn rows(&self) -> Vec<HopRecord> {
        let mut rows = Vec::new();
        for kind in [Kind::Hop, Kind::Referral, Kind::Answer] {
            for (leg, hop) in self.legs[kind as usize].iter().zip(1..) {
                let stretch = match kind {
                    Kind::Hop => self.stretch.get(hop as usize - 1),
                    Kind::Referral => None,
                    Kind::Answer => Some(&self.all_stretch),
                };
                rows.push(HopRecord {
                    position: rows.len() as u32,
                    step: Kind::NAMES[kind as usize],
                    hop: (kind != Kind::Answer).then_some(hop),
                    messages: leg.latency_ms.count(),
                    latency_ms_mean: leg.latency_ms.mean(),
                    latency_ms_p50: leg.latency_ms.percentile(0.5),
                    latency_ms_p95: leg.latency_ms.percentile(0.95),
                    crossing_share: leg.crossing_share(),
                    lookups: (kind != Kind::Referral).then(|| stretch.map_or(0, Values::count)),
                    stretch_mean: stretch.and_then(Values::mean),
                    stretch_p50: stretch.and_then(|values| values.percentile(0.5)),
                    stretch_p95: stretch.and_then(|values| values.percentile(0.95)),
                });
            }
        }
        rows
    }

    /// What the summary says.
    pub(super) fn metrics(&self) -> [Measured; 3] {
        let hops = &self.legs[Kind::Hop as usize];
        let sum = |of: fn(&Leg) -> u64| hops.iter().map(of).sum::<u64>() as f64;
        let (crossing, placed) = (sum(|leg| leg.crossing), sum(|leg| leg.placed));
        let share = |part: f64, whole: f64| (whole > 0.0).then(|| to_15_digits(part / whole));
        [
            (Metric::StretchP99, self.all_stretch.percentile(0.99)),
            (Metric::RegionCrossingShare, share(crossing, placed)),
            (
                Metric::LastHopLatencyShare,
                share(self.last_hops_ms, self.lookups_ms),
            ),
        ]
    }
}

/// The entry of a position, made with all before it if it is not there.
fn at<T: Default>(entries: &mut Vec<T>, position: u32) -> &mut T {
    at_or(entries, position, T::default)
}

fn at_or<T>(entries: &mut Vec<T>, position: u32, new: impl FnMut() -> T) -> &mut T {
    let place = (position.max(1) as usize).min(LAST) - 1;
    if entries.len() <= place {
        entries.resize_with(place + 1, new);
    }
    &mut entries[place]
}

/// How long the last hop took on the way whose answer counts, of which there may be others that began before or after it. `None`
/// without a hop: the asking node owned the key itself.
fn last_hop_ms(traced: &Traced, finished: &Finished) -> Option<f64> {
    let answer = finished.answer.ok().filter(|answer| answer.hops > 0)?;
    let arrives = |step: &Step| Some(step.at + step.took?);
    let steps = traced.steps.iter();
    let is_answer = |step: &&Step| {
        Kind::of(step) == Some(Kind::Answer)
            && step.from == answer.claim.node
            && arrives(step) <= Some(answer.at)
    };
    let answered = steps.clone().rfind(is_answer)?.at;
    let is_last = |step: &&Step| {
        Kind::of(step) == Some(Kind::Hop)
            && step.to == answer.claim.node
            && arrives(step).is_some_and(|at| at <= answered)
    };
    let last = steps.filter(is_last).max_by_key(|step| arrives(step))?;
    last.took.map(SimDuration::as_millis_f64)
}

/// Whether nobody answered this message in time.
fn is_in_vain(step: &Step, later: &[Step]) -> bool {
    let ends = (step.from, step.to);
    let waits = |step: &Step| step.kind == StepKind::WaitsInVain && (step.from, step.to) == ends;
    later.iter().any(waits)
}
