//! What the replay of requests on the ring shows: of some combinations some requests message by message, the nodes, what they
//! know of each other, and how well the ring is. All of it is bounded: it is there to be looked at.
//!
//! | file | concern |
//! |---|---|
//! | `requests` | which requests are shown, and their messages |
//! | `facts` | what other files say of these requests |
//! | `ring` | nodes, what they know, and the course of the run |
//! | `rows` | reading the rows of the first repetition |

mod facts;
mod requests;
mod ring;
mod rows;

use std::path::Path;

use serde_json::{Value, json};

use super::error::HtmlError;
use super::template::all_shown;
use crate::report::folder::ResultFolder;
use crate::report::folder::combination::DrawnCombination;
use crate::report::numbers::quantity;

/// The most combinations that are shown.
const COMBINATIONS_MAX: usize = 8;

/// A combination that is shown.
pub(in crate::report::html) struct Chosen {
    /// Its place among all.
    place: usize,
    bits: u64,
    duration_s: f64,
    label: String,
}

/// What `assets/replay.js` replays; `None` where the results have nothing to replay, and then the page says how to record it.
pub(super) fn data(dir: &Path, folder: &ResultFolder) -> Result<Option<Value>, HtmlError> {
    let chosen = chosen(folder);
    let mut requests = requests::read(dir, folder, &chosen)?;
    let mut rings = ring::read(dir, folder, &chosen, &requests)?;
    if requests.iter().all(Vec::is_empty) && rings.iter().all(|ring| !ring.is_recorded) {
        return Ok(None);
    }
    facts::fill_in(folder, &chosen, &mut requests)?;
    let combinations = chosen.iter().zip(&mut rings).zip(&requests);
    let combinations: Vec<Value> = combinations
        .map(|((chosen, ring), requests)| {
            let scenario = &folder.combinations[chosen.place];
            let requests: Vec<Value> = requests.iter().map(|it| it.told(ring)).collect();
            let faults = scenario.faults().into_iter();
            json!({
                "label": chosen.label,
                "bits": chosen.bits,
                "duration": chosen.duration_s,
                "faults": faults.map(|(at, what)| json!([at, what])).collect::<Vec<_>>(),
                "requests": requests,
                "ring": ring.told(),
            })
        })
        .collect();
    Ok(Some(all_shown(json!({
        "combinations": combinations,
        "all_combinations": folder.combinations.len(),
    }))))
}

/// Evenly spaced, the first and the last among them.
fn chosen(folder: &ResultFolder) -> Vec<Chosen> {
    let all = folder.combinations.len();
    let some = all.min(COMBINATIONS_MAX);
    let places = (0..some).map(|i| i * (all - 1) / (some - 1).max(1));
    let chosen = places.map(|place| Chosen {
        place,
        bits: folder.combinations[place].scenario["overlay"]["id_bits"]
            .as_u64()
            .filter(|bits| (1..=64).contains(bits))
            .unwrap_or(64),
        duration_s: duration_s(&folder.combinations[place]),
        label: label(folder, place),
    });
    chosen.collect()
}

fn duration_s(combination: &DrawnCombination) -> f64 {
    let duration = combination.scenario["duration"].as_str();
    duration.and_then(quantity).unwrap_or(0.0)
}

/// What is swept, and to what.
fn label(folder: &ResultFolder, place: usize) -> String {
    let values = folder.combinations[place].values.iter();
    let parts = folder.swept.iter().zip(values);
    let parts: Vec<String> = parts
        .map(|(swept, value)| format!("{} {value}", swept.column.replace('_', " ")))
        .collect();
    parts.join(", ")
}
