//! What can go wrong, by kind: a stable number for each, with what it means, an example and how to mend it.
//!
//! A table and nothing else. Whoever refuses something says which kind it is; `chordsim explain` and
//! `docs/errors.md` tell the rest. A number is never given a second meaning: what is new is put at the end of
//! its file.

mod commands;
mod data;
mod docs;
mod results;
mod scenario;

use std::fmt;

use miette::Diagnostic;

pub use commands::*;
pub use data::*;
pub use docs::page;
pub use results::*;
pub use scenario::*;

/// A kind of mistake, shown as its number: `E0012`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code(&'static Entry);

/// What is known of a kind of mistake.
#[derive(PartialEq, Eq, Debug)]
pub struct Entry {
    /// What stands behind the `E`.
    pub number: u16,
    /// The name of the constant.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What it means, in a few sentences.
    pub about: &'static str,
    /// How it comes about.
    pub example: Example,
    /// What to do about it.
    pub mend: &'static str,
}

/// How a mistake comes about. All but the last are made by a test, which sees this code and no other.
#[derive(PartialEq, Eq, Debug)]
pub enum Example {
    /// A scenario, and the same without the mistake.
    Scenario {
        /// What goes wrong.
        wrong: &'static str,
        /// What does not.
        right: &'static str,
    },
    /// A data file that a scenario names, and the same without the mistake.
    DataFile {
        /// The lines of the scenario.
        scenario: &'static str,
        /// The name of the file.
        file: &'static str,
        /// What goes wrong.
        wrong: &'static str,
        /// What does not.
        right: &'static str,
    },
    /// A command that is given where there are the scenario `ring.toml` and its results, and one that is meant.
    Command {
        /// What goes wrong.
        wrong: &'static str,
        /// What does not.
        right: &'static str,
    },
    /// What has to happen that cannot be made happen at will, such as a disk that is full.
    Happens(&'static str),
}

/// The scenario of examples that are commands.
pub const RING: &str = "\
name = \"ring\"
warmup = \"0s\"
duration = \"20s\"

[overlay]
nodes = 3
id_bits = 7
ids = [32, 98, 124]
";

/// An error of a kind that is in the table. Only such an error can end the program.
pub trait Coded: Diagnostic {
    /// Its kind.
    fn kind(&self) -> Code;
}

impl Code {
    /// What is known of it.
    #[must_use]
    pub fn entry(self) -> &'static Entry {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "E{:04}", self.0.number)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} {}", self.0.name)
    }
}

/// All kinds, by number.
pub fn all() -> impl Iterator<Item = Code> {
    let tables = [scenario::ALL, data::ALL, results::ALL, commands::ALL];
    tables.into_iter().flatten().copied()
}

/// The kind of this number, written as `E0012`, `e12` or `12`.
#[must_use]
pub fn find(written: &str) -> Option<Code> {
    let digits = written.strip_prefix(['E', 'e']).unwrap_or(written);
    let is_number = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    let number: u16 = is_number.then(|| digits.parse().ok())??;
    all().find(|code| code.0.number == number)
}

/// Declares the kinds of a file, each as a constant.
macro_rules! codes {
    ($($number:literal $name:ident: $title:literal, $about:literal, $example:expr, $mend:literal;)*) => {
        $(
            #[doc = $title]
            pub const $name: $crate::codes::Code = $crate::codes::Code(&$crate::codes::Entry {
                number: $number,
                name: stringify!($name),
                title: $title,
                about: $about,
                example: $example,
                mend: $mend,
            });
        )*
        pub(super) const ALL: &[$crate::codes::Code] = &[$($name),*];
    };
}
use codes;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_rise_and_no_name_or_title_is_given_twice() {
        let numbers: Vec<u16> = all().map(|code| code.entry().number).collect();
        assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
        for text in [|entry: &Entry| entry.name, |entry: &Entry| entry.title] {
            let mut texts: Vec<&str> = all().map(|code| text(code.entry())).collect();
            let count = texts.len();
            texts.sort_unstable();
            texts.dedup();
            assert_eq!(texts.len(), count, "{texts:?}");
        }
    }

    #[test]
    fn a_code_is_found_as_it_may_be_written() {
        for written in ["E0002", "e2", "2", "e0002"] {
            assert_eq!(find(written), Some(UNKNOWN_KEY), "{written}");
        }
        for written in ["", "E", "E-2", "+2", "E9999", "hops_mean", "99999999"] {
            assert_eq!(find(written), None, "{written}");
        }
        assert_eq!(UNKNOWN_KEY.to_string(), "E0002");
    }
}
