//! What is kept of `links.csv`.

use std::collections::BTreeMap;

use crate::catalogue::{RUN_COLUMNS, RecordKind};
use crate::report::folder::FolderError;
use crate::report::folder::ResultFolder;
use crate::report::folder::table::{ResultColumn, ResultRow, ResultTable};
use crate::report::plot::choice::LineChoice;
use crate::report::plot::shapes::Point;

/// How many links carry so many messages.
pub(super) type Counts = BTreeMap<u64, u64>;

/// A link of the network itself in one run.
#[derive(Clone, Debug)]
pub(super) struct DrawnLink {
    pub from: String,
    pub to: String,
    pub latency_ms: f64,
    pub messages: u64,
    pub direct: u64,
    /// Where its ends are, if there is a map.
    pub places: Option<[Point; 2]>,
}

/// The links of the runs of one combination; those that attach one host to its router are left aside.
pub(super) struct DrawnLinks {
    pub combination: usize,
    /// Of all runs.
    pub stress: Counts,
    pub direct: Counts,
    /// Those of the first run.
    pub links: Vec<DrawnLink>,
    first_run: Option<Vec<u8>>,
}

pub(super) struct Columns {
    run: ResultColumn,
    from: ResultColumn,
    to: ResultColumn,
    latency_ms: ResultColumn,
    messages: ResultColumn,
    direct: ResultColumn,
    access: ResultColumn,
    places: [ResultColumn; 4],
}

impl Columns {
    pub(super) fn of(table: &ResultTable) -> Result<Self, FolderError> {
        let of = |name: &str| table.column(RecordKind::Link.info().column(name).name);
        Ok(Self {
            run: table.column(RUN_COLUMNS[0].name)?,
            from: of("from")?,
            to: of("to")?,
            latency_ms: of("latency_ms")?,
            messages: of("messages")?,
            direct: of("direct_messages")?,
            access: of("access")?,
            places: [of("from_x")?, of("from_y")?, of("to_x")?, of("to_y")?],
        })
    }

    /// The link of a row; `None` if it attaches one host.
    pub(super) fn link(&self, row: &ResultRow<'_>) -> Result<Option<DrawnLink>, FolderError> {
        if row.bytes(&self.access) == b"true" {
            return Ok(None);
        }
        let mut places = [None; 4];
        for (place, column) in places.iter_mut().zip(&self.places) {
            *place = row.number(column)?;
        }
        let places = match places {
            [Some(ax), Some(ay), Some(bx), Some(by)] => Some([(ax, ay), (bx, by)]),
            _ => None,
        };
        Ok(Some(DrawnLink {
            from: row.text(&self.from)?.to_owned(),
            to: row.text(&self.to)?.to_owned(),
            latency_ms: row.number(&self.latency_ms)?.unwrap_or(0.0),
            messages: row.count(&self.messages)?.unwrap_or(0),
            direct: row.count(&self.direct)?.unwrap_or(0),
            places,
        }))
    }
}

/// Reads the links of the combinations that are drawn; none without the file.
pub(super) fn read(
    folder: &ResultFolder,
    choice: &LineChoice,
) -> Result<Vec<DrawnLinks>, FolderError> {
    let Some(table) = folder.links()? else {
        return Ok(Vec::new());
    };
    let columns = Columns::of(&table)?;
    let mut finder = folder.finder(&table)?;
    let empty = |combination: &usize| DrawnLinks {
        combination: *combination,
        stress: Counts::new(),
        direct: Counts::new(),
        links: Vec::new(),
        first_run: None,
    };
    let mut drawn: Vec<DrawnLinks> = choice.picked.iter().map(empty).collect();
    table.each(|row| {
        let Some(place) = choice.place(finder.find(row)?) else {
            return Ok(());
        };
        let Some(link) = columns.link(row)? else {
            return Ok(());
        };
        let drawn = &mut drawn[place];
        *drawn.stress.entry(link.messages).or_default() += 1;
        *drawn.direct.entry(link.direct).or_default() += 1;
        let run = row.bytes(&columns.run);
        if drawn.first_run.get_or_insert_with(|| run.to_owned()) == run {
            drawn.links.push(link);
        }
        Ok(())
    })?;
    drawn.retain(|drawn| !drawn.stress.is_empty());
    Ok(drawn)
}
