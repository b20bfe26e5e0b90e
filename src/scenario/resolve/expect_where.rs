//! Which combinations of swept values an expectation is about: `where` and `along`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use toml::Spanned;
use toml::de::DeValue;

use crate::codes;
use crate::scenario::error::Problem;
use crate::scenario::keys;
use crate::scenario::plan::Plan;
use crate::scenario::source::Span;
use crate::scenario::written::{csv_text, sameness};

/// So many values of a swept key are told at most.
const VALUES_TOLD: usize = 100;

/// The swept keys of a plan with their values. The last key varies fastest, so a combination is a number whose
/// digits are the places of its values: it takes no look at the others to find the ones with a value.
pub(crate) struct Combinations<'a> {
    plan: &'a Plan,
    axes: Vec<Axis<'a>>,
}

/// A swept key.
struct Axis<'a> {
    /// Its values as they are written, in the order of the file.
    values: Vec<&'a str>,
    /// From one of its values to the next there are so many combinations.
    stride: u32,
    /// The places of its values by what is the same however it is written.
    places: BTreeMap<String, Vec<u32>>,
}

impl<'a> Axis<'a> {
    fn new(plan: &'a Plan, column: usize, count: u32, stride: u32) -> Self {
        let value = |place: u32| {
            let run = plan.first_of(place * stride);
            run.map_or("", |run| run.swept[column].as_str())
        };
        let values: Vec<&str> = (0..count).map(value).collect();
        let mut places: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (place, value) in (0..).zip(&values) {
            places.entry(sameness(value)).or_default().push(place);
        }
        Self {
            values,
            stride,
            places,
        }
    }

    /// The place of its value in a combination.
    fn place_in(&self, combination: u32) -> usize {
        (combination / self.stride) as usize % self.values.len()
    }
}

impl<'a> Combinations<'a> {
    /// The combinations of a plan whose runs are laid out, of keys with so many values.
    pub(crate) fn of(plan: &'a Plan, counts: &[u32]) -> Self {
        let (mut axes, mut stride) = (Vec::new(), 1);
        for (column, count) in counts.iter().enumerate().rev() {
            axes.push(Axis::new(plan, column, *count, stride));
            stride *= count;
        }
        axes.reverse();
        Self { plan, axes }
    }

    /// The combinations with the values that `where` asks for: all of them if it asks for nothing.
    pub(crate) fn chosen(
        &self,
        condition: Option<&Spanned<DeValue<'_>>>,
    ) -> Result<Vec<u32>, Problem> {
        let Some(condition) = condition else {
            return Ok(self.with(&BTreeMap::new()));
        };
        let Some(table) = condition.get_ref().as_table() else {
            return Err(Problem::new(
                codes::WRONG_TYPE,
                condition.span(),
                "`expect.where` must be a table",
                "this is no table",
                "write, for example, where = { nodes = 64 }",
            ));
        };
        let mut named = BTreeMap::new();
        for (key, value) in table {
            let column = self.column(key.get_ref(), key.span())?;
            let text = csv_text(value.get_ref());
            let places = self.axes[column].places.get(&sameness(&text));
            if named.contains_key(&column) {
                return Err(self.named_twice(column, key.span()));
            }
            let Some(places) = places else {
                return Err(self.no_such_value(column, &text, value.span()));
            };
            named.insert(column, places.as_slice());
        }
        Ok(self.with(&named))
    }

    /// The combinations with these places of the columns that are named, in order.
    fn with(&self, named: &BTreeMap<usize, &[u32]>) -> Vec<u32> {
        let mut chosen = vec![0];
        for (column, axis) in self.axes.iter().enumerate() {
            let all: Vec<u32> = match named.get(&column) {
                Some(places) => places.to_vec(),
                None => (0..axis.values.len() as u32).collect(),
            };
            let each = |start: &u32| {
                let start = *start;
                all.iter().map(move |place| start + place * axis.stride)
            };
            chosen = chosen.iter().flat_map(each).collect();
        }
        chosen
    }

    /// A swept key that `where` names in two ways.
    fn named_twice(&self, column: usize, span: Span) -> Problem {
        let key = &self.plan.swept[column];
        Problem::new(
            codes::SAID_TWICE,
            span,
            format!("`expect.where` names `{}` twice", key.key),
            "this is the second",
            "remove one of them; values of several combinations take an [[expect]] each, or `along`",
        )
    }

    /// A value for each of these combinations, from a list with one for each value of a swept key. `condition` is what
    /// `where` asks for.
    pub(crate) fn along(
        &self,
        chosen: &[u32],
        (along, along_place): (&String, Span),
        list: &[f64],
        place: Span,
        condition: Option<&Spanned<DeValue<'_>>>,
    ) -> Result<Vec<(u32, f64)>, Problem> {
        let column = self.column(along, along_place.clone())?;
        let table = condition.and_then(|condition| condition.get_ref().as_table());
        let mut named = table.into_iter().flatten();
        if named.any(|(key, _)| self.column(key.get_ref(), key.span()).ok() == Some(column)) {
            return Err(Problem::new(
                codes::CONTRADICTION,
                along_place,
                format!("`expect.along` and `expect.where` are both about `{along}`"),
                "all but one of the values in the list would be about nothing",
                "remove one of the two",
            ));
        }
        let axis = &self.axes[column];
        if axis.values.len() != list.len() {
            return Err(Problem::new(
                codes::CONTRADICTION,
                place,
                format!("`expect.value` has {} values", list.len()),
                format!("`{along}` has {}", axis.values.len()),
                format!("write one for each of: {}", self.told(column)),
            ));
        }
        let value = |at: &u32| (*at, list[axis.place_in(*at)]);
        Ok(chosen.iter().map(value).collect())
    }

    /// The values of a swept key, in the order of the file; of very many the first.
    fn told(&self, column: usize) -> String {
        let values = &self.axes[column].values;
        let mut told = values[..values.len().min(VALUES_TOLD)].join(", ");
        if values.len() > VALUES_TOLD {
            let more = values.len() - VALUES_TOLD;
            let _ = write!(told, " and {more} more");
        }
        told
    }

    /// The column of a swept key, which may be named as in `summary.csv` or in full.
    pub(crate) fn column(&self, name: &str, span: Span) -> Result<usize, Problem> {
        let swept = &self.plan.swept;
        let found = swept.iter().position(|key| {
            let is_alias = || keys::alias_of(name).as_ref() == Some(&key.key);
            key.column == name || key.key == name || is_alias()
        });
        found.ok_or_else(|| {
            let keys: Vec<&str> = swept.iter().map(|key| key.column.as_str()).collect();
            let help = match keys[..] {
                [] => "this scenario sweeps nothing: remove it".to_owned(),
                _ => format!("swept are: {}", keys.join(", ")),
            };
            Problem::new(
                codes::NOT_SWEPT,
                span,
                format!("`{name}` is not swept"),
                "it is the same in all runs, or unknown",
                help,
            )
        })
    }

    fn no_such_value(&self, column: usize, text: &str, span: Span) -> Problem {
        let name = &self.plan.swept[column].column;
        Problem::new(
            codes::NOT_SWEPT,
            span,
            format!("`{name}` is never {text} in this scenario"),
            "not one of the swept values",
            format!("swept are: {}", self.told(column)),
        )
    }
}
