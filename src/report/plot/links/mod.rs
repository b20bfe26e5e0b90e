//! Pictures of what crosses the links of the network, from `links.csv`.
//!
//! | file | concern |
//! |---|---|
//! | `stress` | which share of the links carries how much |
//! | `map` | the network, with its worst links |
//! | `worst` | the worst link in a sentence |

mod map;
mod stress;
mod worst;

use std::collections::BTreeMap;

use kuva::render::render::Scene;

pub(crate) use self::worst::worst_link;
use super::choice::{self, LineChoice};
use super::error::PlotError;
use super::figure::Figure;
use super::folder::ResultFolder;
use super::shapes::Point;
use super::table::{PlotColumn, PlotRow, PlotTable};
use crate::catalogue::{RUN_COLUMNS, RecordKind};

/// How many links carry so many messages.
type Counts = BTreeMap<u64, u64>;

/// A link of the network itself in one run.
#[derive(Clone, Debug)]
struct DrawnLink {
    from: String,
    to: String,
    latency_ms: f64,
    messages: u64,
    direct: u64,
    /// Where its ends are, if there is a map.
    places: Option<[Point; 2]>,
}

/// The links of the runs of one combination; those that attach one host to its router are left aside.
struct DrawnLinks {
    combination: usize,
    /// Of all runs.
    stress: Counts,
    direct: Counts,
    /// Those of the first run.
    links: Vec<DrawnLink>,
    first_run: Option<Vec<u8>>,
}

struct Columns {
    run: PlotColumn,
    from: PlotColumn,
    to: PlotColumn,
    latency_ms: PlotColumn,
    messages: PlotColumn,
    direct: PlotColumn,
    access: PlotColumn,
    places: [PlotColumn; 4],
}

impl Columns {
    fn of(table: &PlotTable) -> Result<Self, PlotError> {
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
    fn link(&self, row: &PlotRow<'_>) -> Result<Option<DrawnLink>, PlotError> {
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

/// The pictures that `links.csv` gives: charts, and maps with their names. None without that file.
pub(super) fn pictures(
    folder: &ResultFolder,
    with_title: bool,
) -> Result<(Vec<Figure>, Vec<(String, Scene)>), PlotError> {
    let choice = choice::among_combinations(folder);
    let links = read(folder, &choice)?;
    let figure = stress::figure(folder, &links, &choice.notes);
    let maps = map::maps(folder, &links, with_title);
    Ok((figure.into_iter().collect(), maps))
}

fn read(folder: &ResultFolder, choice: &LineChoice) -> Result<Vec<DrawnLinks>, PlotError> {
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
