//! `[threshold]`: which values of which key may be tried, and what is looked for. The values are exact decimal fractions,
//! so that a run is the same run whichever search or sweep asks for it.

use super::measured::measured_metric;
use crate::codes::{self, Code};
use crate::scenario::error::Problem;
use crate::scenario::expect::Quantity;
use crate::scenario::keys::threshold::{THRESHOLD, ThresholdKeys};
use crate::scenario::keys::{self, ValueKind};
use crate::scenario::plan::Plan;
use crate::scenario::reader::{Given, Reader};
use crate::scenario::source::Span;
use crate::scenario::sweep::{self, Axis, Place};
use crate::scenario::threshold::Threshold;

/// The most steps from the first value to the last.
const MOST_STEPS: i64 = 1000;
/// The most digits behind the decimal point.
const MOST_DECIMALS: usize = 9;
/// Numbers of more digits than this are no longer exact.
const MOST_SCALED: f64 = 9e15;

/// A search whose values are known, and whose metric is yet to be looked at.
pub(crate) struct Search<'d> {
    asked: Asked<'d>,
    /// From, to, within.
    range: [f64; 3],
    grid: Grid,
}

/// Whether a search is asked for. The command line may give the key a value along which it would go: then there is
/// nothing to search.
pub(crate) fn is_asked_for(reader: &Reader<'_>, is_option: impl Fn(&Span) -> bool) -> bool {
    let given = reader.section(&THRESHOLD);
    let along = given.value("along").and_then(|it| it.get_ref().as_str());
    let along = along.unwrap_or("selfish.fraction");
    let fixed = || reader.given_at(along).is_some_and(|span| is_option(&span));
    given.value_table().is_some() && !fixed()
}

/// The search that is asked for, beside these swept keys.
pub(crate) fn search<'d>(reader: &mut Reader<'d>, axes: &[Axis<'_>]) -> Option<Search<'d>> {
    let given = reader.section(&THRESHOLD);
    let keys: ThresholdKeys = reader.read_from(&given);
    if !reader.problems.is_empty() {
        return None;
    }
    match (Asked { given, keys }).lay_out(axes) {
        Ok(search) => Some(search),
        Err(problem) => {
            reader.problems.replaceable.push(problem);
            None
        }
    }
}

impl Search<'_> {
    /// The key that it sweeps.
    pub(crate) fn axis(&self) -> Axis<'_> {
        let place = Place {
            key: self.asked.place("along"),
            first: self.asked.place("from"),
            last: self.asked.place("to"),
        };
        sweep::searched(&self.asked.keys.along, &self.grid.texts, &place)
    }

    /// What is looked for in the runs of a plan that are laid out.
    pub(crate) fn threshold(&self, reader: &mut Reader<'_>, plan: &Plan) -> Option<Threshold> {
        let Asked { given, keys } = &self.asked;
        let named = given.with_place("metric", keys.metric.as_ref());
        let level = keys.level;
        let (Some((name, place)), Some(level)) = (named, level) else {
            self.is_missing(reader);
            return None;
        };
        let metric = measured_metric(reader, name, place, plan)?;
        let [from, to, within] = self.range;
        Some(Threshold {
            metric,
            level,
            side: keys.side,
            along: keys.along.clone(),
            from,
            to,
            within,
            values: self.grid.values.clone(),
        })
    }

    fn is_missing(&self, reader: &mut Reader<'_>) {
        let (key, example) = match self.asked.keys.metric {
            None => (
                "metric",
                "metric = \"success_rate\": a metric of summary.csv",
            ),
            Some(_) => ("level", "level = 0.9"),
        };
        reader.push(
            codes::MISSING_KEY,
            self.asked.given.span(),
            format!("[threshold] does not say of which {key}"),
            format!("`{key}` is missing"),
            format!("add, for example, {example}"),
        );
    }
}

/// Of the combinations that an expectation is about, those that stand for a threshold, if it is about that. Of another
/// quantity all of them, if a search makes their runs in any case.
pub(super) fn expected(
    threshold: Option<&Threshold>,
    chosen: Vec<u32>,
    quantity: &Quantity,
    span: Span,
) -> Result<Vec<u32>, Problem> {
    let is_threshold = *quantity == Quantity::Threshold;
    let Some(threshold) = threshold else {
        // The command line may have given the key a value: then nothing is looked for.
        return Ok(if is_threshold { Vec::new() } else { chosen });
    };
    let tried = threshold.values.len();
    let place = |combination: u32| combination as usize % tried;
    let along = &threshold.along;
    if is_threshold {
        let stand = chosen.iter().copied().filter(|at| place(*at) == 0);
        let stand: Vec<u32> = stand.collect();
        if stand.len() * tried == chosen.len() {
            return Ok(stand);
        }
        return Err(Problem::new(
            codes::CONTRADICTION,
            span,
            format!("a threshold is not one of the values of `{along}`"),
            "`where` names one of them",
            "name other swept keys only",
        ));
    }
    let always = threshold.always_tried();
    if chosen.iter().all(|at| always.contains(&place(*at))) {
        return Ok(chosen);
    }
    let values = always.iter().map(|at| threshold.values[*at].to_string());
    let values = values.collect::<Vec<_>>().join(", ");
    Err(Problem::new(
        codes::NOT_MEASURED,
        span,
        format!(
            "`{}` is expected of runs that may not be made",
            quantity.name()
        ),
        format!("which values of `{along}` are tried, the search decides"),
        format!(
            "name with `where` one that is always tried: {values}; or expect quantity = \"threshold\""
        ),
    ))
}

/// A `[threshold]` as it is given.
struct Asked<'d> {
    given: Given<'d>,
    keys: ThresholdKeys,
}

impl<'d> Asked<'d> {
    /// With the values to be tried.
    fn lay_out(self, axes: &[Axis<'_>]) -> Result<Search<'d>, Problem> {
        let kind = self.kind(axes)?;
        let range = self.range(kind)?;
        let grid = self.grid(range)?;
        Ok(Search {
            asked: self,
            range,
            grid,
        })
    }

    /// The place of one of its keys; that of all if it is not given.
    fn place(&self, key: &str) -> Span {
        self.given.place(key).unwrap_or_else(|| self.given.span())
    }

    /// What the value of the key may be along which the search goes.
    fn kind(&self, axes: &[Axis<'_>]) -> Result<ValueKind, Problem> {
        let (along, place) = (&self.keys.along, self.place("along"));
        sweep::can_be_swept(along, place.clone(), "[threshold]")?;
        if let Some(other) = axes.iter().find(|axis| axis.overlaps(along)) {
            return Err(problem(
                codes::CONTRADICTION,
                place,
                format!("`{along}` is swept, and [threshold] looks along it"),
                format!("`{}` stands under [sweep]", other.key),
                "remove it there: the search chooses the values; or sweep it without [threshold]",
            ));
        }
        let found = keys::find(&sweep::without_places(along)).map(|(_, key)| key.kind);
        match found {
            Some(kind @ (ValueKind::Count { .. } | ValueKind::Number { .. })) => Ok(kind),
            _ => Err(problem(
                codes::NO_HALF_WAY,
                place,
                format!("`{along}` is not a number"),
                "there is no half way between its values",
                "name a key that is a number, such as \"selfish.fraction\" or \"chord.successors\"",
            )),
        }
    }

    /// From, to, within.
    fn range(&self, kind: ValueKind) -> Result<[f64; 3], Problem> {
        let is_share = matches!(
            kind,
            ValueKind::Number {
                least: 0.0,
                most: 1.0
            }
        );
        let is_count = matches!(kind, ValueKind::Count { .. });
        let end = |key: &'static str, given: Option<f64>, of_share: f64| {
            let missing = || {
                let along = &self.keys.along;
                problem(
                    codes::MISSING_KEY,
                    self.given.span(),
                    format!("[threshold] does not say {key} which value of `{along}` it looks"),
                    format!("`{key}` is missing"),
                    "add `from` and `to`: only shares have ends of their own, 0 and 1",
                )
            };
            given.or(is_share.then_some(of_share)).ok_or_else(missing)
        };
        let from = end("from", self.keys.from, 0.0)?;
        let to = end("to", self.keys.to, 1.0)?;
        let within = self
            .keys
            .within
            .unwrap_or(if is_count { 1.0 } else { 0.01 });
        if from >= to {
            let (key, other) = (
                self.place("to"),
                "[threshold] ends where it begins, or before",
            );
            return Err(problem(
                codes::WRONG_ORDER,
                key,
                other,
                format!("from {from} to {to}"),
                "make `to` greater than `from`; that more is better is no matter, see `side`",
            ));
        }
        if within <= 0.0 || within > to - from {
            return Err(problem(
                codes::OUT_OF_RANGE,
                self.place("within"),
                format!("`threshold.within` is {within}"),
                format!(
                    "allowed: more than 0, up to {}, which is all of it",
                    to - from
                ),
                "it is how exactly the threshold is to be known: 0.01 is usual for a share",
            ));
        }
        let whole = [from, to, within].iter().all(|value| value.fract() == 0.0);
        if is_count && !whole {
            return Err(problem(
                codes::NO_HALF_WAY,
                self.given.span(),
                format!("`{}` is a whole number", self.keys.along),
                format!("from {from} to {to} within {within}"),
                "give whole numbers for `from`, `to` and `within`",
            ));
        }
        Ok([from, to, within])
    }

    fn grid(&self, [from, to, within]: [f64; 3]) -> Result<Grid, Problem> {
        let Some(grid) = Scaled::of([from, to, within]) else {
            return Err(problem(
                codes::NO_HALF_WAY,
                self.place("within"),
                "[threshold] needs numbers of fewer digits",
                format!("from {from} to {to} within {within}"),
                format!("at most {MOST_DECIMALS} behind the decimal point, and 15 in all"),
            ));
        };
        if grid.steps() > MOST_STEPS {
            return Err(problem(
                codes::PLAN_TOO_LARGE,
                self.place("within"),
                format!("[threshold] could try {} values", grid.steps() + 1),
                format!("allowed: at most {} from `from` to `to`", MOST_STEPS + 1),
                "raise `within`, or bring `from` and `to` nearer to each other",
            ));
        }
        Ok(grid.grid())
    }
}

fn problem(
    code: Code,
    span: Span,
    message: impl Into<String>,
    label: impl Into<String>,
    help: impl Into<String>,
) -> Problem {
    Problem::new(code, span, message, label, help)
}

/// The values that may be tried, as numbers and as they are written.
#[derive(Debug, PartialEq)]
struct Grid {
    values: Vec<f64>,
    texts: Vec<String>,
}

/// From, to and within in units of their last decimal.
struct Scaled {
    from: i64,
    to: i64,
    within: i64,
    decimals: usize,
}

impl Scaled {
    fn of(range: [f64; 3]) -> Option<Self> {
        let decimals = range.map(decimals).into_iter().max().unwrap_or(0);
        if decimals > MOST_DECIMALS {
            return None;
        }
        let unit = f64::from([10_u32; MOST_DECIMALS][..decimals].iter().product::<u32>());
        let scaled = range.map(|value| (value * unit).round());
        let is_exact = |value: &f64| value.abs() < MOST_SCALED;
        scaled.iter().all(is_exact).then(|| {
            let [from, to, within] = scaled.map(|value| value as i64);
            Self {
                from,
                to,
                within,
                decimals,
            }
        })
    }

    fn steps(&self) -> i64 {
        let range = self.to - self.from;
        range / self.within + i64::from(range % self.within != 0)
    }

    /// The last step may be a shorter one.
    fn grid(&self) -> Grid {
        let value = |step: i64| (self.from + step * self.within).min(self.to);
        let texts: Vec<String> = (0..=self.steps())
            .map(|step| written(value(step), self.decimals))
            .collect();
        let number = |text: &String| text.parse().expect("digits are a number");
        Grid {
            values: texts.iter().map(number).collect(),
            texts,
        }
    }
}

/// How many digits of a number stand behind its decimal point.
fn decimals(value: f64) -> usize {
    let text = value.to_string();
    text.split_once('.').map_or(0, |(_, digits)| digits.len())
}

/// So many units of the last decimal: 205 with 3 decimals is `0.205`, 200 is `0.2`.
fn written(units: i64, decimals: usize) -> String {
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if units < 0 { "-" } else { "" };
    format!("{sign}{whole}{point}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_exact_decimal_fractions() {
        let texts = |range| Scaled::of(range).unwrap().grid().texts;
        let hundred = texts([0.0, 1.0, 0.01]);
        assert_eq!(hundred.len(), 101);
        assert_eq!(hundred[..4], ["0", "0.01", "0.02", "0.03"]);
        assert_eq!(hundred[97..], ["0.97", "0.98", "0.99", "1"]);
        assert_eq!(
            texts([0.1, 0.2, 0.03]),
            ["0.1", "0.13", "0.16", "0.19", "0.2"]
        );
        assert_eq!(texts([-1.0, 1.0, 0.5]), ["-1", "-0.5", "0", "0.5", "1"]);
        assert_eq!(texts([1.0, 4.0, 1.0]), ["1", "2", "3", "4"]);
        assert_eq!(texts([0.0, 0.004, 0.002]), ["0", "0.002", "0.004"]);
        let grid = Scaled::of([0.0, 1.0, 0.01]).unwrap().grid();
        assert!(grid.values.iter().zip(0..).all(|(value, k)| {
            let nearest: f64 = format!("{k}e-2").parse().unwrap();
            value.to_bits() == nearest.to_bits()
        }));
    }

    #[test]
    fn what_has_too_many_digits_is_not_taken() {
        assert!(Scaled::of([0.0, 1.0, 1e-9]).is_some());
        assert!(Scaled::of([0.0, 1.0, 1e-10]).is_none());
        assert!(Scaled::of([0.0, 1e15, 0.001]).is_none());
    }
}
