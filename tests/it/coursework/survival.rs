//! What survives: neighbours that leave or crash, one after the other and at once, and a host with several positions.

use super::{SIX, kept, puts, shelves_at};
use crate::script::{ring, script};

/// The ring of six whose nodes know four others, with storage as said.
fn six(events: &str, storage: &str) -> String {
    let ring = ring(7, SIX, events).replace("successors = 3", "successors = 4");
    ring + "[storage]\n" + storage
}

/// How gets of these keys end, asked at minute 9 from a node that stays.
fn outcomes(run: &crate::common::Run) -> Vec<(u64, &'static str)> {
    let gets = run.operations.iter().filter(|row| row.time_s == 540.0);
    gets.map(|row| (row.key, row.outcome.name())).collect()
}

fn gets(keys: &[u64]) -> String {
    let get = |key: &u64| {
        let get = format!("get = {{ key = {key}, from = 15 }}");
        script(&[("9m", &get)])
    };
    keys.iter().map(get).collect()
}

/// Two copies, no repair; 38, 61 and 95, neighbours, leave one after the other. Each sends its own keys to the node behind
/// the last copy:
///
/// | | 30 | 50 | 70 |
/// |---|---|---|---|
/// | first | 38, 61 | 61, 95 | 95, 110 |
/// | 38 has left | 61, 95 | | |
/// | 61 has left | 95, 110 | 95, 110 | |
/// | 95 has left | 110, 15 | 110, 15 | 110, 15 |
#[test]
fn neighbours_leave_one_after_the_other_and_every_value_stays() {
    let keys = [30, 50, 70];
    let leave = script(&[
        ("2m", "leave = 38"),
        ("4m", "leave = 61"),
        ("6m", "leave = 95"),
    ]);
    let events = puts(&keys, 15) + &leave + &gets(&keys);
    let toml = six(&events, "replicas = 2\nrepair_every = \"off\"\n");
    let (seen, run) = shelves_at(&toml, &[90, 230, 350, 470]);
    let steps = [
        kept([(30, &[38, 61]), (50, &[61, 95]), (70, &[95, 110])]),
        kept([(30, &[61, 95]), (50, &[61, 95]), (70, &[95, 110])]),
        kept([(30, &[95, 110]), (50, &[95, 110]), (70, &[95, 110])]),
        kept([(30, &[15, 110]), (50, &[15, 110]), (70, &[15, 110])]),
    ];
    assert_eq!(seen, steps);
    assert_eq!(outcomes(&run), keys.map(|key| (key, "found")));
    assert_eq!(run.metric("values_lost"), 0.0);
}

/// At the same moment nobody knows of the others' farewells. 38 sends 30 to 61 (which may lack it) and to 95, the node behind
/// its copies; 61 sends 50 to 95 and 110; 95 sends 70 to 110 and 15. What is sent to one that has left arrives nowhere: as
/// many neighbours as there are copies may leave at once, and one more takes a value with it.
#[test]
fn as_many_neighbours_as_there_are_copies_may_leave_at_once() {
    let keys = [30, 50, 70];
    let gone = |nodes: &[&str]| {
        let leave: Vec<_> = nodes.iter().map(|node| ("2m", *node)).collect();
        let events = puts(&keys, 15) + &script(&leave) + &gets(&keys);
        shelves_at(
            &six(&events, "replicas = 2\nrepair_every = \"off\"\n"),
            &[230],
        )
    };
    let (seen, run) = gone(&["leave = 38", "leave = 61"]);
    // 50 came to 95 again and to 110; 30 came to 95 alone.
    let expected = kept([(30, &[95]), (50, &[95, 110]), (70, &[95, 110])]);
    assert_eq!(seen[0], expected);
    assert_eq!(outcomes(&run), keys.map(|key| (key, "found")));
    let (seen, run) = gone(&["leave = 38", "leave = 61", "leave = 95"]);
    assert_eq!(seen[0], kept([(50, &[110]), (70, &[15, 110])]));
    let expected = [(30, "lost"), (50, "found"), (70, "found")];
    assert_eq!(outcomes(&run), expected);
    assert_eq!(run.metric("values_lost"), 1.0);
}

/// Three copies, repair every ten seconds: 20 is at 26, 38, 61; 30 at 38, 61, 95; 50 at 61, 95, 110; 100 at 110, 15, 26.
#[test]
fn fewer_neighbours_than_copies_crash_and_repair_makes_up_for_it() {
    let keys = [20, 30, 50, 100];
    let crash = script(&[("2m", "crash = 38"), ("2m", "crash = 61")]);
    let events = puts(&keys, 15) + &crash + &gets(&keys);
    // The moment after, one copy or two are left; a minute later the next nodes have been given theirs.
    let toml = six(&events, "replicas = 3\nrepair_every = \"10s\"\n");
    let (seen, run) = shelves_at(&toml, &[90, 121, 230]);
    let all = kept([
        (20, &[26, 38, 61]),
        (30, &[38, 61, 95]),
        (50, &[61, 95, 110]),
        (100, &[15, 26, 110]),
    ]);
    assert_eq!(seen[0], all);
    assert_eq!(seen[1][&30], [95]);
    assert_eq!(seen[1][&20][0], 26);
    let mended = kept([
        (20, &[26, 95, 110]),
        (30, &[15, 95, 110]),
        (50, &[15, 95, 110]),
        (100, &[15, 26, 110]),
    ]);
    assert_eq!(seen[2], mended);
    assert_eq!(outcomes(&run), keys.map(|key| (key, "found")));
    assert_eq!(
        (run.metric("values_lost"), run.metric("under_replicated")),
        (0.0, 0.0)
    );
}

/// One more crashes at the same moment, and 30 had no copy but theirs. Of three nodes that are left all have what is left.
#[test]
fn as_many_neighbours_as_copies_crash_and_take_a_value_with_them() {
    let keys = [20, 30, 50, 100];
    let crash = ["crash = 38", "crash = 61", "crash = 95"].map(|deed| ("2m", deed));
    let events = puts(&keys, 15) + &script(&crash) + &gets(&keys);
    let toml = six(&events, "replicas = 3\nrepair_every = \"10s\"\n");
    let (seen, run) = shelves_at(&toml, &[230]);
    let rest: &[u64] = &[15, 26, 110];
    assert_eq!(seen[0], kept([(20, rest), (50, rest), (100, rest)]));
    let expected = [(20, "found"), (30, "lost"), (50, "found"), (100, "found")];
    assert_eq!(outcomes(&run), expected);
    assert_eq!(run.metric("values_lost"), 1.0);
}

/// Four hosts with two positions each: A = 10, 20; B = 30, 40; C = 50, 60; D = 70, 80. A value has three copies, on three
/// hosts: where the next position is of a host that has one, it is passed over. A and B die at once, with four neighbouring
/// positions, and every value has a copy elsewhere. Two hosts are left, and each gets one of every value.
#[test]
fn hosts_with_several_positions_die_and_every_value_stays() {
    let keys = [5, 15, 25, 35, 45, 55, 65, 75];
    let ids = "[10, 20, 30, 40, 50, 60, 70, 80]";
    let events = puts(&keys, 50) + &script(&[("2m", "crash = 10"), ("2m", "crash = 30")]);
    let ring = ring(7, ids, &events)
        .replace("successors = 3", "successors = 6")
        .replace("ids =", "virtual_nodes = 2, ids =");
    let storage = "[storage]\nreplicas = 3\nrepair_every = \"10s\"\n";
    let (seen, run) = shelves_at(&(ring + storage), &[90, 230]);
    let before = kept([
        (5, &[10, 30, 50]),
        (15, &[20, 30, 50]),
        (25, &[30, 50, 70]),
        (35, &[40, 50, 70]),
        (45, &[10, 50, 70]), // the first of A behind D
        (55, &[10, 60, 70]),
        (65, &[10, 30, 70]),
        (75, &[10, 30, 80]),
    ]);
    assert_eq!(seen[0], before);
    // The ring is 50 and 60 of C, 70 and 80 of D.
    let after = kept([
        (5, &[50, 70]),
        (15, &[50, 70]),
        (25, &[50, 70]),
        (35, &[50, 70]),
        (45, &[50, 70]),
        (55, &[60, 70]),
        (65, &[50, 70]),
        (75, &[50, 80]),
    ]);
    assert_eq!(seen[1], after);
    assert_eq!(
        (run.metric("crashes"), run.metric("values_lost")),
        (2.0, 0.0)
    );
    assert_eq!(run.metric("under_replicated"), 8.0);
}
