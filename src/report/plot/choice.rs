//! Which combinations of swept values get a line of their own, and what the lines are called.
//! Eight can be told apart in print: of more, evenly spaced ones are drawn, and the picture says
//! which.

use super::figure;
use super::folder::{ResultFolder, Swept};
use super::style::MOST_SERIES;
use super::swept_axis;

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
    let mut kept = all.clone();
    let fits = |row: &[&str], kept: &[Vec<&str>]| {
        let mut pairs = row.iter().zip(kept);
        pairs.all(|(value, kept)| kept.contains(value))
    };
    loop {
        let picked: Vec<usize> = (0..rows.len()).filter(|r| fits(&rows[*r], &kept)).collect();
        let largest = (0..kept.len()).rev().max_by_key(|k| kept[*k].len());
        match largest {
            Some(key) if picked.len() > MOST_SERIES && kept[key].len() > 1 => {
                kept[key] = spread(&all[key], kept[key].len() - 1);
            }
            _ => {
                let notes = notes(swept, &all, &kept);
                return LineChoice { picked, notes };
            }
        }
    }
}

/// The values of one key: numbers in their order, words as they appear.
fn distinct<'a>(rows: &[Vec<&'a str>], key: usize) -> Vec<&'a str> {
    let mut values: Vec<&str> = Vec::new();
    for row in rows {
        if !values.contains(&row[key]) {
            values.push(row[key]);
        }
    }
    if values.iter().all(|v| quantity(v).is_some()) {
        values.sort_by(|a, b| {
            quantity(a)
                .unwrap_or(0.0)
                .total_cmp(&quantity(b).unwrap_or(0.0))
        });
    }
    values
}

/// Evenly spaced ones, the first and the last among them.
fn spread<'a>(values: &[&'a str], count: usize) -> Vec<&'a str> {
    let last = values.len() - 1;
    let gaps = (count - 1).max(1);
    (0..count)
        .map(|i| values[(i * last + gaps / 2) / gaps])
        .collect()
}

fn notes(swept: &[&Swept], all: &[Vec<&str>], kept: &[Vec<&str>]) -> Vec<String> {
    let mut notes = Vec::new();
    for ((swept, all), kept) in swept.iter().zip(all).zip(kept) {
        if kept.len() < all.len() {
            notes.push(format!(
                "Shown are {} of {} values of {}: {}.",
                kept.len(),
                all.len(),
                words(&swept.key),
                kept.iter().map(|v| plain(v)).collect::<Vec<_>>().join(", ")
            ));
        }
    }
    notes
}

/// A value as people write it.
fn plain(value: &str) -> String {
    let number = value.parse::<f64>().map(figure::number);
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

/// What a line is called that stands for these swept keys of a combination. Empty if nothing was swept.
pub(super) fn label(folder: &ResultFolder, combination: usize, keys: &[usize]) -> String {
    let name = |key: &usize| {
        let value = &folder.combinations[combination].values[*key];
        let table = swept_axis::name(folder, *key, value);
        table.unwrap_or_else(|| value_name(&folder.swept[*key].key, value))
    };
    let names: Vec<String> = keys.iter().map(name).collect();
    names.join(", ")
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

/// A swept value as a number: a number as it is, a duration in seconds.
pub(super) fn quantity(value: &str) -> Option<f64> {
    let units = [
        ("ns", 1e-9),
        ("us", 1e-6),
        ("µs", 1e-6),
        ("ms", 1e-3),
        ("s", 1.0),
        ("m", 60.0),
        ("h", 3600.0),
        ("d", 86400.0),
    ];
    let number = |text: &str| text.parse().ok().filter(|v: &f64| v.is_finite());
    number(value).or_else(|| {
        let of = |(unit, seconds): (&str, f64)| Some(number(value.strip_suffix(unit)?)? * seconds);
        units.into_iter().find_map(of)
    })
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
