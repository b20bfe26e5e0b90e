//! `[[expect]]` in scenario files: what it means, and every way in which it can be wrong.

use std::path::Path;

use chordsim::scenario::{Expectation, Kind, Overrides, Plan, Quantity, Rule, Statistic};

/// Sweeps nodes and routing, each combination twice.
const SWEPT: &str = "repeat = 2\n[sweep]\n\"overlay.nodes\" = [64, 128]\n\
                     \"chord.routing\" = [\"fingers\", \"successors\"]\n";

fn parse(text: &str, set: &[&str]) -> Result<Plan, Box<chordsim::scenario::ScenarioError>> {
    let overrides = Overrides {
        set: set.iter().map(ToString::to_string).collect(),
        ..Overrides::default()
    };
    Plan::parse(text, Path::new("expect.toml"), &overrides)
}

fn expectations(text: &str) -> Vec<Expectation> {
    crate::common::plan(text).expectations
}

fn expected(all: &[Expectation]) -> Vec<(u32, f64)> {
    let value = |expectation: &Expectation| match expectation.rule {
        Rule::Within { value, .. } | Rule::Reported(value) => (expectation.combination, value),
        rule => panic!("{rule:?}"),
    };
    all.iter().map(value).collect()
}

#[test]
fn an_expectation_is_about_the_combinations_it_names() {
    let about = |which: &str| {
        let text = format!(
            "{SWEPT}[[expect]]\nquantity = \"hops_mean\"\nwithin = 1\nkind = \"exact\"\n{which}"
        );
        expected(&expectations(&text))
    };
    // Combinations 0 to 3: 64 fingers, 64 successors, 128 fingers, 128 successors.
    let all = [(0, 7.0), (1, 7.0), (2, 7.0), (3, 7.0)];
    assert_eq!(about("value = 7"), all);
    assert_eq!(about("value = 7\nwhere = { nodes = 128 }"), all[2..]);
    assert_eq!(about("value = 7\nwhere = { nodes = 128.0 }"), all[2..]);
    assert_eq!(
        about("value = 7\nwhere = { \"overlay.nodes\" = 64, routing = \"successors\" }"),
        all[1..2]
    );
    let along = [(0, 1.5), (1, 1.5), (2, 2.5), (3, 2.5)];
    assert_eq!(about("value = [1.5, 2.5]\nalong = \"nodes\""), along);
    assert_eq!(
        about("value = [1.5, 2.5]\nalong = \"nodes\"\nwhere = { routing = \"fingers\" }"),
        [along[0], along[2]]
    );
}

#[test]
fn tables_can_be_swept_and_named() {
    let all = expectations(
        "[churn]\nmodel = \"poisson\"\n[sweep]\n\"churn.poisson\" = [\n\
         { joins_per_s = 0.05, leaves_per_s = 0.05 },\n\
         { joins_per_s = 0.1, leaves_per_s = 0.1 }]\n\
         [[expect]]\nquantity = \"hops_mean\"\nwithin = 1\nkind = \"exact\"\nvalue = 3.83\n\
         where = { poisson = { leaves_per_s = 0.1, joins_per_s = 0.1 } }",
    );
    assert_eq!(expected(&all), [(1, 3.83)]);
}

#[test]
fn every_way_to_judge_is_read() {
    let rule = |rule: &str| {
        let text = format!(
            "repeat = 2\n[[expect]]\nquantity = \"hops_uniform_p\"\nkind = \"proved\"\n\
             source = \"a book\"\nnote = \"a remark\"\n{rule}"
        );
        let all = expectations(&text);
        assert_eq!(all.len(), 1);
        assert_eq!(
            all[0].quantity,
            Quantity::Statistic(Statistic::HopsUniformP)
        );
        assert_eq!(
            (all[0].kind, all[0].source.as_str()),
            (Kind::Proved, "a book")
        );
        assert_eq!(all[0].note, "a remark");
        all[0].rule
    };
    let value = 2.0;
    assert_eq!(
        rule("value = 2\nwithin = 0"),
        Rule::Within {
            value,
            tolerance: 0.0
        }
    );
    assert_eq!(
        rule("value = 2\nwithin_share = 0.1"),
        Rule::WithinShare { value, share: 0.1 }
    );
    assert_eq!(
        rule("value = 2\nstandard_errors = 4"),
        Rule::StandardErrors { value, count: 4.0 }
    );
    assert_eq!(rule("at_least = 0.5"), Rule::AtLeast(0.5));
    assert_eq!(rule("at_most = -0.5"), Rule::AtMost(-0.5));
    assert_eq!(rule("value = 2\nreported = true"), Rule::Reported(2.0));
}

/// What is not swept any more, because the command line fixed it, is nobody's mistake.
#[test]
fn options_may_leave_expectations_without_their_sweep() {
    let text = format!(
        "{SWEPT}[[expect]]\nquantity = \"hops_mean\"\nwithin = 1\nkind = \"exact\"\n\
         along = \"nodes\"\nvalue = [1, 2]\n\
         [[expect]]\nquantity = \"failed\"\nwithin = 0\nkind = \"exact\"\nvalue = 0"
    );
    let plan = parse(&text, &["overlay.nodes=64"]).unwrap();
    let quantities: Vec<_> = plan
        .expectations
        .iter()
        .map(|it| it.quantity.name())
        .collect();
    assert_eq!(quantities, ["failed", "failed"]);
    let plan = parse(&text, &["sweep.\"overlay.nodes\"=[1, 2, 3]"]).unwrap();
    assert_eq!(plan.expectations.len(), 6);
}

/// A bad expectation: its lines, what is underlined, what is said and the remedy.
type Case = (&'static str, &'static str, &'static str, &'static str);

const GOOD: &str = "quantity = \"hops_mean\"\nkind = \"exact\"\n";

const CASES: [Case; 26] = [
    (
        "value = 1\nwithin = 1\nwithn = 2",
        "withn",
        "unknown key `expect.withn`",
        "`within`",
    ),
    (
        "value = \"1\"\nwithin = 1",
        "\"1\"",
        "`expect.value` must be a number or a list of \
          numbers",
        "without quotes",
    ),
    (
        "value = 1\nwithin = -1",
        "-1",
        "`expect.within` is out of range",
        "from 0 to",
    ),
    (
        "value = 1\nwithin_share = 5",
        "5",
        "`expect.within_share` is out of range",
        "0 to 1",
    ),
    (
        "value = nan\nwithin = 1",
        "nan",
        "`expect.value` is out of range",
        "write a number",
    ),
    (
        "within = 1",
        "[[expect]]",
        "an expectation has no value",
        "value = 3.84",
    ),
    (
        "value = 1",
        "[[expect]]",
        "an expectation does not say how near is near enough",
        "standard_errors",
    ),
    (
        "value = 1\nreported = false",
        "[[expect]]",
        "an expectation does not say how near is \
          near enough",
        "reported = true",
    ),
    (
        "value = 1\nwithin = 1\nwithin_share = 0.5",
        "0.5",
        "an expectation is judged in one way \
          only",
        "[[expect]] of its own",
    ),
    (
        "at_least = 1\nvalue = 2",
        "2",
        "a bound is all that is expected",
        "remove it",
    ),
    (
        "value = [1, 2]\nwithin = 1",
        "[1, 2]",
        "a list of values needs a key to go along",
        "along = ",
    ),
    (
        "value = 1\nalong = \"nodes\"\nwithin = 1",
        "\"nodes\"",
        "`along` needs a list of values",
        "in brackets",
    ),
    (
        "value = [1, 2, 3]\nalong = \"nodes\"\nwithin = 1",
        "[1, 2, 3]",
        "`expect.value` has 3 \
          values",
        "write one for each of: 64, 128",
    ),
    (
        "value = [1, 2]\nalong = \"node\"\nwithin = 1",
        "\"node\"",
        "`node` is not swept",
        "swept are: nodes, routing",
    ),
    (
        "value = 1\nwithin = 1\nwhere = { seed = 3 }",
        "seed",
        "`seed` is not swept",
        "swept are: nodes, routing",
    ),
    (
        "value = 1\nwithin = 1\nwhere = { nodes = 65 }",
        "65",
        "`nodes` is never 65 in this \
          scenario",
        "swept are: 64, 128",
    ),
    // Each of these was about no combination or about one of several, and the rest went without a word.
    (
        "value = 1\nwithin = 1\nwhere = { nodes = 64, \"overlay.nodes\" = 128 }",
        "\"overlay.nodes\"",
        "`expect.where` names `overlay.nodes` twice",
        "an [[expect]] each",
    ),
    (
        "value = [1, 2]\nalong = \"nodes\"\nwithin = 1\nwhere = { \"overlay.nodes\" = 128 }",
        "\"nodes\"",
        "`expect.along` and `expect.where` are both about `nodes`",
        "remove one of the two",
    ),
    (
        "value = 1\nwithin = 1\nwhere = 64",
        "64",
        "`expect.where` must be a table",
        "where = { nodes = 64 }",
    ),
    (
        "value = 1\nwithin = 1\nkind = \"guessed\"",
        "\"guessed\"",
        "`expect.kind` has no choice \
          \"guessed\"",
        "allowed: exact, published, proved",
    ),
    (
        "value = 1\nwithin = 1\nkind = \"published\"",
        "\"published\"",
        "an expectation does not \
          say where it comes from",
        "source = ",
    ),
    (
        "value = 1\nwithin = 1\nquantity = \"hop_mean\"",
        "\"hop_mean\"",
        "there is no quantity \
          \"hop_mean\"",
        "did you mean \"hops_mean\"?",
    ),
    (
        "value = 1\nwithin = 1\nquantity = \"steps_off_bits\"",
        "\"steps_off_bits\"",
        "`steps_off_bits` says nothing about this scenario",
        "docs/scenario.md",
    ),
    (
        "value = 1\nwithin = 1\nquantity = \"answers_off_ids\"",
        "\"answers_off_ids\"",
        "`answers_off_ids` says nothing about this scenario",
        "docs/scenario.md",
    ),
    (
        "value = 1\nstandard_errors = \"4\"",
        "\"4\"",
        "`expect.standard_errors` must be a \
          number",
        "without quotes",
    ),
    (
        "value = 1\nwithin = 1\nnote = 3",
        "3",
        "`expect.note` must be a string",
        "in double quotes",
    ),
];

#[test]
fn a_bad_expectation_is_shown_with_its_place_and_a_remedy() {
    for (lines, offending, message, remedy) in CASES {
        // What the case says itself is not said twice.
        let anew = |line: &&str| !lines.contains(line.split('"').next().unwrap_or(line));
        let base: Vec<&str> = GOOD.lines().filter(anew).collect();
        let text = format!("{SWEPT}[[expect]]\n{}\n{lines}\n", base.join("\n"));
        assert_refused(&text, offending, message, remedy);
    }
}

#[track_caller]
fn assert_refused(text: &str, offending: &str, message: &str, remedy: &str) {
    let error = parse(text, &[]).expect_err(text);
    let told = format!("{:?}", miette::Report::new(*error.clone()));
    assert_eq!(error.offending(), offending, "{told}");
    assert_eq!(error.to_string(), message, "{told}");
    assert!(error.remedy().contains(remedy), "{told}");
    assert!(
        error.others().is_empty(),
        "one mistake, one problem: {told}"
    );
}

#[test]
fn what_an_expectation_lacks_is_said() {
    let rest = "value = 1\nwithin = 1\n";
    assert_refused(
        &format!("[[expect]]\nkind = \"exact\"\n{rest}"),
        "[[expect]]",
        "an expectation does not say of what",
        "a metric of summary.csv",
    );
    assert_refused(
        &format!("[[expect]]\nquantity = \"failed\"\n{rest}"),
        "[[expect]]",
        "an expectation does not say why",
        "kind = \"exact\"",
    );
    assert_refused(
        &format!("[expect]\n{GOOD}{rest}"),
        "[expect]",
        "`expect` must be a list of tables",
        "[[expect]]",
    );
    assert_refused(
        &format!("[[expect]]\n{GOOD}value = 1\nstandard_errors = 4"),
        "4",
        "a single run has no standard error",
        "raise `repeat`",
    );
    assert_refused(
        "output.lookups = 0.5\n[[expect]]\nquantity = \"hops_uniform_p\"\nat_least = 0.1\n\
         kind = \"exact\"",
        "\"hops_uniform_p\"",
        "`hops_uniform_p` is computed from lookups.csv",
        "make it \"all\"",
    );
    assert_refused(
        "[[expect]]\nquantity = \"violations\"\nat_most = 0\nkind = \"exact\"",
        "\"violations\"",
        "`violations` is measured by an audit",
        "set `output.audit` to true",
    );
    assert_refused(
        &format!("[[expect]]\n{GOOD}{rest}where = {{ nodes = 3 }}"),
        "nodes",
        "`nodes` is not swept",
        "this scenario sweeps nothing",
    );
}

/// The names that may be expected are those that a run measures, in the order of their columns.
#[test]
fn every_metric_of_a_run_can_be_expected() {
    let small = crate::common::plan(
        "warmup = \"0s\"\nduration = \"1s\"\nstorage = { preload = true }\n[overlay]\nnodes = 4\n\
         [network]\nmodel = \"transit-stub\"\n[chord]\nproximity = \"pns\"\nestimate = \"vivaldi\"\n\
         [selfish]\nfraction = 0.2\nbehaviour = \"drop-lookups+whitewash\"\ndefence = \"reputation+reciprocity\"\n\
         [output]\naudit = true\nlinks = true\nhops = true\n[[event]]\nat = \"0s\"\njoin = 7\n",
    );
    let run = crate::common::run_with(&small.runs[0], &small.output);
    let metrics = run.summary.metrics();
    let measured: Vec<&str> = metrics.map(|(metric, _)| metric.name()).collect();
    let known: Vec<&str> = Quantity::names().collect();
    let (last, known) = known.split_last().unwrap();
    assert_eq!(*last, "threshold");
    let metrics = &known[..known.len() - Statistic::ALL.len()];
    // Only a run that plays a trace from a file has it.
    let metrics: Vec<&str> = metrics
        .iter()
        .copied()
        .filter(|name| *name != "peers_up_mean")
        .collect();
    assert_eq!(metrics, measured);
}

/// Each of 30 expectations about 2000 combinations has a note of 10 kB: 600 MB in all, and none is about so many by
/// itself.
#[test]
fn expectations_of_very_many_combinations_are_refused() {
    let numbers = |to: u32| {
        (1..=to)
            .map(|n| n.to_string())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let sweep = format!(
        "[sweep]\n\"overlay.nodes\" = [{}]\n\"workload.keys\" = [{}]\n",
        numbers(40),
        numbers(50)
    );
    let one = "[[expect]]\nquantity = \"hops_mean\"\nkind = \"exact\"\nat_least = 0\n";
    let noted = format!("{one}note = \"{}\"\n", "x".repeat(10_000));
    let error = parse(&(sweep.clone() + &noted.repeat(30)), &[]).unwrap_err();
    assert_eq!(error.to_string(), "the scenario expects too much");
    assert!(error.others().is_empty());
    // Those with keys = 3 are every 50th; with nodes = 40 as well it is one of the last 50.
    let few = format!("{one}where = {{ keys = 3 }}\n{one}where = {{ keys = 3, nodes = 40 }}\n");
    let all = parse(&(sweep + &few), &[]).unwrap().expectations;
    let about: Vec<u32> = all.iter().map(|it| it.combination).collect();
    let every: Vec<u32> = (0..40).map(|node| 50 * node + 2).collect();
    assert_eq!(about, [&every[..], &[39 * 50 + 2]].concat());
}
