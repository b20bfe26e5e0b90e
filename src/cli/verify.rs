//! `chordsim verify`: run again what a manifest says was run, and compare every byte.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::Diagnostic;

use super::args::VerifyArgs;
use super::data_folder;
use super::exit::{Exit, Stop};
use super::interrupt::Interrupt;
use super::load::{Loaded, prepare};
use super::needs;
use super::output;
use super::progress;
use super::run::execute;
use super::save::folder_of;
use super::terminal::Terminal;
use crate::codes::{self, Code, Coded};
use crate::inputs::file;
use crate::report::difference::Told;
use crate::results::disk;
use crate::results::manifest::{Input, Manifest, Program};
use crate::results::verify::{self, Changes, Side};
use crate::results::{Board, Finish, Reading, ResultsError, Scratch, sha256_hex};
use crate::scenario::DataFile;

pub(super) fn run(args: &VerifyArgs, terminal: Terminal) -> Result<Exit, Stop> {
    let (reading, manifest) = Reading::begin(&args.results).map_err(Stop::failed)?;
    if let Some(path) = args.keep.as_ref().filter(|path| path.exists()) {
        return Err(Stop::usage(KeepExists { path: path.clone() }));
    }
    let scenario = load(&manifest, args.data.as_deref()).inspect_err(|_| {
        if manifest.program != Program::this() {
            output::message(&format!(
                "{} was written by {}, and this is {}",
                args.results.display(),
                manifest.program,
                Program::this()
            ));
        }
    })?;
    needs::refuse_too_much(&scenario)?;
    let verification = Verification {
        args,
        reading: &reading,
        manifest: &manifest,
        scenario: &scenario,
        board: Arc::new(Board::new(scenario.plan.runs.len())),
    };
    verification.run(terminal, &Interrupt::listen())
}

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{} exists already", path.display())]
#[diagnostic(help("--keep makes a new folder: name another, or move this one away"))]
struct KeepExists {
    path: PathBuf,
}

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("cannot verify {}", results.display())]
#[diagnostic(help(
    "the second result goes to a folder of its own in {}: the environment variable TMPDIR or the \
     option --keep puts it elsewhere",
    place.display()
))]
struct CannotVerify {
    results: PathBuf,
    place: PathBuf,
    source: ResultsError,
}

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("cannot verify {}", results.display())]
#[diagnostic(help("every file that its manifest names has to be a file that can be read"))]
struct CannotCompare {
    results: PathBuf,
    source: ResultsError,
}

impl Coded for KeepExists {
    fn kind(&self) -> Code {
        codes::FILE_IN_THE_PATH
    }
}

impl Coded for CannotVerify {
    fn kind(&self) -> Code {
        self.source.kind()
    }
}

impl Coded for CannotCompare {
    fn kind(&self) -> Code {
        self.source.kind()
    }
}

/// The scenario as the manifest has it: the file it came from need not exist any more.
fn load(manifest: &Manifest, data: Option<&Path>) -> Result<Loaded, Stop> {
    let plan = &manifest.plan;
    prepare(
        Path::new(&plan.scenario_file),
        plan.scenario_text.clone(),
        plan.overrides.clone(),
        |file| read(file, &plan.inputs, data),
    )
}

#[derive(Debug, thiserror::Error, Diagnostic)]
enum DataError {
    #[error("the data file {name}, which the results were made from, was not found")]
    #[diagnostic(help(
        "tried {tried}; its SHA-256 is {sha256}: put it there, or name the folder it is in with --data or the environment variable CHORDSIM_DATA"
    ))]
    NotFound {
        name: String,
        tried: String,
        sha256: String,
    },
    #[error("the manifest does not know the data file {name} that its scenario names")]
    #[diagnostic(help("it was changed since it was written: there is nothing to verify against"))]
    Unknown { name: String },
}

impl Coded for DataError {
    fn kind(&self) -> Code {
        match self {
            Self::NotFound { .. } => codes::NOT_VERIFIABLE,
            Self::Unknown { .. } => codes::DAMAGED,
        }
    }
}

/// The contents of a data file, if they are those that the results were made from.
fn read(named: &DataFile, inputs: &[Input], data: Option<&Path>) -> Result<String, Stop> {
    let name = named.path.display().to_string();
    let known = inputs.iter().find(|input| input.path == name);
    // A path of another system may be put together in another way here.
    let known = known.or_else(|| {
        let mut inputs = inputs.iter();
        inputs.find(|input| last_name(&input.path) == last_name(&name))
    });
    let Some(Input { sha256, .. }) = known else {
        return Err(Stop::usage(DataError::Unknown { name }));
    };
    let mut tried = Vec::new();
    for path in data
        .map(|data| data.join(last_name(&name)))
        .into_iter()
        .chain([named.path.clone()])
        .chain(data_folder::in_folder(&named.written))
    {
        let reason = match file::text(&path, named.kind.most_bytes()) {
            Ok(text) if sha256_hex(text.as_bytes()) == *sha256 => return Ok(text),
            Ok(text) => format!("other contents, SHA-256 {}", sha256_hex(text.as_bytes())),
            Err(error) => error.to_string(),
        };
        tried.push(format!("{} ({reason})", path.display()));
    }
    Err(Stop::usage(DataError::NotFound {
        name,
        tried: tried.join(" and "),
        sha256: sha256.clone(),
    }))
}

fn last_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

struct Verification<'a> {
    args: &'a VerifyArgs,
    reading: &'a Reading,
    manifest: &'a Manifest,
    scenario: &'a Loaded,
    board: Arc<Board>,
}

impl Verification<'_> {
    fn run(&self, terminal: Terminal, interrupt: &Interrupt) -> Result<Exit, Stop> {
        // Also while it compares: nothing must be left of the second result.
        let told = self.told_when_interrupted();
        interrupt.stops(&self.board, move |_| output::message(&told));
        let changes = verify::changes(self.then());
        let temporary = self.temporary().map_err(|error| self.failed(error))?;
        let again = temporary.path().join("again");
        let (name, common) = (&self.scenario.plan.name, &self.args.common);
        let finish = progress::while_shown(name, &self.board, terminal, common.quiet, || {
            execute(self.scenario, &again, common.jobs, &self.board, &|_| ())
        });
        match finish.map_err(|error| self.failed(error))? {
            Finish::Interrupted { .. } => Ok(self.interrupted()),
            Finish::UpToDate { .. } | Finish::Done { .. } => self.compare(&changes, &again),
        }
    }

    /// A folder that goes when it is dropped, beside the one to keep if there is one.
    fn temporary(&self) -> Result<Scratch, ResultsError> {
        let place = self.place();
        if self.args.keep.is_some() {
            disk::create_dir_all(&place).map_err(|source| ResultsError::Io {
                action: "make a folder in",
                path: place.clone(),
                source,
            })?;
        }
        Scratch::in_folder(&place)
    }

    fn place(&self) -> PathBuf {
        let Some(keep) = &self.args.keep else {
            return std::env::temp_dir();
        };
        folder_of(keep).to_owned()
    }

    fn then(&self) -> Side<'_> {
        Side {
            folder: &self.args.results,
            manifest: self.manifest,
        }
    }

    fn compare(&self, changes: &Changes, again: &Path) -> Result<Exit, Stop> {
        let manifest = &Manifest::expect(again).map_err(|error| self.failed(error))?;
        let now = Side {
            folder: again,
            manifest,
        };
        let stop = || self.board.cancelled();
        let report = verify::compare(self.then(), changes, now, &stop);
        // First of all: files of two results differ, and some are not there.
        self.reading.end().map_err(Stop::failed)?;
        let report = report.map_err(|source| {
            Stop::failed(CannotCompare {
                results: self.args.results.clone(),
                source,
            })
        })?;
        if stop() {
            return Ok(self.interrupted());
        }
        let told = Told {
            results: &self.args.results,
            then: self.then(),
            now,
            plan: &self.scenario.plan,
            report: &report,
        };
        self.keep(again)?;
        if !self.args.common.quiet || !report.is_same() {
            output::messages(&told.to_string());
        }
        if self.args.common.json {
            output::data(&format!("{}\n", told.json()));
        }
        Ok(if report.is_same() {
            Exit::Done
        } else {
            Exit::Differs
        })
    }

    /// Puts the second result where it is to be kept, if anywhere.
    fn keep(&self, again: &Path) -> Result<(), Stop> {
        let Some(keep) = &self.args.keep else {
            return Ok(());
        };
        disk::rename(again, keep).map_err(|source| {
            self.failed(ResultsError::Io {
                action: "write",
                path: keep.clone(),
                source,
            })
        })
    }

    fn interrupted(&self) -> Exit {
        output::message(&self.told_when_interrupted());
        Exit::Interrupted
    }

    fn told_when_interrupted(&self) -> String {
        let results = self.args.results.display();
        format!("{results}: interrupted; nothing is known of it")
    }

    fn failed(&self, source: ResultsError) -> Stop {
        Stop::failed(CannotVerify {
            results: self.args.results.clone(),
            place: self.place(),
            source,
        })
    }
}
