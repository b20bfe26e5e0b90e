//! The picture of how messages are spread over the nodes.

use hdrhistogram::Histogram;

use super::cdf::{self, Curve};
use super::choice;
use super::error::PlotError;
use super::figure::Figure;
use super::folder::ResultFolder;
use crate::catalogue::RecordKind;

/// The distribution of messages handled per node; `None` without `nodes.csv` or rows in it.
pub(super) fn figure(folder: &ResultFolder) -> Result<Option<Figure>, PlotError> {
    let Some(table) = folder.nodes()? else {
        return Ok(None);
    };
    let choice = choice::among_combinations(folder);
    let handled = RecordKind::Node.info().column("messages_in");
    let messages = table.column(handled.name)?;
    let mut finder = folder.finder(&table)?;
    let mut loads: Vec<Histogram<u64>> = choice.picked.iter().map(|_| cdf::histogram()).collect();
    table.each(|row| {
        let place = choice.place(finder.find(row)?);
        if let (Some(place), Some(count)) = (place, row.count(&messages)?) {
            cdf::record(&mut loads[place], count);
        }
        Ok(())
    })?;
    let picked = choice.picked.iter().zip(&loads).enumerate();
    let curves = picked.map(|(look, (c, values))| Curve {
        label: choice::combination_label(folder, *c),
        look,
        values,
        ends_at: 1.0,
        given_up: None,
    });
    let curves: Vec<Curve<'_>> = curves.collect();
    let words = cdf::Words {
        name: "load-per-node",
        title: "Load per node",
        subtitle: &folder.title,
        x: &handled.axis(),
        y: "nodes (%)",
    };
    Ok(cdf::figure(&words, &curves, 1.0, choice.notes))
}
