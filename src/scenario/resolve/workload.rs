//! `[workload]`, `[storage]` and `[selfish]`: what peers ask for, and who does not play fair.

use crate::scenario::keys::selfish::{DefenceChoice, SelfishKeys};
use crate::scenario::keys::storage::STORAGE;
use crate::scenario::keys::workload::{PopularityChoice, WorkloadKeys};
use crate::scenario::reader::Reader;
use crate::scenario::resolved::{Defence, Popularity, Selfish, Workload};

/// `[workload]`; `[storage]`, which has no effect yet, is checked with it.
pub(crate) fn workload(reader: &mut Reader<'_>) -> Workload {
    let keys: WorkloadKeys = reader.read();
    let storage = reader.section(&STORAGE);
    reader.values(&storage);
    Workload {
        lookups_per_s: keys.lookups_per_s,
        keys: keys.keys,
        popularity: match keys.popularity {
            PopularityChoice::Uniform => Popularity::Uniform,
            PopularityChoice::Zipf => Popularity::Zipf {
                exponent: keys.zipf_exponent,
            },
        },
    }
}

/// `[selfish]`
pub(crate) fn selfish(reader: &mut Reader<'_>) -> Selfish {
    let keys: SelfishKeys = reader.read();
    Selfish {
        fraction: keys.fraction,
        behaviour: keys.behaviour,
        defence: match keys.defence {
            DefenceChoice::None => Defence::None,
            DefenceChoice::Retry => Defence::Retry {
                after: keys.retry_after,
                attempts: keys.retry_attempts,
            },
        },
    }
}
