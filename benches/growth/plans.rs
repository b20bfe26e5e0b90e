//! Which runs the tables consist of. Most have between four and some twenty million messages.

use super::cell::Cell;

/// A cell and what it is called in its table.
pub(crate) struct Row {
    /// What differs from other rows with as many nodes.
    pub labels: Vec<String>,
    pub cell: Cell,
}

impl Row {
    fn new(label: Option<&str>, nodes: u32, seconds: u32, set: &[&str]) -> Self {
        Self {
            labels: label.into_iter().map(str::to_owned).collect(),
            cell: Cell {
                nodes,
                seconds,
                set: set.iter().map(|&option| option.to_owned()).collect(),
            },
        }
    }

    /// For those who wait.
    pub(crate) fn name(&self) -> String {
        let nodes = format!("{} nodes", self.cell.nodes);
        let parts = self.labels.iter().cloned().chain([nodes]);
        parts.collect::<Vec<_>>().join(", ")
    }
}

/// Rings that are converged and at rest, from small to large.
pub(crate) fn sizes(ten_million: bool) -> Vec<Row> {
    let sizes = [
        (1_000, 5_000),
        (10_000, 600),
        (100_000, 80),
        (1_000_000, 40),
        (10_000_000, 16),
    ];
    let wanted = if ten_million { 5 } else { 4 };
    let rows = sizes.iter().take(wanted);
    rows.map(|&(nodes, seconds)| Row::new(None, nodes, seconds, &[]))
        .collect()
}

/// The variants in `scenarios/bench/`, two sizes of each but of the nodes that join: if so many join in a
/// short time, hardly anybody has fingers and a run takes minutes.
pub(crate) fn variants() -> Vec<Row> {
    // Everybody has joined after half of the time.
    let join = ["overlay.start=join", "overlay.join_window=300s"];
    let of_size = |(nodes, seconds)| {
        [
            Row::new(Some("converged"), nodes, seconds, &[]),
            Row::new(Some("churn"), nodes, seconds, &["churn.model=sessions"]),
            Row::new(Some("plane"), nodes, seconds, &["network.model=plane"]),
        ]
    };
    let sizes = [(10_000, 600), (100_000, 80)];
    let join = Row::new(Some("join"), sizes[0].0, sizes[0].1, &join);
    std::iter::once(join)
        .chain(sizes.into_iter().flat_map(of_size))
        .collect()
}

/// From nobody who goes to everybody who goes after five minutes on average.
pub(crate) fn churn() -> Vec<Row> {
    let sessions = |mean: &str| {
        let of =
            |what| format!("churn.sessions.{what}={{ exponential = {{ mean = \"{mean}\" }} }}");
        let set = ["churn.model=sessions".to_owned(), of("up"), of("down")];
        let set = set.each_ref().map(String::as_str);
        Row::new(Some(mean), 10_000, 600, &set)
    };
    let off = Row::new(Some("off"), 10_000, 600, &[]);
    let with = ["8h", "1h", "15m", "5m"].map(sessions);
    std::iter::once(off).chain(with).collect()
}

/// Short and long successor lists.
pub(crate) fn successors() -> Vec<Row> {
    let row = |length: &str| {
        let set = format!("chord.successors={length}");
        Row::new(Some(length), 100_000, 80, &[&set])
    };
    ["4", "8", "16", "32"].map(row).into()
}

/// Runs whose health is looked at once, and how many milliseconds apart it is looked at to see what that
/// costs.
pub(crate) fn health() -> Vec<(Cell, u32)> {
    let sizes = [
        (10_000, 600, 1000),
        (100_000, 80, 1000),
        (1_000_000, 20, 50),
    ];
    let cell = |(nodes, seconds, every)| (Row::new(None, nodes, seconds, &[]).cell, every);
    sizes.map(cell).into()
}
