//! What cannot be looked for is refused, with what is wrong and what to do.

use super::parse;

/// Scenarios, and what is told of each.
fn refused(all: &[(String, &[&str])]) {
    for (text, parts) in all {
        let told = parse(text).expect_err(text);
        for part in *parts {
            assert!(told.contains(part), "{text}\n{told}\nlacks {part}");
        }
    }
}

/// A good search, with more in it or behind it.
fn with(rest: &str) -> String {
    format!("[threshold]\nmetric = \"success_rate\"\nlevel = 0.9\n{rest}")
}

fn of(metric: &str, level: &str) -> String {
    format!("[threshold]\nmetric = {metric}\nlevel = {level}\n")
}

fn expect(quantity: &str, rest: &str) -> String {
    with(&format!(
        "[[expect]]\nquantity = \"{quantity}\"\nat_most = 1\nkind = \"exact\"\n{rest}"
    ))
}

#[test]
fn a_metric_that_is_not_measured_or_a_level_that_is_none() {
    refused(&[
        (
            of("\"sucess_rate\"", "0.9"),
            &[
                "there is no metric \"sucess_rate\"",
                "did you mean \"success_rate\"?",
            ][..],
        ),
        (of("\"success_rate\"", "inf"), &["threshold.level"]),
        (of("\"success_rate\"", "nan"), &["threshold.level"]),
        (of("\"success_rate\"", "\"high\""), &["threshold.level"]),
        (
            of("\"get_success_rate\"", "0.9"),
            &[
                "`get_success_rate` is measured where something is stored",
                "workload.puts_per_s",
            ],
        ),
        (
            "[threshold]\nlevel = 0.9\n".to_owned(),
            &["`metric` is missing"],
        ),
        (
            "[threshold]\nmetric = \"success_rate\"\n".to_owned(),
            &["`level` is missing"],
        ),
    ]);
}

#[test]
fn a_key_that_has_no_half_way_or_no_ends() {
    refused(&[
        (
            with("along = \"selfish.fractoin\""),
            &[
                "unknown key `selfish.fractoin` in [threshold]",
                "did you mean `selfish.fraction`?",
            ][..],
        ),
        (
            with("along = \"selfish.defence\""),
            &["`selfish.defence` is not a number"],
        ),
        (
            with("along = \"duration\""),
            &["`duration` is not a number"],
        ),
        (with("along = \"seed\""), &["`seed` cannot be swept"]),
        (
            with("along = \"threshold.level\""),
            &["`threshold.level` cannot be swept"],
        ),
        (
            with("along = \"chord.successors\""),
            &["`from` is missing", "add `from` and `to`"],
        ),
    ]);
}

#[test]
fn ends_that_leave_nothing_between_or_steps_that_are_too_many() {
    refused(&[
        (
            with("along = \"chord.successors\"\nfrom = 1\nto = 8.5"),
            &["`chord.successors` is a whole number"][..],
        ),
        (
            with("along = \"chord.successors\"\nfrom = 0\nto = 8"),
            &["chord.successors", "out of range"],
        ),
        (with("to = 1.5"), &["selfish.fraction", "out of range"]),
        (
            with("from = 0.5\nto = 0.5"),
            &["ends where it begins", "make `to` greater than `from`"],
        ),
        (with("from = 0.7\nto = 0.5"), &["ends where it begins"]),
        (
            with("within = 0"),
            &["`threshold.within` is 0", "more than 0"],
        ),
        (
            with("from = 0.2\nto = 0.3\nwithin = 0.2"),
            &["`threshold.within` is 0.2"],
        ),
        (
            with("within = 0.0009"),
            &["could try 1113 values", "at most 1001"],
        ),
        (
            with("within = 0.00000000001\nto = 0.0000000001"),
            &["fewer digits"],
        ),
    ]);
}

#[test]
fn a_sweep_that_the_search_gets_in_the_way_of() {
    refused(&[
        (
            with("[sweep]\n\"selfish.fraction\" = [0.1, 0.2]"),
            &["`selfish.fraction` is swept, and [threshold] looks along it"][..],
        ),
        (
            with(
                "along = \"churn.poisson.joins_per_s\"\nfrom = 0\nto = 1\n[sweep]\n\"churn.poisson\" = [{ joins_per_s = 1 }]",
            ),
            &["is swept", "`churn.poisson` stands under [sweep]"],
        ),
        (
            with("[sweep]\n\"threshold.level\" = [0.1]"),
            &["`threshold.level` cannot be swept"],
        ),
        (
            format!("repeat = 2000\n{}", with("")),
            &["more than 100000 runs", "threshold.within"],
        ),
        (with("metrik = 1"), &["metrik"]),
        ("threshold = 3".to_owned(), &["threshold"]),
    ]);
}

#[test]
fn expectations_and_pictures_of_what_may_not_be_there() {
    refused(&[
        (
            expect("success_rate", ""),
            &[
                "expected of runs that may not be made",
                "0, 0.25, 0.5, 0.75, 1",
            ][..],
        ),
        (
            expect("success_rate", "where = { fraction = 0.3 }"),
            &["expected of runs that may not be made"],
        ),
        (
            expect("threshold", "where = { fraction = 0.25 }"),
            &["is not one of the values of `selfish.fraction`"],
        ),
        (
            "[[expect]]\nquantity = \"threshold\"\nat_most = 1\nkind = \"exact\"\n".to_owned(),
            &["no threshold is looked for", "add one"],
        ),
        (
            with("[[plot]]\nmetric = \"hops_mean\"\nagainst = \"nodes\""),
            &["nodes"],
        ),
    ]);
}

#[test]
fn what_is_good_is_good() {
    for good in [
        with(""),
        with("within = 0.001"),
        with("[[plot]]\nmetric = \"hops_mean\"\nagainst = \"fraction\""),
        expect("success_rate", "where = { fraction = 0.25 }"),
        expect("threshold", ""),
        with("along = \"fault.0.kill\"\nfrom = 0.1\nto = 0.9\n[[fault]]\nat = \"1m\"\nkill = 0.5"),
        with("along = \"network.loss\""),
    ] {
        parse(&good).unwrap();
    }
}
