//! `chordsim run`: simulate, write results, draw.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use super::args::RunArgs;
use super::exit::{Exit, Stop};
use super::interrupt::{HowToGoOn, Interrupt};
use super::load::{Loaded, load};
use super::terminal::Terminal;
use super::{advice, claim, misuse, needs, output, plot, progress, remarks, table};
use crate::catalogue::Metric;
use crate::codes;
use crate::report::audit::AuditReport;
use crate::report::comparisons::Comparisons;
use crate::report::folder::{FolderError, ResultFolder};
use crate::report::plot::links::worst_link;
use crate::report::{self, json, judgements, naming, run_table};
use crate::results::csv::{self, Aggregate};
use crate::results::{
    self, Assignment, Board, Failure, Finish, MeasuredRun, MeasuredRuns, Notice, Repetitions,
    ResultsError, Thresholds,
};
use crate::sim::simulate;
use crate::theory::{self, Seen};
use crate::validation::{self, Judged};

pub(super) fn run(args: &RunArgs, terminal: Terminal) -> Result<Exit, Stop> {
    if args.scenarios.len() > 1 && (args.out.is_some() || args.plots.is_some()) {
        misuse::refuse(
            codes::OPTIONS_EXCLUDE,
            "--out and --plots name one folder: give one scenario with them",
        );
    }
    if args.scenarios.len() > 1 && !args.table.is_empty() {
        misuse::refuse(
            codes::OPTIONS_EXCLUDE,
            "--table names one file: give one scenario with it",
        );
    }
    for file in &args.table {
        table::Target::of_run(file)?;
    }
    let scenarios: Vec<Loaded> = args
        .scenarios
        .iter()
        .map(|file| load(file, &args.change()))
        .collect::<Result<_, _>>()?;
    refuse_equal_names(&scenarios);
    scenarios.iter().try_for_each(needs::refuse_too_much)?;
    let jobs: Vec<Job> = scenarios.iter().map(|it| Job::new(args, it)).collect();
    jobs.iter().try_for_each(Job::claim)?;
    if !args.common.quiet {
        let remarks = scenarios.iter().flat_map(remarks::about);
        remarks.for_each(|line| output::message(&format!("note: {line}")));
    }
    let advice = scenarios.iter().flat_map(advice::about);
    advice.for_each(|line| output::message(&line));
    let interrupt = Interrupt::listen();
    let mut exit = Exit::Done;
    for job in &jobs {
        match job.run(terminal, &interrupt)? {
            Exit::Interrupted => return Ok(Exit::Interrupted),
            Exit::Done => {}
            other => exit = other,
        }
    }
    Ok(exit)
}

pub(super) fn refuse_equal_names(scenarios: &[Loaded]) {
    let mut files = BTreeMap::new();
    for scenario in scenarios {
        if let Some(other) = files.insert(&scenario.plan.name, &scenario.file) {
            let message = format!(
                "{} and {} have the same name, {:?}, and so the same result folder: run them one \
                 by one with --out, or rename one",
                other.display(),
                scenario.file.display(),
                scenario.plan.name
            );
            misuse::refuse(codes::SAME_NAME, &message);
        }
    }
}

/// What came of a scenario.
pub(super) struct CarriedOut<'a> {
    /// What its runs measured, now or before.
    pub measured: MeasuredRuns<'a>,
    /// The runs that failed.
    pub failures: Vec<Failure>,
}

/// One scenario of the command.
pub(super) struct Job<'a> {
    args: &'a RunArgs,
    scenario: &'a Loaded,
    pub out: PathBuf,
}

impl<'a> Job<'a> {
    pub(super) fn new(args: &'a RunArgs, scenario: &'a Loaded) -> Self {
        let default = || Path::new("results").join(&scenario.plan.name);
        Self {
            args,
            scenario,
            out: args.out.clone().unwrap_or_else(default),
        }
    }

    /// Asks whether the folder for the results may be written to, and says what becomes of what is there.
    pub(super) fn claim(&self) -> Result<(), Stop> {
        if let Some(note) = claim::ask(self.scenario, &self.out)? {
            self.tell(&note);
        }
        Ok(())
    }

    fn run(&self, terminal: Terminal, interrupt: &Interrupt) -> Result<Exit, Stop> {
        match self.carry_out(terminal, interrupt)? {
            Some(CarriedOut { measured, failures }) => self.present(&measured, &failures),
            None => Ok(Exit::Interrupted),
        }
    }

    /// Brings the results up to date; gives what came of it, or `None` if it was interrupted.
    pub(super) fn carry_out(
        &self,
        terminal: Terminal,
        interrupt: &Interrupt,
    ) -> Result<Option<CarriedOut<'a>>, Stop> {
        let name = &self.scenario.plan.name;
        let board = Arc::new(Board::new(self.scenario.plan.runs.len()));
        let how = self.how_to_go_on();
        interrupt.stops(&board, move |finished| how.tell(finished));
        let finish = progress::while_shown(name, &board, terminal, self.args.common.quiet, || {
            self.simulate(&board)
        });
        interrupt.stops_nothing();
        Ok(match finish.map_err(Stop::failed)? {
            Finish::Interrupted { finished } => {
                self.how_to_go_on().tell(finished);
                None
            }
            Finish::UpToDate { measured } => {
                self.tell(&format!("{name}: up to date, nothing to simulate"));
                Some(CarriedOut {
                    measured,
                    failures: Vec::new(),
                })
            }
            Finish::Done { measured, failures } => Some(CarriedOut { measured, failures }),
        })
    }

    fn simulate(&self, board: &Board) -> Result<Finish<'a>, ResultsError> {
        let say = |notice| self.notice(&notice);
        execute(self.scenario, &self.out, self.args.common.jobs, board, &say)
    }

    fn tell(&self, message: &str) {
        if !self.args.common.quiet {
            output::message(message);
        }
    }

    fn notice(&self, notice: &Notice) {
        let name = &self.scenario.plan.name;
        self.tell(&match notice {
            Notice::Redo(why) => format!("{name}: running again: {why}"),
            Notice::Searched {
                at_most,
                made,
                reused,
            } => format!(
                "{name}: the search took {} of at most {at_most} runs: {made} made, {reused} finished already and used",
                made + reused
            ),
            Notice::Repeated {
                at_most,
                made,
                reused,
            } => format!(
                "{name}: {} of at most {at_most} runs: {made} made, {reused} finished already and used",
                made + reused
            ),
            Notice::Reused(1) => format!("{name}: 1 run is finished already and is used"),
            Notice::Reused(runs) => {
                format!("{name}: {runs} runs are finished already and are used")
            }
        });
    }

    fn how_to_go_on(&self) -> HowToGoOn {
        HowToGoOn {
            name: self.scenario.plan.name.clone(),
            runs: match self.scenario.plan.runs_at_most() {
                runs if self.scenario.plan.chooses_runs() => format!("at most {runs}"),
                runs => runs.to_string(),
            },
            folder: self.out.display().to_string(),
        }
    }

    /// Draws the pictures and shows what came out.
    fn present(&self, measured: &MeasuredRuns, failures: &[Failure]) -> Result<Exit, Stop> {
        let pictures = self.draw()?;
        table::write_of_run(&self.out, &self.args.table)?;
        let aggregate = Aggregate::of(measured);
        let comparisons = Comparisons::of(measured);
        let thresholds = Thresholds::of(&self.scenario.plan, measured);
        let repetitions = Repetitions::of(&self.scenario.plan, measured);
        let warnings = self.warnings(repetitions.as_ref(), measured)?;
        let judged = validation::of_runs(&self.scenario.plan, measured, &self.out);
        let judged = judged.map_err(Stop::failed)?;
        if !self.args.common.quiet {
            output::messages(&run_table::render(&aggregate, &comparisons));
            if let Some(thresholds) = &thresholds {
                let swept = &self.scenario.plan.swept;
                output::messages(&report::thresholds::render(thresholds, swept));
            }
            if let Some(repetitions) = &repetitions {
                output::messages(&report::repetitions::told(repetitions));
            }
            output::messages(&self.beside(&judged));
            output::message(&format!("results: {}", self.out.display()));
            if let Some(folder) = pictures.first().and_then(|picture| picture.parent()) {
                output::message(&format!("plots:   {}", folder.display()));
            }
            for file in &self.args.table {
                output::message(&format!("table:   {}", file.display()));
            }
        }
        comparisons.notes().iter().for_each(|note| self.tell(note));
        self.tell_idle_events(measured);
        self.tell_worst_link()?;
        for warning in comparisons.warnings() {
            output::message(&warning);
        }
        for line in &warnings {
            self.tell(line);
        }
        self.tell_failures(failures);
        if self.args.common.json {
            let pictures: Vec<_> = pictures
                .iter()
                .map(|path| path.display().to_string())
                .collect();
            let thresholds = thresholds.map(|thresholds| {
                json::rows(&csv::thresholds(&thresholds, &self.scenario.plan.swept))
            });
            let json = json!({
                "name": self.scenario.plan.name,
                "summary": json::rows(&csv::summary(measured)),
                "aggregate": json::rows(&aggregate.to_table()),
                "thresholds": thresholds.unwrap_or_default(),
                "repetitions": repetitions.map(|all| report::repetitions::json(&all, &self.scenario.plan.swept)),
                "warnings": warnings.iter().map(|line| json::message(line)).collect::<Vec<_>>(),
                "expected": comparisons.json(),
                "expectations": json::rows(&validation::table(&judged)),
                "results": self.out.display().to_string(),
                "plots": pictures,
            });
            output::data(&format!("{json}\n"));
        }
        if !failures.is_empty() {
            return Ok(Exit::Partial);
        }
        Ok(self.tell_audit(measured))
    }

    /// What is to be known of the intervals: that they are too wide, or of too few repetitions.
    fn warnings(
        &self,
        repetitions: Option<&Repetitions>,
        measured: &MeasuredRuns,
    ) -> Result<Vec<String>, Stop> {
        let plan = &self.scenario.plan;
        let wide = repetitions.map(|all| report::repetitions::warnings(all, &plan.swept));
        let mut warnings = wide.unwrap_or_default();
        warnings.extend(report::repetitions::too_few(plan, measured));
        let is_said = !self.args.common.quiet || self.args.common.json;
        if is_said && plan.output.timeline {
            warnings.extend(self.short_warm_up()?);
        }
        Ok(warnings)
    }

    /// What is to be said where the warm-up was too short.
    fn short_warm_up(&self) -> Result<Option<String>, Stop> {
        let look = || {
            let folder = ResultFolder::open(&self.out)?;
            let short = report::warm_up::too_short(&folder)?;
            Ok(report::warm_up::warning(&folder, &short))
        };
        look().map_err(|error: FolderError| Stop::failed(plot::CannotDraw::from(error)))
    }

    /// Tells once how many events of the script named a peer that was not there.
    fn tell_idle_events(&self, measured: &MeasuredRuns) {
        let idle = |run: &MeasuredRun<'_>| run.get(Metric::ScriptIdle).unwrap_or(0.0);
        let (events, runs) = measured
            .runs
            .iter()
            .map(idle)
            .filter(|idle| *idle > 0.0)
            .fold((0.0, 0), |(events, runs), idle| (events + idle, runs + 1));
        if runs > 0 {
            self.tell(&format!(
                "{}: {events} of the scripted events in {runs} of {} runs had no effect: the peer that they name was not \
                 there, or the one that was to join was (`script_idle` in summary.csv)",
                self.scenario.plan.name,
                measured.runs.len()
            ));
        }
    }

    /// Tells which link carried the most, if that was counted.
    fn tell_worst_link(&self) -> Result<(), Stop> {
        if self.scenario.plan.output.links && !self.args.common.quiet {
            let worst = worst_link(&self.out).map_err(plot::CannotDraw::from);
            let worst = worst.map_err(Stop::failed)?;
            if let Some(line) = worst {
                output::message(&line);
            }
        }
        Ok(())
    }

    /// Tells what an audit found, if there was one. What was proved must not break.
    fn tell_audit(&self, measured: &MeasuredRuns) -> Exit {
        let plan = &self.scenario.plan;
        if !plan.output.audit {
            return Exit::Done;
        }
        let report = AuditReport::of(plan, measured);
        if !self.args.common.quiet || report.is_alarm {
            output::messages(&report.told());
        }
        if report.is_alarm {
            Exit::Failed
        } else {
            Exit::Done
        }
    }

    /// What the scenario expects beside what the files of its results say.
    pub(super) fn judged(&self) -> Result<Vec<Judged>, Stop> {
        validation::of_folder(&self.scenario.plan, &self.out).map_err(Stop::failed)
    }

    /// What is expected beside what was measured, as a small table; nothing if nothing is expected.
    fn beside(&self, judged: &[Judged]) -> String {
        if judged.is_empty() {
            return String::new();
        }
        let changed = !self.scenario.overrides.set.is_empty();
        let remark = if changed {
            " (of the scenario as it stands in the file; --set has changed it)"
        } else {
            ""
        };
        let tally = validation::tally(judged);
        format!(
            "\nexpected beside measured{remark}:\n{}{tally}\n",
            judgements::render(judged, false)
        )
    }

    pub(super) fn tell_failures(&self, failures: &[Failure]) {
        for failure in failures {
            output::message(&format!(
                "run {} failed ({}): {}",
                failure.run,
                naming::of_run(&self.scenario.plan, &failure.swept, failure.repetition),
                failure.reason
            ));
        }
    }

    fn draw(&self) -> Result<Vec<PathBuf>, Stop> {
        if self.args.no_plots {
            return Ok(Vec::new());
        }
        let default = || plot::default_folder(&self.scenario.plan.name);
        let plots = self.args.plots.clone().unwrap_or_else(default);
        plot::draw(&self.out, &plots, !self.args.no_title)
    }
}

/// Brings a result folder up to date.
pub(super) fn execute<'a>(
    scenario: &'a Loaded,
    out: &Path,
    jobs: Option<u32>,
    board: &Board,
    say: &dyn Fn(Notice),
) -> Result<Finish<'a>, ResultsError> {
    let Loaded { plan, assets, .. } = scenario;
    let assignment = Assignment {
        plan,
        scenario_file: &scenario.file,
        scenario_text: &scenario.text,
        overrides: &scenario.overrides,
        inputs: &scenario.inputs,
        out,
        jobs: needs::jobs(scenario, jobs),
    };
    results::execute(
        &assignment,
        &|spec, watch, sink| {
            let mut summary = simulate(spec, assets, &plan.output, watch, sink)?;
            summary.expected = theory::expectations(spec, &Seen::of(&summary));
            Ok(summary)
        },
        board,
        say,
    )
}
