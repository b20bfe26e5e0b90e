//! `chordsim table`: what was measured as a table, for a terminal or to be handed in.

use std::path::{Path, PathBuf};

use miette::Diagnostic;

use crate::codes::{self, Code, Coded};

use super::args::{ShownArgs, TableArgs, WrittenArgs};
use super::exit::{Exit, Stop};
use super::output;
use super::results_read::{Opened, unreadable};
use super::save::{refuse_name, save};
use crate::inputs::harmless::escaped;
use crate::report::table::{
    self, Choice, ChoiceError, Format, Layout, Metrics, Table, TablesError, Where,
};

#[derive(Debug, thiserror::Error, Diagnostic)]
enum TableError {
    #[error("{}: the ending of its name tells no format of tables", path.display())]
    #[diagnostic(help(
        "name it .txt, .md, .tex, .html, .csv or .json, or say which with --format"
    ))]
    NoFormat { path: PathBuf },
    #[error("--table {}: the ending of its name tells no format of tables", path.display())]
    #[diagnostic(help("name it .txt, .md, .tex, .html, .csv or .json"))]
    NoEnding { path: PathBuf },
    #[error("--transpose: {format} has a row for each combination")]
    #[diagnostic(help("leave --transpose out, or take another format"))]
    NotLaidOut { format: &'static str },
}

impl Coded for TableError {
    fn kind(&self) -> Code {
        match self {
            Self::NoFormat { .. } | Self::NoEnding { .. } => codes::NO_FORMAT,
            Self::NotLaidOut { .. } => codes::NOT_SHOWN_SO,
        }
    }
}

pub(super) fn run(args: &TableArgs) -> Result<Exit, Stop> {
    let target = Target::of(&args.written)?;
    if args.transpose && !target.format.is_laid_out() {
        let format = target.format.name();
        return Err(Stop::usage(TableError::NotLaidOut { format }));
    }
    let choice = Choice {
        expected: args.expected,
        intervals: !args.no_interval,
        metrics: Metrics::named(&args.shown.metric).map_err(Stop::usage)?,
    };
    let wanted = wanted(&args.shown)?;
    let opened = Opened::at(&args.results)?;
    let tables = table::of_folder(&opened.folder, &choice, &wanted).map_err(stop)?;
    opened.done()?;
    let layout = args.transpose.then_some(Layout::Columns);
    target.write(&tables, layout)?;
    Ok(Exit::Done)
}

/// The values that swept keys are to have.
pub(super) fn wanted(shown: &ShownArgs) -> Result<Vec<Where>, Stop> {
    let wanted: Result<Vec<Where>, ChoiceError> =
        shown.wanted.iter().map(|text| Where::parse(text)).collect();
    wanted.map_err(Stop::usage)
}

/// Why there are no tables.
pub(super) fn stop(error: TablesError) -> Stop {
    match error {
        TablesError::Choice(error) => Stop::usage(error),
        TablesError::Folder(error) => unreadable(error),
    }
}

/// Where tables go, and in which format.
pub(super) struct Target {
    pub format: Format,
    /// `None`: to standard output.
    file: Option<PathBuf>,
}

impl Target {
    /// As the options say; by the ending of the file where none does.
    pub(super) fn of(args: &WrittenArgs) -> Result<Self, Stop> {
        let format = match (&args.format, &args.out) {
            (Some(format), _) => *format,
            (None, None) => Format::default(),
            (None, Some(file)) => Format::of_file(file).ok_or_else(|| {
                let path = file.clone();
                Stop::usage(TableError::NoFormat { path })
            })?,
        };
        args.out.as_deref().map_or(Ok(()), refuse_name)?;
        Ok(Self {
            format,
            file: args.out.clone(),
        })
    }

    /// One that a run is to write.
    pub(super) fn of_run(file: &Path) -> Result<Self, Stop> {
        let path = file.to_owned();
        let format = Format::of_file(file);
        let format = format.ok_or_else(|| Stop::usage(TableError::NoEnding { path }))?;
        refuse_name(file)?;
        Ok(Self {
            format,
            file: Some(file.to_owned()),
        })
    }

    /// Writes tables there.
    pub(super) fn write(&self, tables: &[Table], layout: Option<Layout>) -> Result<(), Stop> {
        let written = self.format.write(tables, layout);
        for table in &written.left_out {
            output::message(&format!(
                "note: {} has one table; left out: {table}",
                self.format.name()
            ));
        }
        self.put(written.text)
    }

    /// Writes a text there, and tells where.
    pub(super) fn put(&self, text: String) -> Result<(), Stop> {
        match &self.file {
            Some(file) => {
                save(file, text.into_bytes())?;
                output::message(&file.display().to_string());
            }
            None => output::data(&escaped(&text)),
        }
        Ok(())
    }
}

/// The tables of a run that is over, as it shows them; tells nothing.
pub(super) fn write_of_run(results: &Path, files: &[PathBuf]) -> Result<(), Stop> {
    if files.is_empty() {
        return Ok(());
    }
    let opened = Opened::at(results)?;
    let tables = table::of_folder(&opened.folder, &Choice::default(), &[]).map_err(stop)?;
    opened.done()?;
    for file in files {
        let target = Target::of_run(file)?;
        let text = target.format.write(&tables, None).text;
        save(file, text.into_bytes())?;
    }
    Ok(())
}
