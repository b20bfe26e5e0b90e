//! Which requests are shown, and their messages. Rows of one request stand together in `trace.csv`, so it is known when one is
//! complete, and no more are kept than may be shown.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use super::Chosen;
use super::ring::Ring;
use super::rows::{Row, Rows};
use crate::catalogue::RecordKind;
use crate::report::folder::{FolderError, ResultFolder};

/// The most requests of a combination that are shown.
const REQUESTS_MAX: usize = 60;
/// The most messages that are shown of all combinations; of each combination one request is shown in full.
const MESSAGES_MAX: usize = 30_000;
/// The most messages of a request that are shown.
const LEGS_MAX: usize = 2000;
/// A run is cut into so many stretches, and each fault begins one.
const STRETCHES: f64 = 10.0;
/// The first requests of each stretch that are shown.
const PER_STRETCH: usize = 4;
/// The first requests with something to tell that are shown, for each thing.
const PER_TROUBLE: usize = 6;

/// A message, or something else that happens to a request.
pub(super) struct Leg {
    pub time_s: f64,
    pub from: u64,
    pub to: u64,
    pub event: String,
    pub latency_ms: Option<f64>,
    pub hop: u64,
}

/// A request.
pub(super) struct Request {
    /// Whether it is a put or get, and its number among those of its kind.
    pub is_operation: bool,
    pub number: u64,
    pub legs: Vec<Leg>,
    /// Whether it has more of them.
    is_cut: bool,
    /// The identifiers of the nodes that are named.
    pub ids: BTreeMap<u64, u64>,
    /// What other files say of it.
    pub facts: Option<Facts>,
}

/// What `lookups.csv` or `operations.csv` says.
#[derive(Default)]
pub(super) struct Facts {
    pub kind: String,
    pub time_s: f64,
    pub key: u64,
    pub label: String,
    pub outcome: String,
    pub reason: String,
    pub hops: Option<u64>,
    pub timeouts: u64,
    pub latency_ms: Option<f64>,
    pub owner_id: Option<u64>,
    pub answer_id: Option<u64>,
}

/// A request among those that may be shown: how much it has to tell.
struct Candidate {
    request: Request,
    /// The lower, the sooner it is shown.
    rank: usize,
}

/// What is kept of a combination while its rows are read.
#[derive(Default)]
struct Keeping {
    candidates: Vec<Candidate>,
    /// How many were kept of each stretch and kind, and for each trouble.
    of_stretch: BTreeMap<(usize, bool), usize>,
    of_trouble: BTreeMap<&'static str, usize>,
    longest: Option<Request>,
    open: Option<Request>,
}

/// The requests that are shown, of each combination.
pub(super) fn read(
    dir: &Path,
    folder: &ResultFolder,
    chosen: &[Chosen],
) -> Result<Vec<Vec<Request>>, FolderError> {
    let columns = [
        "lookup",
        "operation",
        "hop",
        "time_s",
        "from",
        "from_id",
        "to",
        "to_id",
        "event",
        "latency_ms",
    ];
    let mut keeping: Vec<Keeping> = chosen.iter().map(|_| Keeping::default()).collect();
    let begins: Vec<Vec<f64>> = chosen.iter().map(|it| begins(folder, it)).collect();
    if let Some(rows) = Rows::open(dir, folder, RecordKind::Trace, chosen, columns)? {
        rows.each(|row| {
            let at = row.combination;
            keeping[at].take(row, &begins[at])
        })?;
    }
    let messages = MESSAGES_MAX / chosen.len().max(1);
    let kept = keeping.into_iter().zip(&begins);
    Ok(kept
        .map(|(it, begins)| it.chosen(begins, messages))
        .collect())
}

/// When the stretches of a run begin.
fn begins(folder: &ResultFolder, chosen: &Chosen) -> Vec<f64> {
    let equal = (0..10_u8).map(|i| chosen.duration_s / STRETCHES * f64::from(i));
    let faults = folder.combinations[chosen.place].faults().into_iter();
    let mut begins: Vec<f64> = equal.chain(faults.map(|(at, _)| at)).collect();
    begins.sort_by(f64::total_cmp);
    begins
}

impl Keeping {
    fn take(&mut self, row: &Row<'_, '_, 10>, begins: &[f64]) -> Result<(), FolderError> {
        let (lookup, operation) = (row.count(0)?, row.count(1)?);
        let Some(number) = lookup.or(operation) else {
            return Ok(());
        };
        let is_operation = lookup.is_none();
        let open = self.open.as_ref();
        if open.is_none_or(|it| (it.is_operation, it.number) != (is_operation, number)) {
            self.close(begins);
            self.open = Some(Request::of(is_operation, number));
        }
        let leg = Leg {
            hop: row.count(2)?.unwrap_or(0),
            time_s: row.time(3)?,
            from: row.node(4)?,
            to: row.node(6)?,
            event: row.text(8)?.to_owned(),
            latency_ms: row.number(9)?,
        };
        let Some(open) = &mut self.open else {
            return Ok(());
        };
        // That a message was received says nothing that is seen; that it was not, a timeout says.
        if leg.event == "ack" {
            return Ok(());
        }
        open.is_cut = open.legs.len() >= LEGS_MAX;
        if !open.is_cut {
            open.ids.insert(leg.from, row.node(5)?);
            open.ids.insert(leg.to, row.node(7)?);
            open.legs.push(leg);
        }
        Ok(())
    }

    /// A request is complete.
    fn close(&mut self, begins: &[f64]) {
        let Some(request) = self.open.take() else {
            return;
        };
        let stretch = begins.partition_point(|begin| *begin <= request.begins_s());
        let of_stretch = self
            .of_stretch
            .entry((stretch, request.is_operation))
            .or_default();
        let mut rank = (*of_stretch < PER_STRETCH).then_some(*of_stretch * 2);
        *of_stretch += 1;
        for trouble in request.troubles() {
            let of_trouble = self.of_trouble.entry(trouble).or_default();
            if *of_trouble < PER_TROUBLE {
                rank = Some(rank.unwrap_or(usize::MAX).min(*of_trouble * 2 + 1));
            }
            *of_trouble += 1;
        }
        match rank {
            Some(rank) => self.candidates.push(Candidate { request, rank }),
            None if self
                .longest
                .as_ref()
                .is_none_or(|it| it.legs.len() < request.legs.len()) =>
            {
                self.longest = Some(request);
            }
            None => {}
        }
    }

    /// Those that tell most, in the order in which they begin, with at most so many messages.
    fn chosen(mut self, begins: &[f64], messages: usize) -> Vec<Request> {
        self.close(begins);
        let longest = self.longest.take();
        let longest = longest.map(|request| Candidate { request, rank: 1 });
        let mut all = self.candidates;
        all.extend(longest);
        all.sort_by_key(|it| it.rank);
        let (mut left, mut seen) = (messages, BTreeSet::new());
        all.retain(|it| {
            let is_first = seen.insert(it.request.is_operation);
            let size = it.request.legs.len();
            let fits = is_first || size <= left;
            left = left.saturating_sub(if fits { size } else { 0 });
            fits
        });
        all.truncate(REQUESTS_MAX);
        let mut requests: Vec<Request> = all.into_iter().map(|it| it.request).collect();
        requests.sort_by(|a, b| {
            a.begins_s()
                .total_cmp(&b.begins_s())
                .then(a.number.cmp(&b.number))
        });
        requests
    }
}

impl Request {
    fn of(is_operation: bool, number: u64) -> Self {
        Self {
            is_operation,
            number,
            legs: Vec::new(),
            is_cut: false,
            ids: BTreeMap::new(),
            facts: None,
        }
    }

    fn begins_s(&self) -> f64 {
        self.legs.first().map_or(0.0, |leg| leg.time_s)
    }

    /// What goes wrong in it.
    fn troubles(&self) -> Vec<&'static str> {
        let has = |event: &str| self.legs.iter().any(|leg| leg.event == event);
        let mut troubles: Vec<&'static str> =
            ["timeout", "refuse", "misroute", "owner-silent", "declined"]
                .into_iter()
                .filter(|event| has(event))
                .collect();
        let is_answered = ["answer", "kept", "value"].iter().any(|event| has(event));
        troubles.extend((!is_answered).then_some("no answer"));
        troubles
    }

    /// As the page has it: nodes by their places in the list of the ring.
    pub(super) fn told(&self, ring: &mut Ring) -> Value {
        let mut place = |node: u64| ring.place(node, self.ids.get(&node).copied());
        let steps: Vec<Value> = self
            .legs
            .iter()
            .map(|leg| {
                let (from, to) = (place(leg.from), place(leg.to));
                json!([leg.time_s, from, to, leg.event, leg.latency_ms, leg.hop])
            })
            .collect();
        let nothing = Facts {
            kind: if self.is_operation {
                "put or get"
            } else {
                "lookup"
            }
            .to_owned(),
            time_s: self.begins_s(),
            ..Facts::default()
        };
        let facts = self.facts.as_ref().unwrap_or(&nothing);
        let known = self.facts.is_some();
        json!({
            "kind": facts.kind,
            "number": self.number,
            "t": facts.time_s,
            "key": known.then(|| facts.key.to_string()),
            "label": facts.label,
            "outcome": facts.outcome,
            "reason": facts.reason,
            "hops": facts.hops,
            "timeouts": facts.timeouts,
            "latency_ms": facts.latency_ms,
            "owner": facts.owner_id.map(|id| id.to_string()),
            "answer": facts.answer_id.map(|id| id.to_string()),
            "steps": steps,
            "cut": self.is_cut,
        })
    }
}
