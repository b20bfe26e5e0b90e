//! The picture of how messages are spread over the nodes.

use hdrhistogram::Histogram;

use super::PlotError;
use super::cdf::{self, Curve};
use super::choice;
use super::figure::Figure;
use super::folder::Folder;

/// The distribution of messages handled per node; `None` without `nodes.csv` or rows in it.
pub(super) fn figure(folder: &Folder) -> Result<Option<Figure>, PlotError> {
    let Some(table) = folder.nodes()? else {
        return Ok(None);
    };
    let choice = choice::among_combinations(folder);
    let messages = table.column("messages_in")?;
    let mut finder = folder.finder(&table)?;
    let mut loads: Vec<Histogram<u64>> = choice.picked.iter().map(|_| cdf::histogram()).collect();
    table.each(|row| {
        let place = choice.place(finder.find(row)?);
        if let (Some(place), Some(count)) = (place, row.count(&messages)?) {
            cdf::record(&mut loads[place], count);
        }
        Ok(())
    })?;
    let curves = choice.picked.iter().zip(&loads).map(|(c, values)| Curve {
        label: choice::combination_label(folder, *c),
        values,
    });
    let words = cdf::Words {
        name: "load-per-node",
        title: "Load per node",
        subtitle: &folder.title,
        x: "messages handled per node",
        y: "nodes (%)",
    };
    Ok(cdf::figure(&words, curves.collect(), 1.0, choice.notes))
}
