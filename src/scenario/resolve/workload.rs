//! `[workload]`, `[storage]` and `[selfish]`: what peers ask for, and who does not play fair.

use crate::scenario::keys::selfish::{DefenceChoice, SelfishKeys};
use crate::scenario::keys::storage::Storage;
use crate::scenario::keys::workload::{PopularityChoice, WorkloadKeys};
use crate::scenario::reader::Reader;
use crate::scenario::resolved::{Defence, Popularity, Scenario, ScriptEvent, Selfish, Workload};

/// `[workload]`
pub(crate) fn workload(reader: &mut Reader<'_>) -> Workload {
    let keys: WorkloadKeys = reader.read();
    Workload {
        lookups_per_s: keys.lookups_per_s,
        puts_per_s: keys.puts_per_s,
        gets_per_s: keys.gets_per_s,
        keys: keys.keys,
        popularity: match keys.popularity {
            PopularityChoice::Uniform => Popularity::Uniform,
            PopularityChoice::Zipf => Popularity::Zipf {
                exponent: keys.zipf_exponent,
            },
        },
    }
}

/// `[storage]`, which has an effect only where something is stored.
pub(crate) fn storage(
    reader: &mut Reader<'_>,
    workload: &Workload,
    events: &[ScriptEvent],
) -> Option<Storage> {
    let storage: Storage = reader.read();
    let is_used = workload.puts_per_s > 0.0
        || workload.gets_per_s > 0.0
        || events.iter().any(|event| event.kind.is_operation())
        || storage.preload;
    is_used.then_some(storage)
}

/// Whether there are as many nodes as copies are wanted on, and as many copies as answers.
pub(crate) fn storage_fits(reader: &mut Reader<'_>, scenario: &Scenario) {
    let Some(storage) = scenario.storage else {
        return;
    };
    let named = scenario.chord.successors;
    if storage.replicas - 1 > named {
        let places = ["storage.replicas", "chord.successors"].map(|key| reader.place(key));
        if let Some(span) = reader.culprit(places) {
            reader.push(
                span,
                "more copies than a node can name nodes for",
                format!(
                    "an owner and its {named} successors keep {} copies at most, not {}",
                    u16::from(named) + 1,
                    storage.replicas
                ),
                format!(
                    "lower `storage.replicas`, or raise `chord.successors` to at least {}",
                    storage.replicas - 1
                ),
            );
        }
    }
    for (key, quorum) in [
        ("storage.write_quorum", storage.write_quorum),
        ("storage.read_quorum", storage.read_quorum),
    ] {
        if quorum <= storage.replicas {
            continue;
        }
        let places = [reader.place(key), reader.place("storage.replicas")];
        if let Some(span) = reader.culprit(places) {
            reader.push(
                span,
                "a quorum that can never be met",
                format!(
                    "`{key}` is {quorum}, and there are {} copies",
                    storage.replicas
                ),
                format!("lower `{key}`, or raise `storage.replicas` to at least {quorum}"),
            );
        }
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
