//! How a request ends, for the one who asked.

use super::Story;
use super::story::Line;
use crate::catalogue::{OperationOutcome, Reason};
use crate::engine::SimTime;
use crate::observe::FinishedOperation;
use crate::observe::trace::End;
use crate::report::naming::short_id;
use crate::world::Action;

impl Story<'_> {
    /// How it ends for the one who asked.
    pub(super) fn ending(&self) -> Option<Line> {
        let end = self.traced.end.as_ref()?;
        let key = self.short_key();
        let answer = match end {
            End::Lookup(over) => over.answer,
            End::Operation(over) => over.request.answer,
        };
        let text = match (end, answer) {
            (End::Operation(over), _) => self.end_of_operation(over),
            (End::Lookup(_), Ok(answer)) if answer.claim.is_right() => {
                format!("{} owns key {key}", short_id(answer.claim.id.0))
            }
            (End::Lookup(_), Ok(answer)) => {
                let truth = answer
                    .claim
                    .owner
                    .map_or_else(|| "nobody".to_owned(), |owner| short_id(owner.0));
                format!(
                    "{} says that it owns key {key}; in truth {truth} does",
                    short_id(answer.claim.id.0)
                )
            }
            (End::Lookup(_), Err(failure)) => failed(failure.reason).to_owned(),
        };
        let source = self.traced.asked.source.some()?;
        let came_back = self
            .found()
            .is_some_and(|(owner, _, hops)| owner == source && hops == 0 && !self.path_is_short());
        let text = if came_back {
            format!("it came back to me, and nobody before me answers: the key is mine. {text}")
        } else {
            text
        };
        Some(self.line_of(
            source,
            self.ended_at(answer.err().map(|failure| failure.reason)),
            text,
        ))
    }

    /// Whether the lookup never left the asking node.
    fn path_is_short(&self) -> bool {
        self.path().len() <= 1
    }

    /// When the request was over: with an answer, given up after the user's patience, or with the last that happened.
    fn ended_at(&self, failed_for: Option<Reason>) -> SimTime {
        let asked = self.traced.asked.at;
        let last = self.traced.steps.last().map_or(asked, |step| step.at);
        let given_up = matches!(failed_for, Some(Reason::Timeout | Reason::Dropped));
        let patience = self.patience.filter(|_| given_up);
        self.over()
            .or(patience.map(|patience| asked + patience))
            .unwrap_or(last)
    }

    fn end_of_operation(&self, over: &FinishedOperation) -> String {
        let state = &over.state;
        let value = |version: u32| {
            let bytes = state.bytes_read.unwrap_or_default();
            match &over.text {
                Some(text) => format!("version {version}, \"{text}\""),
                None => format!("version {version}, {bytes} bytes"),
            }
        };
        let (write, read) = self.quorums;
        let of = |needed: u8, what: &str| {
            let plural = if state.answers == 1 { "" } else { "s" };
            format!("{} {what}{plural}, {needed} needed", state.answers)
        };
        let why = over
            .request
            .answer
            .err()
            .map(|failure| failed(failure.reason));
        match state.outcome {
            OperationOutcome::Stored => {
                let acknowledged = of(write, "acknowledgement");
                format!("stored, version {} ({acknowledged})", state.version)
            }
            OperationOutcome::Partial => {
                format!("stored in part only ({})", of(write, "acknowledgement"))
            }
            OperationOutcome::Found => format!("found: {}", value(state.version)),
            OperationOutcome::Stale => format!(
                "found: {}; it is stale, for version {} was stored before I asked",
                value(state.version),
                state.newest_stored
            ),
            OperationOutcome::Missing => "nothing was ever stored under this key".to_owned(),
            OperationOutcome::Lost => "nothing: no live node has a copy any more".to_owned(),
            OperationOutcome::Failed => match (why, state.action) {
                (Some(why), _) if state.found.is_none() => why.to_owned(),
                (_, Action::Get) => format!("not decided ({})", of(read, "answer")),
                (_, Action::Put { .. }) => {
                    format!("not stored ({})", of(write, "acknowledgement"))
                }
            },
        }
    }
}

/// Why there is no answer.
fn failed(reason: Reason) -> &'static str {
    match reason {
        Reason::Timeout => "no answer came in time: I give up",
        Reason::Dropped => "no answer came: a selfish peer has dropped what I asked for",
        Reason::AskerGone => "the node that asked has gone before the answer was there",
        Reason::NobodyLeft => "nobody is left to ask: I give up",
        Reason::Shunned => "I think ill of everybody that I could ask",
        Reason::NoQuorum => "too few nodes have answered",
        Reason::NotThere => "a live node has a copy, but none of those that I asked",
    }
}
