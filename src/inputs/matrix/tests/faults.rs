//! What is wrong with a text is told at its place, with what to do.

use super::*;

#[expect(clippy::needless_pass_by_value, reason = "it reads as a table")]
fn check(text: &str, place: (usize, usize), fault: Fault) {
    let error = read(text).expect_err(text);
    assert_eq!(fault_of(&error), (place, &fault), "{text:?}");
    let told = rendered(&error);
    assert!(
        told.contains(&format!("m.tsv:{}:{}", place.0, place.1)),
        "{told}"
    );
    assert!(told.contains("help: "), "{told}");
}

fn value(text: &str) -> String {
    text.to_owned()
}

#[test]
fn numbers_are_checked_one_by_one() {
    check("", (1, 1), Fault::Empty);
    check("# nothing\n\n", (1, 1), Fault::Empty);
    check(
        "0 1\n1 ten\n",
        (2, 3),
        Fault::NotANumber {
            value: value("ten"),
        },
    );
    check(
        "0 1\nten 0\n",
        (2, 1),
        Fault::NotANumber {
            value: value("ten"),
        },
    );
    check(
        "0 5km\n1 0\n",
        (1, 3),
        Fault::NotANumber {
            value: value("5km"),
        },
    );
    check(
        "0 1\n# \u{e4}\n\t-2 0",
        (3, 2),
        Fault::Negative { value: value("-2") },
    );
    check(
        "0 inf\n1 0",
        (1, 3),
        Fault::NotFinite {
            value: value("inf"),
        },
    );
    check(
        "0 1e9\n1 0",
        (1, 3),
        Fault::TooLarge {
            value: value("1e9"),
        },
    );
    check(
        "0,3601 s\n1,0",
        (1, 3),
        Fault::TooLarge {
            value: value("3601 s"),
        },
    );
}

#[test]
fn what_was_not_measured_is_shown_unless_something_may_stand_in() {
    check(
        "0 NA 2\n1 0 2\n1 2 0",
        (1, 3),
        Fault::Unmeasured { value: value("NA") },
    );
    check(
        "0 1 2\n* 0 2\n1 2 0",
        (2, 1),
        Fault::Unmeasured { value: value("*") },
    );
    check(
        "0 1 2\n-1 0 2\n1 2 0",
        (2, 1),
        Fault::Unmeasured { value: value("-1") },
    );
    check("0,1,2\n1,0,\n1,2,0", (2, 5), Fault::MissingValue);
    check(
        "0\n1 0\n2 - 0",
        (3, 3),
        Fault::Unmeasured { value: value("-") },
    );
    let neither = read_with("0 -\n- 0", reading(Missing::Symmetric)).unwrap_err();
    assert_eq!(fault_of(&neither).0, (1, 3));
    let nothing = read_with("- -\n- -", reading(Missing::Median)).unwrap_err();
    assert_eq!(fault_of(&nothing).0, (1, 3));
    let told = rendered(&nothing);
    assert!(
        told.contains("network.matrix.missing = \"symmetric\""),
        "{told}"
    );
}

#[test]
fn rows_that_make_no_square_are_told() {
    let ragged = |found| Fault::Ragged { found, expected: 3 };
    check("0 1 2\n1 0\n2 1 0", (2, 3), ragged(2));
    check("0 1 2\n1 0 1 4\n2 1 0", (2, 7), ragged(4));
    check(
        "0 1\n",
        (1, 1),
        Fault::NotSquare {
            rows: 1,
            columns: 2,
        },
    );
    check(
        "0 1\n1 0\n2 0",
        (3, 1),
        Fault::NotSquare {
            rows: 3,
            columns: 2,
        },
    );
    check(
        ",a,b\na,0,1\nb,1\n",
        (3, 3),
        Fault::Ragged {
            found: 2,
            expected: 3,
        },
    );
    check(
        "0 1,5 2\n1,5 0 2",
        (1, 3),
        Fault::DecimalComma {
            value: value("1,5"),
        },
    );
    check(
        "3\n0 1\n1 0",
        (1, 1),
        Fault::CountDiffers { said: 3, found: 2 },
    );
}

#[test]
fn names_that_do_not_fit_are_told() {
    check(
        "Round trips of 2019\n0 1\n1 0\n",
        (1, 1),
        Fault::Header {
            value: value("Round"),
        },
    );
    let differ = |row: &str, column: &str| Fault::NamesDiffer {
        row: value(row),
        column: value(column),
    };
    check(",a,b\nb,0,1\na,1,0\n", (2, 1), differ("b", "a"));
    check(",1,2\n1,,3\n2,3,\n", (1, 1), Fault::Ambiguous);
}

#[test]
fn lists_that_are_no_matrix_are_told() {
    let sparse = |given, pairs| Fault::Sparse { given, pairs };
    check("a b 1\nc d 2\n", (1, 1), sparse(2, 6));
    check(
        "a b 1\nc b 2\n",
        (1, 1),
        Fault::NoPair {
            from: value("a"),
            to: value("c"),
        },
    );
    check("from,to,ms\na,b,1\na,,1\n", (3, 3), Fault::EmptyHost);
    check(
        "from,to,ms\na,b,1\na,c\n",
        (3, 1),
        Fault::PairFields {
            found: 2,
            expected: 3,
        },
    );
    let cities = "City,Distance,Average,% of SOL\n\"Oslo, Norway\",159km,36.80ms,47.40%\nParis,5692km,126.45ms,45.17%\n";
    check(cities, (1, 15), Fault::OneSource);
    // Memory is taken for all pairs, so that a chain of hosts is refused before.
    let lines: Vec<String> = (0..10_000)
        .map(|host| format!("{host} {} 1", host + 1))
        .collect();
    let chain = lines.join("\n");
    check(&chain, (1, 1), sparse(10_000, 10_001 * 10_000 / 2));
}

#[test]
fn topologies_and_coordinates_are_checked() {
    check(
        "topology RandomGraph 3\n",
        (1, 10),
        Fault::Topology {
            value: value("RandomGraph"),
        },
    );
    check(
        "topology E2EGraph x\n",
        (1, 19),
        Fault::HostCount { value: value("x") },
    );
    let number = |word: &str| Fault::HostNumber {
        value: value(word),
        most: 2,
    };
    check("topology E2EGraph 2\nnode 3\n1,2 5\n", (2, 6), number("3"));
    check("topology E2EGraph 2\n0,2 5\n", (2, 1), number("0"));
    check(
        "topology E2EGraph 2\n1,2\n",
        (2, 1),
        Fault::PairFields {
            found: 2,
            expected: 3,
        },
    );
    check(
        "topology E2EGraph 2\n1,2 -1\n",
        (1, 1),
        Fault::NoPair {
            from: value("1"),
            to: value("2"),
        },
    );
    check(
        "topology E2EGraph 16000\n1,2 5\n",
        (1, 1),
        Fault::Sparse {
            given: 1,
            pairs: 16_000 * 15_999 / 2,
        },
    );
    check(
        "topology Euclidean\n1 0,0\n1 2,2\n",
        (3, 1),
        Fault::HostTwice,
    );
    let coordinates = |found| Fault::Coordinates { found, expected: 2 };
    check("topology Euclidean\n1 0,0\n2 2\n", (3, 1), coordinates(1));
    check("topology Euclidean\n1 0,0\n2\n", (3, 1), coordinates(0));
    check(
        "topology Euclidean\n1 0,x\n",
        (2, 5),
        Fault::NotANumber { value: value("x") },
    );
    check(
        "topology Euclidean\n1 0,1e7\n",
        (2, 5),
        Fault::TooLarge {
            value: value("1e7"),
        },
    );
    let graph = |format| Fault::IsGraph { format };
    check("graph [\n  directed 1\n]\n", (1, 1), graph("GML"));
    check("Topology: ( 2 Nodes, 1 Edges )\n", (1, 1), graph("BRITE"));
    check("<graphml>\n</graphml>", (1, 1), Fault::NotAMatrix);
    check(
        "<nodelist>\n<node><coord>1</coord></node>\n<node/>\n",
        (3, 6),
        Fault::Coordinates {
            found: 0,
            expected: 1,
        },
    );
    check("<nodelist>\n</nodelist>", (1, 1), Fault::Empty);
}

#[test]
fn there_is_a_limit_to_hosts() {
    let most = HOSTS_MAX;
    let fault = Fault::TooManyHosts { most };
    // Each value takes two bytes.
    check(&"0 ".repeat(100_000), (1, 2 * most + 1), fault.clone());
    check(&"0 0\n".repeat(most + 2), (most + 1, 1), fault);
    let just = read(&"0 0\n".repeat(most)).unwrap_err();
    assert!(matches!(fault_of(&just).1, Fault::NotSquare { .. }));
}

#[test]
fn the_message_shows_a_long_row_only_around_the_fault() {
    let row = vec!["123.456"; 490].join("\t");
    let text = format!("{row}\n{}\n", row.replacen("\t123.456\t", "\tx23.456\t", 1))
        + &format!("{row}\n").repeat(488);
    let message = rendered(&read(&text).unwrap_err());
    assert!(
        message.contains("m.tsv, line 2, column 9: `x23.456` is not a number"),
        "{message}"
    );
    assert!(
        message.lines().all(|line| line.chars().count() < 150),
        "{message}"
    );
}
