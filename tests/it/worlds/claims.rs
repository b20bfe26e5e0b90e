//! What holds of every world, and of one that has come to rest.

use std::collections::BTreeSet;

use chordsim::catalogue::{AuditRecord, LookupRecord, NodeRecord, Outcome, Reason, TimelineRecord};
use proptest::prelude::*;

use super::world::World;
use crate::common::books::assert_books_balance;
use crate::common::{Run, audit, plan};

/// Whether a world was held to come to rest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Rest {
    /// It was, and did.
    Came,
    /// It need not, or it is over before it must.
    NotDue,
}

type Holds = Result<(), TestCaseError>;

/// Runs a world and holds it to all that is claimed of it.
pub(super) fn check(world: &World) -> Result<Rest, TestCaseError> {
    let run = audit(&plan(&world.to_string()).runs[0]);
    assert_books_balance(&run);
    nobody_is_to_blame(&run)?;
    the_rest_follows_from_the_invariant(&run)?;
    everybody_has_a_place_of_its_own(&run)?;
    nobody_comes_or_goes_in_the_end(world, &run)?;
    // Where answers get lost no ring is ever at rest: the living are taken for dead time and again, and
    // dropped from a list until the next round. Nor can it be said that no answer is wrong: if a node
    // misses the answers of its successor, and the one after that, which it notifies, misses them as
    // well, that one claims the keys of the node in between. What holds is what holds of every world.
    if world.is_reliable() {
        comes_to_rest(world, &run)
    } else {
        Ok(Rest::NotDue)
    }
}

/// Every violation has an excuse, with loss too: it is that the living were taken for dead.
pub(super) fn nobody_is_to_blame(run: &Run) -> Holds {
    let blamed = run.violations.iter().find(|row| row.preconditions);
    prop_assert!(blamed.is_none(), "{blamed:?}");
    prop_assert!(run.metric("violations_unexcused") <= 0.0);
    Ok(())
}

fn is_of_the_invariant(row: &AuditRecord) -> bool {
    matches!(row.invariant, "live_successor" | "principals")
}

/// One ordered ring, ordered lists and so on follow from the invariant in every single state, whatever
/// broke it (Zave 2017): they never stop holding before it does.
fn the_rest_follows_from_the_invariant(run: &Run) -> Holds {
    let of_the_invariant = |row: &&AuditRecord| is_of_the_invariant(row);
    for row in &run.violations {
        if is_of_the_invariant(row) || row.invariant == "key_owner" {
            continue;
        }
        let mut broken = run.violations.iter().filter(of_the_invariant);
        let covers = |other: &AuditRecord| {
            other.time_s <= row.time_s && other.until_s.is_none_or(|until| until >= row.time_s)
        };
        prop_assert!(broken.any(covers), "though the invariant holds: {row:?}");
    }
    Ok(())
}

/// Nobody who is there at the end shares an identifier.
pub(super) fn everybody_has_a_place_of_its_own(run: &Run) -> Holds {
    let is_there = |node: &&NodeRecord| node.joined_s.is_some() && node.left_s.is_none();
    let there = || run.nodes.iter().filter(is_there);
    let ids: BTreeSet<u64> = there().map(|node| node.id).collect();
    prop_assert_eq!(ids.len(), there().count(), "nodes share identifiers");
    Ok(())
}

/// Churn ends when it is to end, and faults and first joins are over.
fn nobody_comes_or_goes_in_the_end(world: &World, run: &Run) -> Holds {
    let end = f64::from(world.until);
    let up = |row: &TimelineRecord| row.nodes + row.joining;
    let last = run.timeline.last().expect("a row");
    // The row in which the end lies may have seen the last of them.
    let mut after = run.timeline.iter().filter(|row| row.time_s >= end);
    let count = after.next().map(up);
    prop_assert_eq!(count, Some(up(last)));
    let still = after.find(|row| row.joins + row.leaves + row.crashes > 0 || up(row) != up(last));
    prop_assert!(still.is_none(), "after {end} s: {still:?}");
    Ok(())
}

/// With no loss a ring is one, in order and answers rightly, a bounded time after the last change.
///
/// Where droppers pass nothing on, a join may take for ever: there the last change is the last join.
fn comes_to_rest(world: &World, run: &Run) -> Result<Rest, TestCaseError> {
    let last = run.timeline.last().expect("a row");
    let nodes = (last.nodes + last.joining) as u32 * world.ring.virtual_nodes;
    let bound = world.settles_in(nodes);
    let end = f64::from(world.until);
    if world.is_fair() {
        all_have_joined(run, end + bound)?;
    }
    let changed = last_join(run).filter(|_| !world.is_fair());
    let Some(sound) = sound_since(world, run, nodes) else {
        return Ok(Rest::NotDue);
    };
    let from = end.max(sound).max(changed.unwrap_or(end)) + bound;
    if from > last.time_s {
        return Ok(Rest::NotDue);
    }
    is_at_rest(world, run, (from, nodes))?;
    Ok(Rest::Came)
}

fn all_have_joined(run: &Run, by: f64) -> Holds {
    let mut late = run.timeline.iter().filter(|row| row.time_s >= by);
    let waits = late.find(|row| row.joining > 0);
    prop_assert!(waits.is_none(), "all are to join by {by} s: {waits:?}");
    Ok(())
}

/// When the first row after the last one in which somebody was joining ended.
fn last_join(run: &Run) -> Option<f64> {
    let joining = run.timeline.iter().rposition(|row| row.joining > 0)?;
    let joined = run.timeline.get(joining + 1);
    Some(joined.map_or(f64::INFINITY, |row| row.time_s))
}

/// Since when the invariant has held, in seconds: the theorem begins there. `None` if it does not hold at
/// the end. Then the ring is what failures have left of it: two rings, for example, when two groups of
/// survivors know none of the other.
///
/// A ring of no more members than a list is long cannot have its r + 1 principals. While it never lost
/// a node's last successor, each list names everybody, and nothing is lost with that.
///
/// A ring that never had them is not audited, so that nobody knows whether failures have torn it; but if
/// nothing failed, it has grown from one node to one ring.
fn sound_since(world: &World, run: &Run, nodes: u32) -> Option<f64> {
    if run.metric_if_any("principals_min").is_none() {
        return (!world.has_failures()).then_some(f64::NEG_INFINITY);
    }
    let is_small = nodes <= world.ring.successors;
    let broken = |part| {
        run.violations
            .iter()
            .filter(move |row| row.invariant == part)
    };
    let unhurt = broken("live_successor").next().is_none();
    let parts = run.violations.iter().filter(|row| is_of_the_invariant(row));
    let count = parts.filter(|row| !(is_small && unhurt && row.until_s.is_none()));
    let until: Option<Vec<f64>> = count.map(|row| row.until_s).collect();
    Some(until?.into_iter().fold(f64::NEG_INFINITY, f64::max))
}

/// Every member names the next one as its successor. Nothing is said of a ring on which nobody is.
pub(super) fn is_in_order(row: &TimelineRecord) -> bool {
    let said = (row.ring_ok, row.wrong_successors);
    let expected = if row.nodes == 0 {
        (None, None)
    } else {
        (Some(true), Some(0.0))
    };
    said == expected
}

fn is_at_rest(world: &World, run: &Run, (from, nodes): (f64, u32)) -> Holds {
    let mut rows = run.timeline.iter().filter(|row| row.time_s >= from);
    let bad = rows.find(|row| !is_in_order(row));
    prop_assert!(bad.is_none(), "at rest from {from} s, and yet {bad:?}");
    let walks_in_vain = world.may_walk_in_vain(nodes);
    // Who drops a lookup makes it fail, and nothing worse.
    let may_be = |outcome| match outcome {
        Outcome::Ok => true,
        Outcome::Failed => !world.is_fair() || walks_in_vain,
        Outcome::Wrong => world.has_liars(),
    };
    // Where everybody has gone nobody asks.
    let all_gone = run.timeline.last().is_some_and(|row| row.nodes == 0);
    let asked = |lookup: &&LookupRecord| !(all_gone && lookup.reason == Some(Reason::NobodyLeft));
    let mut lookups = run.lookups.iter().filter(|lookup| lookup.time_s >= from);
    let bad = lookups.find(|lookup| asked(lookup) && !may_be(lookup.outcome));
    prop_assert!(bad.is_none(), "at rest from {from} s, and yet {bad:?}");
    Ok(())
}
