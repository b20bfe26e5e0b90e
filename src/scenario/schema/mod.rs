//! Exactly what a scenario file may say: keys and the kind of their values, nothing converted and
//! no default filled in. Every section is a plain struct, because serde loses the positions of
//! values inside tagged enums.

mod leaf;

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

pub use leaf::{Dur, IdRule, Ids, Int, Num, Numbers, OneOrMore, Opt, Rows, RowsName, Table, Word};

macro_rules! section {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Default, Debug, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $kind,)*
        }
    };
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$word_meta:meta])* $word:ident,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {
            $($(#[$word_meta])* $word,)*
        }
    };
}

section! {
    /// A whole scenario file.
    File {
        name: Opt<String>,
        title: Opt<String>,
        seed: Opt<Int>,
        warmup: Opt<Dur>,
        duration: Opt<Dur>,
        sample: Opt<Dur>,
        repeat: Opt<Int>,
        overlay: Table<Overlay>,
        chord: Table<Chord>,
        network: Table<Network>,
        churn: Table<Churn>,
        fault: Vec<Spanned<Table<Fault>>>,
        workload: Table<Workload>,
        storage: Table<Storage>,
        selfish: Table<Selfish>,
        /// Taken out and applied before the rest is read.
        sweep: Option<IgnoredAny>,
        output: Table<Output>,
        expect: Vec<Spanned<Table<Expect>>>,
    }
}

section! {
    /// `[overlay]`
    Overlay {
        protocol: Opt<Word<Protocol>>,
        nodes: Opt<Int>,
        id_bits: Opt<Int>,
        ids: Opt<Ids>,
        start: Opt<Word<Start>>,
        join_window: Opt<Dur>,
    }
}

words! { Protocol { Chord, Kademlia, OneHop, ClientServer, } }
words! { Start { Converged, Join, } }

section! {
    /// `[chord]`
    Chord {
        routing: Opt<Word<Routing>>,
        lookup: Opt<Word<LookupMode>>,
        maintenance: Opt<Word<Maintenance>>,
        successors: Opt<Int>,
        virtual_nodes: Opt<Int>,
        stabilize_every: Opt<Dur>,
        fix_fingers_every: Opt<Dur>,
        check_predecessor_every: Opt<Dur>,
        maintenance_jitter: Opt<Num>,
        rpc_timeout: Opt<Dur>,
        lookup_timeout: Opt<Dur>,
        proximity: Opt<Word<Proximity>>,
        pns_samples: Opt<Int>,
    }
}

words! { Routing { Fingers, Successors, } }
words! { LookupMode { Recursive, Iterative, } }
words! { Maintenance { Zave2017, Ton2003, Chord2001, } }
words! { Proximity { None, Pns, Prs, } }

section! {
    /// `[network]`
    Network {
        model: Opt<Word<Model>>,
        loss: Opt<Num>,
        service_time: Opt<Dur>,
        constant: Table<Constant>,
        uniform: Table<Uniform>,
        exponential: Table<Exponential>,
        plane: Table<Plane>,
        #[serde(rename = "transit-stub")]
        transit_stub: Table<TransitStub>,
        graph: Table<Graph>,
        matrix: Table<Matrix>,
    }
}

words! {
    Model {
        Constant, Uniform, Exponential, Plane, TransitStub, Waxman, ScaleFree, Regions, Graph,
        Matrix,
    }
}

section! { Constant { latency: Opt<Dur>, } }
section! { Uniform { min: Opt<Dur>, max: Opt<Dur>, } }
section! { Exponential { mean: Opt<Dur>, per: Opt<Word<Per>>, } }
section! { Plane { dimensions: Opt<Int>, span: Opt<Dur>, } }
section! { Graph { file: Opt<String>, } }
section! { Matrix { file: Opt<String>, values: Opt<Word<MatrixValues>>, } }
words! { Per { Pair, Message, } }
words! { MatrixValues { RoundTrip, OneWay, } }

section! {
    /// `[network.transit-stub]`
    #[allow(clippy::struct_field_names, reason = "the keys are named so in the file")]
    TransitStub {
        transit_domains: Opt<Int>,
        transit_routers: Opt<Int>,
        stubs_per_transit_router: Opt<Int>,
        stub_routers: Opt<Int>,
        extra_edges: Opt<Num>,
        inter_transit_latency: Opt<Dur>,
        intra_transit_latency: Opt<Dur>,
        transit_stub_latency: Opt<Dur>,
        intra_stub_latency: Opt<Dur>,
        access_latency: Opt<Dur>,
        latency_jitter: Opt<Num>,
    }
}

section! {
    /// `[churn]`
    Churn {
        model: Opt<Word<ChurnModel>>,
        graceful: Opt<Num>,
        until: Opt<Dur>,
        poisson: Table<Poisson>,
        sessions: Table<Sessions>,
    }
}

words! { ChurnModel { None, Poisson, Sessions, Trace, } }
section! { Poisson { joins_per_s: Opt<Num>, leaves_per_s: Opt<Num>, } }
section! { Sessions { up: Opt<Table<Distribution>>, down: Opt<Table<Distribution>>, } }

section! {
    /// A distribution of durations: exactly one of these.
    Distribution {
        exponential: Opt<Table<ExponentialDistribution>>,
        pareto: Opt<Table<Pareto>>,
        weibull: Opt<Table<Weibull>>,
        lognormal: Opt<Table<LogNormal>>,
        fixed: Opt<Table<Fixed>>,
    }
}

section! { ExponentialDistribution { mean: Opt<Dur>, } }
section! { Pareto { minimum: Opt<Dur>, mean: Opt<Dur>, shape: Opt<Num>, } }
section! { Weibull { scale: Opt<Dur>, mean: Opt<Dur>, shape: Opt<Num>, } }
section! { LogNormal { median: Opt<Dur>, mean: Opt<Dur>, sigma: Opt<Num>, } }
section! { Fixed { value: Opt<Dur>, } }

section! {
    /// `[[fault]]`
    Fault {
        at: Opt<Dur>,
        kill: Opt<Num>,
        join: Opt<Int>,
        partition: Opt<Num>,
        r#for: Opt<Dur>,
        crash_well_known: Opt<bool>,
    }
}

section! {
    /// `[workload]`
    Workload {
        lookups_per_s: Opt<Num>,
        puts_per_s: Opt<Num>,
        gets_per_s: Opt<Num>,
        keys: Opt<Int>,
        popularity: Opt<Word<Popularity>>,
        zipf_exponent: Opt<Num>,
    }
}

words! { Popularity { Uniform, Zipf, } }

section! {
    /// `[storage]`
    Storage {
        replicas: Opt<Int>,
        value_bytes: Opt<Int>,
    }
}

section! {
    /// `[selfish]`
    Selfish {
        fraction: Opt<Num>,
        behaviour: Opt<OneOrMore<Behaviour>>,
        defence: Opt<Word<Defence>>,
        retry_after: Opt<Dur>,
        retry_attempts: Opt<Int>,
    }
}

words! {
    Behaviour {
        DropLookups, RefuseStorage, RefuseServing, NoMaintenance, Misroute, Whitewash,
    }
}
words! { Defence { None, Retry, Redundant, Reputation, } }

section! {
    /// `[output]`
    Output {
        lookups: Opt<Rows>,
        nodes: Opt<bool>,
        timeline: Opt<bool>,
        audit: Opt<bool>,
    }
}

section! {
    /// `[[expect]]`
    Expect {
        quantity: Opt<String>,
        /// Read from the document itself: its keys are those that are swept.
        r#where: Option<IgnoredAny>,
        along: Opt<String>,
        value: Opt<Numbers>,
        within: Opt<Num>,
        within_share: Opt<Num>,
        standard_errors: Opt<Num>,
        at_least: Opt<Num>,
        at_most: Opt<Num>,
        reported: Opt<bool>,
        kind: Opt<Word<Kind>>,
        source: Opt<String>,
        note: Opt<String>,
    }
}

words! { Kind { Exact, Published, Proved, } }
