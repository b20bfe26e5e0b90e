//! Distributions of durations, with a mean translated into the parameter that they are sampled by.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::codes;
use crate::engine::SimDuration;
use crate::scenario::duration::{self, LONGEST};
use crate::scenario::keys::distribution::{
    Exponential, FORMS, Fit, Fixed, LogNormal, Pareto, Published, Weibull,
};
use crate::scenario::keys::{self, Key};
use crate::scenario::reader::{Given, Reader};
use crate::scenario::resolved::Distribution;

/// What stands for a duration that is missing or wrong, which has been told about.
const ANY: SimDuration = SimDuration::from_secs(3600);

/// Resolves the distribution that is given for a key, named in full.
pub(crate) fn given(reader: &mut Reader<'_>, key: &str) -> Option<Distribution> {
    let told = Distribution::Fixed { value: ANY };
    let given = reader.value(key)?;
    Some(one_of(reader, key, given).unwrap_or(told))
}

/// The distribution that a key, named in full, has where none is given.
pub(crate) fn default(key: &str) -> Distribution {
    let declared = keys::find(key).and_then(|(_, key)| key.default);
    let toml = declared.expect("a distribution has a default");
    let value = DeValue::parse(toml).expect("a default is TOML");
    let nothing = DeTable::new();
    let mut reader = Reader::new(&nothing, &|_| 0);
    one_of(&mut reader, key, &value).expect("a default is allowed")
}

/// The only one of the forms that is given; `None`, and a problem, if it is not one.
fn one_of<'d>(
    reader: &mut Reader<'d>,
    key: &str,
    given: &'d Spanned<DeValue<'d>>,
) -> Option<Distribution> {
    let forms = [
        Given::of_form::<Exponential>(key, given).map(|form| exponential(reader, &form)),
        Given::of_form::<Pareto>(key, given).map(|form| pareto(reader, &form)),
        Given::of_form::<Weibull>(key, given).map(|form| weibull(reader, &form)),
        Given::of_form::<LogNormal>(key, given).map(|form| log_normal(reader, &form)),
        Given::of_form::<Fixed>(key, given).map(|form| fixed(reader, &form)),
        Given::of_form::<Published>(key, given).map(|form| published(reader, &form)),
    ];
    let forms: Vec<Distribution> = forms.into_iter().flatten().collect();
    // A name that is none of them, or no table at all, has been told about.
    let names = given.get_ref().as_table()?.len();
    match forms[..] {
        [only] if names == 1 => return Some(only),
        _ if names == forms.len() => reader.push(
            codes::SEVERAL_AT_ONCE,
            given.span(),
            format!("`{key}` must be one distribution"),
            format!("these are {names}"),
            format!("write {}", all_forms()),
        ),
        _ => {}
    }
    None
}

fn exponential(reader: &mut Reader<'_>, given: &Given<'_>) -> Distribution {
    let Exponential { mean } = reader.read_from(given);
    let mean = required(reader, given, "mean", mean);
    Distribution::Exponential { mean }
}

fn fixed(reader: &mut Reader<'_>, given: &Given<'_>) -> Distribution {
    let Fixed { value } = reader.read_from(given);
    let value = required(reader, given, "value", value);
    Distribution::Fixed { value }
}

/// What was fitted is a Weibull distribution each time: its shape, and its scale in minutes.
///
/// KAD: M. Steiner, T. En-Najjary, E. W. Biersack, "Analyzing Peer Behavior in KAD", Institut Eurecom, RR-07-205, 2007.
/// BitTorrent: D. Stutzbach, R. Rejaie, "Understanding Churn in Peer-to-Peer Networks", IMC 2006.
fn published(reader: &mut Reader<'_>, given: &Given<'_>) -> Distribution {
    let Published { fit } = reader.read_from(given);
    if given.place("fit").is_none() {
        missing(reader, given, "fit", "name one: docs/churn.md lists them");
    }
    let (shape, minutes) = match fit {
        Some(Fit::KadUp) => (0.615_11, 169.538_5),
        Some(Fit::KadFirstUp) => (0.545_12, 357.715_2),
        Some(Fit::KadDown) => (0.476_48, 413.676_5),
        Some(Fit::Debian) => (0.38, 42.4),
        Some(Fit::RedHat) => (0.34, 21.3),
        Some(Fit::FlatOut) => (0.59, 41.9),
        // That has been told about.
        None => (1.0, 60.0),
    };
    Distribution::Weibull {
        scale: SimDuration::from_secs_f64(60.0 * minutes),
        shape,
    }
}

fn pareto(reader: &mut Reader<'_>, given: &Given<'_>) -> Distribution {
    let keys: Pareto = reader.read_from(given);
    if let (Some(shape), Some(place)) = (keys.shape, given.place("mean"))
        && shape <= 1.0
    {
        reader.push(
            codes::IMPOSSIBLE_DISTRIBUTION,
            place,
            format!("`{}` has no mean", given.path()),
            "infinite for a shape of 1 or less",
            "give `minimum` in place of `mean`, or a shape above 1",
        );
        return Distribution::Pareto {
            minimum: ANY,
            shape,
        };
    }
    let shape = parameter(reader, given, "shape", keys.shape);
    let minimum = Scale {
        given,
        name: "minimum",
        own: keys.minimum,
        mean: keys.mean,
    };
    Distribution::Pareto {
        minimum: minimum.resolve(reader, (shape - 1.0) / shape),
        shape,
    }
}

fn weibull(reader: &mut Reader<'_>, given: &Given<'_>) -> Distribution {
    let keys: Weibull = reader.read_from(given);
    let shape = parameter(reader, given, "shape", keys.shape);
    let scale = Scale {
        given,
        name: "scale",
        own: keys.scale,
        mean: keys.mean,
    };
    Distribution::Weibull {
        // mean = scale * Γ(1 + 1/shape)
        scale: scale.resolve(reader, libm::exp(-libm::lgamma(1.0 + 1.0 / shape))),
        shape,
    }
}

fn log_normal(reader: &mut Reader<'_>, given: &Given<'_>) -> Distribution {
    let keys: LogNormal = reader.read_from(given);
    let sigma = parameter(reader, given, "sigma", keys.sigma);
    let median = Scale {
        given,
        name: "median",
        own: keys.median,
        mean: keys.mean,
    };
    Distribution::LogNormal {
        // mean = median * exp(sigma² / 2)
        median: median.resolve(reader, libm::exp(-sigma * sigma / 2.0)),
        sigma,
    }
}

/// A parameter without a unit, which must be given.
fn parameter(reader: &mut Reader<'_>, given: &Given<'_>, name: &str, value: Option<f64>) -> f64 {
    if given.place(name).is_none() {
        missing(reader, given, name, &format!("write {}", all_forms()));
    }
    value.unwrap_or(2.0)
}

/// A duration that must be given.
fn required(
    reader: &mut Reader<'_>,
    given: &Given<'_>,
    name: &str,
    value: Option<SimDuration>,
) -> SimDuration {
    if given.place(name).is_none() {
        let help = format!("give it a value; {}", duration::FORMAT);
        missing(reader, given, name, &help);
    }
    value.unwrap_or(ANY)
}

fn missing(reader: &mut Reader<'_>, given: &Given<'_>, name: &str, help: &str) {
    reader.miss(
        codes::MISSING_KEY,
        given.span(),
        format!("`{}` is missing", given.name(name)),
        "something is missing here",
        help,
    );
}

/// What may be written, such as `{ pareto = { minimum or mean, shape } }`: what need not be given
/// stands for what comes before it.
fn all_forms() -> String {
    let form = |form: &&keys::Section| {
        let mut parameters = String::new();
        for key in form.keys {
            let between = match key.absent {
                _ if parameters.is_empty() => "",
                Key::REQUIRED => ", ",
                _ => " or ",
            };
            parameters.push_str(between);
            parameters.push_str(key.name);
        }
        format!("{{ {} = {{ {parameters} }} }}", form.path)
    };
    let forms: Vec<String> = FORMS.iter().map(form).collect();
    format!("one of {}", forms.join(", "))
}

/// A parameter in units of time that can be given directly or through the mean.
struct Scale<'a, 'd> {
    given: &'a Given<'d>,
    name: &'static str,
    own: Option<SimDuration>,
    mean: Option<SimDuration>,
}

impl Scale<'_, '_> {
    /// The parameter; `per_mean` is what it is where the mean is 1.
    fn resolve(&self, reader: &mut Reader<'_>, per_mean: f64) -> SimDuration {
        let Some(second) = self.given.place("mean") else {
            return required(reader, self.given, self.name, self.own);
        };
        if self.given.place(self.name).is_some() {
            reader.push(
                codes::CONTRADICTION,
                second,
                format!(
                    "`{}` has both `{}` and `mean`",
                    self.given.path(),
                    self.name
                ),
                "one follows from the other",
                "remove one of them",
            );
        }
        self.by_mean(reader, per_mean)
    }

    fn by_mean(&self, reader: &mut Reader<'_>, per_mean: f64) -> SimDuration {
        let Some(mean) = self.mean else { return ANY };
        let own = mean.scaled(per_mean);
        if own > SimDuration::ZERO && own <= LONGEST {
            return own;
        }
        reader.push(
            codes::IMPOSSIBLE_DISTRIBUTION,
            self.given
                .place("mean")
                .unwrap_or_else(|| self.given.span()),
            format!(
                "this mean of `{}` needs an impossible `{}`",
                self.given.path(),
                self.name
            ),
            format!("`{}` would be {own}", self.name),
            "choose a less extreme shape or sigma",
        );
        ANY
    }
}
