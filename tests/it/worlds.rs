//! Random small worlds, audited to the end. Nodes, rings, networks, churn, faults, loss and droppers are
//! drawn; when nobody comes or goes any more, the proved protocol has to bring the ring back to order
//! within a bounded time, and never to have broken it itself.
//!
//! A world that fails is made simpler as long as it fails, and printed as the scenario that repeats it.
//! What has been found so stands in `worlds/found.rs`.

mod claims;
mod found;
mod redone;
mod remembering;
mod selfish;
mod stored;
mod trouble;
mod world;

use std::cell::Cell;
use std::env;

use claims::{Rest, check};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};
use world::{Network, reliable, unreliable, world};

/// So many worlds of a kind are tried if nothing is said, always the same ones.
const FEW: u32 = 200;

/// For so many worlds, always the same ones; with `CHORDSIM_CASES` as many as it says, others every time.
fn config(few: u32) -> Config {
    let (cases, rng_seed) = match env::var("CHORDSIM_CASES") {
        Ok(text) => {
            let count = text.parse();
            let count = count.unwrap_or_else(|_| panic!("CHORDSIM_CASES is {text:?}, no number"));
            (count, RngSeed::Random)
        }
        Err(_) => (few, RngSeed::Fixed(311)),
    };
    Config {
        cases,
        rng_seed,
        failure_persistence: None,
        max_shrink_iters: 5000,
        ..Config::default()
    }
}

/// Tries worlds with such networks; gives the share of them that had to come to rest.
fn all_hold(network: impl Strategy<Value = Network>) -> f64 {
    let (came, tried) = (Cell::new(0), Cell::new(0));
    let outcome = TestRunner::new(config(FEW)).run(&world(network), |world| {
        let rest = check(&world)?;
        came.set(came.get() + u32::from(rest == Rest::Came));
        tried.set(tried.get() + 1);
        Ok(())
    });
    match outcome {
        Ok(()) => f64::from(came.get()) / f64::from(tried.get()),
        Err(TestError::Fail(reason, world)) => {
            panic!("{reason}\n\nThe scenario of this world:\n\n{world}")
        }
        Err(TestError::Abort(reason)) => panic!("given up: {reason}"),
    }
}

#[test]
fn a_world_without_loss_comes_to_rest() {
    let came = all_hold(reliable());
    println!(
        "{:.1} % of the worlds had to come to rest, and did",
        100.0 * came
    );
    // Were most of them others, this test would say little. Those have lost their ring, are over too
    // soon, or have droppers that let nobody in.
    assert!(came > 0.5, "{came}");
}

#[test]
fn a_world_with_loss_breaks_nothing_by_itself() {
    all_hold(unreliable());
}
