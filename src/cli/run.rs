//! `chordsim run`: simulate, write results, draw.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::CommandFactory as _;
use clap::error::ErrorKind;
use serde_json::{Map, Value, json};

use super::args::{Cli, RunArgs};
use super::expected::Expected;
use super::interrupt::Interrupt;
use super::load::{Loaded, load};
use super::terminal::Terminal;
use super::{Exit, Stop, audit, plot, progress, table, verdicts};
use crate::results::csv::Table;
use crate::results::{self, Board, Failure, Finish, Notice, Request, ResultsError};
use crate::scenario::Plan;
use crate::sim::simulate;
use crate::theory;
use crate::validation::{self, Row};

pub(super) fn run(args: &RunArgs, terminal: Terminal) -> Result<Exit, Stop> {
    if args.scenarios.len() > 1 && (args.out.is_some() || args.plots.is_some()) {
        usage("--out and --plots name one folder: give one scenario with them");
    }
    let scenarios: Vec<Loaded> = args
        .scenarios
        .iter()
        .map(|file| load(file, &args.change()))
        .collect::<Result<_, _>>()?;
    refuse_equal_names(&scenarios);
    let interrupt = Interrupt::listen();
    let mut exit = Exit::Done;
    for scenario in &scenarios {
        match Job::new(args, scenario).run(terminal, &interrupt)? {
            Exit::Interrupted => return Ok(Exit::Interrupted),
            Exit::Done => {}
            other => exit = other,
        }
    }
    Ok(exit)
}

/// Ends the program the way a mistyped option does.
fn usage(message: &str) -> ! {
    Cli::command()
        .error(ErrorKind::ArgumentConflict, message)
        .exit()
}

pub(super) fn refuse_equal_names(scenarios: &[Loaded]) {
    let mut files = BTreeMap::new();
    for scenario in scenarios {
        if let Some(other) = files.insert(&scenario.plan.name, &scenario.file) {
            usage(&format!(
                "{} and {} have the same name, {:?}, and so the same result folder: run them one \
                 by one with --out, or rename one",
                other.display(),
                scenario.file.display(),
                scenario.plan.name
            ));
        }
    }
}

/// One scenario of the command.
pub(super) struct Job<'a> {
    args: &'a RunArgs,
    scenario: &'a Loaded,
    pub out: PathBuf,
}

impl<'a> Job<'a> {
    pub fn new(args: &'a RunArgs, scenario: &'a Loaded) -> Self {
        let default = || Path::new("results").join(&scenario.plan.name);
        Self {
            args,
            scenario,
            out: args.out.clone().unwrap_or_else(default),
        }
    }

    fn run(&self, terminal: Terminal, interrupt: &Interrupt) -> Result<Exit, Stop> {
        match self.carry_out(terminal, interrupt)? {
            Some(failures) => self.present(&failures),
            None => Ok(Exit::Interrupted),
        }
    }

    /// Brings the results up to date; gives the runs that failed, or `None` if it was interrupted.
    pub fn carry_out(
        &self,
        terminal: Terminal,
        interrupt: &Interrupt,
    ) -> Result<Option<Vec<Failure>>, Stop> {
        let name = &self.scenario.plan.name;
        let board = Arc::new(Board::new(self.scenario.plan.runs.len()));
        interrupt.stops(&board);
        let finish = progress::while_shown(name, &board, terminal, self.args.common.quiet, || {
            self.simulate(&board)
        });
        interrupt.stops_nothing();
        Ok(match finish.map_err(Stop::failed)? {
            Finish::Interrupted { finished } => {
                eprintln!("{}", self.how_to_go_on(finished));
                None
            }
            Finish::UpToDate => {
                self.tell(&format!("{name}: up to date, nothing to simulate"));
                Some(Vec::new())
            }
            Finish::Done { failures } => Some(failures),
        })
    }

    fn simulate(&self, board: &Board) -> Result<Finish, ResultsError> {
        let say = |notice| self.notice(&notice);
        execute(self.scenario, &self.out, self.args.common.jobs, board, &say)
    }

    fn tell(&self, message: &str) {
        if !self.args.common.quiet {
            eprintln!("{message}");
        }
    }

    fn notice(&self, notice: &Notice) {
        let name = &self.scenario.plan.name;
        self.tell(&match notice {
            Notice::Redo(why) => format!("{name}: running again: {why}"),
            Notice::Reused(1) => format!("{name}: 1 run is finished already and is used"),
            Notice::Reused(runs) => {
                format!("{name}: {runs} runs are finished already and are used")
            }
        });
    }

    fn how_to_go_on(&self, finished: usize) -> String {
        let name = &self.scenario.plan.name;
        let runs = self.scenario.plan.runs.len();
        match finished {
            0 => format!("{name}: interrupted before any of {runs} runs was finished"),
            _ => format!(
                "{name}: interrupted; {finished} of {runs} runs are finished and kept in {}; the \
                 same command goes on from there",
                self.out.display()
            ),
        }
    }

    /// Draws the pictures and shows what came out.
    fn present(&self, failures: &[Failure]) -> Result<Exit, Stop> {
        let pictures = self.draw()?;
        let aggregate = self.table("aggregate.csv")?;
        let summary = self.table("summary.csv")?;
        let expected = Expected::read(&summary);
        let verdicts = self.verdicts()?;
        if !self.args.common.quiet {
            eprint!("{}", table::render(&aggregate, &expected));
            eprint!("{}", self.beside(&verdicts));
            eprintln!("results: {}", self.out.display());
            if let Some(folder) = pictures.first().and_then(|picture| picture.parent()) {
                eprintln!("plots:   {}", folder.display());
            }
        }
        expected.notes().iter().for_each(|note| self.tell(note));
        for warning in expected.warnings() {
            eprintln!("{warning}");
        }
        self.tell_failures(failures);
        if self.args.common.json {
            let pictures: Vec<_> = pictures
                .iter()
                .map(|path| path.display().to_string())
                .collect();
            let json = json!({
                "name": self.scenario.plan.name,
                "summary": rows(&summary),
                "aggregate": rows(&aggregate),
                "expected": expected.json(),
                "expectations": rows(&validation::table(&verdicts)),
                "results": self.out.display().to_string(),
                "plots": pictures,
            });
            println!("{json}");
        }
        if !failures.is_empty() {
            return Ok(Exit::Partial);
        }
        self.tell_audit()
    }

    /// Tells what an audit found, if there was one.
    fn tell_audit(&self) -> Result<Exit, Stop> {
        let plan = &self.scenario.plan;
        if !plan.output.audit {
            return Ok(Exit::Done);
        }
        let report =
            audit::Report::of(plan, &self.table("audit.csv")?, &self.table("summary.csv")?);
        if !self.args.common.quiet || report.exit() != Exit::Done {
            eprint!("{}", report.told());
        }
        Ok(report.exit())
    }

    /// What the scenario expects, beside what was measured.
    pub fn verdicts(&self) -> Result<Vec<Row>, Stop> {
        validation::of_folder(&self.scenario.plan, &self.out).map_err(Stop::failed)
    }

    /// The verdicts as a small table; nothing if nothing is expected.
    fn beside(&self, verdicts: &[Row]) -> String {
        if verdicts.is_empty() {
            return String::new();
        }
        let changed = !self.scenario.overrides.set.is_empty();
        let remark = if changed {
            " (of the scenario as it stands in the file; --set has changed it)"
        } else {
            ""
        };
        let tally = validation::tally(verdicts);
        format!(
            "\nexpected beside measured{remark}:\n{}{tally}\n",
            verdicts::render(verdicts, false)
        )
    }

    pub fn tell_failures(&self, failures: &[Failure]) {
        for failure in failures {
            eprintln!(
                "run {} failed ({}): {}",
                failure.run,
                values(&self.scenario.plan, &failure.swept, failure.repetition),
                failure.reason
            );
        }
    }

    fn draw(&self) -> Result<Vec<PathBuf>, Stop> {
        if self.args.no_plots {
            return Ok(Vec::new());
        }
        let default = || plot::default_folder(&self.scenario.plan.name);
        plot::draw(&self.out, &self.args.plots.clone().unwrap_or_else(default))
    }

    fn table(&self, file: &'static str) -> Result<Table, Stop> {
        let path = self.out.join(file);
        Table::read(&path).map_err(|source| {
            Stop::failed(ResultsError::Io {
                action: "read",
                path,
                source,
            })
        })
    }
}

/// Brings a result folder up to date.
pub(super) fn execute(
    scenario: &Loaded,
    out: &Path,
    jobs: Option<u32>,
    board: &Board,
    say: &dyn Fn(Notice),
) -> Result<Finish, ResultsError> {
    let Loaded { plan, assets, .. } = scenario;
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let request = Request {
        plan,
        scenario_file: &scenario.file,
        scenario_text: &scenario.text,
        overrides: &scenario.overrides,
        inputs: &scenario.inputs,
        out,
        jobs: jobs.map_or_else(cores, |jobs| jobs as usize),
    };
    results::execute(
        &request,
        &|spec, watch, sink| {
            let mut summary = simulate(spec, assets, &plan.output, watch, sink)?;
            let expected = theory::columns(spec, |metric| summary.get(metric));
            summary.metrics.extend(expected);
            Ok(summary)
        },
        board,
        say,
    )
}

/// What tells a run from the others, such as `nodes = 16, repetition 2`.
pub(super) fn values(plan: &Plan, swept: &[String], repetition: u32) -> String {
    let swept = plan.swept.iter().zip(swept);
    let mut values: Vec<String> = swept
        .map(|(key, value)| format!("{} = {value}", key.column))
        .collect();
    values.push(format!("repetition {repetition}"));
    values.join(", ")
}

/// Rows as JSON objects: numbers as numbers, what does not exist as null.
pub(super) fn rows(table: &Table) -> Vec<Value> {
    let object = |row: &Vec<String>| {
        let cells = table.header.iter().zip(row);
        Value::Object(
            cells
                .map(|(name, cell)| (name.clone(), value(name, cell)))
                .collect::<Map<_, _>>(),
        )
    };
    table.rows.iter().map(object).collect()
}

pub(super) fn value(column: &str, cell: &str) -> Value {
    // A fingerprint may happen to have decimal digits only.
    if column == "fingerprint" {
        return cell.into();
    }
    match (cell.parse::<u64>(), cell.parse::<f64>()) {
        _ if cell.is_empty() => Value::Null,
        (Ok(whole), _) => whole.into(),
        (_, Ok(number)) if number.is_finite() => number.into(),
        _ => match cell {
            "true" => true.into(),
            "false" => false.into(),
            _ => cell.into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_become_what_they_look_like() {
        assert_eq!(value("seed", "18446744073709551615"), json!(u64::MAX));
        assert_eq!(value("hops_mean", "3.5"), json!(3.5));
        assert_eq!(value("hops_mean", ""), Value::Null);
        assert_eq!(value("routing", "fingers"), json!("fingers"));
        assert_eq!(value("routing", "nan"), json!("nan"));
        assert_eq!(
            value("fingerprint", "0000000000000064"),
            json!("0000000000000064")
        );
    }
}
