//! Distributions of durations, with a mean translated into the parameter that they are sampled by.

use toml::Spanned;

use super::resolve::{Checks, place};
use super::resolved::Distribution;
use super::schema::{self, Dur, Opt, Table};
use super::source::Span;
use crate::engine::SimDuration;
use crate::scenario::duration::LONGEST;

/// The mean where no distribution is given.
const DEFAULT_MEAN: SimDuration = SimDuration::from_secs(3600);

/// Exponents of Pareto and Weibull.
const SHAPES: std::ops::RangeInclusive<f64> = 0.001..=1000.0;

/// What may be written, for messages.
const FORMS: &str = "one of { exponential = { mean } }, { pareto = { minimum or mean, shape } }, \
    { weibull = { scale or mean, shape } }, { lognormal = { median or mean, sigma } }, \
    { fixed = { value } }";

/// Resolves the distribution under `key`; exponential with a mean of one hour if it is not given.
pub fn distribution(
    checks: &mut Checks<'_>,
    key: &str,
    given: &Opt<Table<schema::Distribution>>,
) -> Distribution {
    let default = Distribution::Exponential { mean: DEFAULT_MEAN };
    let Some(given) = given else { return default };
    let forms = given.get_ref();
    let mut resolved = Vec::new();
    if let Some(form) = &forms.exponential {
        let mean = checks.required(
            &format!("{key}.exponential.mean"),
            &form.get_ref().mean,
            form.span(),
        );
        resolved.push(Distribution::Exponential { mean });
    }
    if let Some(form) = &forms.pareto {
        resolved.push(pareto(checks, &format!("{key}.pareto"), form));
    }
    if let Some(form) = &forms.weibull {
        resolved.push(weibull(checks, &format!("{key}.weibull"), form));
    }
    if let Some(form) = &forms.lognormal {
        resolved.push(log_normal(checks, &format!("{key}.lognormal"), form));
    }
    if let Some(form) = &forms.fixed {
        let value = checks.required(
            &format!("{key}.fixed.value"),
            &form.get_ref().value,
            form.span(),
        );
        resolved.push(Distribution::Fixed { value });
    }
    if let [only] = resolved[..] {
        return only;
    }
    checks.push(
        given.span(),
        format!("`{key}` must be one distribution"),
        format!("these are {}", resolved.len()),
        format!("write {FORMS}"),
    );
    default
}

fn pareto(
    checks: &mut Checks<'_>,
    key: &str,
    given: &Spanned<Table<schema::Pareto>>,
) -> Distribution {
    let form = given.get_ref();
    let shape = shape(checks, key, &form.shape, given.span());
    let scale = Scale {
        key,
        name: "minimum",
        own: &form.minimum,
        mean: &form.mean,
        owner: given.span(),
    };
    if let (Some(_), Some(mean)) = (&form.shape, &form.mean)
        && shape <= 1.0
    {
        checks.push(
            mean.span(),
            format!("`{key}` has no mean"),
            "infinite for a shape of 1 or less",
            "give `minimum` in place of `mean`, or a shape above 1",
        );
        return Distribution::Pareto {
            minimum: DEFAULT_MEAN,
            shape,
        };
    }
    let minimum = scale.resolve(checks, (shape - 1.0) / shape);
    Distribution::Pareto { minimum, shape }
}

fn weibull(
    checks: &mut Checks<'_>,
    key: &str,
    given: &Spanned<Table<schema::Weibull>>,
) -> Distribution {
    let form = given.get_ref();
    let shape = shape(checks, key, &form.shape, given.span());
    let scale = Scale {
        key,
        name: "scale",
        own: &form.scale,
        mean: &form.mean,
        owner: given.span(),
    };
    // mean = scale * Γ(1 + 1/shape)
    let scale = scale.resolve(checks, libm::exp(-libm::lgamma(1.0 + 1.0 / shape)));
    Distribution::Weibull { scale, shape }
}

fn log_normal(
    checks: &mut Checks<'_>,
    key: &str,
    given: &Spanned<Table<schema::LogNormal>>,
) -> Distribution {
    let form = given.get_ref();
    if form.sigma.is_none() {
        missing(checks, &format!("{key}.sigma"), given.span());
    }
    let sigma = checks.number(&format!("{key}.sigma"), &form.sigma, 1.0, 0.0..=100.0);
    let scale = Scale {
        key,
        name: "median",
        own: &form.median,
        mean: &form.mean,
        owner: given.span(),
    };
    // mean = median * exp(sigma² / 2)
    let median = scale.resolve(checks, libm::exp(-sigma * sigma / 2.0));
    Distribution::LogNormal { median, sigma }
}

fn shape(checks: &mut Checks<'_>, key: &str, given: &Opt<schema::Num>, owner: Span) -> f64 {
    if given.is_none() {
        missing(checks, &format!("{key}.shape"), owner);
    }
    checks.number(&format!("{key}.shape"), given, 2.0, SHAPES)
}

fn missing(checks: &mut Checks<'_>, key: &str, owner: Span) {
    checks.push(
        owner,
        format!("`{key}` is missing"),
        "something is missing here",
        format!("write {FORMS}"),
    );
}

/// A parameter in units of time that can be given directly or through the mean.
struct Scale<'a> {
    key: &'a str,
    name: &'a str,
    own: &'a Opt<Dur>,
    mean: &'a Opt<Dur>,
    owner: Span,
}

impl Scale<'_> {
    /// The parameter; `per_mean` is what it is where the mean is 1.
    fn resolve(&self, checks: &mut Checks<'_>, per_mean: f64) -> SimDuration {
        let Self { key, name, .. } = self;
        if let (Some(_), Some(second)) = (self.own, self.mean) {
            checks.push(
                second.span(),
                format!("`{key}` has both `{name}` and `mean`"),
                "one follows from the other",
                "remove one of them",
            );
        }
        match self.mean {
            None => checks.required(&format!("{key}.{name}"), self.own, self.owner.clone()),
            Some(_) => self.by_mean(checks, per_mean),
        }
    }

    fn by_mean(&self, checks: &mut Checks<'_>, per_mean: f64) -> SimDuration {
        let mean = checks.positive(&format!("{}.mean", self.key), self.mean, DEFAULT_MEAN);
        let own = mean.scaled(per_mean);
        if own > SimDuration::ZERO && own <= LONGEST {
            return own;
        }
        checks.push(
            place(self.mean).unwrap_or_else(|| self.owner.clone()),
            format!(
                "this mean of `{}` needs an impossible `{}`",
                self.key, self.name
            ),
            format!("`{}` would be {own}", self.name),
            "choose a less extreme shape or sigma",
        );
        DEFAULT_MEAN
    }
}
