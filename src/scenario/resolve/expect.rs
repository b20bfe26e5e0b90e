//! `[[expect]]`: what measurements should come to. Read after all runs are laid out, because an
//! expectation may be about some of them only.

use std::cell::OnceCell;

use super::expect_where::Combinations;
use super::measured::{Unmeasured, unmeasured};
use super::threshold;
use crate::codes;
use crate::scenario::error::Problem;
use crate::scenario::expect::{Expectation, Kind, Quantity, Rule, Statistic};
use crate::scenario::keys::expect::{EXPECT, ExpectKeys, Numbers};
use crate::scenario::plan::Plan;
use crate::scenario::reader::{Given, Reader};
use crate::scenario::resolved::{ChurnModel, Ids, LatencyModel, Scenario};
use crate::scenario::source::Span;
use crate::scenario::suggest::{did_you_mean, nearest};

/// The most memory of all expectations: as much as the lists and texts of the runs may fill.
const MAX_BYTES: usize = 256 << 20;

/// The ways to judge, for messages.
const RULES: &str = "within, within_share, standard_errors, at_least, at_most, reported = true";

/// Reads every `[[expect]]` for what is wrong with it by itself.
pub(crate) fn read(reader: &mut Reader<'_>) {
    for given in reader.list(&EXPECT) {
        let _: ExpectKeys = reader.read_from(&given);
    }
}

/// Every `[[expect]]`, once for each combination of swept values it is about. In a scenario that the
/// command line `changed`, expectations about what is not swept any more are left out.
pub(crate) fn expectations(
    reader: &mut Reader<'_>,
    plan: &Plan,
    combinations: &Combinations<'_>,
    changed: bool,
) -> Vec<Expectation> {
    let obstacles = Obstacles::default();
    let (mut all, mut bytes) = (Vec::new(), 0);
    for given in reader.list(&EXPECT) {
        let expectation = ExpectEntry {
            keys: reader.read_from(&given),
            given,
            plan,
            combinations,
            obstacles: &obstacles,
            changed,
        };
        let Some((one, values)) = expectation.resolve(reader) else {
            continue;
        };
        let size = size_of::<Expectation>() + one.source.len() + one.note.len();
        bytes += size * values.len();
        if bytes > MAX_BYTES {
            expectation.are_too_many(reader);
            return all;
        }
        all.extend(values.into_iter().map(|(combination, rule)| Expectation {
            combination,
            rule,
            ..one.clone()
        }));
    }
    all
}

/// How a measured value is judged.
#[derive(Clone, Copy)]
enum RuleKind {
    Within(f64),
    Share(f64),
    Errors(f64),
    AtLeast(f64),
    AtMost(f64),
    Reported,
}

impl RuleKind {
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

/// One `[[expect]]`.
struct ExpectEntry<'a, 'd> {
    keys: ExpectKeys,
    given: Given<'d>,
    plan: &'a Plan,
    combinations: &'a Combinations<'a>,
    obstacles: &'a Obstacles,
    changed: bool,
}

impl ExpectEntry<'_, '_> {
    /// What is expected, and of which combinations by which rule.
    fn resolve(&self, reader: &mut Reader<'_>) -> Option<(Expectation, Vec<(u32, Rule)>)> {
        let quantity = self.quantity(reader);
        let rule_kind = self.rule_kind(reader);
        let values =
            rule_kind.and_then(|rule_kind| self.values(reader, rule_kind, quantity.as_ref()));
        let (kind, source) = (self.kind(reader), self.source(reader));
        let rule_kind = rule_kind?;
        let one = Expectation {
            combination: 0,
            quantity: quantity?,
            rule: rule_kind.of(0.0),
            kind: kind?,
            source,
            note: self.keys.note.clone().unwrap_or_default(),
        };
        let values = values?.into_iter();
        let rules = values.map(|(at, value)| (at, rule_kind.of(value)));
        Some((one, rules.collect()))
    }

    fn are_too_many(&self, reader: &mut Reader<'_>) {
        reader.push(
            codes::PLAN_TOO_LARGE,
            self.given.span(),
            "the scenario expects too much",
            format!(
                "an [[expect]] counts once for each combination of swept values: up to here they would fill more \
                 than {} MiB",
                MAX_BYTES >> 20
            ),
            "write fewer, name the combinations with `where`, shorten `source` and `note`, or use several scenarios",
        );
    }

    fn quantity(&self, reader: &mut Reader<'_>) -> Option<Quantity> {
        let Some((name, place)) = self
            .given
            .with_place("quantity", self.keys.quantity.as_ref())
        else {
            reader.push(
                codes::MISSING_KEY,
                self.given.span(),
                "an expectation does not say of what",
                "`quantity` is missing",
                "add, for example, quantity = \"hops_mean\": a metric of summary.csv",
            );
            return None;
        };
        let quantity = Quantity::named(name);
        match &quantity {
            None => unknown_quantity(reader, name, place),
            Some(Quantity::Statistic(statistic)) => self.fits(reader, place, *statistic),
            Some(Quantity::Threshold) => self.is_looked_for(reader, place),
            Some(metric) => self.is_measured(reader, place, metric),
        }
        quantity
    }

    /// What only an audit, storage or a script measures is there only with one.
    fn is_measured(&self, reader: &mut Reader<'_>, span: Span, metric: &Quantity) {
        if let Some(Unmeasured { by, lacks, remedy }) = unmeasured(metric.exists(), self.plan)
            && !self.changed
        {
            let message = format!("`{}` is measured {by}", metric.name());
            reader.push(codes::NOT_MEASURED, span, message, lacks, remedy);
        }
    }

    fn is_looked_for(&self, reader: &mut Reader<'_>, span: Span) {
        if self.plan.threshold.is_none() && !self.changed {
            reader.push(
                codes::NOT_MEASURED,
                span,
                "no threshold is looked for in this scenario",
                "there is no [threshold]",
                "add one: docs/threshold.md says how, or expect something else",
            );
        }
    }

    /// Statistics need the row of every lookup, and most are about one kind of ring.
    fn fits(&self, reader: &mut Reader<'_>, span: Span, statistic: Statistic) {
        let name = statistic.name();
        if self.plan.output.lookups < 1.0 {
            reader.push(
                codes::NOT_MEASURED,
                span,
                format!("`{name}` is computed from lookups.csv"),
                "the row of every lookup is needed",
                "remove `output.lookups`, or make it \"all\"",
            );
        } else if let Some(needed) = self.obstacles.of(statistic, self.plan)
            && !self.changed
        {
            reader.push(
                codes::NOT_MEASURED,
                span,
                format!("`{name}` says nothing about this scenario"),
                format!("it needs {needed}"),
                "see docs/scenario.md for what each quantity is about",
            );
        }
    }

    fn rule_kind(&self, reader: &mut Reader<'_>) -> Option<RuleKind> {
        let keys = &self.keys;
        let judgements = [
            ("within", keys.within.map(RuleKind::Within)),
            ("within_share", keys.within_share.map(RuleKind::Share)),
            (
                "standard_errors",
                keys.standard_errors.map(RuleKind::Errors),
            ),
            ("at_least", keys.at_least.map(RuleKind::AtLeast)),
            ("at_most", keys.at_most.map(RuleKind::AtMost)),
        ];
        let given = |(key, rule_kind)| Some((rule_kind, self.given.place(key)?));
        let mut named: Vec<_> = judgements.into_iter().filter_map(given).collect();
        if keys.reported == Some(true) {
            named.extend(given(("reported", Some(RuleKind::Reported))));
        }
        self.only(reader, &named)
    }

    /// The only rule of those that are named; one that is not allowed has been told about.
    fn only(
        &self,
        reader: &mut Reader<'_>,
        named: &[(Option<RuleKind>, Span)],
    ) -> Option<RuleKind> {
        match named {
            [] => reader.push(
                codes::MISSING_KEY,
                self.given.span(),
                "an expectation does not say how near is near enough",
                "no tolerance",
                format!("add one of: {RULES}"),
            ),
            [(Some(RuleKind::Errors(_)), span)] if self.plan.repeat < 2 && !self.changed => reader
                .push(
                    codes::ONE_RUN,
                    span.clone(),
                    "a single run has no standard error",
                    "it takes `repeat = 2` or more",
                    "raise `repeat` (20 makes a good estimate), or use another tolerance",
                ),
            [(rule_kind, _)] => return *rule_kind,
            [_, (_, span), ..] => reader.push(
                codes::SEVERAL_AT_ONCE,
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
    fn values(
        &self,
        reader: &mut Reader<'_>,
        rule_kind: RuleKind,
        quantity: Option<&Quantity>,
    ) -> Option<Vec<(u32, f64)>> {
        if rule_kind.is_bound() {
            if let Some(span) = self.given.place("value").or(self.given.place("along")) {
                reader.push(
                    codes::CONTRADICTION,
                    span,
                    "a bound is all that is expected",
                    "beside `at_least` or `at_most` there is no value",
                    "remove it",
                );
            }
        } else if self.given.place("value").is_none() {
            reader.push(
                codes::MISSING_KEY,
                self.given.span(),
                "an expectation has no value",
                "`value` is missing",
                "add, for example, value = 3.84",
            );
            return None;
        }
        let chosen = self.combinations.chosen(self.given.value("where"));
        let chosen = chosen.and_then(|chosen| self.searched(chosen, quantity));
        match chosen.and_then(|chosen| self.spread(&chosen)) {
            Ok(values) => Some(values),
            Err(_) if self.changed => Some(Vec::new()),
            Err(problem) => {
                reader.problems.replaceable.push(problem);
                None
            }
        }
    }

    /// Of these combinations those that the quantity is about where a threshold is looked for.
    fn searched(&self, chosen: Vec<u32>, quantity: Option<&Quantity>) -> Result<Vec<u32>, Problem> {
        let Some(quantity) = quantity else {
            return Ok(chosen);
        };
        let span = self
            .given
            .place("where")
            .unwrap_or_else(|| self.given.span());
        threshold::expected(self.plan.threshold.as_ref(), chosen, quantity, span)
    }

    /// The value of each combination: the same for all, or along a swept key.
    fn spread(&self, chosen: &[u32]) -> Result<Vec<(u32, f64)>, Problem> {
        let Some((value, place)) = self.given.with_place("value", self.keys.value.as_ref()) else {
            return Ok(chosen.iter().map(|at| (*at, 0.0)).collect());
        };
        match (
            value,
            self.given.with_place("along", self.keys.along.as_ref()),
        ) {
            (Numbers::One(number), None) => Ok(chosen.iter().map(|at| (*at, *number)).collect()),
            (Numbers::List(list), Some(along)) => {
                let condition = self.given.value("where");
                self.combinations
                    .along(chosen, along, list, place, condition)
            }
            (Numbers::List(_), None) => Err(Problem::new(
                codes::MISSING_KEY,
                place,
                "a list of values needs a key to go along",
                "one for each value of which swept key?",
                "add, for example, along = \"nodes\", or write a single number",
            )),
            (Numbers::One(_), Some((_, along))) => Err(Problem::new(
                codes::CONTRADICTION,
                along,
                "`along` needs a list of values",
                "`value` is a single number",
                "remove `along`, or write a value for each of the key's own in brackets",
            )),
        }
    }

    fn kind(&self, reader: &mut Reader<'_>) -> Option<Kind> {
        if self.keys.kind.is_none() {
            reader.push(
                codes::MISSING_KEY,
                self.given.span(),
                "an expectation does not say why",
                "`kind` is missing",
                "add kind = \"exact\" (it follows from the definitions), \"published\" or \
                 \"proved\"",
            );
        }
        self.keys.kind
    }

    /// What is not exact must say where it comes from.
    fn source(&self, reader: &mut Reader<'_>) -> String {
        let source = self.keys.source.clone().unwrap_or_default();
        if let Some((kind, place)) = self.given.with_place("kind", self.keys.kind.as_ref())
            && *kind != Kind::Exact
            && source.is_empty()
        {
            reader.push(
                codes::MISSING_KEY,
                place,
                "an expectation does not say where it comes from",
                "by whom?",
                "add, for example, source = \"Stoica et al. 2003, Table II\"",
            );
        }
        source
    }
}

fn unknown_quantity(reader: &mut Reader<'_>, name: &str, place: Span) {
    let all: Vec<&str> = Quantity::names().collect();
    let known = format!("there are: {}", all.join(", "));
    let help = did_you_mean(nearest(name, all), known);
    reader.push(
        codes::NO_SUCH_METRIC,
        place,
        format!("there is no quantity \"{name}\""),
        "neither a metric of summary.csv nor a statistic",
        help,
    );
}

/// What a plan lacks for each statistic: it is looked for once, however many expectations there are.
#[derive(Default)]
struct Obstacles(OnceCell<Vec<(Statistic, Option<&'static str>)>>);

impl Obstacles {
    fn of(&self, statistic: Statistic, plan: &Plan) -> Option<&'static str> {
        let in_plan = |statistic| {
            let mut runs = plan.combinations();
            runs.find_map(|run| obstacle(statistic, &run.scenario))
        };
        let all = || Statistic::ALL.map(|it| (it, in_plan(it))).to_vec();
        let known = self.0.get_or_init(all).iter();
        let mut known = known.filter(|(it, _)| *it == statistic);
        known.next().and_then(|(_, needed)| *needed)
    }
}

/// What a scenario lacks for a statistic to mean anything.
fn obstacle(statistic: Statistic, scenario: &Scenario) -> Option<&'static str> {
    let overlay = &scenario.overlay;
    let (fits, needed) = match statistic {
        Statistic::HopsUniformP => (
            !matches!(scenario.churn.model, ChurnModel::Trace(_)),
            "churn.model other than \"trace\": how many take part is not known before",
        ),
        Statistic::StepsBinomialP | Statistic::StepsOffBits => (
            overlay.ids == Ids::Even
                && overlay.nodes.is_power_of_two()
                && overlay.virtual_nodes == 1,
            "overlay.ids = \"even\", overlay.nodes = a power of two, and no virtual nodes",
        ),
        Statistic::LatencyOffHops => (
            matches!(scenario.network.model, LatencyModel::Constant { .. })
                && scenario.network.jitter <= 0.0,
            "network.model = \"constant\", and no jitter",
        ),
        Statistic::AnswersOffIds => (matches!(overlay.ids, Ids::List(_)), "a list of overlay.ids"),
    };
    (!fits).then_some(needed)
}
