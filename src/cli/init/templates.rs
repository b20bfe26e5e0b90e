//! The scenarios to start from, a file and a line each.

/// A scenario to start from.
pub(in crate::cli) struct Template {
    /// What it is called.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// As it lies in `scenarios/templates/`.
    pub text: &'static str,
    /// A data file that is written beside it, by its name.
    pub data: Option<(&'static str, &'static str)>,
}

macro_rules! file {
    ($name:expr) => {
        include_str!(concat!("../../../scenarios/templates/", $name))
    };
}

macro_rules! templates {
    ($($name:literal $(with $data:literal)?: $about:literal)*) => {
        /// All of them, in the order in which they are listed.
        pub(in crate::cli) const TEMPLATES: &[Template] = &[$(Template {
            name: $name,
            about: $about,
            text: file!(concat!($name, ".toml")),
            data: templates!(@data $($data)?),
        },)*];
    };
    (@data) => { None };
    (@data $data:literal) => { Some(($data, file!($data))) };
}

templates! {
    "ring-by-hand": "a small ring that can be checked on paper, with a put, a join and a crash by script"
    "hops-vs-nodes": "why there are finger tables: hops of a lookup against the number of nodes"
    "load-virtual-nodes": "how evenly keys are shared out, and what virtual nodes do for it"
    "failures": "a share of the nodes crashes at once: do lookups still find their owner?"
    "churn": "nodes come and go all the time: how fast must the ring be repaired?"
    "replication": "copies of values: what survives when nodes crash, and what copies cost"
    "selfish": "peers that take and do not give: how much does the system bear, and what helps?"
    "divergence": "the ring knows no map: how much longer is the way over the overlay than the direct one?"
    "own-matrix" with "own-matrix.tsv": "latencies that you have measured yourself, from a file"
}
