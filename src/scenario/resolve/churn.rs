//! `[churn]`: who comes and goes.

use std::path::Path;

use super::data_file::data_file;
use super::distribution;
use crate::codes;
use crate::scenario::data::{DataKind, NamedFile};
use crate::scenario::keys::churn::{ChurnChoice, ChurnKeys, FormatChoice, PoissonKeys, TraceKeys};
use crate::scenario::reader::Reader;
use crate::scenario::resolved::{
    Churn, ChurnModel, Ids, Overlay, PlayedTrace, Scenario, Start, Storage, TraceFormat,
};

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
            reader.push(codes::CONTRADICTION, span, message, lacks, remedy);
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
            codes::IMPOSSIBLE_DISTRIBUTION,
            span,
            format!("`{DOWN}` must have a finite mean"),
            "a Pareto distribution with a shape up to 1 has none",
            "write a shape above 1",
        );
    }
}
