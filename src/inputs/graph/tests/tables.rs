//! Tests of tables of edges.

use super::*;

#[test]
fn nodes_are_numbered_as_they_appear_and_every_edge_is_kept_as_it_stands() {
    let (names, edges) = parts_of(
        "# a square with a slow side\n\nfrom,to,latency_ms\nA,\"B, east\",1.5\nC ,\"B, east\", 2\n\
         C,D,4\nA,D,100\nA,D,90\nA,A,0\n",
    );
    assert_eq!(names, ["A", "B, east", "C", "D"]);
    let first = [(0, 1, Some(1500)), (2, 1, Some(2000)), (2, 3, Some(4000))];
    let twice = [(0, 3, Some(100_000)), (0, 3, Some(90_000))];
    assert_eq!(edges[..3], first);
    assert_eq!(edges[3..5], twice);
    assert_eq!(edges[5..], [(0, 0, Some(0))]);
}

/// A line that begins with blanks and `#` was once taken for an edge, with the next line's latency.
#[test]
fn blanks_around_comments_and_names_and_in_blank_lines_mean_nothing() {
    let (names, edges) = parts_of(
        "  # indented\n from , to,\"latency_ms\"\n\t\n # A,B,5\n\"A \",B,7\n B,\"say \"\"C\"\"\",2\n  ",
    );
    assert_eq!(names, ["A", "B", "say \"C\""]);
    assert_eq!(edges, [(0, 1, Some(7000)), (1, 2, Some(2000))]);
    let (names, _) = parts_of("from,to,latency_ms\n\"a\"\"b\",\",\",0");
    assert_eq!(names, ["a\"b", ","]);
}

/// One edge from A to B of 2.738 ms, as people write it.
#[test]
fn columns_have_many_names_orders_dividers_and_units() {
    for text in [
        "A,B,2.738",
        "A B 2.738\n",
        "A\tB\t2,738",
        "A;B;2,738\n",
        "\"A\" \"B\"  2.738ms",
        "from to latency\nA B 2.738",
        "source,target,weight\nA,B,2.738",
        "id;src;dst;Latency (us)\n7;A;B;2738\n",
        "Source\tDestination\tdelay_s\nA\tB\t0.002738\n",
        "node1,node2,rtt_ms\nA,B,5.476\n",
        "a,b,latency\nA,B,2738 us\n",
        "a b rtt\nA B \"5.476 ms\"\n",
        "weight,latency,u,v\n9,2.738,A,B\n",
        "# from to ms\nA B 2.738 \n",
        "A,B,0.002738 s\n",
        "A,B,2738\u{b5}s\n",
    ] {
        let (names, edges) = parts_of(text);
        assert_eq!(names, ["A", "B"], "{text:?}");
        assert_eq!(edges, [(0, 1, Some(2738))], "{text:?}");
    }
}

/// Lines of Rocketfuel's maps: names with commas, divided by blanks.
#[test]
fn what_divides_the_columns_is_what_makes_sense_of_the_first_line() {
    let (names, edges) = parts_of("Darwin,+Australia1837 Perth,+Australia4160 15\n");
    assert_eq!(names, ["Darwin,+Australia1837", "Perth,+Australia4160"]);
    assert_eq!(edges, [(0, 1, Some(15_000))]);
    let (names, _) = parts_of("New York,San Jose,30\n");
    assert_eq!(names, ["New York", "San Jose"]);
    let (names, edges) = parts_of("Berlin, Germany;Paris, France\n");
    assert_eq!(names, ["Berlin, Germany", "Paris, France"]);
    assert_eq!(edges, [(0, 1, None)]);
}

#[test]
fn a_latency_that_is_not_known_is_none() {
    for cell in ["", "-", "NA", "n/a", "\"\""] {
        let text = format!("from,to,latency_ms\nA,B,{cell}\nB,C,1\n");
        let graph = read(&text).unwrap();
        assert_eq!(graph.edges()[0].latency_ms(), None, "{cell:?}");
        let told = graph.no_latency(0).to_string();
        assert!(
            told.starts_with("g.csv, line 2, column 5: this edge has no latency"),
            "{told}"
        );
    }
}

#[test]
fn the_column_and_the_unit_that_the_scenario_names_count() {
    let with = |text: &'static str, latency, unit| {
        let reading = Reading {
            latency,
            unit,
            weight: None,
        };
        super::super::read(TextFile::new("g.csv".as_ref(), text), reading)
    };
    let text = "from,to,latency_ms,Cost (us)\nA,B,1,7000\n";
    let ms = |latency, unit| with(text, latency, unit).unwrap().edges()[0].latency_ms();
    assert_eq!(ms("latency", None), Some(1.0));
    assert_eq!(ms("cost (us)", None), Some(7.0));
    assert_eq!(
        ms("latency", Some(Unit::S)),
        Some(1000.0),
        "the key counts more than the name"
    );
    let error = with(text, "ping", None).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("no edge has a latency in `ping`"),
        "{error}"
    );
    let bare = with("A,B,1500\n", "latency", Some(Unit::Us)).unwrap();
    assert_eq!(bare.edges()[0].latency_ms(), Some(1.5));
}

#[test]
fn what_the_file_was_taken_for_is_said() {
    assert_eq!(
        said("from,to,latency_ms\nA,B,1\n"),
        "read as a table of edges, its columns divided by commas; latencies in ms"
    );
    assert_eq!(
        said("A\tB\t5\nB\tA\t5\nB\tB\t1\n"),
        "read as a table of edges, its columns divided by tabs without a header: from, to, latency; latencies in ms; \
         1 edges from a node to itself are passed over; 1 edges stand beside another between the same nodes: the \
         fastest counts"
    );
    assert_eq!(
        said("src;dst;RTT (us)\nA;B;1\n"),
        "read as a table of edges, its columns divided by semicolons: `src`, `dst`, `RTT (us)`; latencies as round \
         trips in us, halved for one way"
    );
}

#[test]
fn every_fault_is_found_at_its_place() {
    let with_header = |rest: &str| format!("from,to,latency_ms\n{rest}");
    for (text, place, words) in [
        ("", (1, 1), "the file has no data"),
        ("# only this\n", (1, 1), "the file has no data"),
        ("hello\n", (1, 1), "neither an edge nor a header"),
        ("# x\nx,y,z\nA,B,1\n", (2, 1), "`from,to,latency_ms`"),
        ("A B C 5\n", (1, 1), "neither an edge nor a header"),
        (
            "\n# x\nfrom;to;latency_ms\n",
            (3, 1),
            "the graph has no edges",
        ),
    ] {
        refused(text, place, words);
    }
    for (rest, place, words) in [
        ("", (1, 1), "the graph has no edges"),
        ("  \n  ", (1, 1), "the graph has no edges"),
        ("A,B\n", (2, 1), "an edge has 3 values, this line has 2"),
        ("A,B,5\n\n# c\nA,B,C,6", (5, 1), "this line has 4"),
        ("A,B,5\nA,B,5,6", (3, 5), "`5,6` has a decimal comma"),
        ("A,B,\"5,6\"\n", (2, 5), "`\"5,6\"` has a decimal comma"),
        ("A,B,5\nC, ,5\n", (3, 3), "name is empty"),
        ("A,\" \",5\n", (2, 3), "name is empty"),
        ("\"A\nB\",C,5\n", (2, 1), "this line has 1"),
        ("\"A,a\",\u{df},5 km\n", (2, 9), "`5 km` is not a number"),
        ("A,B,5\r\nB,C, -5\r\n", (3, 6), "`-5` is negative"),
        ("A,B,NaN", (2, 5), "`NaN` is not finite"),
        ("A,B,inf s", (2, 5), "`inf s` is not finite"),
        ("A,B,3600001", (2, 5), "more than an hour"),
        ("A,B,3601 s", (2, 5), "more than an hour"),
    ] {
        refused(&with_header(rest), place, words);
    }
}

#[test]
fn nodes_without_a_path_are_named_where_the_second_first_stands() {
    let graph = read("from,to,latency_ms\nA,B,1\nY,\"X, z\",1\nB,C,1\n").unwrap();
    let error = graph.not_connected(0, 3);
    let told = "g.csv, line 3, column 3: no path leads from `A` to `X, z`";
    assert_eq!(error.to_string(), told);
    let help = rendered(&error);
    assert!(help.contains("add the missing edges"), "{help}");
}
