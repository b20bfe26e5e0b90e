//! The keys that are the same for all runs of a scenario: its name, seed, repetitions and output.

use std::path::Path;

use toml::Spanned;

use super::checks::Checks;
use crate::scenario::error::Problem;
use crate::scenario::resolved::Output;
use crate::scenario::schema::{self, File, Opt, Rows, RowsName};

/// What is the same for all runs.
pub struct Header {
    pub name: String,
    pub title: String,
    pub seed: u64,
    pub repeat: u32,
    pub output: Output,
}

/// Resolves the keys that are the same for all runs. `path` names the scenario if it does not
/// name itself.
pub fn header(file: &File, path: &Path) -> Result<Header, Vec<Problem>> {
    let mut checks = Checks {
        problems: Vec::new(),
        blame: &|_| 0,
    };
    let header = Header {
        name: name(&mut checks, &file.name, path),
        title: file
            .title
            .clone()
            .map_or_else(String::new, Spanned::into_inner),
        seed: checks.count("seed", &file.seed, 1, 0..=u64::MAX),
        repeat: checks.count32("repeat", &file.repeat, 1, 1..=u32::MAX),
        output: output(&mut checks, &file.output),
    };
    if checks.problems.is_empty() {
        Ok(header)
    } else {
        Err(checks.problems)
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// The name becomes a folder, so it may hold no separator and must not hide or climb.
fn name(checks: &mut Checks<'_>, given: &Opt<String>, path: &Path) -> String {
    let Some(given) = given else {
        return name_of(path);
    };
    let name = given.get_ref();
    if !name.chars().all(is_plain) || !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        checks.push(
            given.span(),
            "`name` cannot name a folder",
            "allowed: ASCII letters, digits, `-`, `_` and `.`, the first a letter or digit",
            "a heading for people goes into `title`",
        );
    }
    name.clone()
}

/// The stem of a file, with `-` for what a name may not hold.
fn name_of(path: &Path) -> String {
    let stem = path
        .file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into());
    let plain = stem.replace(|c: char| !is_plain(c), "-");
    let name = plain.trim_start_matches(['-', '_', '.']);
    if name.is_empty() {
        "scenario".to_owned()
    } else {
        name.to_owned()
    }
}

fn output(checks: &mut Checks<'_>, output: &schema::Output) -> Output {
    let flag = |given: &Opt<bool>| given.as_ref().is_none_or(|given| *given.get_ref());
    Output {
        lookups: rows(checks, &output.lookups),
        nodes: flag(&output.nodes),
        timeline: flag(&output.timeline),
        audit: output.audit.as_ref().is_some_and(|audit| *audit.get_ref()),
    }
}

fn rows(checks: &mut Checks<'_>, given: &Opt<Rows>) -> f64 {
    let Some(given) = given else { return 1.0 };
    match *given.get_ref() {
        Rows::Named(RowsName::All) => 1.0,
        Rows::Named(RowsName::None) => 0.0,
        Rows::Share(share) => {
            let share = Spanned::new(given.span(), schema::Num(share));
            checks.share("output.lookups", &Some(share), 1.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_names_its_scenario_whatever_it_is_called() {
        for (path, name) in [
            ("scenarios/churn.toml", "churn"),
            ("my first.toml", "my-first"),
            (".hidden.toml", "hidden"),
            ("v1.2.toml", "v1.2"),
            ("..", "scenario"),
            ("---.toml", "scenario"),
        ] {
            assert_eq!(name_of(Path::new(path)), name, "{path}");
        }
    }
}
