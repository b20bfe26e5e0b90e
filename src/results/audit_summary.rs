//! What the audit of one run comes to. It is kept beside the rows, so that the end of a command can tell of
//! many runs without reading `audit.csv` again.

use serde::{Deserialize, Serialize};

use crate::catalogue::AuditRecord;
use crate::observe::audit::Invariant;

/// What the audit of one run comes to.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct AuditSummary {
    /// Answers by nodes that were not the owner.
    pub answers: u64,
    /// Other violations.
    pub violations: u64,
    /// Those of them with all preconditions of the proof given.
    pub unexcused: u64,
    /// The first of those.
    pub first_unexcused: Option<Unexcused>,
}

/// A violation that nothing excuses.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Unexcused {
    /// When it was, in seconds.
    pub time_s: f64,
    /// What did not hold.
    pub invariant: String,
    /// What the nodes concerned did before.
    pub story: String,
}

impl AuditSummary {
    /// Counts a violation.
    pub(super) fn count(&mut self, record: &AuditRecord) {
        let unexcused = || Unexcused {
            time_s: record.time_s,
            invariant: record.invariant.to_owned(),
            story: record.story.clone(),
        };
        self.add(record.invariant, record.preconditions, unexcused);
    }

    /// Counts a violation that may turn out to be the first of its sort.
    pub(super) fn add(
        &mut self,
        invariant: &str,
        preconditions: bool,
        unexcused: impl FnOnce() -> Unexcused,
    ) {
        if invariant == Invariant::KeyOwner.name() {
            self.answers += 1;
            return;
        }
        self.violations += 1;
        if preconditions {
            self.unexcused += 1;
            self.first_unexcused.get_or_insert_with(unexcused);
        }
    }
}
