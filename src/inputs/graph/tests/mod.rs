//! Tests of the readers of graphs: tables of edges, the other formats, and whatever text there may be.

mod any;
mod formats;
mod tables;

use super::*;
use crate::inputs::testing::{fault_of, rendered};

fn read(text: &str) -> Result<Graph<'_>, InputError> {
    super::read(TextFile::new("g.csv".as_ref(), text), Reading::default())
}

/// Names, and edges as numbers of their ends and microseconds.
type Parts = (Vec<String>, Vec<(u32, u32, Option<u64>)>);

fn parts(graph: &Graph<'_>) -> Parts {
    let edge = |edge: &Edge| {
        let us = edge.latency_ms().map(|ms| (ms * 1e3).round() as u64);
        (edge.ends[0], edge.ends[1], us)
    };
    let names = graph.nodes().iter().map(|node| node.name.to_string());
    (names.collect(), graph.edges().iter().map(edge).collect())
}

/// Names and edges of a text that can be read.
fn parts_of(text: &str) -> Parts {
    let graph = read(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    parts(&graph)
}

/// What the reader said of a text, in one line.
fn said(text: &str) -> String {
    let graph = read(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    let said: Vec<&str> = graph.remarks().iter().collect();
    said.join("; ")
}

/// That a text is refused at this line and column, with these words in the message and its help.
fn refused(text: &str, place: (usize, usize), words: &str) {
    let error = read(text).expect_err(text);
    assert_eq!(fault_of(&error).0, place, "{text:?}: {error}");
    let told = rendered(&error)
        .replace("\n  │", "")
        .replace("\n        ", " ");
    assert!(told.contains(words), "{text:?}: {told}");
    assert!(
        told.contains(&format!("g.csv:{}:{}", place.0, place.1)),
        "{told}"
    );
    assert!(told.contains("help:"), "{told}");
}
