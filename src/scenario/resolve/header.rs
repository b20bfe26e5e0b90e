//! The keys that are the same for all runs of a scenario: its name, seed, repetitions and output.

use std::path::Path;

use crate::scenario::keys::top::TopKeys;
use crate::scenario::reader::Reader;
use crate::scenario::resolved::Output;

/// What is the same for all runs.
pub(crate) struct Header {
    pub name: String,
    pub title: String,
    pub seed: u64,
    pub repeat: u32,
    pub output: Output,
}

/// Resolves the keys that are the same for all runs. `path` names the scenario if it does not
/// name itself.
pub(crate) fn header(reader: &mut Reader<'_>, top: TopKeys, path: &Path) -> Header {
    Header {
        name: top
            .name
            .map_or_else(|| name_of(path), |name| checked(reader, name)),
        title: top.title,
        seed: top.seed,
        repeat: top.repeat,
        output: reader.read(),
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// The name becomes a folder, so it may hold no separator and must not hide or climb.
fn checked(reader: &mut Reader<'_>, name: String) -> String {
    let is_good =
        name.chars().all(is_plain) && name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if let Some(span) = reader.place("name")
        && !is_good
    {
        reader.push(
            span,
            "`name` cannot name a folder",
            "allowed: ASCII letters, digits, `-`, `_` and `.`, the first a letter or digit",
            "a heading for people goes into `title`",
        );
    }
    name
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
