//! Which combinations of swept values get a line of their own, and what the lines are called.
//! Eight can be told apart in print: of more, evenly spaced ones are drawn, and the picture says
//! which.

use std::collections::BTreeMap;

use super::alike;
use super::spread::{self, Spread};
use super::swept_axis;
use crate::report::folder::{ResultFolder, Swept};
use crate::report::numbers::{number, quantity};

/// What is drawn of all there is.
#[derive(Debug)]
pub(super) struct LineChoice {
    /// Positions in what was offered, in their order.
    pub picked: Vec<usize>,
    /// What was left out.
    pub notes: Vec<String>,
}

impl LineChoice {
    /// The place of a combination among the picked ones.
    pub(super) fn place(&self, combination: usize) -> Option<usize> {
        self.picked.iter().position(|c| *c == combination)
    }
}

/// Chooses among all combinations of a folder.
pub(super) fn among_combinations(folder: &ResultFolder) -> LineChoice {
    let swept: Vec<&Swept> = folder.swept.iter().collect();
    let values: Vec<Vec<&str>> = folder
        .combinations
        .iter()
        .map(|c| c.values.iter().map(String::as_str).collect())
        .collect();
    choose(&swept, &values)
}

/// Chooses among rows of values, one for each of the keys.
pub(super) fn choose(swept: &[&Swept], rows: &[Vec<&str>]) -> LineChoice {
    let all: Vec<Vec<&str>> = (0..swept.len()).map(|k| distinct(rows, k)).collect();
    let places: Vec<BTreeMap<&str, usize>> = all.iter().map(|values| places(values)).collect();
    let numbers = |row: &Vec<&str>| -> Vec<usize> {
        let pairs = row.iter().zip(&places);
        pairs.map(|(value, places)| places[value]).collect()
    };
    let numbers: Vec<Vec<usize>> = rows.iter().map(numbers).collect();
    let counts: Vec<usize> = all.iter().map(Vec::len).collect();
    let kept = spread::few(&counts, &numbers, || {});
    let picked = (0..rows.len()).filter(|r| spread::keep(&kept, &numbers[*r]));
    LineChoice {
        picked: picked.collect(),
        notes: notes(swept, &all, &kept),
    }
}

/// The place of each value among all.
fn places<'a>(values: &[&'a str]) -> BTreeMap<&'a str, usize> {
    let pairs = values.iter().enumerate();
    pairs.map(|(at, value)| (*value, at)).collect()
}

/// The values of one key: numbers in their order, words as they appear.
fn distinct<'a>(rows: &[Vec<&'a str>], key: usize) -> Vec<&'a str> {
    let values: Vec<&str> = rows.iter().map(|row| row[key]).collect();
    let values = alike::distinct(&values);
    let numbers: Option<Vec<f64>> = values.iter().map(|v| quantity(v)).collect();
    let Some(numbers) = numbers else {
        return values;
    };
    let mut pairs: Vec<(f64, &str)> = numbers.into_iter().zip(values).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    pairs.into_iter().map(|(_, value)| value).collect()
}

fn notes(swept: &[&Swept], all: &[Vec<&str>], kept: &[Spread]) -> Vec<String> {
    let mut notes = Vec::new();
    for ((swept, all), kept) in swept.iter().zip(all).zip(kept) {
        if kept.count < all.len() {
            let values: Vec<String> = kept.places().map(|at| plain(all[at])).collect();
            notes.push(format!(
                "Shown are {} of {} values of {}: {}.",
                kept.count,
                all.len(),
                words(&swept.key),
                values.join(", ")
            ));
        }
    }
    notes
}

/// A value as people write it.
fn plain(value: &str) -> String {
    let number = value.parse::<f64>().map(number);
    number.unwrap_or_else(|_| swept_axis::plain(value))
}

/// What a value of a swept key is called: itself, with the name of the key where it does not speak for itself.
pub(super) fn value_name(key: &str, value: &str) -> String {
    let mute = ["none", "off", "on", "all", "true", "false"].contains(&value);
    if mute || quantity(value).is_some() {
        format!("{} {}", words(key), plain(value))
    } else {
        plain(value)
    }
}

/// What lines are called that stand for these swept keys of a combination.
pub(super) struct Labels<'a> {
    folder: &'a ResultFolder,
    /// The swept keys, and what their values are called that are tables.
    keys: Vec<(usize, BTreeMap<&'a str, String>)>,
}

impl<'a> Labels<'a> {
    pub(super) fn of(folder: &'a ResultFolder, keys: &[usize]) -> Self {
        let of = |key: &usize| (*key, swept_axis::names(folder, *key));
        Self {
            folder,
            keys: keys.iter().map(of).collect(),
        }
    }

    /// The label of a combination. Empty if nothing was swept.
    pub(super) fn label(&self, combination: usize) -> String {
        let values = &self.folder.combinations[combination].values;
        let name = |(key, tables): &(usize, BTreeMap<&str, String>)| {
            let value = values[*key].as_str();
            let table = tables.get(value).cloned();
            table.unwrap_or_else(|| value_name(&self.folder.swept[*key].key, value))
        };
        let names: Vec<String> = self.keys.iter().map(name).collect();
        names.join(", ")
    }
}

/// What one line is called.
pub(super) fn label(folder: &ResultFolder, combination: usize, keys: &[usize]) -> String {
    Labels::of(folder, keys).label(combination)
}

/// What the line of a whole combination is called.
pub(super) fn combination_label(folder: &ResultFolder, combination: usize) -> String {
    let keys: Vec<usize> = (0..folder.swept.len()).collect();
    label(folder, combination, &keys)
}

/// The last part of a key, readable.
pub(super) fn words(key: &str) -> String {
    let last = key.rsplit('.').next().unwrap_or(key);
    last.replace('_', " ")
}

/// Whether a swept value is a duration.
pub(super) fn is_duration(value: &str) -> bool {
    value.parse::<f64>().is_err() && quantity(value).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn swept(key: &str) -> Swept {
        Swept {
            key: key.to_owned(),
            column: key.to_owned(),
            full_column: None,
            parts: Vec::new(),
        }
    }

    #[test]
    fn of_many_combinations_evenly_spaced_ones_are_picked_and_the_rest_is_named() {
        let (routing, nodes) = (swept("chord.routing"), swept("overlay.nodes"));
        let sizes: Vec<String> = (4..13).map(|i| (1 << i).to_string()).collect();
        let rows: Vec<Vec<&str>> = ["fingers", "successors"]
            .iter()
            .flat_map(|r| sizes.iter().map(|s| vec![*r, s.as_str()]))
            .collect();
        let choice = choose(&[&routing, &nodes], &rows);
        let picked: Vec<&str> = choice.picked.iter().map(|p| rows[*p][1]).collect();
        assert_eq!(
            picked,
            ["16", "128", "512", "4096", "16", "128", "512", "4096"]
        );
        assert_eq!(
            choice.notes,
            ["Shown are 4 of 9 values of nodes: 16, 128, 512, 4096."]
        );
    }

    #[test]
    fn up_to_eight_combinations_are_all_picked() {
        let key = swept("selfish.fraction");
        let rows: Vec<Vec<&str>> = ["0.5", "0", "0.1"].iter().map(|v| vec![*v]).collect();
        let choice = choose(&[&key], &rows);
        assert_eq!(choice.picked, [0, 1, 2]);
        assert!(choice.notes.is_empty());
    }

    #[test]
    fn labels_name_the_key_where_the_value_is_mute() {
        let cases = [
            ("chord.routing", "fingers", "fingers"),
            ("chord.stabilize_every", "30s", "stabilize every 30s"),
            ("chord.stabilize_every", "off", "stabilize every off"),
            ("selfish.fraction", "0.0", "fraction 0"),
            ("overlay.nodes", "16384", "nodes 16\u{a0}384"),
        ];
        for (key, value, name) in cases {
            assert_eq!(value_name(key, value), name);
        }
    }

    #[test]
    fn durations_are_quantities_in_seconds() {
        let cases = [
            ("500ms", Some(0.5)),
            ("2h", Some(7200.0)),
            ("0.25", Some(0.25)),
            ("fingers", None),
            ("inf", None),
            ("s", None),
        ];
        for (text, value) in cases {
            assert_eq!(quantity(text), value, "{text}");
        }
        assert!(is_duration("30s") && !is_duration("30"));
    }
}
