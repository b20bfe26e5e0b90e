//! The picture of how keys are spread over the peers, where peers with more and with fewer places on the ring are
//! compared. A peer has the keys of all its nodes.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;

use super::cdf::{self, Curve};
use super::choice::{self, LineChoice};
use super::figure::Figure;
use crate::catalogue::{RUN_COLUMNS, RecordKind};
use crate::report::folder::FolderError;
use crate::report::folder::table::{ResultColumn, ResultRow, ResultTable};
use crate::report::folder::{ResultFolder, Swept};

/// The distribution of keys over the peers; `None` where virtual nodes are not swept, or without `nodes.csv`.
pub(super) fn figure(folder: &ResultFolder) -> Result<Option<Figure>, FolderError> {
    if !folder.swept.iter().any(Swept::is_virtual_nodes) {
        return Ok(None);
    }
    let Some(table) = folder.nodes()? else {
        return Ok(None);
    };
    let choice = choice::among_combinations(folder);
    let keys = read(folder, table, &choice)?;
    let lines = choice.picked.iter().zip(&keys).enumerate();
    let curves: Vec<Curve<'_>> = lines
        .map(|(look, (combination, values))| Curve {
            label: choice::combination_label(folder, *combination),
            behind: String::new(),
            look,
            values,
            ends_at: 1.0,
            given_up: None,
        })
        .collect();
    let words = cdf::Words {
        name: "keys-per-peer",
        title: "Keys per peer at the end",
        subtitle: &folder.title,
        x: "keys per peer",
        y: "peers (%)",
    };
    Ok(cdf::figure(&words, &curves, 1.0, choice.notes))
}

struct Columns {
    run: ResultColumn,
    peer: ResultColumn,
    keys: ResultColumn,
}

/// The keys of the peers of one run, as far as its rows have been read.
#[derive(Default)]
struct Peers {
    /// The run, and the place of its combination among those that are drawn.
    run: Option<(u64, usize)>,
    keys: BTreeMap<u64, u64>,
}

impl Peers {
    /// Counts the peers of a run whose rows are over.
    fn close(&mut self, counted: &mut [Histogram<u64>]) {
        if let Some((_, place)) = self.run {
            for keys in std::mem::take(&mut self.keys).into_values() {
                cdf::record(&mut counted[place], keys);
            }
        }
    }

    fn add(&mut self, row: &ResultRow<'_>, columns: &Columns) -> Result<(), FolderError> {
        // Who is no member owns nothing.
        let (peer, keys) = (row.count(&columns.peer)?, row.count(&columns.keys)?);
        if let (Some(peer), Some(keys)) = (peer, keys) {
            let all = self.keys.entry(peer).or_default();
            *all = all.saturating_add(keys);
        }
        Ok(())
    }
}

/// Rows of one run stand together, so that no more than its peers are kept at a time.
fn read(
    folder: &ResultFolder,
    table: ResultTable,
    choice: &LineChoice,
) -> Result<Vec<Histogram<u64>>, FolderError> {
    let of = |name| table.column(RecordKind::Node.info().column(name).name);
    let [run, ..] = RUN_COLUMNS;
    let columns = Columns {
        run: table.column(run.name)?,
        peer: of("peer")?,
        keys: of("keys")?,
    };
    let mut finder = folder.finder(&table)?;
    let mut counted: Vec<_> = choice.picked.iter().map(|_| cdf::histogram()).collect();
    let mut peers = Peers::default();
    table.each(|row| {
        let number = row.count(&columns.run)?.unwrap_or(0);
        let place = choice.place(finder.find(row)?);
        let run = place.map(|place| (number, place));
        if peers.run != run {
            peers.close(&mut counted);
            peers.run = run;
        }
        if run.is_some() {
            peers.add(row, &columns)?;
        }
        Ok(())
    })?;
    peers.close(&mut counted);
    Ok(counted)
}
