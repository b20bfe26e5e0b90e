//! What a section and a key of a scenario are, as data.

/// A section of a scenario: a table of keys that stand together.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Where it stands, such as `network.plane`; empty for the top level. For a table of parameters
    /// that several keys may hold (a distribution) its name alone, such as `pareto`.
    pub path: &'static str,
    /// How it is written.
    pub shape: Shape,
    /// Whether it is the same for all runs of a scenario, and so cannot be swept.
    pub fixed: bool,
    /// What it is about, in sentences.
    pub doc: &'static str,
    /// Its keys, in the order in which they are listed.
    pub keys: &'static [Key],
}

/// How a section is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// `[path]`, once.
    Table,
    /// `[[path]]`, any number of times.
    List,
    /// `[path]` with keys that are none of its own.
    Open,
}

impl Section {
    /// A section that is written `[path]`.
    pub(super) const fn table(path: &'static str) -> Self {
        Self {
            path,
            shape: Shape::Table,
            fixed: false,
            doc: "",
            keys: &[],
        }
    }

    /// A section that is written `[[path]]`.
    pub(super) const fn list(path: &'static str) -> Self {
        Self {
            shape: Shape::List,
            ..Self::table(path)
        }
    }

    /// A section whose keys are none of its own.
    pub(super) const fn open(path: &'static str) -> Self {
        Self {
            shape: Shape::Open,
            ..Self::table(path)
        }
    }

    /// The same section, which cannot be swept.
    pub(super) const fn fixed(self) -> Self {
        Self {
            fixed: true,
            ..self
        }
    }

    /// The same section with its keys.
    pub(super) const fn of(self, doc: &'static str, keys: &'static [Key]) -> Self {
        Self { doc, keys, ..self }
    }

    /// The key of this name.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

/// A key of a scenario, declared once: what is read, what is told about a mistake and what is
/// documented follow from it.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name within its section.
    pub name: &'static str,
    /// An older name that means the same, in full such as `chord.virtual_nodes`.
    pub also: Option<&'static str>,
    /// What its value may be.
    pub kind: ValueKind,
    /// What it is where it is not given, as it would be written in TOML; `None` if it then has no
    /// value.
    pub default: Option<&'static str>,
    /// What it means, in a few words, that a key without a default is not given.
    pub absent: &'static str,
    /// What is allowed besides what the kind says; empty if that is all.
    pub limits: &'static str,
    /// Whether it is the same for all runs of a scenario, and so cannot be swept.
    pub fixed: bool,
    /// What it means, in sentences.
    pub doc: &'static str,
}

impl Key {
    /// What it means that a key without a default is not given: a mistake.
    pub const REQUIRED: &'static str = "must be given";

    /// A key without a default.
    pub(super) const fn new(name: &'static str, kind: ValueKind, doc: &'static str) -> Self {
        Self {
            name,
            also: None,
            kind,
            default: None,
            absent: "none",
            limits: "",
            fixed: false,
            doc,
        }
    }

    /// The same key with a default, as it would be written in TOML.
    pub(super) const fn default(self, toml: &'static str) -> Self {
        Self {
            default: Some(toml),
            ..self
        }
    }

    /// The same key; `absent` says what it means that it is not given.
    pub(super) const fn absent(self, absent: &'static str) -> Self {
        Self { absent, ..self }
    }

    /// The same key, for which more holds than its kind says.
    pub(super) const fn limits(self, limits: &'static str) -> Self {
        Self { limits, ..self }
    }

    /// The same key, which may also be written by an older name.
    pub(super) const fn also(self, path: &'static str) -> Self {
        Self {
            also: Some(path),
            ..self
        }
    }

    /// The same key, which cannot be swept.
    pub(super) const fn fixed(self) -> Self {
        Self {
            fixed: true,
            ..self
        }
    }
}

/// One of a closed set of strings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Word {
    /// As it is written.
    pub name: &'static str,
    /// What it means, in sentences.
    pub doc: &'static str,
}

/// What the value of a key may be.
#[derive(Clone, Copy, Debug)]
pub enum ValueKind {
    /// Any string.
    Text,
    /// The path of a file, relative to the folder of the scenario.
    File,
    /// `true` or `false`.
    Truth,
    /// A whole number.
    Count {
        /// The least that is allowed.
        least: u64,
        /// The most that is allowed.
        most: u64,
    },
    /// A whole number that is not 0, or how wide an interval may be: `until ±5 %`.
    CountOrUntil {
        /// The most that is allowed.
        most: u64,
    },
    /// A finite number; whole ones need no decimal point.
    Number {
        /// The least that is allowed.
        least: f64,
        /// The most that is allowed.
        most: f64,
    },
    /// A finite number, or a list of them.
    Numbers {
        /// The least that each may be.
        least: f64,
        /// The most that each may be.
        most: f64,
    },
    /// A string of a decimal number and a unit, such as `"500ms"`.
    Duration {
        /// Whether it may be zero.
        zero: bool,
        /// Whether it may be `"off"`.
        off: bool,
    },
    /// One of these.
    Word(&'static [Word]),
    /// One or several of these: a list of them, or one string that joins them by `+`.
    Words(&'static [Word]),
    /// One of these, or a list of whole numbers.
    WordOrCounts(&'static [Word]),
    /// One of these, or a whole number.
    WordOrCount(&'static [Word]),
    /// One of these, two of which are `true` and `false` and may be written as truth values.
    WordOrTruth(&'static [Word]),
    /// One of these, each of which stands for a share, or a share; `true` is 1, `false` 0.
    WordOrShare(&'static [(Word, f64)]),
    /// A key of the ring: a whole number, a text, or a table with the keys of this section.
    RingKey(&'static Section),
    /// A table with the keys of this section.
    Fields(&'static Section),
    /// A distribution of durations: a table that holds exactly one of these tables.
    Distribution(&'static [&'static Section]),
    /// A table with keys that are none of its own.
    Table,
}

impl ValueKind {
    /// The words that such a value may be.
    #[must_use]
    pub fn words(self) -> Vec<Word> {
        match self {
            Self::Word(words)
            | Self::Words(words)
            | Self::WordOrCounts(words)
            | Self::WordOrCount(words)
            | Self::WordOrTruth(words) => words.to_vec(),
            Self::WordOrShare(words) => words.iter().map(|(word, _)| *word).collect(),
            _ => Vec::new(),
        }
    }
}

/// The most that may happen per second: one event a nanosecond.
const MAX_RATE: f64 = 1e9;

/// A share of a whole or a probability.
pub(super) const SHARE: ValueKind = number(0.0, 1.0);
/// How often something happens per second.
pub(super) const RATE: ValueKind = number(0.0, MAX_RATE);
/// A duration, zero included.
pub(super) const DURATION: ValueKind = duration(true, false);
/// A duration of more than zero.
pub(super) const POSITIVE: ValueKind = duration(false, false);
/// A duration of more than zero, or "off".
pub(super) const PERIOD: ValueKind = duration(false, true);

/// A whole number within these limits.
pub(super) const fn count(least: u64, most: u64) -> ValueKind {
    ValueKind::Count { least, most }
}

/// A finite number within these limits.
pub(super) const fn number(least: f64, most: f64) -> ValueKind {
    ValueKind::Number { least, most }
}

const fn duration(zero: bool, off: bool) -> ValueKind {
    ValueKind::Duration { zero, off }
}
