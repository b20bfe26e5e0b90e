//! What is shown of a result: which metrics, of which combinations; and what to do about a name that is not there.

use miette::Diagnostic;

use super::measurements::{Measurements, SweptName};
use crate::catalogue::Metric;
use crate::codes::{self, Code, Coded};
use crate::report::lines::listed;
use crate::report::numbers::quantity;
use crate::scenario::nearest;

/// The most names or values that a message lists.
const LISTED_MAX: usize = 16;

/// What is shown of a result.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Choice {
    /// Which metrics.
    pub metrics: Metrics,
    /// Whether what theory expects stands beside everything of which it expects something, and not only beside what the
    /// table of a run has.
    pub expected: bool,
    /// Whether intervals are shown.
    pub intervals: bool,
}

impl Default for Choice {
    /// What a run shows at its end.
    fn default() -> Self {
        Self {
            metrics: Metrics::OfRun,
            expected: false,
            intervals: true,
        }
    }
}

/// Which metrics.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Metrics {
    /// The most telling ones, as a run shows them at its end.
    OfRun,
    /// All that have a value.
    All,
    /// These.
    Named(Vec<Metric>),
}

/// Why something cannot be shown.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, Diagnostic)]
pub(crate) enum ChoiceError {
    #[error("--metric {name}: there is no such metric")]
    #[diagnostic(help("{help}"))]
    NoMetric { name: String, help: String },
    #[error("--metric {name}: these results do not have it")]
    #[diagnostic(help(
        "`--metric all` shows all that they have; docs/results.md says when a run has a metric"
    ))]
    NotMeasured { name: String },
    #[error("--where {text}: a key and a value are needed")]
    #[diagnostic(help("give both, such as --where routing=fingers"))]
    NoPair { text: String },
    #[error("{option} {key}: this is not swept in these results")]
    #[diagnostic(help("{help}"))]
    NoKey {
        option: &'static str,
        key: String,
        help: String,
    },
    #[error("--where {key}={value}: there is no such value in these results")]
    #[diagnostic(help("{help}"))]
    NoValue {
        key: String,
        value: String,
        help: String,
    },
    #[error("no combination has all the values of --where")]
    #[diagnostic(help("leave one of them out; several of one key mean any of them"))]
    NoRow,
}

impl Coded for ChoiceError {
    fn kind(&self) -> Code {
        match self {
            Self::NoMetric { .. } => codes::NO_SUCH_METRIC,
            Self::NotMeasured { .. } => codes::NOT_MEASURED,
            Self::NoPair { .. } => codes::SET_FORM,
            Self::NoKey { .. } | Self::NoValue { .. } | Self::NoRow => codes::NOT_SWEPT,
        }
    }
}

impl Metrics {
    /// Of names as they are typed; without any those of a run.
    pub(crate) fn named(names: &[String]) -> Result<Self, ChoiceError> {
        if names.is_empty() {
            return Ok(Self::OfRun);
        }
        if names.iter().any(|name| name == "all") {
            return Ok(Self::All);
        }
        let mut metrics = Vec::new();
        for name in names {
            let metric = Metric::named(name).ok_or_else(|| no_metric(name))?;
            if !metrics.contains(&metric) {
                metrics.push(metric);
            }
        }
        Ok(Self::Named(metrics))
    }

    /// Refuses what results do not have.
    pub(crate) fn refuse_unmeasured(&self, all: &Measurements) -> Result<(), ChoiceError> {
        let Self::Named(metrics) = self else {
            return Ok(());
        };
        match metrics.iter().find(|metric| !all.has(**metric)) {
            Some(metric) => Err(ChoiceError::NotMeasured {
                name: metric.to_string(),
            }),
            None => Ok(()),
        }
    }
}

fn no_metric(name: &str) -> ChoiceError {
    let all = || Metric::ALL.iter().map(|metric| metric.name());
    let inside = all().filter(|other| other.contains(name));
    let inside = listed(inside.map(str::to_owned), LISTED_MAX);
    let help = match nearest(name, all()) {
        Some(near) => format!("did you mean {near}? docs/results.md lists all metrics"),
        None if !inside.is_empty() && !name.is_empty() => {
            format!("those with this in their name: {inside}")
        }
        None => "docs/results.md lists all metrics; `--metric all` shows all".to_owned(),
    };
    ChoiceError::NoMetric {
        name: name.to_owned(),
        help,
    }
}

/// A value that a swept key is to have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Where {
    /// The key, in full or as its column is called.
    pub key: String,
    /// As it is typed.
    pub value: String,
}

impl Where {
    /// Of `KEY=VALUE`.
    pub(crate) fn parse(text: &str) -> Result<Self, ChoiceError> {
        let pair = text
            .split_once('=')
            .map(|(key, value)| (key.trim(), value.trim()));
        match pair {
            Some((key, value)) if !key.is_empty() => Ok(Self {
                key: key.to_owned(),
                value: value.trim_matches('"').to_owned(),
            }),
            _ => Err(ChoiceError::NoPair {
                text: text.to_owned(),
            }),
        }
    }
}

/// The place of a key among those that are swept.
pub(crate) fn place(
    swept: &[SweptName],
    option: &'static str,
    key: &str,
) -> Result<usize, ChoiceError> {
    let is_it = |name: &SweptName| name.key == key || name.column == key;
    let found = swept.iter().position(is_it);
    found.ok_or_else(|| {
        let names = || swept.iter().flat_map(|name| [&name.key, &name.column]);
        let all = listed(swept.iter().map(|name| name.key.clone()), LISTED_MAX);
        let help = match nearest(key, names().map(String::as_str)) {
            _ if swept.is_empty() => {
                "nothing is swept in them: there is one combination".to_owned()
            }
            Some(near) => format!("did you mean {near}? Swept: {all}"),
            None => format!("swept: {all}"),
        };
        ChoiceError::NoKey {
            option,
            key: key.to_owned(),
            help,
        }
    })
}

/// Whether a swept value is the one that was typed: the same text, or the same number.
pub(crate) fn same_value(there: &str, typed: &str) -> bool {
    let equal = |a: f64, b: f64| (a - b).abs() <= 1e-12 * a.abs().max(b.abs());
    there == typed
        || matches!((quantity(there), quantity(typed)), (Some(a), Some(b)) if equal(a, b))
}

impl Measurements {
    /// The places of the combinations that have the values that are asked for: of several of one key any, of several keys
    /// one of each.
    pub(crate) fn places(&self, wanted: &[Where]) -> Result<Vec<usize>, ChoiceError> {
        let mut of_key: Vec<Vec<&Where>> = vec![Vec::new(); self.swept.len()];
        for one in wanted {
            let at = place(&self.swept, "--where", &one.key)?;
            let mut values = self.combinations.iter().map(|it| &it.values[at]);
            if !values.any(|there| same_value(there, &one.value)) {
                return Err(self.no_value(at, one));
            }
            of_key[at].push(one);
        }
        let is_wanted = |at: &usize| {
            let values = self.combinations[*at].values.iter().zip(&of_key);
            let fits = |(there, wanted): (&String, &Vec<&Where>)| {
                let mut any = wanted.iter();
                wanted.is_empty() || any.any(|one| same_value(there, &one.value))
            };
            values.into_iter().all(fits)
        };
        let places: Vec<usize> = (0..self.combinations.len()).filter(is_wanted).collect();
        if places.is_empty() {
            return Err(ChoiceError::NoRow);
        }
        Ok(places)
    }

    /// Keeps the combinations at these places.
    pub(crate) fn keep(&mut self, places: &[usize]) {
        let kept = places.iter().map(|at| self.combinations[*at].clone());
        self.combinations = kept.collect();
    }

    fn no_value(&self, at: usize, wanted: &Where) -> ChoiceError {
        let mut values: Vec<&str> = Vec::new();
        for combination in &self.combinations {
            let value = combination.values[at].as_str();
            if !values.contains(&value) {
                values.push(value);
            }
        }
        let all = listed(values.iter().map(|it| (*it).to_owned()), LISTED_MAX);
        let help = match nearest(&wanted.value, values.iter().copied()) {
            Some(near) => format!("did you mean {near}? There are: {all}"),
            None => format!("there are: {all}"),
        };
        ChoiceError::NoValue {
            key: wanted.key.clone(),
            value: wanted.value.clone(),
            help,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::measurements::Measured;
    use super::*;

    fn results() -> Measurements {
        let swept = ["chord.routing", "selfish.fraction"].map(|key| SweptName {
            key: key.to_owned(),
            column: key.rsplit('.').next().unwrap().to_owned(),
        });
        let combination = |values: [&str; 2]| Measured {
            values: values.map(str::to_owned).to_vec(),
            runs: 1,
            estimates: [].into(),
            expected: [].into(),
        };
        let all = [
            ["successors", "0.0"],
            ["fingers", "0.0"],
            ["fingers", "0.25"],
        ];
        Measurements {
            swept: swept.to_vec(),
            combinations: all.map(combination).to_vec(),
        }
    }

    fn places(wanted: &[&str]) -> Result<Vec<usize>, String> {
        let wanted: Result<Vec<Where>, _> = wanted.iter().map(|it| Where::parse(it)).collect();
        let all = wanted.and_then(|wanted| results().places(&wanted));
        all.map_err(|error| format!("{error}: {}", error.help().unwrap()))
    }

    #[test]
    fn several_values_of_a_key_mean_any_and_several_keys_all() {
        assert_eq!(places(&[]), Ok(vec![0, 1, 2]));
        assert_eq!(places(&["routing=fingers"]), Ok(vec![1, 2]));
        assert_eq!(
            places(&["chord.routing=fingers", "routing=successors"]),
            Ok(vec![0, 1, 2])
        );
        assert_eq!(places(&["routing=fingers", "fraction=0"]), Ok(vec![1]));
        assert_eq!(places(&["fraction = 0.250"]), Ok(vec![2]));
    }

    #[test]
    fn what_is_not_there_is_named_with_what_is() {
        for (wanted, told) in [
            (
                "rooting=fingers",
                "--where rooting: this is not swept in these results: did you mean routing? Swept: chord.routing, \
                 selfish.fraction",
            ),
            (
                "routing=finger",
                "--where routing=finger: there is no such value in these results: did you mean fingers? There are: \
                 successors, fingers",
            ),
            (
                "fraction",
                "--where fraction: a key and a value are needed: give both, such as --where routing=fingers",
            ),
        ] {
            assert_eq!(places(&[wanted]), Err(told.to_owned()));
        }
        assert_eq!(
            places(&["routing=successors", "fraction=0.25"]),
            Err(
                "no combination has all the values of --where: leave one of them out; several of one key mean any of them"
                    .to_owned()
            )
        );
    }

    #[test]
    fn a_metric_that_there_is_none_of_is_told_with_one_that_there_is() {
        let named = |name: &str| Metrics::named(&[name.to_owned()]);
        assert_eq!(named("all"), Ok(Metrics::All));
        assert_eq!(
            named("hops_mean"),
            Ok(Metrics::Named(vec![Metric::HopsMean]))
        );
        let help = |name| named(name).unwrap_err().help().unwrap().to_string();
        assert_eq!(
            help("hop_mean"),
            "did you mean hops_mean? docs/results.md lists all metrics"
        );
        assert_eq!(
            help("stretch"),
            "those with this in their name: stretch_mean, stretch_p50, stretch_p95, stretch_p99"
        );
    }
}
