//! What `lookups.csv` and `operations.csv` say of the requests that are shown.

use std::collections::BTreeMap;

use super::Chosen;
use super::requests::{Facts, Request};
use super::rows::Rows;
use crate::report::folder::{FolderError, ResultFolder};

/// Where each request stands: by combination, whether it is a put or get, and number.
type Places = BTreeMap<(usize, bool, u64), usize>;

/// Adds what is said of each request.
pub(super) fn fill_in(
    folder: &ResultFolder,
    chosen: &[Chosen],
    requests: &mut [Vec<Request>],
) -> Result<(), FolderError> {
    let mut places = Places::new();
    for (combination, all) in requests.iter().enumerate() {
        for (place, it) in all.iter().enumerate() {
            places.insert((combination, it.is_operation, it.number), place);
        }
    }
    let mut put = |combination: usize, is_operation, number: u64, facts: Facts| {
        if let Some(place) = places.get(&(combination, is_operation, number)) {
            requests[combination][*place].facts = Some(facts);
        }
    };
    of_lookups(folder, chosen, &mut put)?;
    of_operations(folder, chosen, &mut put)
}

type Put<'a> = &'a mut dyn FnMut(usize, bool, u64, Facts);

fn of_lookups(folder: &ResultFolder, chosen: &[Chosen], put: Put<'_>) -> Result<(), FolderError> {
    let columns = [
        "lookup",
        "time_s",
        "key",
        "outcome",
        "reason",
        "hops",
        "timeouts",
        "latency_ms",
        "owner_id",
        "answer_id",
    ];
    let Some(table) = folder.lookups()? else {
        return Ok(());
    };
    Rows::of(table, folder, chosen, columns)?.each(|row| {
        let facts = Facts {
            kind: "lookup".to_owned(),
            time_s: row.time(1)?,
            key: row.node(2)?,
            label: String::new(),
            outcome: row.text(3)?.to_owned(),
            reason: row.text(4)?.to_owned(),
            hops: row.count(5)?,
            timeouts: row.count(6)?.unwrap_or(0),
            latency_ms: row.number(7)?,
            owner_id: row.count(8)?,
            answer_id: row.count(9)?,
        };
        put(row.combination, false, row.node(0)?, facts);
        Ok(())
    })
}

fn of_operations(
    folder: &ResultFolder,
    chosen: &[Chosen],
    put: Put<'_>,
) -> Result<(), FolderError> {
    let columns = [
        "operation",
        "time_s",
        "key",
        "outcome",
        "reason",
        "hops",
        "timeouts",
        "latency_ms",
        "kind",
        "label",
    ];
    let Some(table) = folder.operations()? else {
        return Ok(());
    };
    Rows::of(table, folder, chosen, columns)?.each(|row| {
        let facts = Facts {
            kind: row.text(8)?.to_owned(),
            time_s: row.time(1)?,
            key: row.node(2)?,
            label: row.text(9)?.to_owned(),
            outcome: row.text(3)?.to_owned(),
            reason: row.text(4)?.to_owned(),
            hops: row.count(5)?,
            timeouts: row.count(6)?.unwrap_or(0),
            latency_ms: row.number(7)?,
            owner_id: None,
            answer_id: None,
        };
        put(row.combination, true, row.node(0)?, facts);
        Ok(())
    })
}
