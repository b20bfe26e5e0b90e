//! How a metric follows from the files with many rows per run, in a line of Python with pandas. A test runs each of
//! them and compares.

/// A column of `lookups.csv` over the lookups that were answered rightly.
macro_rules! of_ok {
    ($column:literal, $what:literal) => {
        concat!(
            "pd.read_csv('lookups.csv').query(\"outcome == 'ok'\")\\\n  .groupby('run').",
            $column,
            ".",
            $what
        )
    };
}

/// A percentile by the nearest rank.
macro_rules! percentile {
    ($column:literal, $percent:literal) => {
        concat!(
            "pd.read_csv('lookups.csv').query(\"outcome == 'ok'\")\\\n  .groupby('run').",
            $column,
            ".apply(\n  lambda x: x.sort_values().iloc[-(-len(x) * ",
            $percent,
            " // 100) - 1])"
        )
    };
}

/// How many lookups have this in a column.
macro_rules! lookups {
    ($column:literal, $value:literal) => {
        concat!(
            "pd.read_csv('lookups.csv')\\\n  .groupby('run').",
            $column,
            ".agg(lambda x: (x == '",
            $value,
            "').sum())"
        )
    };
}

/// The sum of a column of `timeline.csv`.
macro_rules! timeline {
    ($column:literal) => {
        concat!(
            "pd.read_csv('timeline.csv').groupby('run').",
            $column,
            ".sum()"
        )
    };
}

/// How many operations are of this kind.
macro_rules! operations {
    ($kind:literal) => {
        concat!(
            "pd.read_csv('operations.csv')\\\n  .groupby('run').kind.agg(lambda x: (x == '",
            $kind,
            "').sum())"
        )
    };
}

const WAYS: &[(&str, &str)] = &[
    (
        "lookups",
        "pd.read_csv('lookups.csv').groupby('run').size()",
    ),
    ("ok", lookups!("outcome", "ok")),
    ("wrong", lookups!("outcome", "wrong")),
    ("failed", lookups!("outcome", "failed")),
    (
        "success_rate",
        "pd.read_csv('lookups.csv')\\\n  .groupby('run').outcome.agg(lambda x: (x == 'ok').mean())",
    ),
    ("hops_mean", of_ok!("hops", "mean()")),
    ("hops_p50", percentile!("hops", "50")),
    ("hops_p95", percentile!("hops", "95")),
    ("hops_p99", percentile!("hops", "99")),
    ("hops_max", of_ok!("hops", "max()")),
    (
        "path_length_mean",
        of_ok!("hops", "agg(lambda x: (x - 1).clip(lower=0).mean())"),
    ),
    ("latency_ms_mean", of_ok!("latency_ms", "mean()")),
    ("latency_ms_p50", percentile!("latency_ms", "50")),
    ("latency_ms_p95", percentile!("latency_ms", "95")),
    ("latency_ms_p99", percentile!("latency_ms", "99")),
    ("stretch_mean", of_ok!("stretch", "mean()")),
    (
        "timeouts_mean",
        "pd.read_csv('lookups.csv').groupby('run').timeouts.mean()",
    ),
    ("failed_timeout", lookups!("reason", "timeout")),
    ("failed_dropped", lookups!("reason", "dropped")),
    ("failed_asker_gone", lookups!("reason", "asker-gone")),
    ("failed_nobody_left", lookups!("reason", "nobody-left")),
    ("joins", timeline!("joins")),
    ("leaves", timeline!("leaves")),
    ("crashes", timeline!("crashes")),
    ("puts", operations!("put")),
    ("gets", operations!("get")),
];

/// In a line of pandas; `None` where the other files do not say it, or not in a line.
pub(super) fn way(metric: &str) -> Option<&'static str> {
    let mut found = WAYS.iter().filter(|(name, _)| *name == metric);
    found.next().map(|(_, way)| *way)
}

/// All metrics with their ways.
#[must_use]
pub fn ways() -> &'static [(&'static str, &'static str)] {
    WAYS
}
