//! The row of a lookup that is over.

use crate::catalogue::{LookupRecord, Outcome};
use crate::client::Finished;
use crate::engine::SimTime;

/// The row of a lookup, counted as `number`; times in it count from `measured_from`.
pub(super) fn row(number: u64, finished: &Finished, measured_from: SimTime) -> LookupRecord {
    let Finished {
        opening,
        answer,
        timeouts,
    } = *finished;
    let (answer, owner, reason) = match answer {
        Ok(answer) => (Some(answer), answer.claim.owner, None),
        Err(failure) => (None, failure.owner, Some(failure.reason)),
    };
    let latency_ms = answer.map(|answer| answer.at.since(opening.started).as_millis_f64());
    let direct_ms = answer.map(|answer| answer.direct_ms);
    let hops = answer.map(|answer| answer.hops);
    let outcome = match answer {
        None => Outcome::Failed,
        Some(answer) if answer.claim.is_right() => Outcome::Ok,
        Some(_) => Outcome::Wrong,
    };
    let stretch = latency_ms
        .zip(direct_ms.filter(|direct| *direct > 0.0 && hops > Some(0)))
        // Of whole nanoseconds, so that the quotient is the one nearest to the truth.
        .map(|(latency, direct)| nanoseconds(latency) / nanoseconds(direct));
    LookupRecord {
        lookup: number,
        time_s: opening.started.seconds_from(measured_from),
        source: opening.source.some().map(|source| source.0),
        source_id: opening.source.some().map(|_| opening.source_id.0),
        key: opening.key.0,
        owner_id: owner.map(|id| id.0),
        answer_id: answer.map(|answer| answer.claim.id.0),
        outcome,
        hops,
        timeouts,
        latency_ms,
        direct_ms,
        stretch,
        reason,
    }
}

fn nanoseconds(milliseconds: f64) -> f64 {
    libm::round(milliseconds * 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Reason;
    use crate::client::{Answer, Claim, Opening, RequestFailure};
    use crate::world::{NodeIdx, RingId};

    fn opening() -> Opening {
        Opening {
            started: SimTime::ZERO,
            source: NodeIdx(0),
            source_id: RingId(7),
            key: RingId(9),
            counts: true,
        }
    }

    #[test]
    fn stretch_is_defined_only_for_lookups_that_went_anywhere() {
        let claim = Claim {
            node: NodeIdx(1),
            id: RingId(12),
            owner: Some(RingId(12)),
        };
        let answered = |hops, direct_ms| {
            let at = SimTime(300_000_000);
            let answer = Answer {
                at,
                claim,
                hops,
                direct_ms,
            };
            let finished = Finished {
                opening: opening(),
                answer: Ok(answer),
                timeouts: 0,
            };
            row(0, &finished, SimTime::ZERO)
        };
        assert_eq!(answered(2, 100.0).stretch, Some(3.0));
        assert_eq!(answered(0, 100.0).stretch, None);
        assert_eq!(answered(2, 0.0).stretch, None);
        assert_eq!(answered(2, 100.0).outcome, Outcome::Ok);
        let nothing = Finished {
            opening: opening(),
            answer: Err(RequestFailure {
                owner: Some(RingId(12)),
                reason: Reason::Dropped,
            }),
            timeouts: 3,
        };
        let failed = row(0, &nothing, SimTime::ZERO);
        assert_eq!((failed.outcome, failed.hops), (Outcome::Failed, None));
        assert_eq!(failed.owner_id, Some(12));
        assert_eq!(failed.reason, Some(Reason::Dropped));
        assert_eq!(answered(2, 100.0).reason, None);
    }
}
