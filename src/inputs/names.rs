//! Names, one a line: the keys of a workload.
//!
//! Blanks around a name are no part of it; blank lines and lines that begin with `#` are passed over. A name is a text,
//! whatever it looks like: `120` is the text of three digits.

use std::collections::BTreeSet;

use super::error::InputError;
use super::fault::Fault;
use super::harmless::{first_harmful, named};
use super::text::TextFile;

/// The most names of a file.
pub const NAMES_MAX: usize = 10_000_000;

/// Reads the names of a file, all different.
///
/// # Errors
/// The first fault in the text.
pub fn read(file: TextFile<'_>) -> Result<Vec<&str>, InputError> {
    let (mut names, mut seen) = (Vec::new(), BTreeSet::new());
    for name in file.data_lines().map(str::trim) {
        if let Some(sign) = first_harmful(name) {
            let sign = named(sign);
            return Err(file.fault(name, Fault::Harmful { sign }));
        }
        if !seen.insert(name) {
            return Err(file.fault(name, Fault::NameTwice));
        }
        if names.len() == NAMES_MAX {
            return Err(file.fault(name, Fault::TooManyNames { most: NAMES_MAX }));
        }
        names.push(name);
    }
    if names.is_empty() {
        return Err(file.fault(file.text(), Fault::Empty));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::inputs::testing::rendered;

    fn of(text: &str) -> Result<Vec<&str>, InputError> {
        read(TextFile::new(Path::new("keys.txt"), text))
    }

    #[test]
    fn every_line_with_something_on_it_is_a_name() {
        let text = "\u{feff}alice\r\n  bob the builder \n\n# a comment\n120\nÅsa, \"the\" third";
        let names = ["alice", "bob the builder", "120", "Åsa, \"the\" third"];
        assert_eq!(of(text).unwrap(), names);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (text, told) in [
            ("a\nb\n a\n", "this name stands in the file already"),
            ("a\nb\u{1b}[31m\n", "a name holds <U+001B>"),
            ("# nothing\n\n", "the file has no data"),
        ] {
            let message = rendered(&of(text).unwrap_err());
            assert!(
                message.contains(told) && message.contains("keys.txt"),
                "{message}"
            );
        }
    }

    proptest! {
        /// Whatever a file holds: different names without blanks around them, or a message.
        #[test]
        fn any_text_gives_names_or_a_message(text in any::<String>()) {
            match of(&text) {
                Ok(names) => {
                    prop_assert!(!names.is_empty());
                    prop_assert!(names.iter().all(|name| !name.is_empty() && name.trim() == *name));
                    let different: BTreeSet<_> = names.iter().collect();
                    prop_assert_eq!(different.len(), names.len());
                }
                Err(error) => prop_assert!(!rendered(&error).is_empty()),
            }
        }
    }
}
