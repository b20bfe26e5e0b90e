//! Every key of a run with its value and where that comes from.

use crate::cli::exit::Stop;
use crate::cli::load::Loaded;
use crate::inputs::harmless::escaped;
use crate::report::naming;
use crate::report::resolved::toml;
use crate::scenario::origin::{SetTable, set_tables};
use crate::scenario::{Overrides, RunSpec};
use std::fmt::Write as _;

/// The keys of a run of a scenario.
pub(super) fn tables(loaded: &Loaded, run: &RunSpec) -> Result<Vec<SetTable>, Stop> {
    let overrides = Overrides {
        seed: loaded.overrides.seed,
        repeat: loaded.overrides.repeat,
        set: loaded.overrides.set.clone(),
        events: Vec::new(),
    };
    let of = (&loaded.plan, run);
    set_tables(&loaded.text, &loaded.file, &overrides, of).map_err(Stop::scenario)
}

/// As a scenario that runs what the run of this one does.
pub(super) fn told(loaded: &Loaded, run: &RunSpec) -> Result<String, Stop> {
    let plan = &loaded.plan;
    let file = loaded.file.display().to_string().replace(['\n', '\r'], " ");
    let mut head = format!("# {}", escaped(&file));
    if plan.combinations().count() > 1 {
        let name = naming::of_run(plan, &run.swept, run.repetition);
        let name = name.replace('\n', " ");
        let _ = write!(
            head,
            ", run {} of {} ({})",
            run.run,
            plan.runs.len(),
            escaped(&name)
        );
    }
    head += ": every key, and where its value comes from.\n";
    if !loaded.inputs.is_empty() {
        head +=
            "# Data files are looked for beside the scenario: keep this one in the same folder.\n";
    }
    let said = plan.expectations.len() + plan.plots.len();
    if said > 0 || plan.threshold.is_some() {
        head += "# Left out is what is said of results: [[expect]], [[plot]], [threshold].\n";
    }
    Ok(format!("{head}\n{}", toml(&tables(loaded, run)?)))
}
