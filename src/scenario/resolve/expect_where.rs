//! Which combinations of swept values an expectation is about: `where` and `along`.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::DeValue;

use crate::scenario::error::Problem;
use crate::scenario::keys;
use crate::scenario::plan::Plan;
use crate::scenario::source::Span;
use crate::scenario::written::{csv_text, is_same};

/// The swept values of every combination, as they are written.
pub(crate) struct Combinations<'a> {
    plan: &'a Plan,
    swept: Vec<&'a [String]>,
}

impl<'a> Combinations<'a> {
    /// The combinations of a plan whose runs are laid out.
    pub(crate) fn of(plan: &'a Plan) -> Self {
        let swept = plan.combinations().map(|run| run.swept.as_slice());
        Self {
            plan,
            swept: swept.collect(),
        }
    }

    /// The combinations with the values that `where` asks for: all of them if it asks for nothing.
    pub(crate) fn chosen(
        &self,
        condition: Option<&Spanned<DeValue<'_>>>,
    ) -> Result<Vec<u32>, Problem> {
        let mut chosen: Vec<u32> = (0..self.swept.len() as u32).collect();
        let Some(condition) = condition else {
            return Ok(chosen);
        };
        let Some(table) = condition.get_ref().as_table() else {
            return Err(Problem::new(
                condition.span(),
                "`expect.where` must be a table",
                "this is no table",
                "write, for example, where = { nodes = 64 }",
            ));
        };
        let mut named = BTreeSet::new();
        for (key, value) in table {
            let column = self.column(key.get_ref(), key.span())?;
            if !named.insert(column) {
                return Err(self.named_twice(column, key.span()));
            }
            let text = csv_text(value.get_ref());
            if !self
                .swept
                .iter()
                .any(|swept| is_same(&swept[column], &text))
            {
                return Err(self.no_such_value(column, &text, value.span()));
            }
            chosen.retain(|at| is_same(&self.swept[*at as usize][column], &text));
        }
        Ok(chosen)
    }

    /// A swept key that `where` names in two ways.
    fn named_twice(&self, column: usize, span: Span) -> Problem {
        let key = &self.plan.swept[column];
        Problem::new(
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
                along_place,
                format!("`expect.along` and `expect.where` are both about `{along}`"),
                "all but one of the values in the list would be about nothing",
                "remove one of the two",
            ));
        }
        let values = self.values(column);
        if values.len() != list.len() {
            return Err(Problem::new(
                place,
                format!("`expect.value` has {} values", list.len()),
                format!("`{along}` has {}", values.len()),
                format!("write one for each of: {}", values.join(", ")),
            ));
        }
        let value = |at: &u32| {
            let text = &self.swept[*at as usize][column];
            let number = values.iter().position(|value| value == text);
            (*at, list[number.expect("it is one of them")])
        };
        Ok(chosen.iter().map(value).collect())
    }

    /// The values of a swept key, in the order of the file.
    fn values(&self, column: usize) -> Vec<&'a str> {
        let mut values: Vec<&str> = Vec::new();
        for swept in &self.swept {
            if !values.contains(&&*swept[column]) {
                values.push(&swept[column]);
            }
        }
        values
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
            span,
            format!("`{name}` is never {text} in this scenario"),
            "not one of the swept values",
            format!("swept are: {}", self.values(column).join(", ")),
        )
    }
}
