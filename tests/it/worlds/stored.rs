//! Small worlds in which values are stored, audited to the end: whatever comes and goes, what is counted is what there is,
//! what users are told is so, and copies are in their places when that is promised.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use chordsim::catalogue::{AuditRecord, OperationOutcome};
use proptest::prelude::*;
use proptest::test_runner::{TestError, TestRunner};

use super::claims::{everybody_has_a_place_of_its_own, nobody_is_to_blame};
use super::config;
use super::world::{
    Churn, More, REST, Selfish, Turning, World, reliable, share, unreliable, world,
};
use crate::common::{Run, audit, plan, run};

/// So many worlds of a kind are tried if nothing is said.
const FEW: u32 = 40;

#[expect(clippy::struct_excessive_bools, reason = "each is a key of scenarios")]
#[derive(Clone, Debug)]
struct Storage {
    replicas: u32,
    spread: bool,
    write_quorum: u32,
    read_quorum: u32,
    random: bool,
    /// In seconds.
    repair_every: Option<u32>,
    together: bool,
    handover: bool,
    preload: bool,
    keys: u32,
    /// In a hundred seconds.
    puts: u32,
    gets: u32,
}

/// What happens to a peer by script, if there is one of that name.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Join,
    Leave,
    Crash,
    Put,
    Get,
}

#[derive(Clone, Debug)]
struct Scripted {
    /// In per cent of the time until churn ends.
    at: u32,
    deed: Deed,
    peer: u64,
    key: u64,
}

#[derive(Clone, Debug)]
pub(super) struct StoredWorld {
    pub world: World,
    maintenance: &'static str,
    storage: Storage,
    /// Whether peers serve each other in proportion to what they were served.
    reciprocal: bool,
    script: Vec<Scripted>,
}

impl StoredWorld {
    /// How long repair takes once the ring is at rest, and a minute to look at what it has done: four periods, and as many
    /// as forty nodes and so few keys take more; the legs of an offer; what puts have under way.
    fn rest(&self) -> u32 {
        let timeout = self.world.rpc_timeout().div_ceil(1000);
        let period = self.storage.repair_every.unwrap_or(0);
        REST + period * 7 + 160 * timeout + 40
    }

    fn more(&self) -> More {
        let Storage {
            keys, puts, gets, ..
        } = self.storage;
        More {
            rest: self.rest(),
            chord: format!("maintenance = \"{}\"", self.maintenance),
            workload: format!(
                "keys = {keys}\nputs_per_s = {}\ngets_per_s = {}",
                share(puts, 100),
                share(gets, 100)
            ),
            defence: self.reciprocal.then_some("reciprocity"),
        }
    }
}

impl StoredWorld {
    /// What may be scripted, in the order of time: nobody comes twice, or does anything after having gone.
    fn possible(&self, last: u64) -> Vec<Scripted> {
        let mut is_there = BTreeMap::new();
        let mut script = self.script.clone();
        script.sort_by_key(|it| self.world.until * it.at / 100);
        script.retain(|it| {
            let (comes, goes) = match it.deed {
                Deed::Join => (true, false),
                Deed::Leave | Deed::Crash => (false, true),
                Deed::Put | Deed::Get => (false, false),
            };
            let before = is_there.get(&(it.peer & last)).copied();
            // A peer of several positions has no single name to join with.
            let can_join = !comes || self.world.ring.virtual_nodes == 1;
            let may_be = before != Some(comes) && can_join;
            if may_be && (comes || goes) {
                is_there.insert(it.peer & last, comes);
            }
            may_be
        });
        script
    }
}

impl Display for Storage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let repair = self
            .repair_every
            .map_or("off".to_owned(), |period| format!("{period}s"));
        writeln!(
            f,
            "replicas = {}\nscheme = \"{}\"\nwrite_quorum = {}\nread_quorum = {}\nquorums = \"{}\"\nrepair_every = \"{repair}\"",
            self.replicas,
            if self.spread { "spread" } else { "successors" },
            self.write_quorum,
            self.read_quorum,
            if self.random { "random" } else { "first" }
        )?;
        let rounds = if self.together {
            "together"
        } else {
            "staggered"
        };
        writeln!(
            f,
            "rounds = \"{rounds}\"\nhandover = {}\npreload = {}",
            self.handover, self.preload
        )
    }
}

impl Display for StoredWorld {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.world.write(f, &self.more())?;
        writeln!(f, "\n[storage]\n{}", self.storage)?;
        let last = u64::MAX >> (64 - self.world.id_bits());
        self.possible(last).iter().try_for_each(|it| {
            let at = self.world.until * it.at / 100;
            let (peer, key) = (it.peer & last, it.key & last);
            writeln!(f, "[[event]]\nat = \"{at}s\"")?;
            match it.deed {
                Deed::Join => writeln!(f, "join = {peer}"),
                Deed::Leave => writeln!(f, "leave = {peer}"),
                Deed::Crash => writeln!(f, "crash = {peer}"),
                Deed::Put => writeln!(
                    f,
                    "put = {{ key = {key}, value = \"text\", from = {peer} }}"
                ),
                Deed::Get => writeln!(f, "get = {{ key = {key}, from = {peer} }}"),
            }
        })
    }
}

fn storage(successors: u32) -> impl Strategy<Value = Storage> {
    let on_successors = (Just(false), 1..=5.min(successors + 1));
    let spread = (Just(true), 2..=5_u32);
    let sizes = prop_oneof![on_successors, spread].prop_flat_map(|(spread, replicas)| {
        let quorum = 1..=replicas;
        ((Just(spread), Just(replicas)), quorum.clone(), quorum)
    });
    let repair = prop::option::weighted(0.7, 5..=40_u32);
    let flags = (
        any::<bool>(),
        any::<bool>(),
        prop::bool::weighted(0.8),
        prop::bool::weighted(0.7),
    );
    // Of what is put all the time nothing can be said in the end.
    let puts = prop_oneof![1 => Just(0_u32), 2 => 1..=5_u32, 1 => 6..=200_u32];
    let load = (1..=60_u32, puts, 1..=200_u32);
    (sizes, repair, flags, load).prop_map(
        |(
            ((spread, replicas), write_quorum, read_quorum),
            repair_every,
            (random, together, handover, preload),
            (keys, puts, gets),
        )| Storage {
            replicas,
            spread,
            write_quorum,
            read_quorum,
            random,
            repair_every,
            together,
            handover,
            preload,
            keys,
            puts,
            gets,
        },
    )
}

fn scripted() -> impl Strategy<Value = Vec<Scripted>> {
    let deed = prop_oneof![
        2 => Just(Deed::Join),
        2 => Just(Deed::Leave),
        1 => Just(Deed::Crash),
        1 => Just(Deed::Put),
        1 => Just(Deed::Get),
    ];
    let event = (0..=100_u32, deed, any::<u64>(), any::<u64>());
    let event = event.prop_map(|(at, deed, peer, key)| Scripted {
        at,
        deed,
        peer,
        key,
    });
    prop_oneof![Just(Vec::new()), prop::collection::vec(event, 1..=12)]
}

fn maintenance() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        2 => Just("zave2017"),
        1 => Just("ton2003"),
        1 => Just("chord2001"),
    ]
}

/// A world in which anything may happen.
pub(super) fn any_world() -> impl Strategy<Value = StoredWorld> {
    let network = prop_oneof![2 => reliable(), 1 => unreliable()];
    let how = (maintenance(), prop::bool::weighted(0.25));
    (world(network), how, scripted()).prop_flat_map(|(world, (maintenance, reciprocal), script)| {
        storage(world.ring.successors).prop_map(move |storage| StoredWorld {
            world: world.clone(),
            maintenance,
            storage,
            reciprocal,
            script: script.clone(),
        })
    })
}

/// A small ring of the proved protocol on which nobody fails and nothing is lost, and peers come and go with a farewell,
/// one after the other: the ring has come to rest each time.
fn gentle_world() -> impl Strategy<Value = StoredWorld> {
    let changes = prop::collection::vec((any::<bool>(), any::<u64>()), 1..=8);
    let sizes = (4..=8_u32, 0..=1_u32, 2..=3_u32);
    (world(reliable()), storage(4), sizes, changes).prop_map(
        |(mut world, mut storage, (nodes, spare_bits, stabilize), changes)| {
            world.ring.nodes = nodes;
            world.ring.virtual_nodes = 1;
            world.ring.spare_bits = spare_bits;
            world.ring.successors = 4;
            world.ring.joining = None;
            world.upkeep.stabilize = stabilize;
            world.churn = Churn::None;
            world.faults.clear();
            world.selfish = Selfish::NOBODY;
            world.turning = Turning::Never;
            let gap = world.settles_in(16) as u32;
            world.until = gap * (changes.len() as u32 + 1);
            storage.preload = true;
            storage.handover = true;
            // What is put while keys move may be left behind, and goes with the node that has it.
            storage.puts = 0;
            let steps = changes.len() as u32 + 1;
            let script = (1..).zip(changes).map(|(step, (comes, peer))| Scripted {
                at: 100 * step / steps,
                deed: if comes { Deed::Join } else { Deed::Leave },
                peer,
                key: 0,
            });
            StoredWorld {
                world,
                maintenance: "zave2017",
                storage,
                reciprocal: false,
                script: script.collect(),
            }
        },
    )
}

impl StoredWorld {
    /// Whether the ring is kept by the protocol that was proved.
    pub(super) fn is_proved(&self) -> bool {
        self.maintenance == "zave2017"
    }
}

const OF_STORAGE: [&str; 6] = [
    "keys_at_owners",
    "copies_in_place",
    "nothing_lost",
    "counts",
    "reported_lost",
    "fresh_reads",
];

/// Nothing that was promised of copies is broken, by any protocol that keeps the ring.
pub(super) fn copies_are_where_they_belong(run: &Run) -> Result<(), TestCaseError> {
    let of_storage = |row: &&AuditRecord| OF_STORAGE.contains(&row.invariant);
    let mut rows = run.violations.iter().filter(of_storage);
    let blamed = rows.find(|row| row.preconditions);
    prop_assert!(blamed.is_none(), "{blamed:?}");
    Ok(())
}

fn check(world: &StoredWorld) -> Result<Run, TestCaseError> {
    let plan = plan(&world.to_string());
    let audited = audit(&plan.runs[0]);
    copies_are_where_they_belong(&audited)?;
    if world.maintenance == "zave2017" {
        nobody_is_to_blame(&audited)?;
    }
    everybody_has_a_place_of_its_own(&audited)?;
    // An audit changes nothing: of some, since that takes another run.
    if world.world.seed.is_multiple_of(8) {
        let plain = run(&plan.runs[0]);
        prop_assert_eq!(&plain.summary.fingerprint, &audited.summary.fingerprint);
        prop_assert_eq!(&plain.operations, &audited.operations);
    }
    Ok(audited)
}

fn all_hold(
    worlds: impl Strategy<Value = StoredWorld>,
    hold: impl Fn(&StoredWorld) -> Result<(), TestCaseError>,
) {
    let outcome = TestRunner::new(config(FEW)).run(&worlds, |world| hold(&world));
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, world)) => {
            panic!("{reason}\n\nThe scenario of this world:\n\n{world}")
        }
        Err(TestError::Abort(reason)) => panic!("given up: {reason}"),
    }
}

#[test]
fn whatever_happens_copies_are_where_they_belong() {
    all_hold(any_world(), |world| check(world).map(|_| ()));
}

/// With repair or without, with one copy or more.
#[test]
fn gentle_changes_lose_nothing() {
    all_hold(gentle_world(), |world| {
        let run = check(world)?;
        // Of two the one that is left has lost its ring, and the last one has nobody to say goodbye to.
        if run.timeline.iter().any(|row| row.nodes < 3) {
            return Ok(());
        }
        let lost = run.metric("values_lost") + run.metric("gets_lost");
        prop_assert!(lost <= 0.0, "{lost} values are lost");
        let may_be =
            |outcome| matches!(outcome, OperationOutcome::Found | OperationOutcome::Failed);
        let mut told = run.operations.iter();
        let bad = told.find(|row| !may_be(row.outcome));
        prop_assert!(bad.is_none(), "{bad:?}");
        Ok(())
    });
}
