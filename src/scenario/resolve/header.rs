//! The keys that are the same for all runs of a scenario: its name, seed, repetitions and output.

use std::path::Path;

use xxhash_rust::xxh3::xxh3_64;

use super::until::{self, AskedUntil};
use crate::codes;
use crate::scenario::keys::top::TopKeys;
use crate::scenario::reader::Reader;
use crate::scenario::resolved::Output;

/// What is the same for all runs.
pub(crate) struct Header {
    pub name: String,
    pub title: String,
    pub seed: u64,
    /// With a rule no more than so many.
    pub repeat: u32,
    /// The rule that says how many repetitions are made, if there is one.
    pub until: Option<AskedUntil>,
    pub output: Output,
}

/// Resolves the keys that are the same for all runs. `path` names the scenario if it does not
/// name itself.
pub(crate) fn header(reader: &mut Reader<'_>, top: TopKeys, path: &Path) -> Header {
    let (repeat, until) = until::asked(reader, &top);
    Header {
        name: top
            .name
            .map_or_else(|| name_of(path), |name| checked(reader, name)),
        title: top.title,
        seed: top.seed,
        repeat,
        until,
        output: reader.read(),
    }
}

/// Whether it may name a file or folder: it holds no separator and does not hide or climb.
pub(crate) fn is_plain_name(name: &str) -> bool {
    name.chars().all(is_plain) && name.starts_with(|c: char| c.is_ascii_alphanumeric())
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// The name becomes a folder.
fn checked(reader: &mut Reader<'_>, name: String) -> String {
    if let Some(span) = reader.place("name")
        && !is_plain_name(&name)
    {
        reader.push(
            codes::BAD_NAME,
            span,
            "`name` cannot name a folder",
            "allowed: ASCII letters, digits, `-`, `_` and `.`, the first a letter or digit",
            "a heading for people goes into `title`",
        );
    }
    name
}

/// The stem of a file, with `-` for what a name may not hold. Letters that are lost leave a digest behind: `über` and
/// `ber` are two names.
fn name_of(path: &Path) -> String {
    let stem = path
        .file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into());
    let plain = stem.replace(|c: char| !is_plain(c), "-");
    let name = match plain.trim_start_matches(['-', '_', '.']) {
        "" => "scenario",
        name => name,
    };
    if stem.is_ascii() {
        name.to_owned()
    } else {
        let digest = xxh3_64(stem.as_bytes()) & 0xff_ffff;
        format!("{}-{digest:06x}", name.trim_end_matches('-'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_in_letters_that_are_lost_are_told_apart() {
        let files = [
            "über.toml",
            "ber.toml",
            "ärger.toml",
            "测试.toml",
            "试验.toml",
            "größe.toml",
        ];
        let names = files.map(|file| name_of(Path::new(file)));
        let different: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(different.len(), files.len(), "{names:?}");
        for name in &names {
            assert!(name.chars().all(is_plain), "{name}");
            assert!(
                name.starts_with(|c: char| c.is_ascii_alphanumeric()),
                "{name}"
            );
        }
        assert_eq!(names[1], "ber");
        assert!(names[0].starts_with("ber-"), "{names:?}");
        assert!(names[3].starts_with("scenario-"), "{names:?}");
    }

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
