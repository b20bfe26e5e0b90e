//! Which combinations of swept values stand against which.

use miette::Diagnostic;

use crate::codes::{self, Code, Coded};
use crate::report::folder::runs::FolderRun;
use crate::report::folder::{FolderError, ResultFolder};
use crate::report::lines::listed;
use crate::report::table::choice::{place, same_value};
use crate::report::table::measurements::Measurements;
use crate::report::table::{ChoiceError, Where};

/// The most names that a message lists.
const LISTED_MAX: usize = 12;

/// Why two results cannot be compared.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum CompareError {
    /// The files cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// What was asked for is not there.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Choice(#[from] ChoiceError),
    #[error("--by {key} has {} values here, and two are compared", values.len())]
    #[diagnostic(help("{help}"))]
    NotTwo {
        key: String,
        values: Vec<String>,
        help: String,
    },
    #[error("--where {key}: neither of the two results sweeps it")]
    #[diagnostic(help("{help}"))]
    NoKey { key: String, help: String },
    #[error("{side} sweeps {keys} and the other does not: which of its combinations is meant?")]
    #[diagnostic(help("choose one value of each with --where, such as --where {example}"))]
    Ambiguous {
        side: &'static str,
        keys: String,
        example: String,
    },
    #[error("the two results have no combination of swept values in common")]
    #[diagnostic(help("`chordsim table` shows which each has"))]
    NothingInCommon,
}

impl Coded for CompareError {
    fn kind(&self) -> Code {
        match self {
            Self::Folder(error) => error.code(),
            Self::Choice(error) => error.kind(),
            Self::NoKey { .. } => codes::NOT_SWEPT,
            Self::NotTwo { .. } | Self::Ambiguous { .. } | Self::NothingInCommon => {
                codes::NOT_COMPARABLE
            }
        }
    }
}

/// One of the two that are compared.
pub(crate) struct Side<'a> {
    /// As it is called in sentences and above columns.
    pub name: String,
    pub folder: &'a ResultFolder,
    pub runs: Vec<FolderRun>,
}

/// Two sides, and which of their combinations stand against each other.
pub(crate) struct Matching<'a> {
    pub a: Side<'a>,
    pub b: Side<'a>,
    /// The swept keys that both have, by the names of their columns; in one result all but the one by which it is compared.
    pub keys: Vec<String>,
    pub matched: Vec<Matched>,
    /// Combinations of either that have no counterpart.
    pub alone: usize,
    /// The heading.
    pub caption: String,
}

/// A combination of one and its counterpart.
pub(crate) struct Matched {
    /// What they have in common.
    pub values: Vec<String>,
    /// Places in the folders.
    pub a: usize,
    pub b: usize,
}

/// A combination: its place, and its values of the keys that count.
type Placed = (usize, Vec<String>);

impl<'a> Matching<'a> {
    /// Two values of a key within one result.
    pub(crate) fn within(
        folder: &'a ResultFolder,
        by: &str,
        wanted: &[Where],
    ) -> Result<Self, CompareError> {
        let all = Measurements::of_folder(folder)?;
        let at = place(&all.swept, "--by", by)?;
        let places = all.places(wanted)?;
        let value = |place: &usize| all.combinations[*place].values[at].clone();
        let mut values: Vec<String> = Vec::new();
        for value in places.iter().map(value) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        let [first, second] = &values[..] else {
            return Err(not_two(by, values));
        };
        let placed = |of: &String| -> Vec<Placed> {
            let of_side = places.iter().filter(|place| value(place) == *of);
            of_side
                .map(|place| {
                    let mut values = all.combinations[*place].values.clone();
                    values.remove(at);
                    (*place, values)
                })
                .collect()
        };
        let (matched, alone) = matched(&placed(first), &placed(second));
        let mut keys: Vec<String> = all.swept.iter().map(|key| key.column.clone()).collect();
        let key = keys.remove(at);
        let side = |name: &String| -> Result<Side<'a>, FolderError> {
            Ok(Side {
                name: name.clone(),
                folder,
                runs: folder.runs()?,
            })
        };
        let caption = format!("{}: {key} = {second} against {first}", folder.title);
        Self {
            a: side(first)?,
            b: side(second)?,
            keys,
            matched,
            alone,
            caption,
        }
        .or_nothing()
    }

    /// Two results, called by these names.
    pub(crate) fn between(
        [a, b]: [&'a ResultFolder; 2],
        names: [&str; 2],
        wanted: &[Where],
    ) -> Result<Self, CompareError> {
        let sides = [Measurements::of_folder(a)?, Measurements::of_folder(b)?];
        let sweeps = |all: &Measurements, key: &str| {
            let mut names = all.swept.iter();
            names.any(|name| name.key == key || name.column == key)
        };
        if let Some(one) = wanted
            .iter()
            .find(|one| !sides.iter().any(|all| sweeps(all, &one.key)))
        {
            return Err(no_key(&one.key, &sides));
        }
        let common: Vec<_> = sides[0]
            .swept
            .iter()
            .filter(|name| sweeps(&sides[1], &name.key))
            .cloned()
            .collect();
        let mut placed: Vec<Vec<Placed>> = Vec::new();
        for (all, side) in sides.iter().zip(["the first", "the second"]) {
            let of_side = wanted.iter().filter(|one| sweeps(all, &one.key)).cloned();
            let places = all.places(&of_side.collect::<Vec<_>>())?;
            let at: Vec<usize> = common
                .iter()
                .filter_map(|name| all.swept.iter().position(|it| it.key == name.key))
                .collect();
            let values = |place: usize| {
                let values = &all.combinations[place].values;
                (place, at.iter().map(|at| values[*at].clone()).collect())
            };
            let of_side: Vec<Placed> = places.into_iter().map(values).collect();
            refuse_ambiguous(all, &of_side, &at, side)?;
            placed.push(of_side);
        }
        let (matched, alone) = matched(&placed[0], &placed[1]);
        let side = |folder: &'a ResultFolder, name: &str| -> Result<Side<'a>, FolderError> {
            Ok(Side {
                name: name.to_owned(),
                folder,
                runs: folder.runs()?,
            })
        };
        let caption = if a.title == b.title {
            format!("{}: {} against {}", a.title, names[1], names[0])
        } else {
            format!(
                "{} ({}) against {} ({})",
                names[1], b.title, names[0], a.title
            )
        };
        Self {
            a: side(a, names[0])?,
            b: side(b, names[1])?,
            keys: common.into_iter().map(|name| name.column).collect(),
            matched,
            alone,
            caption,
        }
        .or_nothing()
    }

    fn or_nothing(self) -> Result<Self, CompareError> {
        if self.matched.is_empty() {
            return Err(CompareError::NothingInCommon);
        }
        Ok(self)
    }
}

/// Which stand against which, in the order of the first; and how many have no counterpart.
fn matched(a: &[Placed], b: &[Placed]) -> (Vec<Matched>, usize) {
    let same = |a: &[String], b: &[String]| a.iter().zip(b).all(|(a, b)| same_value(a, b));
    let matched: Vec<Matched> = a
        .iter()
        .filter_map(|(at, values)| {
            let (other, _) = b.iter().find(|(_, others)| same(values, others))?;
            Some(Matched {
                values: values.clone(),
                a: *at,
                b: *other,
            })
        })
        .collect();
    let alone = a.len() + b.len() - 2 * matched.len();
    (matched, alone)
}

/// Refuses a side of which several combinations have the same values of what both sweep.
fn refuse_ambiguous(
    all: &Measurements,
    placed: &[Placed],
    common: &[usize],
    side: &'static str,
) -> Result<(), CompareError> {
    let is_twice = |at: usize| placed[..at].iter().any(|it| it.1 == placed[at].1);
    if !(1..placed.len()).any(is_twice) {
        return Ok(());
    }
    let own = || (0..all.swept.len()).filter(|at| !common.contains(at));
    let first = placed.first().map_or(0, |it| it.0);
    let example = own().next().map_or_else(String::new, |at| {
        let value = &all.combinations[first].values[at];
        format!("{}={value}", all.swept[at].column)
    });
    Err(CompareError::Ambiguous {
        side,
        keys: listed(own().map(|at| all.swept[at].key.clone()), LISTED_MAX),
        example,
    })
}

fn not_two(key: &str, values: Vec<String>) -> CompareError {
    let key = key.to_owned();
    let all = listed(values.iter().cloned(), LISTED_MAX);
    let help = match &values[..] {
        [first, second, ..] => {
            format!("choose two of {all}: --where {key}={first} --where {key}={second}")
        }
        _ => format!("there is only {all}"),
    };
    CompareError::NotTwo { key, values, help }
}

fn no_key(key: &str, sides: &[Measurements; 2]) -> CompareError {
    let names = sides.iter().flat_map(|all| &all.swept);
    let mut keys: Vec<String> = names.map(|name| name.key.clone()).collect();
    keys.sort();
    keys.dedup();
    let help = if keys.is_empty() {
        "nothing is swept in either".to_owned()
    } else {
        format!("swept: {}", listed(keys, LISTED_MAX))
    };
    CompareError::NoKey {
        key: key.to_owned(),
        help,
    }
}
