//! `audit.csv`.

use crate::catalogue::record::record;

record! {
    /// A violation that an audit has found: something that should always hold did not, from one moment on.
    AuditRecord in "audit.csv", a row per "violation that an audit has found",
        wanted by "output.audit" if |output| output.audit;

    /// Its number in the run, from 0.
    violation: u64 => Name;
    /// When it stopped holding (the warm-up is audited, too: negative times).
    time_s: f64 => Seconds;
    /// What: `live_successor`, `principals`, `one_ring`, `ordered_ring`, `connected_appendages`,
    /// `ordered_lists`, `no_duplicates`, `key_owner`; of what is stored `keys_at_owners`, `copies_in_place`,
    /// `nothing_lost`, `counts`, `reported_lost`, `fresh_reads`.
    invariant: &'static str => Name;
    /// The node that acted, joined or went; empty if the run began so.
    node: Option<u32> => Name;
    /// Its identifier.
    node_id: Option<u64> => Name;
    /// Why it did: the name of a message or timer, `silence` (no answer in time), `join`, `leave`, `crash`,
    /// `lost` (it lost the ring).
    cause: String => Name;
    /// `true` if all preconditions of the proof were given: then the protocol itself has broken it.
    preconditions: bool => Name;
    /// Which one was not given: `failure`, `under_way`, `suspicion`, `broken_before`, `not_at_rest`,
    /// `selfish`; empty if all were.
    excuse: &'static str => Name;
    /// Identifiers of the nodes with which something is wrong (up to 8), separated by spaces; for `key_owner`
    /// the key, and for what is stored the keys.
    offenders: String => Name;
    /// How many principals there were.
    principals: u64 => Count;
    /// When it held again; empty if it never did.
    until_s: Option<f64> => Seconds;
    /// What those nodes did before, oldest first, separated by `; ` (the first 1000 violations of a run).
    story: String => Name;
}
