use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::engine::SimTime;
use crate::inputs::testing::rendered;

fn of_format(text: &str, format: Option<Format>) -> Result<(ChurnTrace, Vec<String>), InputError> {
    let mut remarks = Remarks::default();
    let trace = read(
        TextFile::new(Path::new("trace.txt"), text),
        format,
        &mut remarks,
    )?;
    Ok((trace, remarks.iter().map(str::to_owned).collect()))
}

fn of(text: &str) -> (ChurnTrace, Vec<String>) {
    of_format(text, None).unwrap_or_else(|error| panic!("{}", rendered(&error)))
}

/// The sessions of each host in seconds; -1: no end.
fn sessions(trace: &ChurnTrace) -> Vec<Vec<(f64, f64)>> {
    let seconds = |moment: SimTime| match moment {
        SimTime::MAX => -1.0,
        moment => moment.0 as f64 / 1e9,
    };
    let of = |host| {
        let sessions = trace.sessions_of(host).iter();
        sessions
            .map(|it| (seconds(it.from), seconds(it.to)))
            .collect()
    };
    (0..trace.hosts()).map(of).collect()
}

#[test]
fn an_avt_is_a_line_per_host() {
    let text = "# a comment\nb\t2\t0 10.5 20\t30\na 1 5 30\nc\t0\nd 2 7 9 9 11\ne 1 4 4\n";
    let (trace, remarks) = of(text);
    assert_eq!(trace.format, Format::Avt);
    let expected = [
        vec![(0.0, 10.5), (20.0, -1.0)],
        vec![(5.0, -1.0)],
        vec![],
        vec![(7.0, 11.0)],
        vec![],
    ];
    assert_eq!(sessions(&trace), expected);
    assert_eq!(trace.last(), SimTime(30_000_000_000));
    assert_eq!(
        remarks,
        [
            "read as sessions of hosts, a line each (.avt)",
            "sessions that last to the end of the trace, whose hosts stay: 2",
            "sessions that begin when the one before ends, and are one with it: 1",
            "sessions that take no time, left out: 1",
        ]
    );
}

const HEADER: &str = "# event_id\tcomponent_id\tnode_id\tplatform_id\tnode_name\tevent_type\tevent_start_time\tevent_stop_time\tevent_end_reason\n";

#[test]
fn the_failure_trace_archive_has_a_row_per_span() {
    let rows = "0\t0\t7\t0\tone host\t1\t1000000000.25\t1000000010\tNULL\n\
                1\t0\t7\t0\tone host\t0\t1000000010\t1000000020\tNULL\n\
                2\t0\t8\t0\tother\t1\t1000000002\t1000000030\tNULL\n\
                3\t0\t7\t0\tone host\t1\t1000000020\t1000000025\tNULL\n";
    let expected = [vec![(0.0, 9.75), (19.75, 24.75)], vec![(1.75, -1.0)]];
    for text in [rows.to_owned(), format!("{HEADER}{rows}")] {
        let (trace, remarks) = of(&text);
        assert_eq!(trace.format, Format::FailureArchive);
        assert_eq!(sessions(&trace), expected);
        assert!(remarks[1].contains("1000000000.25"), "{remarks:?}");
    }
}

/// A host is up but for its failures, of which several may be at once.
#[test]
fn a_trace_of_failures_alone_is_turned_around() {
    let text = "0 0 7 0 n7 0 100 110 x\n1 1 7 0 n7 0 105 120 x\n2 0 8 0 n8 0 110 140 x\n3 0 7 0 n7 0 130 135 x\n";
    let (trace, remarks) = of(text);
    let expected = [vec![(20.0, 30.0), (35.0, -1.0)], vec![(0.0, 10.0)]];
    assert_eq!(sessions(&trace), expected);
    assert!(
        remarks.iter().any(|it| it.starts_with("only failures")),
        "{remarks:?}"
    );
}

#[test]
fn simulators_say_what_happens() {
    let text = "1 1 JOIN\n5 2 JOIN\n11 1 LEAVE\n50 2 PUT foo bar  baz\n60.5 2 GET foo\n70 1 JOIN\n7 9 CONNECT_NODETYPES 1 2\n";
    let (trace, remarks) = of(text);
    assert_eq!(trace.format, Format::Oversim);
    assert_eq!(
        sessions(&trace),
        [vec![(1.0, 11.0), (70.0, -1.0)], vec![(5.0, -1.0)]]
    );
    let put = Wish::Put {
        key: "foo".into(),
        value: "bar  baz".into(),
    };
    let asks: Vec<_> = trace
        .asks()
        .iter()
        .map(|ask| (ask.at.0, ask.host, ask.wish.clone()))
        .collect();
    let get = Wish::Get { key: "foo".into() };
    assert_eq!(asks, [(50_000_000_000, 1, put), (60_500_000_000, 1, get)]);
    assert_eq!(remarks[1], "lines with `CONNECT_NODETYPES`, passed over: 1");

    let text = "node 1 7 join wellknown=7\nobserve 10 numnodes=3\nnode 2500 8 Chord:0\nnode 3000 8 lookup key=ab12\n\
                node 4000 7 crash\nnode 4000 8 nodeevent\nsimulator 9000 exit\n";
    let (trace, _) = of(text);
    assert_eq!(trace.format, Format::P2psim);
    assert_eq!(sessions(&trace), [vec![(0.001, 4.0)], vec![(2.5, -1.0)]]);
    let key = "ab12".into();
    assert_eq!(trace.asks()[0].wish, Wish::Lookup { key });
}

/// Events count in the order of their times, whatever the order of the lines.
#[test]
fn lines_may_stand_in_any_order() {
    let (trace, _) = of("9 1 LEAVE\n20 1 LEAVE\n3 1 JOIN\n9 1 JOIN\n");
    assert_eq!(sessions(&trace), [vec![(3.0, 20.0)]]);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (text, line, column, told) in [
        ("", 1, 1, "the file has no data"),
        ("hello world\n", 1, 1, "no trace of churn"),
        ("a 2 0 1 2\n", 1, 1, "6 values"),
        ("a 1 0 1\nb 1 5 -3\n", 2, 7, "negative"),
        ("a 1 0 1\nb 1 5 3\n", 2, 5, "ends before it begins"),
        // Even where its end lies before the first beginning of all.
        (
            "1\t1\t1\t1\tn\t1\t200\t100\n1\t1\t2\t1\tn\t1\t300\t400\n",
            1,
            13,
            "ends before it begins",
        ),
        ("a 1 0 1\nb 1 5 x\n", 2, 7, "`x` is not a time"),
        ("a 1 0 1\nb 1 5 1e99\n", 2, 7, "10^10"),
        ("a 1 0 1\nb\n", 2, 1, "at least 2 values"),
        ("a 1 0 1\nb x\n", 2, 3, "not a number of sessions"),
        ("a 1 0 1\na 1 2 3\n", 2, 1, "has a line already"),
        (
            "a 2 0 5 3 9\n",
            1,
            9,
            "before another of the same host ends",
        ),
        ("a 1 3 3\n", 1, 1, "nobody is ever up"),
        ("1 1 JOIN\n2 1 JOIN\n", 2, 1, "it is there already"),
        ("1 1 JOIN\n2 2 LEAVE\n", 2, 1, "the node 2 goes"),
        ("1 1 JOIN\n2 2 GET x\n", 2, 1, "the node 2 asks"),
        ("1 1 JOIN\n2 1 PUT x\n", 2, 1, "needs a key and a value"),
        ("1 1 JOIN\n2 1 FLY\n", 2, 5, "`FLY` is not a known action"),
        ("1 1 JOIN\n2 1 GET a\u{1b}b\n", 2, 1, "<U+001B>"),
        ("node 1 1 join\nnode 2 1 insert\n", 2, 10, "`insert`"),
        ("node 1 1 join\nnode 2 1 lookup\n", 2, 1, "needs key="),
        (
            "0 0 7 0 n 1 10 20 x\n0 0 7 0 n 2 20 30 x\n",
            2,
            11,
            "type `2`",
        ),
        (
            "0 0 7 0 n 1 10 20 x\n0 0 7 0 n 1 15 30 x\n",
            2,
            13,
            "before another",
        ),
    ] {
        let error = of_format(text, None).unwrap_err();
        let InputError::Text(fault) = &error;
        let message = rendered(&error);
        assert!(message.contains(told), "{text}: {message}");
        assert_eq!(fault.place(), (line, column), "{text}: {message}");
    }
}

/// A format that is named is taken at its word.
#[test]
fn a_named_format_is_not_guessed() {
    let text = "0 0 7 0 n 1 10 20\n";
    assert!(of_format(text, Some(Format::Avt)).is_err());
    let (trace, _) = of_format(text, Some(Format::FailureArchive)).unwrap();
    assert_eq!(sessions(&trace), [vec![(0.0, -1.0)]]);
}

proptest! {
    /// Whatever a file holds: plain sessions in order, or a message.
    #[test]
    fn any_text_gives_sessions_or_a_message(text in "([a-z0-9.]{1,4}[ \t]){0,9}\n?(([0-9]{1,3}|JOIN|LEAVE|GET|PUT|node|join|crash)[ \n]){0,30}") {
        for format in [None, Some(Format::Avt), Some(Format::FailureArchive), Some(Format::P2psim), Some(Format::Oversim)] {
            match of_format(&text, format) {
                Ok((trace, _)) => {
                    for host in 0..trace.hosts() {
                        let sessions = trace.sessions_of(host);
                        prop_assert!(sessions.iter().all(|it| it.from < it.to));
                        prop_assert!(sessions.windows(2).all(|pair| pair[0].to < pair[1].from));
                    }
                }
                Err(error) => prop_assert!(!rendered(&error).is_empty()),
            }
        }
    }

    /// What is written as an .avt is read as it was.
    #[test]
    fn an_avt_comes_back(lives in prop::collection::vec(prop::collection::vec(1_u32..1000, 0..12), 1..20)) {
        let mut text = String::new();
        let mut expected = Vec::new();
        for (host, spans) in lives.iter().enumerate() {
            let (mut at, mut moments) = (0, Vec::new());
            for span in spans {
                at += span;
                moments.push(at);
            }
            moments.truncate(moments.len() / 2 * 2);
            let words: Vec<String> = moments.iter().map(ToString::to_string).collect();
            let line = [format!("h{host}"), (moments.len() / 2).to_string()];
            text.push_str(&[&line[..], &words].concat().join(" "));
            text.push('\n');
            expected.push(moments);
        }
        // Whoever is up at the end is seen to the end.
        text += "last 1 0 100000\n";
        expected.push(vec![0, 100_000]);
        let (trace, _) = of(&text);
        prop_assert_eq!(trace.hosts(), expected.len());
        for (host, moments) in expected.iter().enumerate() {
            let ns = |second: u32| if second == 100_000 { SimTime::MAX } else { SimTime(u64::from(second) * 1_000_000_000) };
            let read: Vec<SimTime> = trace.sessions_of(host).iter().flat_map(|it| [it.from, it.to]).collect();
            let written: Vec<SimTime> = moments.iter().map(|second| ns(*second)).collect();
            prop_assert_eq!(read, written);
        }
    }
}
