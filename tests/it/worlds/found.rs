//! What random worlds have found, each with the simplest world that showed it.

use chordsim::catalogue::{AuditRecord, Outcome};

use super::claims::{everybody_has_a_place_of_its_own, is_in_order, nobody_is_to_blame};
use super::stored::copies_are_where_they_belong;
use crate::common::{Run, audit, plan};

fn audited(scenario: &str) -> Run {
    audit(&plan(scenario).runs[0])
}

/// Two newcomers come before most of the first peers have joined, on a ring with room for 32. They were
/// given identifiers of peers that were still to come; two members had one place, and one never got in.
#[test]
fn who_joins_later_keeps_its_identifier() {
    let run = audited(
        r#"
seed = 900643449237959374
warmup = "0s"
duration = "222s"
sample = "5s"
[overlay]
nodes = 17
id_bits = 5
start = "join"
join_window = "3s"
[chord]
routing = "successors"
lookup = "recursive"
successors = 1
virtual_nodes = 1
stabilize_every = "2s"
fix_fingers_every = "off"
check_predecessor_every = "off"
maintenance_jitter = 0
rpc_timeout = "3ms"
lookup_timeout = "30s"
[network]
loss = 0
model = "constant"
constant.latency = "1ms"
[churn]
model = "none"
[selfish]
fraction = 0
defence = "none"
[workload]
lookups_per_s = 0.1
keys = 50
[[fault]]
at = "0s"
join = 2
"#,
    );
    everybody_has_a_place_of_its_own(&run).unwrap();
    assert_eq!(run.timeline.last().unwrap().joining, 0);
}

/// A newcomer has the identifier of a node that crashed a second ago and that its neighbours still list. It
/// took that node over from the list it copied, and knew nobody alive.
#[test]
fn a_newcomer_does_not_follow_the_dead_node_whose_identifier_it_has() {
    let run = audited(
        r#"
seed = 2642975246215129696
warmup = "0s"
duration = "458s"
sample = "5s"
[overlay]
nodes = 13
id_bits = 4
start = "join"
join_window = "12s"
[chord]
routing = "successors"
lookup = "recursive"
successors = 2
virtual_nodes = 1
stabilize_every = "3s"
fix_fingers_every = "off"
check_predecessor_every = "off"
maintenance_jitter = 0
rpc_timeout = "3ms"
lookup_timeout = "30s"
[network]
loss = 0
model = "constant"
constant.latency = "1ms"
[churn]
model = "poisson"
poisson = { joins_per_s = 0.09, leaves_per_s = 0.02 }
graceful = 0
until = "110s"
[selfish]
fraction = 0
defence = "none"
[workload]
lookups_per_s = 0.1
keys = 50
"#,
    );
    nobody_is_to_blame(&run).unwrap();
    assert!(
        run.violations
            .iter()
            .all(|row| row.invariant != "live_successor")
    );
}

/// A node has been asked in vain and is dropped when another lives under its identifier. To the proof it
/// is the same node, and lives; the audit blamed the protocol.
#[test]
fn an_identifier_that_lives_again_is_taken_for_dead_on_suspicion() {
    let run = audited(
        r#"
seed = 2562136537598374665
warmup = "0s"
duration = "264s"
sample = "5s"
[overlay]
nodes = 7
id_bits = 3
start = "converged"
[chord]
routing = "successors"
lookup = "recursive"
successors = 5
virtual_nodes = 1
stabilize_every = "4s"
fix_fingers_every = "off"
check_predecessor_every = "off"
maintenance_jitter = 0
rpc_timeout = "3ms"
lookup_timeout = "30s"
[network]
loss = 0
model = "constant"
constant.latency = "1ms"
[churn]
model = "poisson"
poisson = { joins_per_s = 0.04, leaves_per_s = 0.1 }
graceful = 0
until = "20s"
[selfish]
fraction = 0
defence = "none"
[workload]
lookups_per_s = 0.1
keys = 50
"#,
    );
    nobody_is_to_blame(&run).unwrap();
    assert!(run.violations.iter().any(|row| row.excuse == "suspicion"));
}

/// Ten nodes of which 74 % fail at once; what becomes of the rest depends on the seed.
const TEN_THAT_LOSE_MOST: &str = r#"
warmup = "40s"
duration = "346s"
sample = "5s"
[overlay]
nodes = 10
id_bits = 7
start = "converged"
[chord]
routing = "fingers"
lookup = "recursive"
successors = 1
virtual_nodes = 1
stabilize_every = "3s"
fix_fingers_every = "3s"
check_predecessor_every = "7s"
maintenance_jitter = 0
rpc_timeout = "54ms"
lookup_timeout = "30s"
[network]
loss = 0
model = "uniform"
uniform = { min = "8ms", max = "20ms" }
[churn]
model = "poisson"
poisson = { joins_per_s = 0.07, leaves_per_s = 0.02 }
graceful = 0
until = "46s"
[selfish]
fraction = 0
defence = "none"
[workload]
lookups_per_s = 0.1
keys = 50
[[fault]]
at = "16s"
kill = 0.74
"#;

/// A node that is alone lets two in, the second before it has heard of the first: the answer is from the
/// time before there was a ring, and the audit blamed the protocol.
#[test]
fn the_second_newcomer_of_a_founder_is_excused() {
    let run = audited(&format!("seed = 91\n{TEN_THAT_LOSE_MOST}"));
    nobody_is_to_blame(&run).unwrap();
    assert!(
        run.violations
            .iter()
            .any(|row| row.cause == "join" && row.excuse == "under_way")
    );
}

/// After a loss of 74 % two nodes take each other for their successors and stabilise in the same moment.
/// Both were busy, tried again at the same time, and so on: one never found its true successor.
#[test]
fn nodes_in_step_do_not_find_each_other_busy_for_ever() {
    let run = audited(&format!(
        "seed = 15667566520771297458\n{TEN_THAT_LOSE_MOST}"
    ));
    nobody_is_to_blame(&run).unwrap();
    let last = run.timeline.last().unwrap();
    assert!(last.nodes > 0 && is_in_order(last), "{last:?}");
}

/// A lookup from node to node was started again when the owner's answer was on its way. It was not waited
/// for any more, the owner was struck out as silent, and the node after it answered in its place.
#[test]
fn who_answers_a_question_that_is_not_asked_any_more_is_not_silent() {
    let run = audited(
        r#"
seed = 9406447736959971868
warmup = "54s"
duration = "1122s"
sample = "5s"
[overlay]
nodes = 2
id_bits = 5
start = "join"
join_window = "52s"
[chord]
routing = "fingers"
lookup = "iterative"
successors = 6
virtual_nodes = 2
stabilize_every = "2s"
fix_fingers_every = "off"
check_predecessor_every = "off"
maintenance_jitter = 0
rpc_timeout = "244ms"
lookup_timeout = "30s"
[network]
loss = 0
model = "plane"
plane = { dimensions = 3, span = "64ms" }
[churn]
model = "poisson"
poisson = { joins_per_s = 0.1, leaves_per_s = 0.06 }
graceful = 0
until = "133s"
[selfish]
fraction = 0.34
defence = "retry"
[workload]
lookups_per_s = 0.6
keys = 50
[[fault]]
at = "129s"
join = 9
[[fault]]
at = "125s"
join = 1
"#,
    );
    nobody_is_to_blame(&run).unwrap();
    let mut late = run.lookups.iter().filter(|lookup| lookup.time_s > 985.0);
    assert!(late.all(|lookup| lookup.outcome != Outcome::Wrong));
}

/// Six nodes of which none is left after three failures. Each list named everybody to the end, so that the
/// ring had to come to rest. It did: nobody is there. The claim wanted a ring in order all the same.
#[test]
fn a_ring_on_which_nobody_is_left_is_at_rest() {
    let run = audited(
        r#"
seed = 3634088801340352980
warmup = "0s"
duration = "229s"
sample = "5s"
[overlay]
nodes = 6
id_bits = 3
start = "converged"
[chord]
routing = "successors"
lookup = "recursive"
successors = 3
virtual_nodes = 1
stabilize_every = "2s"
fix_fingers_every = "off"
check_predecessor_every = "off"
maintenance_jitter = 0
rpc_timeout = "3ms"
lookup_timeout = "30s"
[network]
loss = 0
model = "constant"
constant.latency = "1ms"
[churn]
model = "none"
[selfish]
fraction = 0
defence = "none"
[workload]
lookups_per_s = 0.1
keys = 50
[[fault]]
at = "32s"
kill = 0.63
[[fault]]
at = "0s"
kill = 0.25
[[fault]]
at = "3s"
kill = 0.63
"#,
    );
    nobody_is_to_blame(&run).unwrap();
    let of = |part| {
        run.violations
            .iter()
            .filter(move |row| row.invariant == part)
    };
    assert_eq!(of("live_successor").count(), 0);
    let (some, none): (Vec<_>, Vec<_>) = run.timeline.iter().partition(|row| row.nodes > 0);
    assert_eq!(
        (some.len(), none.len()),
        (6, 40),
        "rows up to 30 s, and up to 229 s"
    );
    assert!(none.iter().all(|row| is_in_order(row)));
}

/// The only well-known peer has three nodes. The first of them loses the ring, has nobody to ask, and waits; what its users look
/// up meanwhile has no contact that could take it over, and fails. It was sent to a node that there is not.
#[test]
fn a_lookup_at_a_node_that_waits_for_a_contact_fails() {
    let run = audited(
        r#"
seed = 131749147985226053
warmup = "0s"
duration = "279s"
sample = "5s"
[overlay]
nodes = 1
id_bits = 3
bootstrap = 1
start = "converged"
[chord]
routing = "successors"
lookup = "iterative"
successors = 2
virtual_nodes = 3
stabilize_every = "3s"
fix_fingers_every = "off"
check_predecessor_every = "4s"
maintenance_jitter = 0.11
rpc_timeout = "3ms"
lookup_timeout = "30s"
[network]
loss = 0.038
model = "constant"
constant.latency = "1ms"
[churn]
model = "none"
[selfish]
fraction = 0.01
defence = "retry"
[workload]
lookups_per_s = 1.5
keys = 50
[[fault]]
at = "39s"
crash_well_known = true
"#,
    );
    nobody_is_to_blame(&run).unwrap();
    let failed = run
        .lookups
        .iter()
        .filter(|row| row.outcome == Outcome::Failed);
    assert!(failed.count() > 0);
}

/// The last to join is selfish. It answers lookups that it should pass on as the owner, so that values are put and got at a node
/// that is none: an old one that is read then is the liar's to answer for.
#[test]
fn what_is_read_at_a_false_owner_is_excused() {
    let run = audited(
        r#"
seed = 4913344826392975897
warmup = "0s"
duration = "366s"
sample = "5s"
[overlay]
nodes = 5
id_bits = 6
start = "converged"
[chord]
routing = "successors"
successors = 1
stabilize_every = "2s"
fix_fingers_every = "off"
check_predecessor_every = "off"
maintenance_jitter = 0
rpc_timeout = "3ms"
maintenance = "chord2001"
[network]
model = "constant"
constant.latency = "1ms"
[selfish]
fraction = 0.06
behaviour = "misroute"
misroute_to = "self"
[workload]
lookups_per_s = 0.1
keys = 1
puts_per_s = 0.01
gets_per_s = 0.02
[storage]
replicas = 1
repair_every = "off"
handover = false
[[event]]
at = "0s"
leave = 31
[[event]]
at = "1s"
get = { key = 40, from = 51 }
[[event]]
at = "2s"
get = { key = 27, from = 6 }
[[event]]
at = "2s"
get = { key = 40, from = 33 }
[[event]]
at = "6s"
join = 10
[[event]]
at = "12s"
join = 60
[[event]]
at = "13s"
leave = 16
[[event]]
at = "13s"
get = { key = 21, from = 23 }
[[event]]
at = "18s"
join = 35
"#,
    );
    copies_are_where_they_belong(&run).unwrap();
    let stale = |row: &&AuditRecord| row.invariant == "fresh_reads";
    let mut stale = run.violations.iter().filter(stale);
    assert!(stale.any(|row| row.excuse == "selfish"));
}

/// A walk around the ring takes 6 s, and is begun anew after 3 s: what was asked then has answered, and nobody listened.
/// That was counted as a timeout.
#[test]
fn a_question_that_is_given_up_is_no_timeout() {
    let run = audited(
        r#"
seed = 485573949199468157
warmup = "0s"
duration = "371s"
sample = "5s"
[overlay]
nodes = 34
id_bits = 6
start = "converged"
[chord]
routing = "successors"
lookup = "iterative"
successors = 2
virtual_nodes = 1
stabilize_every = "2s"
fix_fingers_every = "off"
check_predecessor_every = "off"
maintenance_jitter = 0
rpc_timeout = "189ms"
lookup_timeout = "30s"
[network]
loss = 0
model = "constant"
constant.latency = "94ms"
[churn]
model = "none"
[selfish]
fraction = 0
defence = "retry"
[workload]
lookups_per_s = 0.4
keys = 50
"#,
    );
    let count = |outcome| {
        let rows = run.lookups.iter();
        rows.filter(|lookup| lookup.outcome == outcome).count()
    };
    assert!(count(Outcome::Ok) > 100 && count(Outcome::Failed) > 5);
    assert!(run.lookups.iter().all(|lookup| lookup.timeouts == 0));
}
