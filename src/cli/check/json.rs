//! All that is known of a scenario before it is run, as JSON.

use std::path::Path;

use serde_json::{Value, json};

use super::{resolved, runs};
use crate::cli::exit::Stop;
use crate::cli::load::Loaded;
use crate::cli::needs::InAll;
use crate::cli::{advice, remarks, survey};
use crate::report::resolved::json as keys;
use crate::scenario::{Plan, RunSpec};

/// One line. `run` is the one whose keys are told.
pub(super) fn line(loaded: &Loaded, in_all: &InAll, run: &RunSpec) -> Result<String, Stop> {
    let plan = &loaded.plan;
    let inputs = loaded.inputs.iter();
    let inputs: Vec<Value> = inputs
        .map(|input| json!({ "path": input.path, "sha256": input.sha256 }))
        .collect();
    let told = json!({
        "file": loaded.file.display().to_string(),
        "name": plan.name,
        "title": plan.title,
        "seed": plan.seed,
        "repeat": plan.repeat,
        "swept": swept(plan),
        "runs": runs::json(plan),
        "runs_at_most": plan.runs_at_most(),
        "needs": needs(in_all),
        "inputs": inputs,
        "remarks": remarks::about(loaded),
        "networks": survey::about(loaded),
        "warnings": advice::about(loaded),
        "expectations": plan.expectations.len(),
        "writes": Path::new("results").join(&plan.name).display().to_string(),
        "resolved": { "run": run.run, "keys": keys(&resolved::tables(loaded, run)?) },
    });
    Ok(format!("{told}\n"))
}

/// The swept keys with the names of their columns.
fn swept(plan: &Plan) -> Vec<Value> {
    let swept = plan.swept.iter();
    swept
        .map(|key| json!({ "key": key.key, "column": key.column }))
        .collect()
}

/// Estimates: whole numbers of bytes and events, seconds to the hundredth.
fn needs(in_all: &InAll) -> Value {
    let whole = |number: f64| libm::round(number) as u64;
    let hundredth = |seconds: f64| libm::round(seconds * 100.0) / 100.0;
    json!({
        "events": whole(in_all.needs.events),
        "memory_bytes_per_run": whole(in_all.needs.memory),
        "memory_bytes_shared": whole(in_all.shared),
        "jobs": in_all.jobs,
        "memory_bytes": whole(in_all.memory),
        "core_seconds": hundredth(in_all.core_seconds),
        "wall_seconds": hundredth(in_all.wall_seconds),
        "disk_bytes": whole(in_all.needs.disk),
    })
}
