//! Watches requests: who asks, what a request costs in messages, and whether it was refused.

use std::collections::VecDeque;
use std::io;

use crate::catalogue::{Metric, OperationOutcome, RecordSink};
use crate::client::{Finished, RequestFailure};
use crate::engine::SimTime;
use crate::observe::observer::{Asked, EventOf, Measured, Observer, Scene, Sent};
use crate::observe::operations::FinishedOperation;
use crate::overlay::{Overlay, Traffic};
use crate::world::{Action, NodeIdx};

/// Counts the requests that count, by who asks. Memory follows the requests under way.
#[derive(Default)]
pub struct SelfishWatch {
    now: SimTime,
    /// The requests that are not over, in the order in which they began; the first has the ticket `first`.
    open: VecDeque<Open>,
    first: u64,
    /// Those of nobody are in none of the two, but in all.
    honest: Asker,
    selfish: Asker,
    all: Tally,
    /// Messages of requests.
    messages: u64,
}

/// A request that is not over.
#[derive(Clone, Copy)]
struct Open {
    /// Whether a selfish peer asks; `None` if nobody does.
    selfish: Option<bool>,
    /// When a message of it was first refused.
    refused: Option<SimTime>,
}

/// What was counted of requests of one kind.
#[derive(Clone, Copy, Default)]
struct Tally {
    all: u64,
    right: u64,
    refused: u64,
}

/// What was counted of those who ask.
#[derive(Default)]
struct Asker {
    lookups: Tally,
    puts: Tally,
    gets: Tally,
}

/// What is asked for.
#[derive(Clone, Copy)]
enum Kind {
    Lookup,
    Put,
    Get,
}

impl Tally {
    fn add(&mut self, right: bool, refused: bool) {
        self.all += 1;
        self.right += u64::from(right);
        self.refused += u64::from(refused);
    }

    fn count(self) -> f64 {
        self.all as f64
    }

    /// A share of nothing is none.
    fn share_of(self, part: u64) -> Option<f64> {
        (self.all > 0).then(|| part as f64 / self.all as f64)
    }

    fn success(self) -> Option<f64> {
        self.share_of(self.right)
    }

    fn refusals(self) -> Option<f64> {
        self.share_of(self.refused)
    }
}

impl Asker {
    fn of(&mut self, kind: Kind) -> &mut Tally {
        match kind {
            Kind::Lookup => &mut self.lookups,
            Kind::Put => &mut self.puts,
            Kind::Get => &mut self.gets,
        }
    }

    /// All requests together.
    fn requests(&self) -> Tally {
        let kinds = [self.lookups, self.puts, self.gets];
        kinds.into_iter().fold(Tally::default(), |sum, of| Tally {
            all: sum.all + of.all,
            right: sum.right + of.right,
            refused: sum.refused + of.refused,
        })
    }
}

impl SelfishWatch {
    /// The oldest request is over.
    fn close(&mut self, request: &Finished, kind: Kind, right: bool) {
        let open = self.open.pop_front().expect("what is over has begun");
        self.first += 1;
        if !request.opening.counts {
            return;
        }
        // What is refused when the answer is there concerns nobody.
        let refused = match (open.refused, request.answer) {
            (Some(refused), Ok(answer)) => refused <= answer.at,
            (refused, Err(RequestFailure { .. })) => refused.is_some(),
            (None, Ok(_)) => false,
        };
        self.all.add(right, refused);
        match open.selfish {
            Some(false) => self.honest.of(kind).add(right, refused),
            Some(true) => self.selfish.of(kind).add(right, refused),
            None => {}
        }
    }

    fn of_requests(&self) -> [Measured; 9] {
        let (all, honest) = (self.all, self.honest.requests());
        let (lookups, by_selfish) = (self.honest.lookups, self.selfish.lookups);
        [
            (Metric::Requests, Some(all.count())),
            (Metric::RequestMessagesMean, all.share_of(self.messages)),
            (Metric::RefusedShare, all.refusals()),
            (Metric::RequestsHonest, Some(honest.count())),
            (Metric::RefusedShareHonest, honest.refusals()),
            (Metric::LookupsHonest, Some(lookups.count())),
            (Metric::SuccessRateHonest, lookups.success()),
            (Metric::LookupsSelfish, Some(by_selfish.count())),
            (Metric::SuccessRateSelfish, by_selfish.success()),
        ]
    }

    fn of_operations(&self) -> [Measured; 8] {
        let Self {
            honest, selfish, ..
        } = self;
        [
            (Metric::PutsHonest, Some(honest.puts.count())),
            (Metric::PutSuccessRateHonest, honest.puts.success()),
            (Metric::PutsSelfish, Some(selfish.puts.count())),
            (Metric::PutSuccessRateSelfish, selfish.puts.success()),
            (Metric::GetsHonest, Some(honest.gets.count())),
            (Metric::GetSuccessRateHonest, honest.gets.success()),
            (Metric::GetsSelfish, Some(selfish.gets.count())),
            (Metric::GetSuccessRateSelfish, selfish.gets.success()),
        ]
    }
}

impl<O: Overlay> Observer<O> for SelfishWatch {
    fn before(&mut self, scene: &Scene<'_, O>, _: &EventOf<O>) {
        self.now = scene.now;
    }

    fn asked(&mut self, scene: &Scene<'_, O>, asked: &Asked) {
        let source = asked.source.some();
        let selfish = source.map(|source| scene.conduct.is_selfish(scene.peer(source)));
        self.open.push_back(Open {
            selfish,
            refused: None,
        });
    }

    fn sent(&mut self, _: &Scene<'_, O>, sent: &Sent<O::Msg>) {
        let is_of_request = matches!(sent.traffic, Traffic::Lookup | Traffic::Forwarded);
        self.messages += u64::from(sent.counts && is_of_request);
    }

    fn refused(&mut self, _: NodeIdx, ticket: Option<u64>, _: bool) {
        let place = ticket.and_then(|ticket| ticket.checked_sub(self.first));
        let open = place.and_then(|place| self.open.get_mut(place as usize));
        if let Some(open) = open {
            open.refused.get_or_insert(self.now);
        }
    }

    fn finished(&mut self, finished: &Finished, _: &mut dyn RecordSink) -> io::Result<()> {
        let answer = finished.answer.ok();
        let right = answer.is_some_and(|answer| answer.claim.is_right());
        self.close(finished, Kind::Lookup, right);
        Ok(())
    }

    fn operated(&mut self, over: &FinishedOperation, _: &mut dyn RecordSink) -> io::Result<()> {
        let kind = match over.state.action {
            Action::Put { .. } => Kind::Put,
            Action::Get => Kind::Get,
        };
        let outcome = over.state.outcome;
        let right = matches!(outcome, OperationOutcome::Stored | OperationOutcome::Found);
        self.close(&over.request, kind, right);
        Ok(())
    }

    fn done(&mut self, scene: &Scene<'_, O>, _: &mut dyn RecordSink) -> io::Result<Vec<Measured>> {
        let mut metrics = self.of_requests().to_vec();
        if scene.overlay.stock().is_some() {
            metrics.extend(self.of_operations());
        }
        Ok(metrics)
    }
}
