//! The picture of how messages are spread over the nodes: over all, or over the honest and the selfish apart. Where
//! nodes come and go, what counts is the load in the time in which a node was up.

use hdrhistogram::Histogram;

use super::cdf::{self, Curve};
use super::choice;
use super::figure::{Figure, Panel};
use crate::catalogue::{Column, RecordKind};
use crate::report::folder::FolderError;
use crate::report::folder::ResultFolder;
use crate::report::folder::table::{ResultColumn, ResultRow, ResultTable};

/// Rates are kept in thousandths.
const THOUSANDTHS: f64 = 1e3;
/// The title of the panel of each kind of node, honest first.
const KINDS: [&str; 2] = ["honest nodes", "selfish nodes"];

/// The loads of the nodes of one combination; the honest ones first.
struct Loads {
    /// Messages.
    counts: [Histogram<u64>; 2],
    /// Messages per minute up, in thousandths.
    rates: [Histogram<u64>; 2],
}

struct Columns {
    messages: ResultColumn,
    joined_s: ResultColumn,
    left_s: ResultColumn,
    selfish: ResultColumn,
    /// Results of older versions do not have it.
    up_s: Option<ResultColumn>,
}

impl Columns {
    fn of(table: &ResultTable) -> Result<Self, FolderError> {
        let of = |name| table.column(column(name).name);
        Ok(Self {
            messages: of("messages_in")?,
            joined_s: of("joined_s")?,
            left_s: of("left_s")?,
            selfish: of("selfish")?,
            up_s: table.find(column("up_s").name),
        })
    }

    /// Takes in a node; tells whether it was there all the time.
    fn add(&self, row: &ResultRow<'_>, loads: &mut Loads) -> Result<bool, FolderError> {
        let joined = row.number(&self.joined_s)?;
        let left = row.number(&self.left_s)?;
        let kind = usize::from(row.bytes(&self.selfish) == b"true");
        let Some(messages) = row.count(&self.messages)? else {
            return Ok(true);
        };
        cdf::record(&mut loads.counts[kind], messages);
        let up_s = self.up_s.as_ref().map(|up_s| row.number(up_s));
        let up_s = up_s.transpose()?.flatten().filter(|seconds| *seconds > 0.0);
        if let Some(seconds) = up_s {
            let rate = messages as f64 * THOUSANDTHS * 60.0 / seconds;
            cdf::record(&mut loads.rates[kind], rate.round() as u64);
        }
        Ok(joined.is_some_and(|joined| joined <= 0.0) && left.is_none())
    }
}

fn column(name: &str) -> &'static Column {
    RecordKind::Node.info().column(name)
}

/// The distribution of messages handled per node; `None` without `nodes.csv` or rows in it.
pub(super) fn figure(folder: &ResultFolder) -> Result<Option<Figure>, FolderError> {
    let Some(table) = folder.nodes()? else {
        return Ok(None);
    };
    let choice = choice::among_combinations(folder);
    let columns = Columns::of(&table)?;
    let mut finder = folder.finder(&table)?;
    let pair = || [cdf::histogram(), cdf::histogram()];
    let empty = |_: &usize| Loads {
        counts: pair(),
        rates: pair(),
    };
    let mut loads: Vec<Loads> = choice.picked.iter().map(empty).collect();
    let mut all_stay = true;
    table.each(|row| {
        if let Some(place) = choice.place(finder.find(row)?) {
            all_stay &= columns.add(row, &mut loads[place])?;
        }
        Ok(())
    })?;
    let per_time = !all_stay && columns.up_s.is_some();
    let curves = [0, 1].map(|kind| {
        let picked = choice.picked.iter().zip(&loads).enumerate();
        let curves = picked.map(|(look, (c, loads))| Curve {
            label: choice::combination_label(folder, *c),
            behind: String::new(),
            look,
            values: if per_time {
                &loads.rates[kind]
            } else {
                &loads.counts[kind]
            },
            ends_at: 1.0,
            given_up: None,
        });
        curves.collect::<Vec<Curve<'_>>>()
    });
    Ok(panels(&curves, per_time).map(|panels| Figure {
        name: "load-per-node".to_owned(),
        title: "Load per node".to_owned(),
        subtitle: folder.title.clone(),
        panels,
        columns: 1,
        notes: [choice.notes.clone(), cdf::notes(&curves.concat())].concat(),
    }))
}

/// One panel, or where some nodes are selfish one for each kind, on the same axis; `None` without nodes.
fn panels(curves: &[Vec<Curve<'_>>; 2], per_time: bool) -> Option<Vec<Panel>> {
    let (label, unit) = if per_time {
        (
            "messages handled per minute up".to_owned(),
            1.0 / THOUSANDTHS,
        )
    } else {
        (column("messages_in").axis(), 1.0)
    };
    let x = cdf::axis(&label, &[&curves[0], &curves[1]], unit)?;
    let is_there = |curves: &[Curve<'_>]| curves.iter().any(|curve| !curve.values.is_empty());
    if !is_there(&curves[1]) {
        return Some(vec![cdf::panel(x, "nodes (%)", &curves[0], unit, 200.0)]);
    }
    let panel = |(kind, curves): (usize, &Vec<Curve<'_>>)| {
        let mut panel = cdf::panel(x.clone(), "nodes (%)", curves, unit, 120.0);
        KINDS[kind].clone_into(&mut panel.title);
        if kind == 0 {
            panel.x = panel.x.silent();
        }
        is_there(curves).then_some(panel)
    };
    Some(curves.iter().enumerate().filter_map(panel).collect())
}
