//! The worst link of all runs, in a sentence.

use std::path::Path;

use super::rows::Columns;
use crate::catalogue::{RUN_COLUMNS, RecordKind};
use crate::report::folder::FolderError;
use crate::report::folder::table::ResultTable;
use crate::report::numbers::number;

/// Which link of the network carried the most messages, in which run, and how many it would if requests were sent straight to
/// the owner; `None` where links were not counted, or none carried anything.
///
/// # Errors
/// If `links.csv` cannot be read.
pub(crate) fn worst_link(results_dir: &Path) -> Result<Option<String>, FolderError> {
    let file = results_dir.join(RecordKind::Link.info().file);
    let Some(table) = ResultTable::open(file)? else {
        return Ok(None);
    };
    let columns = Columns::of(&table)?;
    let run_column = table.column(RUN_COLUMNS[0].name)?;
    let mut worst = None;
    table.each(|row| {
        let Some(link) = columns.link(row)? else {
            return Ok(());
        };
        let most = worst.as_ref().map_or(0, |(most, _)| *most);
        if link.messages > most {
            let told = format!(
                "worst link: {} – {} with {} messages in run {} ({} if its requests were sent straight to the owner)",
                link.from,
                link.to,
                number(link.messages as f64),
                row.text(&run_column)?,
                number(link.direct as f64)
            );
            worst = Some((link.messages, told));
        }
        Ok(())
    })?;
    Ok(worst.map(|(_, told)| told))
}
