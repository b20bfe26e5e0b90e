//! One run in a process of its own, and what it cost.

use std::error::Error;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use chordsim::catalogue::{AnyRecord, Metric, RecordSink, RunSummary};
use chordsim::network::Assets;
use chordsim::scenario::{Overrides, Plan};
use chordsim::sim::{Watch, simulate};

use super::common::ceiling::measure;
use super::common::processor::ThreadClock;

/// The first argument of a process that runs one cell; its options follow.
pub(crate) const RUN: &str = "--run-cell";
/// The first argument of a process that measures the ceiling; the number of nodes follows.
pub(crate) const CEILING: &str = "--measure-ceiling";

const SCENARIO: &str = include_str!("../../scenarios/bench/simgrid-chord.toml");

/// A run to be measured.
#[derive(Clone)]
pub(crate) struct Cell {
    /// Members of the ring.
    pub nodes: u32,
    /// Simulated seconds.
    pub seconds: u32,
    /// What else differs from the scenario, as with `--set`.
    pub set: Vec<String>,
}

/// What a run cost. All numbers are those of one run, or medians of several.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measured {
    pub messages: f64,
    pub events: f64,
    /// Rows of the timeline.
    pub rows: f64,
    /// Processor time from the beginning until the first event is next.
    pub set_up_s: f64,
    /// From then to the end.
    pub run_s: f64,
    /// Bytes resident before the run, the program alone.
    pub before: f64,
    /// The most bytes that were ever resident.
    pub peak: f64,
    /// Events per second of a simulator that does nothing; 0 if it was not measured.
    pub ceiling: f64,
}

impl Measured {
    fn from_line(line: &str) -> Option<Self> {
        let numbers: Option<Vec<f64>> = line.split_whitespace().map(|n| n.parse().ok()).collect();
        let [messages, events, rows, set_up_s, run_s, before, peak] = numbers?[..] else {
            return None;
        };
        Some(Self {
            messages,
            events,
            rows,
            set_up_s,
            run_s,
            before,
            peak,
            ceiling: 0.0,
        })
    }

    /// The median of each number.
    pub(crate) fn median(of: &[Self]) -> Self {
        let middle = |number: fn(&Self) -> f64| median(of.iter().map(number).collect());
        Self {
            messages: middle(|m| m.messages),
            events: middle(|m| m.events),
            rows: middle(|m| m.rows),
            set_up_s: middle(|m| m.set_up_s),
            run_s: middle(|m| m.run_s),
            before: middle(|m| m.before),
            peak: middle(|m| m.peak),
            ceiling: middle(|m| m.ceiling),
        }
    }

    pub(crate) fn ns_per_event(&self) -> f64 {
        self.run_s * 1e9 / self.events
    }

    pub(crate) fn events_per_s(&self) -> f64 {
        self.events / self.run_s
    }

    pub(crate) fn messages_per_s(&self) -> f64 {
        self.messages / self.run_s
    }

    /// What the run has added to the memory of the program, for each of so many nodes.
    pub(crate) fn bytes_per_node(&self, nodes: u32) -> f64 {
        (self.peak - self.before) / f64::from(nodes)
    }
}

/// The number in the middle, or the mean of the two.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let (lower, upper) = (numbers[(numbers.len() - 1) / 2], numbers[numbers.len() / 2]);
    f64::midpoint(lower, upper)
}

impl Cell {
    /// Every node of the scenario asks for a key every 10 s, whatever their number.
    fn options(&self) -> Vec<String> {
        let own = [
            format!("overlay.nodes={}", self.nodes),
            format!("workload.lookups_per_s={}", f64::from(self.nodes) / 10.0),
            format!("duration={}s", self.seconds),
            format!("sample={}s", self.seconds),
            "output.nodes=false".to_owned(),
        ];
        own.into_iter().chain(self.set.iter().cloned()).collect()
    }

    /// Runs it in a process of its own.
    ///
    /// # Errors
    /// If the process fails.
    pub(crate) fn measure(&self) -> Result<Measured, Box<dyn Error>> {
        let line = child(RUN, &self.options())?;
        let measured = Measured::from_line(&line);
        measured.ok_or_else(|| format!("the run of a cell printed `{line}`").into())
    }
}

/// Measures the ceiling for so many nodes in a process of its own: events per second.
///
/// # Errors
/// If the process fails.
pub(crate) fn measure_ceiling(nodes: u32) -> Result<f64, Box<dyn Error>> {
    Ok(child(CEILING, &[nodes.to_string()])?.trim().parse()?)
}

/// What this program prints if it is started with these arguments.
fn child(first: &str, rest: &[String]) -> Result<String, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(first).args(rest).stderr(Stdio::inherit());
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("{first} {} failed", rest.join(" ")).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// In the process of a cell: runs it and prints what it cost.
///
/// # Errors
/// If the options are wrong or the run fails.
pub(crate) fn run(options: &[String]) -> Result<(), Box<dyn Error>> {
    let overrides = Overrides {
        set: options.to_vec(),
        ..Overrides::default()
    };
    let plan = Plan::parse(SCENARIO, Path::new("simgrid-chord.toml"), &overrides)
        .map_err(|error| format!("{:?}", miette::Report::new(*error)))?;
    let before = memory("VmRSS:");
    let mut counts = Counts::default();
    let (summary, set_up, run) = timed(&plan, &mut counts)?;
    let metric = |metric| summary.get(metric).unwrap_or(0.0);
    println!(
        "{} {} {} {} {} {before} {}",
        metric(Metric::Messages),
        metric(Metric::Events),
        counts.timeline,
        set_up,
        run,
        memory("VmHWM:"),
    );
    Ok(())
}

/// In the process of a ceiling: prints it.
///
/// # Errors
/// If there is no number of nodes.
pub(crate) fn ceiling(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    println!("{}", measure(arguments.concat().parse()?));
    Ok(())
}

/// Simulates the only run of a plan. Also returns how many seconds of processor time it took to set it
/// up, and how many from then on.
fn timed(
    plan: &Plan,
    sink: &mut (impl RecordSink + Send),
) -> Result<(RunSummary, f64, f64), Box<dyn Error>> {
    let watch = Watch::default();
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let clock = Arc::new(ThreadClock::of_this_thread());
            let begin = clock.seconds();
            // If nobody listens the other thread has panicked.
            let _ = send.send((Arc::clone(&clock), begin));
            let spec = &plan.runs[0];
            let summary = simulate(spec, &Assets::default(), &plan.output, &watch, sink);
            (summary.map_err(|error| error.to_string()), clock.seconds())
        });
        let (clock, begin) = receive.recv()?;
        while !watch.set_up.load(Ordering::Relaxed) && !thread.is_finished() {
            thread::sleep(Duration::from_millis(1));
        }
        let set_up = clock.seconds();
        let (summary, end) = thread.join().map_err(|_| "the run has panicked")?;
        Ok((summary?, set_up - begin, end - set_up))
    })
}

/// Bytes as this process's status has them; 0 where the system does not tell (it does on Linux).
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok());
    kibibytes.unwrap_or(0) * 1024
}

/// Counts the rows of the timeline and keeps none.
#[derive(Default)]
struct Counts {
    timeline: u64,
}

impl RecordSink for Counts {
    fn take(&mut self, record: AnyRecord<'_>) -> io::Result<()> {
        self.timeline += u64::from(matches!(record, AnyRecord::Timeline(_)));
        Ok(())
    }
}
