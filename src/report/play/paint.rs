//! Colours, where they are wanted. What is painted may come from anywhere: signs that would steer the terminal are shown
//! and not obeyed.

use std::fmt::Display;

use crate::inputs::harmless::escaped;

/// Whether colours are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Paint {
    on: bool,
}

impl Paint {
    /// No colours.
    #[cfg(test)]
    pub(crate) const OFF: Self = Self { on: false };

    pub(crate) fn new(on: bool) -> Self {
        Self { on }
    }

    fn with(self, codes: &str, what: impl Display) -> String {
        let what = what.to_string();
        let what = escaped(&what);
        if self.on {
            format!("\u{1b}[{codes}m{what}\u{1b}[0m")
        } else {
            what.into_owned()
        }
    }

    /// A node, by its identifier.
    pub(crate) fn node(self, id: u64) -> String {
        self.id(id)
    }

    /// Part of a node's name.
    pub(crate) fn id(self, text: impl Display) -> String {
        self.with("1;36", text)
    }

    /// A node that is not there any more.
    pub(crate) fn gone(self, id: u64) -> String {
        self.with("9;31", id)
    }

    /// A key.
    pub(crate) fn key(self, key: impl Display) -> String {
        self.with("33", key)
    }

    /// A value.
    pub(crate) fn value(self, value: impl Display) -> String {
        self.with("32", value)
    }

    /// What went as it should.
    pub(crate) fn good(self, text: impl Display) -> String {
        self.with("1;32", text)
    }

    /// What did not.
    pub(crate) fn bad(self, text: impl Display) -> String {
        self.with("1;31", text)
    }

    /// A heading.
    pub(crate) fn head(self, text: impl Display) -> String {
        self.with("1", text)
    }

    /// The line of a drawing.
    pub(crate) fn line(self, text: impl Display) -> String {
        self.with("36", text)
    }

    /// What stands back.
    pub(crate) fn dim(self, text: impl Display) -> String {
        self.with("2", text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_left_out_where_they_are_not_wanted() {
        assert_eq!(Paint::new(false).node(98), "98");
        assert_eq!(Paint::new(true).node(98), "\u{1b}[1;36m98\u{1b}[0m");
    }

    #[test]
    fn what_is_painted_does_not_steer_the_terminal() {
        for on in [false, true] {
            let painted = Paint::new(on).value("a\u{1b}[2Jb");
            assert!(painted.contains("a<U+001B>[2Jb"), "{painted:?}");
        }
    }
}
