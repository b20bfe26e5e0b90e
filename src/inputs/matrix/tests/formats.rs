//! Small files of every format, with the square that a person sees in them.

use super::*;

/// Two hosts, 1.5 ms there and 2 ms back.
const TWO: [[f64; 2]; 2] = [[0.0, 1.5], [2.0, 0.0]];
/// Three hosts, the same in both directions.
const THREE: [[f64; 3]; 3] = [[0.0, 1.5, 2.0], [1.5, 0.0, 3.25], [2.0, 3.25, 0.0]];

/// Reads a text, and checks its names and what was said.
fn is<const N: usize>(text: &str, rows: [[f64; N]; N], names: &str, remarks: &str) {
    let hosts = read(text).unwrap_or_else(|error| panic!("{text:?}: {}", rendered(&error)));
    assert_eq!(square(&hosts), rows, "{text:?}");
    assert_eq!(hosts.names.join(" "), names, "{text:?}");
    assert_eq!(said(&hosts), remarks, "{text:?}");
}

#[test]
fn a_square_of_numbers_is_divided_by_anything() {
    for text in [
        "0 1.5\n2 0",
        "0\t1.5\n2\t0\n",
        "0,1.5\r\n2,0\r\n",
        "\u{feff}# from, to\n\n0 , 1.5\n  2e0,\t0  \n\n",
        "0, 1.5\n2, 0",
        "0\t 1.5\n2\t 0",
        "0;1.5\n2;0\n",
        "\"0\",\"1.5\"\n\"2\",\"0\"",
    ] {
        is(text, TWO, "", "");
    }
    for text in [
        "0;1,5\n2;0",
        "0\t1,5\n2,0\t0",
        "0 1,5\n2 0",
        "0 1,5\n2,0 0",
        "0,\"1,5\"\n2,0",
    ] {
        is(text, TWO, "", "decimal commas");
    }
    // A comma at the end of each line divides nothing.
    is("0,1.5,\n2,0,\n", TWO, "", "");
    // Squares that begin with 0 and 1, and one with commas and blanks, are squares.
    is("0 1\n1 0", [[0.0, 1.0], [1.0, 0.0]], "", "");
    is(
        "0,1 2\n1,0 2\n 2,2 0",
        [[0.0, 1.0, 2.0], [1.0, 0.0, 2.0], [2.0, 2.0, 0.0]],
        "",
        "",
    );
    is("5", [[5.0]], "", "");
}

#[test]
fn names_stand_in_the_first_row_or_column_or_both() {
    let both = "names in the first row and column";
    is(",a,b\na,0,1.5\nb,2,0\n", TWO, "a b", both);
    is("to/from,a,b\na,0,1.5\nb,2,0\n", TWO, "a b", both);
    is("  a b\na 0 1.5\nb 2 0\n", TWO, "a b", both);
    is(
        "\"\";\"New York\";\"b\"\n\"New York\";0;1,5\n\"b\";2;0\n",
        TWO,
        "New York b",
        &format!("{both}, decimal commas"),
    );
    is("a b\n0 1.5\n2 0\n", TWO, "a b", "names in the first row");
    is("a 0 1.5\nb 2 0\n", TWO, "a b", "names in the first column");
    is(
        "\"New York\" 0 1.5\nb 2 0\n",
        TWO,
        "New York b",
        "names in the first column",
    );
    // North America is no missing value.
    is(",NA,EU\nNA,0,1.5\nEU,2,0\n", TWO, "NA EU", both);
    is(
        "NA 0 1.5\nEU 2 0\n",
        TWO,
        "NA EU",
        "names in the first column",
    );
    // Names of columns over rows that pandas has numbered.
    is(",a,b\n0,0,1.5\n1,2,0\n", TWO, "a b", both);
}

#[test]
fn a_table_of_markdown_is_one_with_bars() {
    let text = "|   | a | b |\n|---|--:|:-:|\n| a | - | 1.5 |\n| b | 2 |  |\n";
    is(
        text,
        TWO,
        "a b",
        "a table of Markdown, names in the first row and column",
    );
    is("| 0 | 1.5 |\n| 2 | 0 |", TWO, "", "a table of Markdown");
    is(
        "a | b\n--|--\n0 | 1.5\n2 | 0\n",
        TWO,
        "a b",
        "a table of Markdown, names in the first row",
    );
}

#[test]
fn what_pandas_writes_around_the_square_is_taken_for_what_it_is() {
    let both = "numbers of the hosts in the first row and column";
    is(",0,1\n0,0.0,1.5\n1,2.0,0.0\n", TWO, "0 1", both);
    is("\t0\t1\n0\t0.0\t1.5\n1\t2.0\t0.0\n", TWO, "0 1", both);
    is("     0    1\n0  0.0  1.5\n1  2.0  0.0\n", TWO, "0 1", both);
    is(",1,2\n1,0.0,1.5\n2,2.0,0.0\n", TWO, "1 2", both);
    is(
        "0,1\n0.0,1.5\n2.0,0.0\n",
        TWO,
        "0 1",
        "numbers of the hosts in the first row",
    );
    is(
        "0,0.0,1.5\n1,2.0,0.0\n",
        TWO,
        "0 1",
        "numbers of the hosts in the first column",
    );
}

#[test]
fn one_triangle_is_both() {
    let lower = "the triangle below the diagonal, taken for both directions";
    is("0\n1.5 0\n2 3.25 0\n", THREE, "", lower);
    is("1.5\n2 3.25\n", THREE, "", lower);
    is("-\n1.5 -\n2 3.25 -\n", THREE, "", lower);
    let upper = "the triangle above the diagonal, taken for both directions";
    is("0 1.5 2\n0 3.25\n0\n", THREE, "", upper);
    is("1.5 2\n3.25\n", THREE, "", upper);
    let named =
        "names in the first column, the triangle below the diagonal, taken for both directions";
    is("a\nb 1.5\nc 2 3.25\n", THREE, "a b c", named);
    is("a 0\nb 1.5 0\nc 2 3.25 0\n", THREE, "a b c", named);
    // PHYLIP's, with the number of its sequences.
    is(
        "3\na\nb 1.5\nc 2 3.25\n",
        THREE,
        "a b c",
        &format!("the first line taken for the number of hosts, {named}"),
    );
    let upper_named = "names in the first row and column, the triangle above the diagonal, taken for both directions";
    is(
        ",b,c\na,1.5,2\nb,3.25\n"
            .replace(",b,c", ",a,b,c")
            .replace("a,1.5,2\nb,3.25", "a,0,1.5,2\nb,0,3.25\nc,0")
            .as_str(),
        THREE,
        "a b c",
        upper_named,
    );
    // The rest of the square is empty, or zero as numpy.triu leaves it.
    let one = "given in one direction and taken for both";
    is("0,1.5,2\n,0,3.25\n,,0\n", THREE, "", one);
    is(",,\n1.5,,\n2,3.25,\n", THREE, "", one);
    let below = "nothing but zeros below the diagonal, so that what stands above is taken for both directions";
    is("0 1.5 2\n0 0 3.25\n0 0 0\n", THREE, "", below);
    let above = "nothing but zeros above the diagonal, so that what stands below is taken for both directions";
    is("0 0 0\n1.5 0 0\n2 3.25 0\n", THREE, "", above);
}

#[test]
fn the_first_line_may_say_how_many_hosts_there_are() {
    let counted = "the first line taken for the number of hosts";
    is("2\n0 1.5\n2 0\n", TWO, "", counted);
    is(
        "3\n0\n1.5 0\n2 3.25 0\n",
        THREE,
        "",
        &format!("{counted}, the triangle below the diagonal, taken for both directions"),
    );
    is(
        "3\n1.5 2\n3.25\n",
        THREE,
        "",
        &format!("{counted}, the triangle above the diagonal, taken for both directions"),
    );
}

#[test]
fn units_stand_in_the_cells_or_beside_the_file() {
    let units = "units as they stand in the cells";
    is("0ms 1.5ms\n2ms 0ms", TWO, "", units);
    is("0 1.5 ms\n2000 us 0", TWO, "", units);
    is("0,1.5 ms\n0.002 s,0", TWO, "", units);
    is("0,1500\u{b5}s\n2000 \u{3bc}s,0", TWO, "", units);
    for (unit, text) in [(Unit::Us, "0 1500\n2000 0"), (Unit::S, "0 0.0015\n.002 0")] {
        let missing = Missing::Refuse;
        assert_eq!(
            square(&read_with(text, Reading { unit, missing }).unwrap()),
            TWO
        );
    }
}

#[test]
fn a_list_of_pairs_goes_by_names_or_numbers() {
    let list = "a list of pairs, given in one direction and taken for both";
    is("a b 1.5\na c 2\nb c 3.25\n", THREE, "a b c", list);
    is("1 2 1.5\n1 3 2\n2 3 3.25\n", THREE, "1 2 3", list);
    is("0,2,2\n1,0,1.5\n2,1,3.25\n", THREE, "0 1 2", list);
    is("3\n1 2 1.5\n1 3 2\n2 3 3.25\n", THREE, "1 2 3", list);
    is("1,2 1.5\n1,3 2\n2,3 3.25\n", THREE, "1 2 3", list);
    is("0 1 1.5\n1 0 2\n", TWO, "0 1", "a list of pairs");
    is(
        "0 1 1.5\n1 0 2\n0 0 0\n1 1 0\n",
        TWO,
        "0 1",
        "a list of pairs",
    );
    // Numbers are put in order, and names are not.
    is("10 9 2\n9 10 1.5\n", TWO, "9 10", "a list of pairs");
    is("b a 1.5\na b 2\n", TWO, "b a", "a list of pairs");
    is(
        "one,other,wait\nb,a,1.5\na,b,2\n",
        TWO,
        "b a",
        "a list of pairs",
    );
    is(
        "from,to,ms\na,b,1.5\nb,a,2\n",
        TWO,
        "a b",
        "a list of pairs, latencies in the column `ms`",
    );
    is(
        "from,to,rtt\n0,1,1.5\n0,2,2\n1,2,3.25\n",
        THREE,
        "0 1 2",
        "a list of pairs, latencies in the column `rtt`, given in one direction and taken for both",
    );
    is(
        "source;dest;loss;latency_us\na;b;0;1500\nb;a;0;2000\n",
        TWO,
        "a b",
        "a list of pairs, latencies in the column `latency_us`, in the unit that the header names",
    );
    // As WonderNetwork has pings of one day: the mean of 1 and 2 is 1.5.
    let pings = "source,destination,timestamp,min,avg,max,mdev\n\
                 4,7,2020-07-19 00:00,0.5,1,9,1\n4,7,2020-07-19 01:00,1.5,2,9,1\n7,4,2020-07-19 00:00,1,2,9,1\n";
    let told = "a list of pairs, latencies in the column `avg`, 1 pair given several times, of which the mean is taken";
    is(pings, TWO, "4 7", told);
}

#[test]
fn what_is_missing_is_filled_in_as_asked() {
    let text = "0 1.5 NA\n2 0 4\n3 -1 0\n";
    let symmetric = read_with(text, reading(Missing::Symmetric)).unwrap();
    assert_eq!(
        square(&symmetric),
        [[0.0, 1.5, 3.0], [2.0, 0.0, 4.0], [3.0, 4.0, 0.0]]
    );
    assert_eq!(
        said(&symmetric),
        "2 missing latencies taken from the other direction"
    );
    // 1.5, 2, 3 and 4: the upper of the two in the middle.
    let median = read_with(text, reading(Missing::Median)).unwrap();
    assert_eq!(
        square(&median),
        [[0.0, 1.5, 3.0], [2.0, 0.0, 4.0], [3.0, 3.0, 0.0]]
    );
    assert_eq!(
        said(&median),
        "2 missing latencies taken as the median of the others, 3 ms"
    );
    for sign in ["nan", "-", "\u{2014}", "n/a", "NULL", "*", "-1", "-1.0"] {
        let text = format!("0 1.5 {sign}\n2 0 4\n3 {sign} 0\n");
        assert_eq!(
            square(&read_with(&text, reading(Missing::Median)).unwrap()),
            square(&median)
        );
    }
    assert_eq!(
        square(&read_with("0,1.5,\n2,0,4\n3, ,0\n", reading(Missing::Median)).unwrap()),
        square(&median)
    );
    // Nothing is missing: no host is any way from itself.
    for diagonal in ["-", "NA", "-1", "nan"] {
        is(&format!("{diagonal} 1.5\n2 {diagonal}"), TWO, "", "");
    }
    is(",1.5\n2,\n", TWO, "", "");
}

/// Retyped from p2psim's own format; its comments say nothing of what `-1` and 0 mean beyond "not measured" and none.
#[test]
fn topologies_of_p2psim_are_read() {
    let text = "topology E2EGraph 3\nfailure_model NullFailureModel\n\nnode 1\nnode 2\nnode 3\n1,2 1.5\n1,3 2\n2,3 3.25\n";
    let told = "an end-to-end topology of p2psim, given in one direction and taken for both";
    is(text, THREE, "1 2 3", told);
    let holed = text.replace("3.25", "-1");
    let median = read_with(&holed, reading(Missing::Median)).unwrap();
    assert_eq!(
        square(&median),
        [[0.0, 1.5, 2.0], [1.5, 0.0, 2.0], [2.0, 2.0, 0.0]]
    );
    let points = read("topology Euclidean\nfailure_model NullFailureModel\n\n1 0,0\n# comment\n2 3,4 Chord\n3 -1.5,0\n").unwrap();
    let coordinates = vec![0.0, 0.0, 3.0, 4.0, -1.5, 0.0];
    let dimensions = 2;
    assert_eq!(
        points.distances,
        Distances::Points {
            dimensions,
            coordinates
        }
    );
    assert_eq!(points.names, ["1", "2", "3"]);
    assert_eq!(
        said(&points),
        "points of p2psim, 1 ms one way for each unit of distance"
    );
}

#[test]
fn coordinates_of_oversim_are_read() {
    let text = "<?xml version=\"1.0\"?>\n<nodelist dimensions=\"3\" rootnodes=\"0\">\n\
                <!-- <node><coord>9</coord></node> -->\n\
                <node id=\"1\" isroot=\"0\"><coord>1</coord> <coord>2.5</coord><coord>-3e1</coord></node>\n\
                <node>\n  <coord>0</coord>\n  <coord>0</coord>\n  <coord> 4 </coord>\n</node>\n</nodelist>\n";
    let hosts = read(text).unwrap();
    let coordinates = vec![1.0, 2.5, -30.0, 0.0, 0.0, 4.0];
    let dimensions = 3;
    assert_eq!(
        (hosts.count, hosts.distances),
        (
            2,
            Distances::Points {
                dimensions,
                coordinates
            }
        )
    );
}
