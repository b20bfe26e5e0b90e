//! What can be typed.

mod check;
mod compare;
mod explain;
mod init;
mod judge;
mod log;
mod report;
mod table;
mod tools;

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

use crate::results::manifest::Program;
pub(in crate::cli) use check::CheckArgs;
pub(in crate::cli) use compare::CompareArgs;
pub(in crate::cli) use explain::ExplainArgs;
pub(in crate::cli) use init::InitArgs;
pub(in crate::cli) use judge::{By, JudgeArgs, Of, Quantity};
pub(in crate::cli) use log::LogArgs;
pub(in crate::cli) use report::ReportArgs;
pub(in crate::cli) use table::{ShownArgs, TableArgs, WrittenArgs};
pub(in crate::cli) use tools::{CompletionsArgs, ManArgs, SchemaArgs, Shell};

/// Simulates distributed hash tables, event by event.
#[derive(Parser, Debug)]
#[command(version = version(), about, propagate_version = true, max_term_width = 100, after_help = EXIT_CODES)]
pub(in crate::cli) struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// When to use colour on standard error, and in what `play` shows
    #[arg(long, value_enum, default_value_t, global = true, value_name = "WHEN")]
    pub color: Color,
}

/// Its version, and the commit that it was built from where that is known.
fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let this = Program::this().to_string();
        let name = concat!(env!("CARGO_PKG_NAME"), " ");
        this.strip_prefix(name).unwrap_or(&this).to_owned()
    });
    &VERSION
}

const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 run-time failure; 2 bad usage or bad scenario, nothing written; 3 some runs \
of a sweep failed, the rest is written; 4 `verify` found a difference; 130 interrupted, finished runs are kept.";

const VALIDATE_CODES: &str = "\
Exit codes: 0 everything judged is as expected; 1 something is not, could not be judged, or failed; \
2 bad usage or bad scenario; 130 interrupted, finished runs are kept.";

/// When to use colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(in crate::cli) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum Command {
    /// Simulate; write CSV to results/NAME/ and pictures to plots/NAME/
    Run(RunArgs),
    /// Write a commented scenario to start from
    Init(InitArgs),
    /// Read scenarios and their data files only; say how many runs they ask for, and what these need
    Check(CheckArgs),
    /// Tell one lookup, put or get hop by hop, as the lecture does
    Trace(TraceArgs),
    /// A ring by hand: let nodes join, leave and crash, put and get, step by step, and see what each node knows
    Play(PlayArgs),
    /// Draw the pictures again from the CSV files alone
    Plot(PlotArgs),
    /// Write one page of HTML that has everything of a result in it, and needs no network
    Report(ReportArgs),
    /// What was measured as a table: for the terminal, or as Markdown, LaTeX, HTML, CSV, JSON
    Table(TableArgs),
    /// Two results side by side, paired by seed, with intervals of what differs
    Compare(CompareArgs),
    /// List the results that are here: when, how long, how many runs, complete or not
    Log(LogArgs),
    /// Run again what a result says was run; tell whether every byte is the same
    Verify(VerifyArgs),
    /// Run scenarios that say what to expect; print expected beside measured
    #[command(after_help = VALIDATE_CODES)]
    Validate(ValidateArgs),
    /// Say which convention a number from elsewhere fits, or which mistake would give it
    #[command(after_help = judge::JUDGE_CODES)]
    Judge(JudgeArgs),
    /// Say what an error code, a metric, a column, a key or another word means
    Explain(ExplainArgs),
    /// Print the JSON Schema of scenario files, for editors
    Schema(SchemaArgs),
    /// Print what a shell needs to complete commands, options and keys
    Completions(CompletionsArgs),
    /// Print the manual page, or write all of them to a folder
    Man(ManArgs),
}

#[derive(Args, Debug, Default)]
#[command(
    mut_arg("quiet", |quiet| quiet.help("No progress and no summary, only errors")),
    mut_arg("json", |json| json.help("The summary as JSON on standard output, one line per scenario"))
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option that is there or not"
)]
pub(in crate::cli) struct RunArgs {
    /// Scenario files; several are run one after the other
    #[arg(required = true, value_name = "SCENARIO.toml", value_hint = ValueHint::FilePath)]
    pub scenarios: Vec<PathBuf>,
    #[command(flatten)]
    pub change: ChangeArgs,
    /// Where results go; one scenario only [default: results/NAME]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Where pictures go; one scenario only [default: plots/NAME]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with = "no_plots")]
    pub plots: Option<PathBuf>,
    /// Draw no pictures
    #[arg(long)]
    pub no_plots: bool,
    /// Pictures without headings, for a paper that says in its own words what they show
    #[arg(long, conflicts_with = "no_plots")]
    pub no_title: bool,
    /// Write the table of results here as well, as .txt, .md, .tex, .html, .csv or .json; may be given several times; one
    /// scenario only
    #[arg(long, value_name = "FILE")]
    pub table: Vec<PathBuf>,
    /// Check the ring after every step; write audit.csv
    #[arg(long)]
    pub audit: bool,
    /// Write every message of every lookup, put and get to trace.csv
    #[arg(long)]
    pub trace: bool,
    /// Record what the ring replay of `chordsim report` needs; write replay.csv
    #[arg(long)]
    pub replay: bool,
    #[command(flatten)]
    pub common: CommonArgs,
}

/// What every command takes that runs something. The commands say more exactly what is quiet and what is
/// printed.
#[derive(Args, Clone, Debug, Default)]
pub(in crate::cli) struct CommonArgs {
    /// Runs in parallel, each of them on one core [default: all cores]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub jobs: Option<u32>,
    /// No progress, only errors
    #[arg(long, short)]
    pub quiet: bool,
    /// What came out as JSON on standard output
    #[arg(long)]
    pub json: bool,
}

/// What is put on top of a scenario file.
#[derive(Args, Clone, Debug, Default)]
pub(in crate::cli) struct ChangeArgs {
    /// Another seed
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Another number of repetitions
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub repeat: Option<u32>,
    /// Another value for a key, typed as in the file: --set chord.successors=8
    #[arg(long, value_name = "SECTION.KEY=VALUE", value_hint = ValueHint::Other)]
    pub set: Vec<String>,
}

impl RunArgs {
    /// What is put on top of the scenario files.
    pub(in crate::cli) fn change(&self) -> ChangeArgs {
        let mut change = self.change.clone();
        if self.audit {
            change.set.push("output.audit=true".to_owned());
        }
        if self.trace {
            change.set.push("output.trace=true".to_owned());
        }
        if self.replay {
            change.set.push("output.replay=true".to_owned());
        }
        change
    }
}

/// What is asked of the ring at time 0.
#[derive(Args, Debug, Default)]
pub(in crate::cli) struct RingArgs {
    /// Print every node's successor, predecessor and finger table (rings of up to 64 positions), and the table of degrees
    #[arg(long, group = "of_one_run")]
    pub ring: bool,
    /// The ring in another form, for other programs; nothing else is on standard output then
    #[arg(long, value_enum, value_name = "FORMAT", requires = "ring")]
    pub format: Option<RingFormat>,
    /// Where the ring goes instead of standard output
    #[arg(long, value_name = "FILE", requires = "ring")]
    pub out: Option<PathBuf>,
    /// Draw the ring instead, as .svg, .png or .pdf by the end of the name (up to 8192 positions)
    #[arg(long, value_name = "FILE", requires = "ring")]
    pub picture: Option<PathBuf>,
    /// Whose fingers are in the picture: --fingers-of 14,32 [default: the first node's on a ring of up to 16 nodes, unless
    /// there is a --path]
    #[arg(
        long,
        value_name = "ID,...",
        requires = "picture",
        value_delimiter = ','
    )]
    pub fingers_of: Vec<u64>,
    /// The way of a lookup from this node to this key: --path 32:120
    #[arg(long, value_name = "ID:KEY", requires = "ring", value_parser = way)]
    pub path: Option<(u64, u64)>,
    /// The ring or the keys of this run, counted from 0 [default: 0]
    #[arg(long, value_name = "N", requires = "of_one_run")]
    pub run: Option<u32>,
}

/// The form of a ring.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(in crate::cli) enum RingFormat {
    /// For people
    #[default]
    Text,
    /// For Graphviz
    Dot,
    /// For networkx, igraph, Gephi
    Graphml,
    Json,
    /// One row for each link
    Csv,
}

impl RingFormat {
    /// As it is typed.
    pub(in crate::cli) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Dot => "dot",
            Self::Graphml => "graphml",
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

/// A node and a key, a colon between them.
fn way(text: &str) -> Result<(u64, u64), String> {
    let parts = text.split_once(':');
    let numbers = parts.and_then(|(from, key)| Some((from.parse().ok()?, key.parse().ok()?)));
    numbers.ok_or_else(|| "give a node and a key as whole numbers, such as 32:120".to_owned())
}

#[derive(Args, Debug)]
#[command(after_help = TRACE_DEFAULT)]
pub(in crate::cli) struct TraceArgs {
    /// The scenario
    #[arg(value_name = "SCENARIO.toml", value_hint = ValueHint::FilePath)]
    pub scenario: PathBuf,
    #[command(flatten)]
    pub change: ChangeArgs,
    #[command(flatten)]
    pub request: RequestArgs,
    /// The run in which it happens, counted from 0 [default: 0]
    #[arg(long, value_name = "N")]
    pub run: Option<u32>,
    /// Whose finger tables are told besides: --fingers-of 14,32 [default: as `output.fingers_of` says]
    #[arg(long, value_name = "ID,...", value_delimiter = ',')]
    pub fingers_of: Vec<u64>,
    /// The story as JSON
    #[arg(long)]
    pub json: bool,
    /// Draw it as a message-sequence diagram, .svg, .png or .pdf by the end of the name
    #[arg(long, value_name = "FILE")]
    pub diagram: Option<PathBuf>,
    /// Draw its way over the network beside its way on the ring, likewise
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// Where the story goes instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

const TRACE_DEFAULT: &str = "\
Without --key, --put, --get, --lookup and --operation the first request of the scenario's script is told; without a script the \
first lookup of the run, or its first put or get.";

/// Which request is told.
#[derive(Args, Debug, Default)]
pub(in crate::cli) struct RequestArgs {
    /// Ask for the owner of this key: a number, or a text
    #[arg(long, value_name = "KEY", group = "request")]
    pub key: Option<String>,
    /// Put a value under a key: --put alice=hello
    #[arg(long, value_name = "KEY=VALUE", group = "request")]
    pub put: Option<String>,
    /// Get the value of a key
    #[arg(long, value_name = "KEY", group = "request")]
    pub get: Option<String>,
    /// The lookup with this number in lookups.csv
    #[arg(long, value_name = "N", group = "request")]
    pub lookup: Option<u64>,
    /// The put or get with this number in operations.csv
    #[arg(long, value_name = "N", group = "request")]
    pub operation: Option<u64>,
    /// The node that asks, with --key, --put and --get [default: the first one of the ring at time 0]
    #[arg(long, value_name = "ID", conflicts_with_all = ["lookup", "operation"])]
    pub from: Option<u64>,
    /// When it asks, counted from the end of the warm-up: --at 90s [default: the end of the warm-up]
    #[arg(long, value_name = "TIME", conflicts_with_all = ["lookup", "operation"])]
    pub at: Option<String>,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct PlayArgs {
    /// The scenario to begin with [default: the lecture's ring, on which nothing happens by itself]
    #[arg(value_name = "SCENARIO.toml", value_hint = ValueHint::FilePath)]
    pub scenario: Option<PathBuf>,
    /// This run of a scenario of several, counted from 0 [default: 0]
    #[arg(long, value_name = "N")]
    pub run: Option<u32>,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct PlotArgs {
    /// A folder that `chordsim run` wrote
    #[arg(value_name = "RESULTS_DIR", value_hint = ValueHint::DirPath)]
    pub results: PathBuf,
    /// Where pictures go [default: plots/NAME]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub plots: Option<PathBuf>,
    /// Pictures without headings, for a paper that says in its own words what they show
    #[arg(long)]
    pub no_title: bool,
}

#[derive(Args, Debug)]
#[command(
    mut_arg("quiet", |quiet| quiet.help("No progress, and no message unless there is a difference")),
    mut_arg("json", |json| json.help("What was found as JSON on standard output"))
)]
pub(in crate::cli) struct VerifyArgs {
    /// A folder that `chordsim run` wrote; nothing in it is changed
    #[arg(value_name = "RESULTS_DIR", value_hint = ValueHint::DirPath)]
    pub results: PathBuf,
    /// Where to look first for data files that the scenario refers to, by their names
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub data: Option<PathBuf>,
    /// Keep the second result in this folder, which must not exist yet
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub keep: Option<PathBuf>,
    #[command(flatten)]
    pub common: CommonArgs,
}

#[derive(Args, Debug)]
#[command(
    mut_arg("quiet", |quiet| quiet.help("No progress and no table, only errors")),
    mut_arg("json", |json| json.help("The table as JSON on standard output"))
)]
pub(in crate::cli) struct ValidateArgs {
    /// Scenario files, or folders of them [default: scenarios/paper, or where that is not, what the program brings
    /// along]
    #[arg(value_name = "SCENARIO.toml|FOLDER", value_hint = ValueHint::AnyPath)]
    pub scenarios: Vec<PathBuf>,
    /// Only scenarios of this name, or whose name begins with it and a hyphen: V3
    #[arg(long, value_name = "NAME", value_hint = ValueHint::Other)]
    pub only: Vec<String>,
    /// Where validation.md, validation.csv and a folder of results for each scenario go [default: the tables to
    /// results/validation, results to results/NAME]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub common: CommonArgs,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
