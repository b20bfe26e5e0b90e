//! The same ping workload on the engine of chordsim and on other simulators; README.md says what is
//! compared. Without arguments it runs every cell of the table in a process of its own, so that the
//! peak of memory is the cell's; with the arguments of a cell it runs that one.

mod chordsim_engine;
mod nexosim_engine;
#[path = "../../common/random.rs"]
mod random;
mod simcore_engine;
mod workload;

use std::error::Error;
use std::fs;
use std::process::Command;

use serde::{Deserialize, Serialize};

use random::Delays;
use workload::{EVENTS, Outcome, Workload};

const PENDING: [u64; 3] = [1_000, 100_000, 1_000_000];

/// A simulator, by its name and version.
type Engine = (&'static str, fn(&Workload, u64) -> Outcome);

/// Ours comes first: it says when the others are to end.
const ENGINES: [Engine; 3] = [
    ("chordsim", chordsim_engine::run),
    ("simcore 0.1.0", simcore_engine::run),
    ("nexosim 1.0.0", nexosim_engine::run),
];

/// What is known of a cell.
#[derive(Serialize, Deserialize)]
struct Cell {
    outcome: Outcome,
    peak_mib: Option<f64>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let numbers: Vec<u64> = std::env::args()
        .skip(1)
        .map(|argument| argument.parse())
        .collect::<Result<_, _>>()?;
    match numbers[..] {
        [] => table(),
        [engine, delays, pending, until] => {
            let workload = Workload::new(pending, Delays::ALL[delays as usize]);
            let outcome = ENGINES[engine as usize].1(&workload, until);
            let peak_mib = peak_mib();
            println!("{}", serde_json::to_string(&Cell { outcome, peak_mib })?);
            Ok(())
        }
        _ => Err("no arguments are needed".into()),
    }
}

/// Runs everything and prints a table.
fn table() -> Result<(), Box<dyn Error>> {
    println!("| delays | pending | simulator | events/s | times the slowest | peak MiB |");
    println!("|---|---:|---|---:|---:|---:|");
    for (number, delays) in Delays::ALL.iter().enumerate() {
        for pending in PENDING {
            for row in rows(number, *delays, pending)? {
                println!("{row}");
            }
        }
    }
    Ok(())
}

/// The rows of one workload, one for each simulator.
fn rows(number: usize, delays: Delays, pending: u64) -> Result<Vec<String>, Box<dyn Error>> {
    let mut cells: Vec<Cell> = Vec::new();
    for (engine, (name, _)) in ENGINES.iter().enumerate() {
        let until = cells.first().map_or(0, |first| first.outcome.last);
        let cell = cell(&[engine as u64, number as u64, pending, until])?;
        if let Some(first) = cells.first() {
            agree(name, &cell.outcome, &first.outcome)?;
        }
        cells.push(cell);
    }
    let speed = |cell: &Cell| cell.outcome.events as f64 / cell.outcome.seconds;
    let slowest = cells.iter().map(speed).fold(f64::INFINITY, f64::min);
    let row = |((name, _), cell): (&Engine, &Cell)| {
        let (delays, speed) = (delays.name(), speed(cell));
        let peak = cell
            .peak_mib
            .map_or_else(|| "unknown".to_owned(), |mib| format!("{mib:.0}"));
        format!(
            "| {delays} | {pending} | {name} | {speed:.0} | {:.1} | {peak} |",
            speed / slowest
        )
    };
    Ok(ENGINES.iter().zip(&cells).map(row).collect())
}

/// Checks that a simulator has done the same as ours.
fn agree(name: &str, outcome: &Outcome, ours: &Outcome) -> Result<(), String> {
    // The last moment may be shared by several events, and simcore's clock is a float.
    if outcome.events.abs_diff(ours.events) > EVENTS / 1000 {
        return Err(format!(
            "{name} had {} events, not {EVENTS}",
            outcome.events
        ));
    }
    if outcome.events == ours.events && outcome.drawn != ours.drawn {
        return Err(format!("{name} had other events than chordsim"));
    }
    Ok(())
}

/// Runs one cell in a process of its own.
fn cell(numbers: &[u64]) -> Result<Cell, Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?)
        .args(numbers.iter().map(u64::to_string))
        .stderr(std::process::Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("the cell {numbers:?} ended with {}", output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The most memory this process has had resident, where the system tells (Linux).
fn peak_mib() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib / 1024.0)
}
