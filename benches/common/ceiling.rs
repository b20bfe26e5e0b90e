//! The ceiling: how many events per second this machine can give a simulator of so many nodes that
//! does nothing with them.
//!
//! The hold model (Jones, "An empirical comparison of priority-queue and event-set implementations",
//! CACM 29(4), 1986) with as many events waiting as nodes have timers: the next event is taken, reads
//! and writes three cache lines of the node it is for, and schedules one event for a random node. It
//! has the simulator's queue and looks as far ahead as it likes.

use chordsim::engine::{EventQueue, SimTime, prefetch_at, reserve_huge};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::processor::ThreadClock;

/// Three of a node's four cache lines are touched.
#[repr(align(64))]
#[derive(Clone, Copy)]
struct Node([[u64; 8]; 4]);

/// What an event carries besides its time: 24 bytes, as in the simulator.
type Event = (u32, u32, u64, u64);

/// Events for each node that wait at any time.
const PENDING: u32 = 3;
/// The longest delay: 2^36 ns, about 69 s.
const LONGEST: u64 = 1 << 36;
/// How many events ahead memory is asked for.
const AHEAD: usize = 16;

/// Events per second of processor time with this many nodes.
pub(crate) fn measure(nodes: u32) -> f64 {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut state = Vec::new();
    reserve_huge(&mut state, nodes as usize);
    state.resize(nodes as usize, Node([[1; 8]; 4]));
    let mut queue: EventQueue<Event> = EventQueue::new();
    queue.reserve((nodes * PENDING) as usize);
    for event in 0..nodes * PENDING {
        queue.push(
            SimTime(rng.random_range(0..LONGEST)),
            (event % nodes, 0, 0, 0),
        );
    }
    let events = (u64::from(nodes) * 6).clamp(4_000_000, 40_000_000);
    for _ in 0..events / 4 {
        step(&mut queue, &mut state, &mut rng);
    }
    let clock = ThreadClock::of_this_thread();
    let start = clock.seconds();
    for _ in 0..events {
        step(&mut queue, &mut state, &mut rng);
    }
    events as f64 / (clock.seconds() - start)
}

#[inline]
fn step(queue: &mut EventQueue<Event>, state: &mut [Node], rng: &mut ChaCha8Rng) {
    let Some((at, (node, count, a, b))) = queue.pop() else {
        return;
    };
    if let Some((next, ..)) = queue.ahead(AHEAD, 1).next() {
        prefetch_node(state, *next as usize);
    }
    let lines = &mut state[node as usize].0;
    lines[0][0] += a;
    lines[1][1] ^= b;
    lines[2][2] += u64::from(count);
    let sum = lines[0][0] ^ lines[1][1] ^ lines[2][2];
    // One draw for both: the upper half says when, the lower half for whom.
    let draw: u64 = rng.random();
    let delay = draw >> 28;
    let to = ((draw & u64::from(u32::MAX)) * state.len() as u64) >> 32;
    queue.push(
        SimTime(at.0 + delay),
        (to as u32, count.wrapping_add(1), sum, at.0),
    );
}

fn prefetch_node(state: &[Node], node: usize) {
    for line in &state[node].0[..3] {
        prefetch_at(line, 0);
    }
}
