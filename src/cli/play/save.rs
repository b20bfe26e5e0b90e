//! A session as a scenario of its own.

use std::path::{Path, PathBuf};

use super::replay;
use super::session::{Session, halted, sentence};
use crate::cli::args::ChangeArgs;
use crate::cli::load::load_text;
use crate::cli::save::folder_of;
use crate::report::play::counted;
use crate::results::{ResultsError, write_all};
use crate::scenario::is_plain_name;

/// The first line of what is saved.
const HEAD: &str = "# Written by `chordsim play`.";
/// Ends the lines that are written in front of a scenario.
const HEAD_END: &str = "# ----";

/// Writes what was done to a file, and says what it holds.
///
/// # Errors
/// A sentence, if it cannot be written.
pub(super) fn save(session: &Session, file: &str) -> Result<String, String> {
    let (folder, name) = place(session, file)?;
    let path = folder.join(&name);
    let shown = if folder == Path::new(".") {
        PathBuf::from(&name)
    } else {
        path.clone()
    };
    let text = written(session, &name);
    // As `run` reads it: from its own place.
    let loaded = load_text(&path, text.clone(), &ChangeArgs::default())
        .map_err(|stop| sentence(&*stop.diagnostic))?;
    let spec = &loaded.plan.runs[session.spec().run as usize];
    let (assets, output) = (&loaded.assets, &loaded.plan.output);
    let fingerprint = replay::fingerprint(spec, assets, output, &session.breaker)
        .map_err(|halt| halted(&halt))?;
    write_all(&folder, &[(name, text.into_bytes())]).map_err(|error| refused(&error, &shown))?;
    let which = match loaded.plan.runs.len() {
        1 => String::new(),
        _ => format!(" of run {}", spec.run),
    };
    Ok(format!(
        "{} written, with {}.\n`chordsim run {}` runs it again; the fingerprint{which} is {fingerprint}.",
        shown.display(),
        counted(session.events.len(), "event"),
        shown.display()
    ))
}

/// The folder and the name of the file.
fn place(session: &Session, file: &str) -> Result<(PathBuf, String), String> {
    let mut path = PathBuf::from(file);
    if path.extension().is_none() {
        path.set_extension("toml");
    }
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
        .to_owned();
    if !is_plain_name(&name) || path.extension().is_none_or(|end| end != "toml") {
        return Err(format!(
            "\"{file}\" is no name for it: take letters, digits, `-` and `_`, and .toml at the end, such as `save lesson.toml`."
        ));
    }
    let folder = folder_of(&path);
    if !session.loaded.inputs.is_empty() && folder != folder_of(&session.file) {
        return Err(format!(
            "The scenario reads data files that lie beside it: save into its folder, {}.",
            folder_of(&session.file).display()
        ));
    }
    Ok((folder.to_owned(), name))
}

/// The scenario with what was done, and lines in front that say where it comes from.
fn written(session: &Session, name: &str) -> String {
    let text = session.text(&session.events);
    let text = without_head(&text);
    format!(
        "{HEAD} What was done by hand stands at the end.\n#\n#   chordsim run {name}\n#   chordsim play {name}    goes on from \
         its beginning\n{HEAD_END}\n\n{text}"
    )
}

/// A scenario that was written here has such lines already.
fn without_head(text: &str) -> &str {
    if !text.starts_with(HEAD) {
        return text;
    }
    let end = format!("\n{HEAD_END}\n\n");
    text.split_once(&end).map_or(text, |(_, rest)| rest)
}

/// Why it was not written.
fn refused(error: &ResultsError, shown: &Path) -> String {
    match error {
        ResultsError::NotOurs { .. } => format!(
            "{} is there already, and `play` did not write it or it was changed since: save under another name.",
            shown.display()
        ),
        other => sentence(other),
    }
}
