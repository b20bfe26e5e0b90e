//! `[churn]` and `[[fault]]`: who comes and goes, and what strikes when.

use toml::Spanned;

use super::checks::{Checks, place};
use crate::engine::SimDuration;
use crate::scenario::distribution::distribution;
use crate::scenario::resolved::{Churn, ChurnModel, Fault, FaultKind};
use crate::scenario::schema::{self, Table};

/// What `churn.model` may be, for messages.
pub const MODELS: &str = "none, poisson, sessions";

/// What a fault may do, for messages.
const FAULTS: &str = "kill = <share of the live nodes>, join = <number of new nodes>";

/// `[churn]`
pub fn churn(checks: &mut Checks<'_>, given: &schema::Churn) -> Churn {
    let poisson = ChurnModel::Poisson {
        joins_per_s: checks.rate("churn.poisson.joins_per_s", &given.poisson.joins_per_s, 0.1),
        leaves_per_s: checks.rate(
            "churn.poisson.leaves_per_s",
            &given.poisson.leaves_per_s,
            0.1,
        ),
    };
    let sessions = ChurnModel::Sessions {
        up: distribution(checks, "churn.sessions.up", &given.sessions.up),
        down: distribution(checks, "churn.sessions.down", &given.sessions.down),
    };
    Churn {
        model: checks.choice(
            "churn.model",
            &given.model,
            ChurnModel::None,
            |model| match model {
                schema::ChurnModel::None => Some(ChurnModel::None),
                schema::ChurnModel::Poisson => Some(poisson.clone()),
                schema::ChurnModel::Sessions => Some(sessions.clone()),
                schema::ChurnModel::Trace => None,
            },
            MODELS,
        ),
        graceful: checks.share("churn.graceful", &given.graceful, 0.0),
        until: given
            .until
            .is_some()
            .then(|| checks.duration("churn.until", &given.until, SimDuration::ZERO)),
    }
}

/// Every `[[fault]]`, in the order of the file.
pub fn faults(checks: &mut Checks<'_>, given: &[Spanned<Table<schema::Fault>>]) -> Vec<Fault> {
    given.iter().map(|given| fault(checks, given)).collect()
}

fn fault(checks: &mut Checks<'_>, given: &Spanned<Table<schema::Fault>>) -> Fault {
    let fault = given.get_ref();
    if fault.at.is_none() {
        checks.push(
            given.span(),
            "a fault does not say when",
            "`at` is missing",
            "add, for example, at = \"5m\" (counted from the end of the warm-up)",
        );
    }
    Fault {
        at: checks.duration("fault.at", &fault.at, SimDuration::ZERO),
        kind: fault_kind(checks, given),
    }
}

fn fault_kind(checks: &mut Checks<'_>, given: &Spanned<Table<schema::Fault>>) -> FaultKind {
    let fault = given.get_ref();
    let kinds = [
        place(&fault.kill),
        place(&fault.join),
        place(&fault.partition),
        place(&fault.crash_well_known),
    ];
    let mut named = kinds.into_iter().flatten();
    match (named.next(), named.next()) {
        (None, _) => checks.push(
            given.span(),
            "a fault does not say what happens",
            "neither `kill` nor `join`",
            format!("add one of: {FAULTS}"),
        ),
        (Some(_), Some(second)) => checks.push(
            second,
            "a fault does one thing only",
            "this is the second",
            "write a [[fault]] of its own for each; they may have the same `at`",
        ),
        (Some(_), None) => {}
    }
    for (key, place) in [
        ("fault.partition", place(&fault.partition)),
        ("fault.crash_well_known", place(&fault.crash_well_known)),
    ] {
        if let Some(span) = place {
            checks.unavailable(key, span, FAULTS);
        }
    }
    if let (Some(span), None) = (place(&fault.r#for), &fault.partition) {
        checks.push(
            span,
            "`fault.for` belongs to a partition",
            "kills and joins happen at once",
            "remove it",
        );
    }
    match &fault.join {
        Some(_) => FaultKind::Join(checks.count32("fault.join", &fault.join, 1, 1..=100_000_000)),
        None => FaultKind::Kill(checks.share("fault.kill", &fault.kill, 0.0)),
    }
}
