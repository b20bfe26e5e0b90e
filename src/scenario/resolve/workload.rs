//! `[workload]`, `[storage]` and `[selfish]`: what peers ask for, and who does not play fair.

use super::checks::{Checks, MAX_RATE};
use crate::engine::SimDuration;
use crate::scenario::resolved::{Behaviour, Defence, Popularity, Selfish, Workload};
use crate::scenario::schema::{self, File, Num, OneOrMore, Opt};

/// `[workload]`; `[storage]` is checked with it.
pub fn workload(checks: &mut Checks<'_>, file: &File) -> Workload {
    let given = &file.workload;
    not_yet(checks, "workload.puts_per_s", &given.puts_per_s);
    not_yet(checks, "workload.gets_per_s", &given.gets_per_s);
    storage(checks, &file.storage);
    let exponent = checks.number(
        "workload.zipf_exponent",
        &given.zipf_exponent,
        1.0,
        0.0..=100.0,
    );
    Workload {
        lookups_per_s: checks.rate("workload.lookups_per_s", &given.lookups_per_s, 10.0),
        keys: checks.count32("workload.keys", &given.keys, 10_000, 1..=1_000_000_000),
        popularity: checks.choice(
            "workload.popularity",
            &given.popularity,
            Popularity::Uniform,
            |popularity| match popularity {
                schema::Popularity::Uniform => Some(Popularity::Uniform),
                schema::Popularity::Zipf => Some(Popularity::Zipf { exponent }),
            },
            "uniform, zipf",
        ),
    }
}

/// A rate of operations that only a later version has: zero is all it can be.
fn not_yet(checks: &mut Checks<'_>, key: &str, given: &Opt<Num>) {
    let rate = checks.number(key, given, 0.0, 0.0..=MAX_RATE);
    if let Some(given) = given
        && rate > 0.0
    {
        checks.unavailable(key, given.span(), "0.0; lookups_per_s for lookups");
    }
}

fn storage(checks: &mut Checks<'_>, given: &schema::Storage) {
    let replicas = checks.count("storage.replicas", &given.replicas, 1, 1..=255);
    if let Some(given) = &given.replicas
        && replicas > 1
    {
        checks.unavailable("storage.replicas", given.span(), "1");
    }
    checks.count32(
        "storage.value_bytes",
        &given.value_bytes,
        1024,
        0..=u32::MAX,
    );
}

/// `[selfish]`
pub fn selfish(checks: &mut Checks<'_>, given: &schema::Selfish) -> Selfish {
    let retry = Defence::Retry {
        after: checks.positive(
            "selfish.retry_after",
            &given.retry_after,
            SimDuration::from_secs(3),
        ),
        attempts: checks.count("selfish.retry_attempts", &given.retry_attempts, 8, 1..=255) as u8,
    };
    behaviour(checks, given);
    Selfish {
        fraction: checks.share("selfish.fraction", &given.fraction, 0.0),
        behaviour: Behaviour::DropLookups,
        defence: checks.choice(
            "selfish.defence",
            &given.defence,
            Defence::None,
            |defence| match defence {
                schema::Defence::None => Some(Defence::None),
                schema::Defence::Retry => Some(retry),
                schema::Defence::Redundant | schema::Defence::Reputation => None,
            },
            "none, retry",
        ),
    }
}

/// One behaviour is all there is so far.
fn behaviour(checks: &mut Checks<'_>, given: &schema::Selfish) {
    let Some(given) = &given.behaviour else {
        return;
    };
    if !matches!(
        given.get_ref(),
        OneOrMore::One(schema::Behaviour::DropLookups)
    ) {
        let available = "one behaviour, as a string: drop-lookups";
        checks.unavailable("selfish.behaviour", given.span(), available);
    }
}
