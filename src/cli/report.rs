//! `chordsim report`: one page of HTML that has everything of a result in it.

use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use super::args::ReportArgs;
use super::exit::{Exit, Stop};
use super::save::{refuse_name, save};
use super::{output, plot};
use crate::codes::{Code, Coded};
use crate::inputs::file;
use crate::report::html::{self, HtmlError, PageOptions, Template};
use crate::results::Reading;

/// The most bytes of a template.
const TEMPLATE_BYTES_MAX: u64 = 8 << 20;

#[derive(Debug, thiserror::Error, Diagnostic)]
enum ReportError {
    #[error("--template {}: cannot be read: {source}", path.display())]
    #[diagnostic(help("name a text file in UTF-8; docs/report.md says what may stand in it"))]
    NoTemplate { path: PathBuf, source: io::Error },
}

impl Coded for ReportError {
    fn kind(&self) -> Code {
        let Self::NoTemplate { source, .. } = self;
        file::code_of(source)
    }
}

pub(super) fn run(args: &ReportArgs) -> Result<Exit, Stop> {
    let options = PageOptions {
        template: args.template.as_deref().map(template).transpose()?,
    };
    let (reading, manifest) = Reading::begin(&args.results).map_err(Stop::failed)?;
    let path = args
        .out
        .clone()
        .unwrap_or_else(|| plot::default_folder(&manifest.plan.name).join("report.html"));
    refuse_name(&path)?;
    let page = html::page(&args.results, &options);
    // First of all: files of two results make no page, or a wrong one.
    reading.end().map_err(Stop::failed)?;
    let page = page.map_err(stop)?;
    save(&path, page.into_bytes())?;
    output::message(&path.display().to_string());
    Ok(Exit::Done)
}

fn stop(error: HtmlError) -> Stop {
    if error.is_usage() {
        Stop::usage(error)
    } else {
        Stop::failed(error)
    }
}

fn template(path: &Path) -> Result<Template, Stop> {
    let cannot = |source| {
        let path = path.to_owned();
        Stop::usage(ReportError::NoTemplate { path, source })
    };
    let bytes = file::read(path, TEMPLATE_BYTES_MAX).map_err(cannot)?;
    let text = String::from_utf8(bytes)
        .map_err(|error| cannot(io::Error::new(io::ErrorKind::InvalidData, error)))?;
    Ok(Template {
        name: path.display().to_string(),
        text,
    })
}
