//! Whether the runs of a plan measure something.

use crate::catalogue::{Exists, Metric};
use crate::codes;
use crate::scenario::plan::Plan;
use crate::scenario::reader::Reader;
use crate::scenario::source::Span;
use crate::scenario::suggest::{did_you_mean, nearest};

/// Why no run of a plan measures something.
pub(super) struct Unmeasured {
    /// By what it would be measured, or where.
    pub by: &'static str,
    /// What the scenario lacks.
    pub lacks: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

/// The metric of this name, if there is one and runs of the plan have it.
pub(super) fn measured_metric(
    reader: &mut Reader<'_>,
    name: &str,
    place: Span,
    plan: &Plan,
) -> Option<Metric> {
    let Some(metric) = Metric::named(name) else {
        unknown_metric(reader, name, place);
        return None;
    };
    if let Some(Unmeasured { by, lacks, remedy }) = unmeasured(metric.info().exists, plan) {
        reader.push(
            codes::NOT_MEASURED,
            place,
            format!("`{name}` is measured {by}"),
            lacks,
            remedy,
        );
        return None;
    }
    Some(metric)
}

fn unknown_metric(reader: &mut Reader<'_>, name: &str, place: Span) {
    let all: Vec<&str> = Metric::ALL.iter().map(|metric| metric.name()).collect();
    let known = format!("there are: {}", all.join(", "));
    let help = did_you_mean(nearest(name, all), known);
    reader.push(
        codes::NO_SUCH_METRIC,
        place,
        format!("there is no metric \"{name}\""),
        "no metric of summary.csv",
        help,
    );
}

/// Why no run of a plan has what exists then; `None` if one has.
pub(super) fn unmeasured(exists: Exists, plan: &Plan) -> Option<Unmeasured> {
    let (is_there, by, lacks, remedy) = match exists {
        Exists::Always => return None,
        Exists::WithAudit => (
            plan.output.audit,
            "by an audit",
            "the ring of this scenario is not audited",
            "set `output.audit` to true",
        ),
        Exists::WithStorage => (
            plan.stores(),
            "where something is stored",
            "nothing is put or got in this scenario",
            "set `workload.puts_per_s`, `workload.gets_per_s` or `storage.preload`",
        ),
        Exists::WithScript => (
            plan.has_script(),
            "where something happens by script",
            "this scenario has no [[event]]",
            "add one",
        ),
        Exists::WithTrace => (
            plan.has_trace(),
            "where peers come and go by a trace",
            "no run of this scenario plays one",
            "set `churn.model` to \"trace\", and name the file in `churn.trace.file`",
        ),
        Exists::WithCoordinates => (
            plan.has_coordinates(),
            "where nodes have coordinates",
            "no run of this scenario gives them any",
            "set `chord.estimate` to \"vivaldi\", and `chord.proximity` to \"pns\"",
        ),
        Exists::WithLinks => (
            plan.output.links,
            "where messages are counted per link",
            "the links of this scenario are not watched",
            "set `output.links` to true",
        ),
        Exists::WithReputation => (
            plan.has_reputation(),
            "where peers remember who served them",
            "no run of this scenario has that defence",
            "add \"reputation\" to `selfish.defence`",
        ),
        Exists::WithWhitewash => (
            plan.has_whitewash(),
            "where selfish peers come back as others",
            "no run of this scenario has that behaviour",
            "add \"whitewash\" to `selfish.behaviour`",
        ),
        Exists::WithHops => (
            plan.output.hops,
            "where hops are measured one by one",
            "the hops of this scenario are not",
            "set `output.hops` to true",
        ),
        Exists::WithDeclining => (
            plan.fair_peers_decline(),
            "where peers that play fair may decline",
            "they serve everybody in this scenario",
            "set `selfish.defence` to \"reciprocity\"",
        ),
        Exists::WithSelfishStorage if !plan.stores() => {
            return unmeasured(Exists::WithStorage, plan);
        }
        Exists::WithSelfish | Exists::WithSelfishStorage => (
            plan.measures_selfish(),
            "where peers may be selfish",
            "this scenario has no [selfish]",
            "add one; `selfish.fraction` may be 0",
        ),
    };
    (!is_there).then_some(Unmeasured { by, lacks, remedy })
}
