//! Arguments of `chordsim judge`.

use clap::{Args, ValueEnum};

/// How `judge` ends.
pub(super) const JUDGE_CODES: &str = "\
Exit codes: 0 the number fits a convention; 1 it fits none; 2 bad usage.";

#[derive(Args, Debug)]
pub(in crate::cli) struct JudgeArgs {
    /// What the number is
    #[arg(value_enum)]
    pub quantity: Quantity,
    /// Nodes on the ring; for keys, peers
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    pub nodes: u32,
    /// The number: a mean of hops, a number of keys, a share
    #[arg(
        long,
        visible_alias = "value",
        value_name = "X",
        allow_negative_numbers = true
    )]
    pub mean: f64,
    /// hops, success: how lookups are passed on
    #[arg(long, value_enum, default_value_t)]
    pub routing: By,
    /// hops, success: so many successors are made use of for lookups [default: 1 and 16 beside each other]
    #[arg(long, value_name = "R", value_parser = clap::value_parser!(u32).range(1..=255))]
    pub successors: Option<u32>,
    /// Bits of an identifier
    #[arg(long, value_name = "M", default_value_t = 64, value_parser = clap::value_parser!(u32).range(3..=64))]
    pub id_bits: u32,
    /// Lookups behind the number [default: 1000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub lookups: Option<u64>,
    /// hops: their standard deviation from lookup to lookup [default: what theory expects]
    #[arg(long, value_name = "S")]
    pub sd: Option<f64>,
    /// hops: rings behind the mean [default: 1]
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..))]
    pub runs: Option<u32>,
    /// keys: how many there are
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..))]
    pub keys: Option<u32>,
    /// keys: ring positions of each peer
    #[arg(long, value_name = "V", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub virtual_nodes: u32,
    /// keys: whose number it is
    #[arg(long, value_enum, default_value_t)]
    pub of: Of,
    /// success: the share of peers that drop lookups; values: the share of nodes that were killed at once
    #[arg(long, value_name = "F")]
    pub fraction: Option<f64>,
    /// values: copies of each
    #[arg(long, value_name = "R", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=255))]
    pub replicas: u32,
    /// As JSON, for other programs
    #[arg(long)]
    pub json: bool,
}

/// What is judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum Quantity {
    /// Mean hops of a lookup on a ring at rest
    Hops,
    /// Keys of a peer (with --of, --keys)
    Keys,
    /// Share of lookups answered where peers drop them (with --fraction)
    Success,
    /// Share of values still there after nodes were killed (with --fraction, --replicas)
    Values,
    /// Mean timeouts of a lookup on a ring at rest
    Timeouts,
    /// No theory: it depends on the network
    Stretch,
    /// No theory: it depends on the network
    Latency,
    /// No theory: it depends on what is counted as a message
    Messages,
}

/// How lookups are passed on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(in crate::cli) enum By {
    #[default]
    Fingers,
    Successors,
}

/// Whose number of keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(in crate::cli) enum Of {
    /// The peer with the most
    #[default]
    Max,
    /// The 99th percentile
    P99,
    /// The 95th percentile
    P95,
    /// The median
    P50,
    /// The 1st percentile
    P1,
}
