//! How the cost of whole runs grows: with the nodes, with churn, with the length of the successor list,
//! and with how often the health of the ring is looked at.
//!
//! Every run is one of `scenarios/bench/simgrid-chord.toml`, changed by options, in a process of its own, so
//! that the peak of its memory is its own. Cells are run in turn, several times, and medians are printed.
//! Seconds are processor time of the one thread that simulates.
//!
//! `cargo bench --bench growth -- sizes --csv growth` prints a table and writes `growth/sizes.csv`;
//! without the name of a table all of them come.

#[path = "../common/mod.rs"]
mod common;

mod cell;
mod health;
mod options;
mod picture;
mod plans;
mod table;

use std::error::Error;
use std::process::ExitCode;

use cell::Measured;
use options::{Options, Which};
use plans::Row;
use table::Table;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.first().map(String::as_str) {
        Some(cell::RUN) => cell::run(&args[1..]),
        Some(cell::CEILING) => cell::ceiling(&args[1..]),
        _ => Options::parse(&args).and_then(|options| measure(&options)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures and prints every table that is wanted.
fn measure(options: &Options) -> Result<(), Box<dyn Error>> {
    for which in &options.tables {
        let table = match which {
            Which::Sizes => {
                let rows = plans::sizes(options.ten_million);
                let medians = in_turn(&rows, options.repeat)?;
                if let Some(file) = &options.picture {
                    picture::write(file, &rows, &medians)?;
                }
                Table::of_runs("sizes", &[], &rows, &medians)
            }
            Which::Variants => runs("variants", &["variant"], &plans::variants(), options)?,
            Which::Churn => runs("churn", &["mean session"], &plans::churn(), options)?,
            Which::Successors => {
                runs("successors", &["successors"], &plans::successors(), options)?
            }
            Which::Health => health::measure(options.repeat)?,
        };
        println!("{}", table.markdown());
        if let Some(folder) = &options.csv {
            table.write_csv(folder)?;
        }
    }
    Ok(())
}

fn runs(
    name: &'static str,
    labels: &[&'static str],
    rows: &[Row],
    options: &Options,
) -> Result<Table, Box<dyn Error>> {
    let medians = in_turn(rows, options.repeat)?;
    Ok(Table::of_runs(name, labels, rows, &medians))
}

/// Runs all cells one after the other, each followed by its ceiling, and all of that as often as is
/// wanted; returns the median of each.
fn in_turn(rows: &[Row], repeat: u32) -> Result<Vec<Measured>, Box<dyn Error>> {
    let mut all: Vec<Vec<Measured>> = vec![Vec::new(); rows.len()];
    for turn in 1..=repeat {
        for (row, measured) in rows.iter().zip(&mut all) {
            eprintln!("turn {turn} of {repeat}: {}", row.name());
            let mut cell = row.cell.measure()?;
            cell.ceiling = cell::measure_ceiling(row.cell.nodes)?;
            measured.push(cell);
        }
    }
    Ok(all.iter().map(|turns| Measured::median(turns)).collect())
}
