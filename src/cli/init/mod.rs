//! `chordsim init`: a commented scenario to start from.

mod templates;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

pub(super) use self::templates::{TEMPLATES, Template};
use super::args::InitArgs;
use super::exit::{Exit, Stop};
use super::save::{folder_of, save_all};
use super::{output, schema};
use crate::codes::{self, Code, Coded};
use crate::inputs::harmless::{escaped, shortened};
use crate::report::text_table::left;
use crate::results::disk;
use crate::scenario::{is_plain_name, nearest};

/// What points editors to the schema, in the first line.
const DIRECTIVE: &str = "#:schema ";
/// The most characters of a name that is told.
const NAME_MAX: usize = 80;

#[derive(Debug, thiserror::Error, Diagnostic)]
enum InitError {
    #[error("there is no template \"{name}\"")]
    #[diagnostic(help("{remedy}"))]
    Unknown { name: String, remedy: String },
    #[error("{} is there already, and nothing was written", path.display())]
    #[diagnostic(help(
        "take another name: chordsim init {template} --out FILE; or move that file away first"
    ))]
    Exists {
        path: PathBuf,
        template: &'static str,
    },
    #[error("{} is no name for a scenario", path.display())]
    #[diagnostic(help(
        "name it with .toml at the end, in ASCII letters, digits, `-`, `_` and `.`, the first a letter or digit, such as mine.toml"
    ))]
    BadName { path: PathBuf },
}

impl Coded for InitError {
    fn kind(&self) -> Code {
        match self {
            Self::Unknown { .. } => codes::NO_SUCH_TEMPLATE,
            Self::Exists { .. } => codes::FILE_EXISTS,
            Self::BadName { .. } => codes::BAD_NAME,
        }
    }
}

pub(super) fn run(args: &InitArgs) -> Result<Exit, Stop> {
    let Some(name) = &args.name else {
        output::data(&list());
        return Ok(Exit::Done);
    };
    let template = named(name)?;
    let path = args
        .out
        .clone()
        .unwrap_or_else(|| format!("{}.toml", template.name).into());
    write(template, &path, args.schema)?;
    told(template, &path, args.schema);
    Ok(Exit::Done)
}

/// What there is, a line each.
fn list() -> String {
    let line = |template: &Template| vec![template.name.to_owned(), template.about.to_owned()];
    left(&TEMPLATES.iter().map(line).collect::<Vec<_>>())
}

fn named(name: &str) -> Result<&'static Template, Stop> {
    let found = TEMPLATES.iter().find(|template| template.name == name);
    found.ok_or_else(|| {
        let names: Vec<&str> = TEMPLATES.iter().map(|template| template.name).collect();
        let all = format!(
            "there are {}; `chordsim init --list` says what each is for",
            names.join(", ")
        );
        let remedy = match nearest(name, names) {
            Some(near) => format!("did you mean \"{near}\"? {all}"),
            None => all,
        };
        let name = escaped(&shortened(name, NAME_MAX)).into_owned();
        Stop::usage(InitError::Unknown { name, remedy })
    })
}

/// Writes the scenario and what belongs beside it, all or nothing.
fn write(template: &'static Template, path: &Path, with_schema: bool) -> Result<(), Stop> {
    let folder = folder_of(path);
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    if !is_plain_name(name) || path.extension().is_none_or(|end| end != "toml") {
        return Err(Stop::usage(InitError::BadName {
            path: path.to_owned(),
        }));
    }
    let schema = with_schema || disk::exists(&folder.join(schema::FILE));
    let mut files = vec![(name.to_owned(), text(template, schema).into_bytes())];
    files.extend(
        template
            .data
            .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())),
    );
    for (name, _) in &files {
        let path = beside(path, name);
        if disk::facts(&path).is_ok() {
            let template = template.name;
            return Err(Stop::usage(InitError::Exists { path, template }));
        }
    }
    // It is the program's own: an older one is replaced.
    if with_schema {
        files.push((schema::FILE.to_owned(), schema::text().into_bytes()));
    }
    save_all(folder, &files)
}

/// The template, with its first line pointing to the schema that lies beside it, if one does.
fn text(template: &Template, schema: bool) -> String {
    let body = match template.text.split_once('\n') {
        Some((first, rest)) if first.starts_with(DIRECTIVE) => rest,
        _ => template.text,
    };
    let first = if schema {
        format!("{DIRECTIVE}{}\n", schema::FILE)
    } else {
        String::new()
    };
    first + body
}

/// What to do with it.
fn told(template: &Template, path: &Path, with_schema: bool) {
    let shown = path.display();
    let mut lines = format!("{shown} written");
    let schema = with_schema.then_some(schema::FILE);
    for name in template
        .data
        .map(|(name, _)| name)
        .into_iter()
        .chain(schema)
    {
        let _ = write!(lines, ", with {} beside it", beside(path, name).display());
    }
    let _ = write!(
        lines,
        ": {}.\n  chordsim check {shown}    what it asks for\n  chordsim run {shown}      runs it; then read the comments\n",
        template.about
    );
    output::messages(&lines);
}

fn beside(path: &Path, name: &str) -> PathBuf {
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn all_of_the_folder_is_brought_along() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/templates");
        let files = fs::read_dir(folder).unwrap();
        let mut files: Vec<String> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        let of = |template: &Template| {
            let data = template.data.map(|(name, _)| name.to_owned());
            std::iter::once(format!("{}.toml", template.name)).chain(data)
        };
        let mut brought: Vec<String> = TEMPLATES.iter().flat_map(of).collect();
        files.sort();
        brought.sort();
        assert_eq!(files, brought);
    }

    #[test]
    fn the_first_line_points_to_a_schema_only_if_there_is_one() {
        for template in TEMPLATES {
            assert!(
                template
                    .text
                    .starts_with("#:schema ../chordsim.schema.json\n"),
                "{}",
                template.name
            );
            assert!(text(template, true).starts_with("#:schema chordsim.schema.json\n# "));
            assert!(text(template, false).starts_with("# "));
        }
    }
}
