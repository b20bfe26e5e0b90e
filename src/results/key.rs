//! What makes two runs the same run: the program, the scenario, the seed, what is written, and the
//! data files. Runs with one key have the same rows, wherever they stand in a plan.

use serde::Serialize;

use super::digest::sha256_hex;
use super::entry::{Input, Program};
use crate::scenario::resolved::{Output, Scenario};
use crate::scenario::{Plan, RunSpec};

#[derive(Serialize)]
struct Parts<'a> {
    program: &'a Program,
    scenario: &'a Scenario,
    seed: u64,
    output: &'a Output,
    inputs: Vec<&'a str>,
}

/// The key of a run: 64 hexadecimal digits. Every data file of the plan counts for every run of
/// it; that a run may not use it is not known here.
pub(super) fn run_key(program: &Program, plan: &Plan, spec: &RunSpec, inputs: &[Input]) -> String {
    let parts = Parts {
        program,
        scenario: &spec.scenario,
        seed: spec.seed,
        output: &plan.output,
        inputs: inputs.iter().map(|input| input.sha256.as_str()).collect(),
    };
    sha256_hex(&serde_json::to_vec(&parts).expect("a scenario is plain data"))
}
