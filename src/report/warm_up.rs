//! Whether the warm-up of a result was long enough: by MSER-5 on the hops of its samples.
//!
//! What is looked at is the mean hops of each row of `timeline.csv` by the logarithm of the members, over all repetitions of
//! a combination. Whatever is not yet as it will be shows in it: fingers that are missing, wrong or dead make ways longer.
//! Nodes that come and go by chance do not, for a ring of more nodes has longer ways. The latency tells less: a few timeouts
//! hide what else there is in it; and failures come in bursts, which look like a beginning where they are none.
//!
//! Where a scenario has something happen on purpose (a fault, a script, a trace, growth) there is no steady state to wait
//! for, and nothing is said.

use serde_json::Value;

use super::folder::combination::DrawnCombination;
use super::folder::{FolderError, ResultFolder};
use super::numbers::quantity;
use crate::catalogue::RecordKind;
use crate::engine::SimDuration;
use crate::validation::mser::{self, BATCH, BATCHES_MIN};

/// A combination whose measurement begins before its steady state.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ShortWarmUp {
    /// Its place in the folder.
    pub combination: usize,
    /// How much of the measurement had better be left out, in seconds.
    pub seconds: f64,
    /// The warm-up that leaves it out.
    pub suggested: SimDuration,
}

/// The combinations whose warm-up was too short.
///
/// # Errors
/// If `timeline.csv` cannot be read. Without one there is nothing to say.
pub(crate) fn too_short(folder: &ResultFolder) -> Result<Vec<ShortWarmUp>, FolderError> {
    let combinations = folder.combinations.iter();
    let mut series: Vec<Option<Series>> = combinations.map(Series::of).collect();
    if series.iter().all(Option::is_none) {
        return Ok(Vec::new());
    }
    let Some(table) = folder.timeline()? else {
        return Ok(Vec::new());
    };
    let column = |name| table.column(RecordKind::Timeline.info().column(name).name);
    let (time, nodes, hops) = (column("time_s")?, column("nodes")?, column("hops_mean")?);
    let mut finder = folder.finder(&table)?;
    table.each(|row| {
        let at = finder.find(row)?;
        if let Some(series) = &mut series[at]
            && let Some((time, hops)) = row.number(&time)?.zip(row.number(&hops)?)
        {
            series.add(time, hops, row.number(&nodes)?.unwrap_or(0.0));
        }
        Ok(())
    })?;
    let all = series.into_iter().enumerate();
    let short = all.filter_map(|(combination, series)| {
        let series = series?;
        let (seconds, suggested) = series.suggestion()?;
        Some(ShortWarmUp {
            combination,
            seconds,
            suggested,
        })
    });
    Ok(short.collect())
}

/// What is said about them; nothing if there are none.
pub(crate) fn warning(folder: &ResultFolder, short: &[ShortWarmUp]) -> Option<String> {
    let longest = short
        .iter()
        .max_by(|a, b| a.seconds.total_cmp(&b.seconds))?;
    let values = &folder.combinations[longest.combination].values;
    let names = folder.swept.iter().zip(values);
    let names: Vec<String> = names
        .map(|(key, value)| format!("{} = {value}", key.column))
        .collect();
    let of_which = match (names.is_empty(), short.len()) {
        (true, _) => String::new(),
        (false, 1) => format!(" ({})", names.join(", ")),
        (false, all) => format!(" ({} and {} more)", names.join(", "), all - 1),
    };
    Some(format!(
        "warning: the warm-up looks too short{of_which}: ways are of other length in the first {} of the measurement than \
         later; MSER-5 suggests warmup = \"{}\" (docs/statistics.md)",
        SimDuration((longest.seconds * 1e9).round() as u64),
        longest.suggested
    ))
}

/// The samples of a combination, in batches.
struct Series {
    /// Width of a sample in seconds.
    sample: f64,
    warmup: f64,
    /// Of each batch: the sum of its values, and how many there are.
    batches: Vec<(f64, u32)>,
}

impl Series {
    /// None where there is no steady state, or too little of it to tell.
    fn of(combination: &DrawnCombination) -> Option<Self> {
        let scenario = &combination.scenario;
        let seconds = |key: &str| quantity(scenario[key].as_str()?);
        let (sample, duration) = (seconds("sample")?, seconds("duration")?);
        let samples = (duration / sample).round() as usize;
        let batches = samples / BATCH;
        let told = batches >= BATCHES_MIN && is_steady(scenario) && !combination.peers_turn();
        told.then(|| Self {
            sample,
            warmup: seconds("warmup").unwrap_or(0.0),
            batches: vec![(0.0, 0); batches],
        })
    }

    fn add(&mut self, time: f64, hops: f64, nodes: f64) {
        // A row is named by its end.
        let row = (time / self.sample).round().max(1.0) as usize - 1;
        if let Some((sum, count)) = self.batches.get_mut(row / BATCH) {
            *sum += hops / libm::log2(nodes.max(2.0));
            *count += 1;
        }
    }

    fn suggestion(&self) -> Option<(f64, SimDuration)> {
        let mean = |&(sum, count): &(f64, u32)| (count > 0).then(|| sum / f64::from(count));
        let means: Vec<f64> = self.batches.iter().map(mean).collect::<Option<_>>()?;
        let seconds = (mser::beginning(&means)? * BATCH) as f64 * self.sample;
        let suggested = SimDuration(((self.warmup + seconds) * 1e9).round() as u64);
        Some((seconds, suggested))
    }
}

/// Whether nothing happens in a scenario on purpose that changes how it goes on.
fn is_steady(scenario: &Value) -> bool {
    let none = |key: &str| scenario[key].as_array().is_none_or(Vec::is_empty);
    let churn = &scenario["churn"];
    let poisson = &churn["model"]["poisson"];
    let grows = poisson["joins_per_s"].as_f64() != poisson["leaves_per_s"].as_f64();
    let is_played = churn["model"].get("trace").is_some();
    none("faults") && none("events") && churn["until"].is_null() && !grows && !is_played
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_happens_on_purpose_is_no_warm_up() {
        let with = |key: &str, value: Value| {
            let mut scenario = json!({
                "faults": [],
                "churn": { "model": { "poisson": { "joins_per_s": 0.1, "leaves_per_s": 0.1 } }, "until": null },
            });
            scenario[key] = value;
            is_steady(&scenario)
        };
        let churn =
            |model: Value, until: Value| with("churn", json!({ "model": model, "until": until }));
        assert!(with("title", Value::Null));
        assert!(churn("none".into(), Value::Null));
        assert!(!churn("none".into(), "5m".into()));
        assert!(!churn(json!({ "trace": {} }), Value::Null));
        let grows = json!({ "poisson": { "joins_per_s": 0.2, "leaves_per_s": 0.1 } });
        assert!(!churn(grows, Value::Null));
        assert!(!with("faults", json!([{ "at": "1m" }])));
        assert!(!with("events", json!([{ "at": "1m" }])));
    }

    #[test]
    fn a_row_belongs_to_the_batch_that_it_ends_in() {
        let mut series = Series {
            sample: 60.0,
            warmup: 120.0,
            batches: vec![(0.0, 0); 12],
        };
        // Four nodes: two bits. The first ten minutes have ways of 6, all others of 3.
        for row in 1..=60 {
            let hops = if row <= 10 { 6.0 } else { 3.0 };
            series.add(f64::from(row) * 60.0, hops, 4.0);
        }
        assert_eq!(series.batches[1], (15.0, 5));
        assert_eq!(series.batches[2], (7.5, 5));
        let suggested = series.suggestion().unwrap();
        assert_eq!(suggested, (600.0, SimDuration::from_secs(720)));
        assert_eq!(suggested.1.to_string(), "12m");
    }
}
