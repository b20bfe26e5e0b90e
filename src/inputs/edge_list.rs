//! A graph as an edge list in CSV: a header `from,to,latency_ms`, then one edge a line.
//!
//! Nodes have any names and are numbered from 0 as they first appear, edges from 0 line by line. Blank lines
//! and lines that begin with `#` are passed over. An edge is one line, so a name cannot hold a line's end; one
//! that holds a comma stands in double quotes. Several edges between two nodes, and edges from a node to
//! itself, are given as they are: what they mean, the reader does not judge.

use std::collections::BTreeMap;

use super::error::InputError;
use super::excerpt::shortened;
use super::fault::Fault;
use super::latency::{has_decimal_comma, latency_ms};
use super::text::TextFile;

/// The most nodes of a graph.
pub const NODES_MAX: usize = 1_000_000;
/// The most edges of a graph.
pub const EDGES_MAX: usize = 10_000_000;

const COLUMNS: [&str; 3] = ["from", "to", "latency_ms"];

/// What an edge list says: its nodes have names, its edges have ends and a latency.
#[derive(Debug)]
pub struct EdgeList<'a> {
    file: TextFile<'a>,
    nodes: Vec<Node<'a>>,
    edges: Vec<Edge>,
}

/// An edge of the file.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Edge {
    /// The numbers of the nodes it joins, in the order of the line.
    pub ends: [u32; 2],
    /// Its latency in milliseconds: finite, not negative, at most an hour.
    pub latency_ms: f64,
}

/// A node of the file.
#[derive(Debug)]
struct Node<'a> {
    name: String,
    /// Where it is first named.
    first: &'a str,
}

/// Reads an edge list.
///
/// # Errors
/// The first fault in the text, or that it is another format.
pub fn read(file: TextFile<'_>) -> Result<EdgeList<'_>, InputError> {
    if !is_csv(file) {
        let path = file.path().to_path_buf();
        return Err(InputError::UnsupportedFormat { path });
    }
    let mut lines = file.data_lines();
    let header = lines
        .next()
        .ok_or_else(|| file.fault(file.text(), Fault::Empty))?;
    if !fields(header).into_iter().map(unquoted).eq(COLUMNS) {
        return Err(file.fault(header, Fault::EdgeHeader));
    }
    let mut numbers = BTreeMap::new();
    let (mut nodes, mut edges) = (Vec::new(), Vec::new());
    for line in lines {
        let (ends, latency) = edge(file, line)?;
        let latency_ms = latency_ms(file, latency)?;
        let ends = ends.map(|first| {
            let name = unquoted(first);
            *numbers.entry(name.clone()).or_insert_with(|| {
                nodes.push(Node { name, first });
                u32::try_from(nodes.len() - 1).expect("no text names as many nodes")
            })
        });
        edges.push(Edge { ends, latency_ms });
        check_size(file, line, nodes.len(), edges.len())?;
    }
    if edges.is_empty() {
        return Err(file.fault(header, Fault::NoEdges));
    }
    Ok(EdgeList { file, nodes, edges })
}

/// Whether nodes and edges are as few as they may be; `line` is the last.
fn check_size(
    file: TextFile<'_>,
    line: &str,
    nodes: usize,
    edges: usize,
) -> Result<(), InputError> {
    if nodes > NODES_MAX {
        return Err(file.fault(line, Fault::TooManyHosts { most: NODES_MAX }));
    }
    if edges > EDGES_MAX {
        return Err(file.fault(line, Fault::TooManyEdges { most: EDGES_MAX }));
    }
    Ok(())
}

impl EdgeList<'_> {
    /// The names of the nodes, in the order of their numbers.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.nodes.iter().map(|node| &*node.name)
    }

    /// The edges, in the order of the file.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// Says that no path leads from one node to another, at the place where the other is first named: for
    /// who asks that the graph be connected.
    ///
    /// # Panics
    /// If there is no node of one of the numbers.
    #[must_use]
    pub fn not_connected(&self, from: u32, to: u32) -> InputError {
        let [from, to] = [from, to].map(|number| &self.nodes[number as usize]);
        let fault = Fault::Disconnected {
            from: shortened(&from.name),
            to: shortened(&to.name),
        };
        self.file.fault(to.first, fault)
    }
}

/// Whether this may be CSV at all, and not one of the other formats that graphs come in.
fn is_csv(file: TextFile<'_>) -> bool {
    let extension = file
        .path()
        .extension()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let other_name = ["graphml", "gml", "xml"]
        .iter()
        .any(|known| extension == *known);
    !other_name && !file.text().trim_start().starts_with('<')
}

/// The two ends of an edge, which have names, and its latency, all as they stand in the line.
fn edge<'a>(file: TextFile<'a>, line: &'a str) -> Result<([&'a str; 2], &'a str), InputError> {
    let fields = fields(line);
    if let [_, _, whole, fraction] = fields[..]
        && [whole, fraction].map(is_digits) == [true; 2]
    {
        let value = shortened(&format!("{whole},{fraction}"));
        return Err(file.fault(whole, Fault::DecimalCommaInEdges { value }));
    }
    let [from, to, latency] = fields[..] else {
        let found = all_fields(line).count();
        return Err(file.fault(line, Fault::EdgeFields { found }));
    };
    if has_decimal_comma(latency) {
        let value = shortened(latency);
        return Err(file.fault(latency, Fault::DecimalCommaInEdges { value }));
    }
    let ends = [from, to];
    match ends.into_iter().find(|end| unquoted(end).is_empty()) {
        Some(empty) => Err(file.fault(empty, Fault::EmptyName)),
        None => Ok((ends, latency)),
    }
}

/// The values of a line as they stand there, up to the first two too many.
fn fields(line: &str) -> Vec<&str> {
    all_fields(line).take(COLUMNS.len() + 2).collect()
}

/// All values of a line. A comma between double quotes divides nothing.
fn all_fields(line: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let divided = line.split(move |c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    });
    divided.map(str::trim)
}

fn is_digits(field: &str) -> bool {
    !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit())
}

/// A value without the quotes it may stand in; two of them within mean one.
fn unquoted(field: &str) -> String {
    let inner = field.strip_prefix('"').and_then(|f| f.strip_suffix('"'));
    inner.map_or_else(
        || field.to_owned(),
        |inner| inner.replace("\"\"", "\"").trim().to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::testing::{fault_of, rendered};

    fn read(text: &str) -> Result<EdgeList<'_>, InputError> {
        super::read(TextFile::new("g.csv".as_ref(), text))
    }

    /// Names, and edges as numbers of their ends and microseconds.
    fn parts<'a>(list: &'a EdgeList<'_>) -> (Vec<&'a str>, Vec<(u32, u32, u64)>) {
        let edge = |edge: &Edge| (edge.ends[0], edge.ends[1], (edge.latency_ms * 1e3) as u64);
        (
            list.names().collect(),
            list.edges().iter().map(edge).collect(),
        )
    }

    #[test]
    fn nodes_are_numbered_as_they_appear_and_every_edge_is_kept_as_it_stands() {
        let list = read(
            "# a square with a slow side\n\nfrom,to,latency_ms\nA,\"B, east\",1.5\nC ,\"B, east\", 2\n\
             C,D,4\nA,D,100\nA,D,90\nA,A,0\n",
        )
        .unwrap();
        let (names, edges) = parts(&list);
        assert_eq!(names, ["A", "B, east", "C", "D"]);
        let (ab, cb, cd) = ((0, 1, 1500), (2, 1, 2000), (2, 3, 4000));
        let twice = [(0, 3, 100_000), (0, 3, 90_000)];
        assert_eq!(edges, [ab, cb, cd, twice[0], twice[1], (0, 0, 0)]);
    }

    /// A line that begins with blanks and `#` was once taken for an edge, with the next line's latency.
    #[test]
    fn blanks_around_comments_and_names_and_in_blank_lines_mean_nothing() {
        let list = read(
            "  # indented\n from , to,\"latency_ms\"\n\t\n # A,B,5\n\"A \",B,7\n B,\"say \"\"C\"\"\",2\n  ",
        )
        .unwrap();
        let (names, edges) = parts(&list);
        assert_eq!(names, ["A", "B", "say \"C\""]);
        assert_eq!(edges, [(0, 1, 7000), (1, 2, 2000)]);
        let list = read("from,to,latency_ms\n\"a\"\"b\",\",\",0").unwrap();
        assert_eq!(parts(&list).0, ["a\"b", ","]);
    }

    #[test]
    fn every_fault_is_found_at_its_place() {
        let value = |text: &str| text.to_owned();
        let with_header = |rest| format!("from,to,latency_ms\n{rest}");
        for (text, place, fault) in [
            (String::new(), (1, 1), Fault::Empty),
            (value("# only this\n"), (1, 1), Fault::Empty),
            (value("A,B,5\n"), (1, 1), Fault::EdgeHeader),
            (
                value("\n# x\nfrom;to;latency_ms\n"),
                (3, 1),
                Fault::EdgeHeader,
            ),
            (with_header(""), (1, 1), Fault::NoEdges),
            (with_header("A,B\n"), (2, 1), Fault::EdgeFields { found: 2 }),
            (
                with_header("A,B,5\n\n# c\nA,B,C,6"),
                (5, 1),
                Fault::EdgeFields { found: 4 },
            ),
            (
                with_header("A,B,5\nA,B,5,6"),
                (3, 5),
                Fault::DecimalCommaInEdges {
                    value: value("5,6"),
                },
            ),
            (
                with_header("A,B,\"5,6\"\n"),
                (2, 5),
                Fault::DecimalCommaInEdges {
                    value: value("\"5,6\""),
                },
            ),
            (
                with_header("A,B,n/a\n"),
                (2, 5),
                Fault::Unmeasured {
                    value: value("n/a"),
                },
            ),
            (with_header("A,B,5\nC, ,5\n"), (3, 3), Fault::EmptyName),
            (with_header("A,\" \",5\n"), (2, 3), Fault::EmptyName),
            (
                with_header("\"A\nB\",C,5\n"),
                (2, 1),
                Fault::EdgeFields { found: 1 },
            ),
            (with_header("  \n  "), (1, 1), Fault::NoEdges),
            (
                with_header("\"A,a\",\u{df},5ms\n"),
                (2, 9),
                Fault::NotANumber {
                    value: value("5ms"),
                },
            ),
            (with_header("A,B,\n"), (2, 5), Fault::MissingValue),
            (
                with_header("A,B,5\r\nB,C, -5\r\n"),
                (3, 6),
                Fault::Negative { value: value("-5") },
            ),
            (
                with_header("A,B,NaN"),
                (2, 5),
                Fault::NotFinite {
                    value: value("NaN"),
                },
            ),
            (
                with_header("A,B,3600001"),
                (2, 5),
                Fault::TooLarge {
                    value: value("3600001"),
                },
            ),
        ] {
            let error = read(&text).expect_err(&text);
            assert_eq!(fault_of(&error), (place, &fault), "{text:?}");
            assert!(rendered(&error).contains(&format!("g.csv:{}:{}", place.0, place.1)));
        }
    }

    #[test]
    fn nodes_without_a_path_are_named_where_the_second_first_stands() {
        let list = read("from,to,latency_ms\nA,B,1\nY,\"X, z\",1\nB,C,1\n").unwrap();
        let error = list.not_connected(0, 3);
        let told = "g.csv, line 3, column 3: no path leads from `A` to `X, z`";
        assert_eq!(error.to_string(), told);
        let help = rendered(&error);
        assert!(help.contains("add the missing edges"), "{help}");
    }

    #[test]
    fn other_formats_are_told_what_is_read() {
        for (path, text) in [
            ("a.graphml", ""),
            ("a.GML", "graph ["),
            ("a.csv", " <?xml ?>"),
        ] {
            let error = super::read(TextFile::new(path.as_ref(), text))
                .err()
                .unwrap();
            assert!(
                matches!(error, InputError::UnsupportedFormat { .. }),
                "{error}"
            );
            assert!(rendered(&error).contains("from,to,latency_ms"));
        }
    }
}
