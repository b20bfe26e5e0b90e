//! `[[expect]]`: what measurements should come to. Read after all runs are laid out, because an
//! expectation may be about some of them only.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::checks::{Checks, place};
use super::expect_where::Combinations;
use crate::scenario::Plan;
use crate::scenario::error::Problem;
use crate::scenario::expect::{Expectation, Kind, Quantity, Rule, Statistic};
use crate::scenario::resolved::{Ids, LatencyModel, Scenario};
use crate::scenario::schema::{self, File, Num, Numbers, Opt};
use crate::scenario::source::Span;
use crate::scenario::suggest::nearest;

/// Larger numbers are a slip.
const MOST: f64 = 1e15;

/// The ways to judge, for messages.
const RULES: &str = "within, within_share, standard_errors, at_least, at_most, reported = true";

/// Every `[[expect]]`, once for each combination of swept values it is about. `raw` is the document
/// that `file` was read from. In a scenario that the command line `changed`, expectations about
/// what is not swept any more are left out.
pub fn expectations(
    file: &File,
    raw: &DeTable<'_>,
    plan: &Plan,
    changed: bool,
) -> Result<Vec<Expectation>, Vec<Problem>> {
    let mut checks = Checks {
        problems: Vec::new(),
        blame: &|_| 0,
    };
    let combinations = Combinations::of(plan);
    let mut all = Vec::new();
    for (number, given) in file.expect.iter().enumerate() {
        let reader = Reader {
            given: given.get_ref(),
            span: given.span(),
            condition: condition(raw, number),
            plan,
            combinations: &combinations,
            changed,
        };
        all.extend(reader.read(&mut checks));
    }
    if checks.problems.is_empty() {
        Ok(all)
    } else {
        Err(checks.problems)
    }
}

/// `where` of the expectation of this number.
fn condition<'t, 'a>(raw: &'t DeTable<'a>, number: usize) -> Option<&'t Spanned<DeValue<'a>>> {
    let list = raw.get("expect")?.get_ref().as_array()?;
    list.get(number)?.get_ref().as_table()?.get("where")
}

/// How a measured value is judged.
#[derive(Clone, Copy)]
enum Judgement {
    Within(f64),
    Share(f64),
    Errors(f64),
    AtLeast(f64),
    AtMost(f64),
    Reported,
}

impl Judgement {
    fn of(self, value: f64) -> Rule {
        match self {
            Self::Within(tolerance) => Rule::Within { value, tolerance },
            Self::Share(share) => Rule::WithinShare { value, share },
            Self::Errors(count) => Rule::StandardErrors { value, count },
            Self::AtLeast(bound) => Rule::AtLeast(bound),
            Self::AtMost(bound) => Rule::AtMost(bound),
            Self::Reported => Rule::Reported(value),
        }
    }

    fn is_bound(self) -> bool {
        matches!(self, Self::AtLeast(_) | Self::AtMost(_))
    }
}

struct Reader<'a, 'd> {
    given: &'a schema::Expect,
    span: Span,
    condition: Option<&'a Spanned<DeValue<'d>>>,
    plan: &'a Plan,
    combinations: &'a Combinations<'a>,
    changed: bool,
}

impl Reader<'_, '_> {
    fn read(&self, checks: &mut Checks<'_>) -> Vec<Expectation> {
        let before = checks.problems.len();
        let quantity = self.quantity(checks);
        let judgement = self.judgement(checks);
        let values = judgement.and_then(|judgement| self.values(checks, judgement));
        let (kind, source) = (self.kind(checks), self.source(checks));
        let (Some(quantity), Some(judgement), Some(values), Some(kind)) =
            (quantity, judgement, values, kind)
        else {
            return Vec::new();
        };
        if checks.problems.len() > before {
            return Vec::new();
        }
        let expectation = |(combination, value)| Expectation {
            combination,
            quantity: quantity.clone(),
            rule: judgement.of(value),
            kind,
            source: source.clone(),
            note: text(&self.given.note),
        };
        values.into_iter().map(expectation).collect()
    }

    fn quantity(&self, checks: &mut Checks<'_>) -> Option<Quantity> {
        let Some(given) = &self.given.quantity else {
            checks.push(
                self.span.clone(),
                "an expectation does not say of what",
                "`quantity` is missing",
                "add, for example, quantity = \"hops_mean\": a metric of summary.csv",
            );
            return None;
        };
        let quantity = Quantity::named(given.get_ref());
        match &quantity {
            None => unknown_quantity(checks, given),
            Some(Quantity::Statistic(statistic)) => self.fits(checks, given.span(), *statistic),
            Some(metric) => self.is_measured(checks, given.span(), metric),
        }
        quantity
    }

    /// What an audit measures is there only with one.
    fn is_measured(&self, checks: &mut Checks<'_>, span: Span, metric: &Quantity) {
        if metric.needs_audit() && !self.plan.output.audit && !self.changed {
            checks.push(
                span,
                format!("`{}` is measured by an audit", metric.name()),
                "the ring of this scenario is not audited",
                "set `output.audit` to true",
            );
        }
    }

    /// Statistics need the row of every lookup, and most are about one kind of ring.
    fn fits(&self, checks: &mut Checks<'_>, span: Span, statistic: Statistic) {
        let name = statistic.name();
        if self.plan.output.lookups < 1.0 {
            checks.push(
                span,
                format!("`{name}` is computed from lookups.csv"),
                "the row of every lookup is needed",
                "remove `output.lookups`, or make it \"all\"",
            );
        } else if let Some(needed) = self
            .plan
            .runs
            .iter()
            .find_map(|run| obstacle(statistic, &run.scenario))
            && !self.changed
        {
            checks.push(
                span,
                format!("`{name}` says nothing about this scenario"),
                format!("it needs {needed}"),
                "see docs/scenario.md for what each quantity is about",
            );
        }
    }

    fn judgement(&self, checks: &mut Checks<'_>) -> Option<Judgement> {
        let given = self.given;
        let mut named = Vec::new();
        for (key, place, range, judgement) in [
            (
                "expect.within",
                &given.within,
                MOST,
                Judgement::Within as fn(f64) -> Judgement,
            ),
            (
                "expect.within_share",
                &given.within_share,
                1.0,
                Judgement::Share,
            ),
            (
                "expect.standard_errors",
                &given.standard_errors,
                100.0,
                Judgement::Errors,
            ),
        ] {
            let number = place
                .as_ref()
                .map(|at| judgement(bounded(checks, key, at, 0.0, range)));
            named.extend(number.zip(place.as_ref().map(Spanned::span)));
        }
        for (key, place, judgement) in [
            (
                "expect.at_least",
                &given.at_least,
                Judgement::AtLeast as fn(f64) -> Judgement,
            ),
            ("expect.at_most", &given.at_most, Judgement::AtMost),
        ] {
            let number = place
                .as_ref()
                .map(|at| judgement(bounded(checks, key, at, -MOST, MOST)));
            named.extend(number.zip(place.as_ref().map(Spanned::span)));
        }
        let reported = given
            .reported
            .as_ref()
            .filter(|reported| *reported.get_ref());
        named.extend(reported.map(|reported| (Judgement::Reported, reported.span())));
        self.only(checks, &named)
    }

    fn only(&self, checks: &mut Checks<'_>, named: &[(Judgement, Span)]) -> Option<Judgement> {
        match named {
            [] => checks.push(
                self.span.clone(),
                "an expectation does not say how near is near enough",
                "no tolerance",
                format!("add one of: {RULES}"),
            ),
            [(Judgement::Errors(_), span)] if self.plan.repeat < 2 && !self.changed => checks.push(
                span.clone(),
                "a single run has no standard error",
                "it takes `repeat = 2` or more",
                "raise `repeat` (20 makes a good estimate), or use another tolerance",
            ),
            [(judgement, _)] => return Some(*judgement),
            [_, (_, span), ..] => checks.push(
                span.clone(),
                "an expectation is judged in one way only",
                "this is the second",
                "write an [[expect]] of its own for each",
            ),
        }
        None
    }

    /// The combinations that the expectation is about, each with the expected value. A bound is its
    /// own value.
    fn values(&self, checks: &mut Checks<'_>, judgement: Judgement) -> Option<Vec<(u32, f64)>> {
        let given = self.given;
        if judgement.is_bound() {
            if let Some(span) = place(&given.value).or(place(&given.along)) {
                checks.push(
                    span,
                    "a bound is all that is expected",
                    "beside `at_least` or `at_most` there is no value",
                    "remove it",
                );
            }
        } else if given.value.is_none() {
            checks.push(
                self.span.clone(),
                "an expectation has no value",
                "`value` is missing",
                "add, for example, value = 3.84",
            );
            return None;
        }
        let result = match self.combinations.chosen(self.condition) {
            Ok(chosen) => self.spread(checks, &chosen),
            Err(problem) => Err(problem),
        };
        match result {
            Ok(values) => Some(values),
            Err(_) if self.changed => Some(Vec::new()),
            Err(problem) => {
                checks.problems.push(problem);
                None
            }
        }
    }

    /// The value of each combination: the same for all, or along a swept key.
    fn spread(&self, checks: &mut Checks<'_>, chosen: &[u32]) -> Result<Vec<(u32, f64)>, Problem> {
        let given = self.given;
        let along = given.along.as_ref();
        let Some(value) = &given.value else {
            return Ok(chosen.iter().map(|at| (*at, 0.0)).collect());
        };
        match (value.get_ref(), along) {
            (Numbers::One(number), None) => {
                let number = Spanned::new(value.span(), *number);
                let number = bounded(checks, "expect.value", &number, -MOST, MOST);
                Ok(chosen.iter().map(|at| (*at, number)).collect())
            }
            (Numbers::List(list), Some(along)) => {
                let read = |number| bounded(checks, "expect.value", number, -MOST, MOST);
                let list: Vec<f64> = list.iter().map(read).collect();
                self.combinations.along(chosen, along, &list, value.span())
            }
            (Numbers::List(_), None) => Err(Problem::new(
                value.span(),
                "a list of values needs a key to go along",
                "one for each value of which swept key?",
                "add, for example, along = \"nodes\", or write a single number",
            )),
            (Numbers::One(_), Some(along)) => Err(Problem::new(
                along.span(),
                "`along` needs a list of values",
                "`value` is a single number",
                "remove `along`, or write a value for each of the key's own in brackets",
            )),
        }
    }

    fn kind(&self, checks: &mut Checks<'_>) -> Option<Kind> {
        let Some(kind) = &self.given.kind else {
            checks.push(
                self.span.clone(),
                "an expectation does not say why",
                "`kind` is missing",
                "add kind = \"exact\" (it follows from the definitions), \"published\" or \
                 \"proved\"",
            );
            return None;
        };
        Some(match kind.get_ref().0 {
            schema::Kind::Exact => Kind::Exact,
            schema::Kind::Published => Kind::Published,
            schema::Kind::Proved => Kind::Proved,
        })
    }

    /// What is not exact must say where it comes from.
    fn source(&self, checks: &mut Checks<'_>) -> String {
        let source = text(&self.given.source);
        let kind = self.given.kind.as_ref();
        if let Some(kind) = kind.filter(|kind| kind.get_ref().0 != schema::Kind::Exact)
            && source.is_empty()
        {
            checks.push(
                kind.span(),
                "an expectation does not say where it comes from",
                "by whom?",
                "add, for example, source = \"Stoica et al. 2003, Table II\"",
            );
        }
        source
    }
}

fn text(given: &Opt<String>) -> String {
    given.clone().map_or_else(String::new, Spanned::into_inner)
}

fn unknown_quantity(checks: &mut Checks<'_>, given: &Spanned<String>) {
    let all: Vec<&str> = Quantity::names().collect();
    let known = format!("there are: {}", all.join(", "));
    let help = match nearest(given.get_ref(), all) {
        Some(near) => format!("did you mean \"{near}\"? {known}"),
        None => known,
    };
    checks.push(
        given.span(),
        format!("there is no quantity \"{}\"", given.get_ref()),
        "neither a metric of summary.csv nor a statistic",
        help,
    );
}

/// A number from `least` to `most`; `least` if it is not.
fn bounded(checks: &mut Checks<'_>, key: &str, given: &Spanned<Num>, least: f64, most: f64) -> f64 {
    let value = given.get_ref().0;
    if (least..=most).contains(&value) {
        return value + 0.0;
    }
    checks.push(
        given.span(),
        format!("`{key}` is out of range"),
        format!("allowed: {least} to {most}"),
        format!("write a number from {least} to {most}"),
    );
    least
}

/// What a scenario lacks for a statistic to mean anything.
fn obstacle(statistic: Statistic, scenario: &Scenario) -> Option<&'static str> {
    let overlay = &scenario.overlay;
    let (fits, needed) = match statistic {
        Statistic::HopsUniformP => (true, ""),
        Statistic::StepsBinomialP | Statistic::StepsOffBits => (
            overlay.ids == Ids::Even
                && overlay.nodes.is_power_of_two()
                && scenario.overlay.virtual_nodes == 1,
            "overlay.ids = \"even\", overlay.nodes = a power of two, and no virtual nodes",
        ),
        Statistic::LatencyOffHops => (
            matches!(scenario.network.model, LatencyModel::Constant { .. }),
            "network.model = \"constant\"",
        ),
        Statistic::AnswersOffIds => (matches!(overlay.ids, Ids::List(_)), "a list of overlay.ids"),
    };
    (!fits).then_some(needed)
}
