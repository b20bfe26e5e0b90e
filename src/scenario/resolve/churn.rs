//! `[churn]` and `[[fault]]`: who comes and goes, and what strikes when.

use std::path::Path;

use super::data_file::data_file;
use super::distribution;
use crate::engine::SimDuration;
use crate::scenario::data::{DataKind, NamedFile};
use crate::scenario::keys::churn::{ChurnChoice, ChurnKeys, FormatChoice, PoissonKeys, TraceKeys};
use crate::scenario::keys::fault::{DEEDS, FAULT, FaultKeys};
use crate::scenario::reader::{Given, Reader};
use crate::scenario::resolved::{
    Churn, ChurnModel, Fault, FaultKind, Ids, Overlay, PlayedTrace, Scenario, Start, Storage,
    TraceFormat,
};
use crate::scenario::source::Span;

/// The keys that hold distributions.
const UP: &str = "churn.sessions.up";
const DOWN: &str = "churn.sessions.down";

/// `[churn]`, and the file of data it needs. The parameters of models that are not chosen are checked too. How values are
/// kept is for a trace that puts any.
pub(crate) fn churn(
    reader: &mut Reader<'_>,
    folder: &Path,
    overlay: &Overlay,
    storage: Storage,
) -> (Churn, Option<NamedFile>) {
    let keys: ChurnKeys = reader.read();
    let PoissonKeys {
        joins_per_s,
        leaves_per_s,
    } = reader.read();
    let [up, down] = [UP, DOWN].map(|key| distribution::given(reader, key));
    if keys.model == ChurnChoice::Sessions && down.is_some_and(|down| down.mean_s().is_infinite()) {
        pauses_without_end(reader);
    }
    let trace: TraceKeys = reader.read();
    let mut named = None;
    let churn = Churn {
        model: match keys.model {
            ChurnChoice::None => ChurnModel::None,
            ChurnChoice::Poisson => ChurnModel::Poisson {
                joins_per_s,
                leaves_per_s,
            },
            ChurnChoice::Sessions => ChurnModel::Sessions {
                up: up.unwrap_or_else(|| distribution::default(UP)),
                down: down.unwrap_or_else(|| distribution::default(DOWN)),
            },
            ChurnChoice::Trace => {
                let place = ("churn.trace.file", "churn.model");
                let file = data_file(reader, place, trace.file.clone(), folder, DataKind::Churn);
                let given = reader.place("overlay.nodes").is_some();
                let nodes = given.then_some(overlay.nodes);
                let played = played(&trace, &file, nodes, storage);
                named = Some(file);
                ChurnModel::Trace(Box::new(played))
            }
        },
        graceful: keys.graceful,
        until: keys.until,
    };
    (churn, named)
}

fn played(keys: &TraceKeys, file: &NamedFile, nodes: Option<u32>, storage: Storage) -> PlayedTrace {
    PlayedTrace {
        file: file.path.clone(),
        format: match keys.format {
            FormatChoice::Auto => None,
            FormatChoice::Avt => Some(TraceFormat::Avt),
            FormatChoice::Fta => Some(TraceFormat::FailureArchive),
            FormatChoice::P2psim => Some(TraceFormat::P2psim),
            FormatChoice::Oversim => Some(TraceFormat::Oversim),
        },
        from: keys.from,
        length: keys.length,
        speed: keys.speed,
        nodes,
        storage,
        facts: None,
    }
}

/// A trace says who comes when: nobody may join in another way, and how many there are is not known here.
pub(crate) fn trace_fits(reader: &mut Reader<'_>, scenario: &Scenario) {
    if !matches!(scenario.churn.model, ChurnModel::Trace(_)) {
        return;
    }
    let mut refuse = |key: &str, message: &str, lacks: &str, remedy: &str| {
        let places = [key, "churn.model"].map(|key| reader.place(key));
        if let Some(span) = reader.culprit(places) {
            reader.push(span, message, lacks, remedy);
        }
    };
    if scenario.overlay.start == Start::Join {
        refuse(
            "overlay.start",
            "a trace says who joins when",
            "`overlay.start` is \"join\", and `churn.model` is \"trace\"",
            "remove `overlay.start`: who is up where the trace is cut forms the ring of time 0, and all others join as it says",
        );
    }
    if matches!(scenario.overlay.ids, Ids::List(_)) {
        refuse(
            "overlay.ids",
            "a trace says how many there are",
            "`overlay.ids` is a list, and `churn.model` is \"trace\"",
            "set `overlay.ids` to \"hashed\" or \"even\"",
        );
    }
}

/// `overlay.nodes` cannot be up on average if those who are down stay down for ever.
fn pauses_without_end(reader: &mut Reader<'_>) {
    if let Some(span) = reader.place(DOWN) {
        reader.push(
            span,
            format!("`{DOWN}` must have a finite mean"),
            "a Pareto distribution with a shape up to 1 has none",
            "write a shape above 1",
        );
    }
}

/// Every `[[fault]]` as it is given, in the order of the file.
pub(crate) fn given_faults<'d>(reader: &Reader<'d>) -> Vec<Given<'d>> {
    reader.list(&FAULT)
}

/// Where each `[[fault]]` says when it strikes.
pub(crate) fn fault_times(reader: &Reader<'_>) -> Vec<Option<Span>> {
    let faults = given_faults(reader);
    faults.iter().map(|fault| fault.place("at")).collect()
}

/// Every `[[fault]]`, in the order of the file.
pub(crate) fn faults(reader: &mut Reader<'_>) -> Vec<Fault> {
    let faults = given_faults(reader);
    faults.iter().map(|given| fault(reader, given)).collect()
}

fn fault(reader: &mut Reader<'_>, given: &Given<'_>) -> Fault {
    let keys: FaultKeys = reader.read_from(given);
    if given.place("at").is_none() {
        reader.miss(
            given.span(),
            "a fault does not say when",
            "`at` is missing",
            "add, for example, at = \"5m\" (counted from the end of the warm-up)",
        );
    }
    does_one_thing(reader, given);
    has_no_length(reader, given);
    Fault {
        at: keys.at.unwrap_or(SimDuration::ZERO),
        kind: match keys.join {
            Some(peers) => FaultKind::Join(peers),
            None => FaultKind::Kill(keys.kill.unwrap_or(0.0)),
        },
    }
}

fn does_one_thing(reader: &mut Reader<'_>, given: &Given<'_>) {
    match (given.place("kill"), given.place("join")) {
        (None, None) => reader.miss(
            given.span(),
            "a fault does not say what happens",
            "neither `kill` nor `join`",
            format!("add one of: {DEEDS}"),
        ),
        (Some(_), Some(second)) => reader.push(
            second,
            "a fault does one thing only",
            "this is the second",
            "write a [[fault]] of its own for each; they may have the same `at`",
        ),
        _ => {}
    }
}

/// A length belongs to a fault that lasts, and none does yet.
fn has_no_length(reader: &mut Reader<'_>, given: &Given<'_>) {
    let Some(span) = given.place("for") else {
        return;
    };
    if given.place("partition").is_none() {
        reader.push(
            span,
            "`fault.for` belongs to a partition",
            "kills and joins happen at once",
            "remove it",
        );
    }
}
