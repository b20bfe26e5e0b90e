//! `[workload]` and `[storage]`: what peers ask for, and what is kept.

use std::path::{Path, PathBuf};

use crate::codes;
use crate::scenario::data::{DataKind, NamedFile};
use crate::scenario::keys::storage::{Quorums, Scheme, Storage};
use crate::scenario::keys::workload::{ArrivalsChoice, PopularityChoice, WorkloadKeys};
use crate::scenario::reader::Reader;
use crate::scenario::resolved::{Arrivals, Popularity, Scenario, ScriptEvent, Source, Workload};
use crate::world::Space;

/// `[workload]`
pub(crate) fn workload(reader: &mut Reader<'_>, folder: &Path) -> (Workload, Option<NamedFile>) {
    let keys: WorkloadKeys = reader.read();
    let file = keys_file(reader, keys.keys_file, folder);
    let workload = Workload {
        keys_file: file.as_ref().map(|file| file.path.clone()),
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
        source: keys.source,
        arrivals: match keys.arrivals {
            ArrivalsChoice::Poisson => Arrivals::Poisson,
            ArrivalsChoice::PerNode => Arrivals::PerNode {
                requests: keys.requests_per_node,
                every: keys.request_every,
            },
        },
    };
    (workload, file)
}

/// The file with the names of the keys, which says how many there are.
fn keys_file(reader: &mut Reader<'_>, file: Option<PathBuf>, folder: &Path) -> Option<NamedFile> {
    let file = file?;
    let span = reader.place("workload.keys_file")?;
    let places = [reader.place("workload.keys"), Some(span.clone())];
    if places[0].is_some()
        && let Some(culprit) = reader.culprit(places)
    {
        reader.push(
            codes::CONTRADICTION,
            culprit,
            "the keys are named, or there are so many without names",
            "`keys` and `keys_file` are both given",
            "remove one of the two: there are as many keys as the file has names",
        );
    }
    if file.as_os_str().is_empty() {
        reader.push(
            codes::EMPTY_NAME,
            span.clone(),
            "`workload.keys_file` names no file",
            "an empty name",
            "name the file, relative to the scenario's folder, or remove the key",
        );
    }
    Some(NamedFile {
        path: folder.join(&file),
        written: file,
        kind: DataKind::Keys,
        span,
    })
}

/// Whether the one who asks is on the ring, and is one of several that make requests in their turn.
pub(crate) fn source_fits(reader: &mut Reader<'_>, scenario: &Scenario) {
    let Source::Id(id) = scenario.workload.source else {
        return;
    };
    let last = Space::new(scenario.overlay.id_bits).last();
    let places = ["workload.source", "overlay.id_bits"].map(|key| reader.place(key));
    if id > last
        && let Some(span) = reader.culprit(places)
    {
        reader.push(
            codes::NOT_ON_THE_RING,
            span,
            format!("{id} is not on the ring"),
            format!("the ring has the places 0 to {last}"),
            "write the identifier of a node, or raise `overlay.id_bits`",
        );
    }
    let places = ["workload.source", "workload.arrivals"].map(|key| reader.place(key));
    if !scenario.workload.arrivals.are_poisson()
        && let Some(span) = reader.culprit(places)
    {
        reader.push(
            codes::CONTRADICTION,
            span,
            "either one node asks, or each in its turn",
            "`source` is an identifier, and `arrivals` is \"per-node\"",
            "remove one of the two; lookups of one node at given moments are [[event]]s",
        );
    }
}

/// `[storage]`, and whether anything is stored, as far as that is known before a trace is read.
pub(crate) struct Kept {
    pub settings: Storage,
    pub is_used: bool,
}

/// `[storage]`, which has an effect only where something is stored.
pub(crate) fn storage(
    reader: &mut Reader<'_>,
    workload: &Workload,
    events: &[ScriptEvent],
) -> Kept {
    let settings: Storage = reader.read();
    let is_used = workload.puts_per_s > 0.0
        || workload.gets_per_s > 0.0
        || events.iter().any(|event| event.kind.is_operation())
        || settings.preload
        || settings.always;
    Kept { settings, is_used }
}

/// Whether there are as many nodes as copies are wanted on, and as many copies as answers.
pub(crate) fn storage_fits(reader: &mut Reader<'_>, scenario: &Scenario) {
    let Some(storage) = scenario.storage else {
        return;
    };
    let named = scenario.chord.successors;
    if storage.scheme == Scheme::Successors && storage.replicas - 1 > named {
        let places = ["storage.replicas", "chord.successors"].map(|key| reader.place(key));
        if let Some(span) = reader.culprit(places) {
            reader.push(
                codes::IMPOSSIBLE_COPIES,
                span,
                "more copies than a node can name nodes for",
                format!(
                    "an owner and its {named} successors keep {} copies at most, not {}",
                    u16::from(named) + 1,
                    storage.replicas
                ),
                format!(
                    "lower `storage.replicas`, raise `chord.successors` to at least {}, or set `storage.scheme` to \"spread\"",
                    storage.replicas - 1
                ),
            );
        }
    }
    nearest_are_known(reader, scenario, &storage);
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
                codes::IMPOSSIBLE_COPIES,
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

/// Who asks the nearest copies has to know which these are, and where all of them are.
fn nearest_are_known(reader: &mut Reader<'_>, scenario: &Scenario, storage: &Storage) {
    if storage.quorums != Quorums::Nearest {
        return;
    }
    let key = "storage.quorums";
    if !scenario.chord.has_coordinates()
        && let Some(span) = reader.culprit([reader.place(key)])
    {
        reader.push(
            codes::IMPOSSIBLE_COPIES,
            span,
            "nobody knows which copies are near",
            format!("`{key}` is \"nearest\", and nodes have no coordinates"),
            "set `chord.estimate` to \"vivaldi\" and `chord.proximity` to \"pns\", \"prs\" or \"pns+prs\"",
        );
    }
    let places = [reader.place(key), reader.place("storage.scheme")];
    if storage.scheme == Scheme::Spread
        && let Some(span) = reader.culprit(places)
    {
        reader.push(
            codes::IMPOSSIBLE_COPIES,
            span,
            "no node knows where all copies are",
            format!("`{key}` is \"nearest\", and `storage.scheme` is \"spread\""),
            "set `storage.scheme` to \"successors\", or `storage.quorums` to \"first\"",
        );
    }
}
