//! The key numbers of a result, as tables.

use serde_json::{Value, json};

use super::error::HtmlError;
use crate::report::folder::ResultFolder;
use crate::report::table::{Choice, Layout, TablesError, html, of_folder};

/// The most rows of a table.
const ROWS_MAX: usize = 200;

/// What a run shows at its end, as HTML that is ready to be put into the page.
pub(super) fn of(folder: &ResultFolder) -> Result<Value, HtmlError> {
    let tables = of_folder(folder, &Choice::default(), &[]);
    let mut tables = tables.map_err(|error| match error {
        TablesError::Folder(error) => HtmlError::Folder(error),
        TablesError::Choice(error) => unreachable!("nothing was chosen, and yet: {error}"),
    })?;
    let rows = tables.iter().map(|table| table.rows.len()).max();
    let layout = match rows {
        Some(2..) => Layout::Rows,
        _ => Layout::Columns,
    };
    for table in &mut tables {
        table.rows.truncate(ROWS_MAX);
    }
    let all: Vec<String> = tables.iter().map(|it| html::fragment(it, layout)).collect();
    Ok(json!({ "all": all, "more": rows.unwrap_or(0).saturating_sub(ROWS_MAX) }))
}
