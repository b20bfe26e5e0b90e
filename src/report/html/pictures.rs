//! The pictures of a page: figures as data, which a script draws, and maps as they are.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::error::HtmlError;
use super::template::{all_shown, shown};
use crate::report::folder::ResultFolder;
use crate::report::plot::PlotError;
use crate::report::plot::data::{self, PicturesAsData};

/// The pictures of a result.
pub(super) struct Pictures {
    /// For the script; `None` if there are none.
    pub data: Option<Value>,
    /// Names and headings of figures, for the places where they are drawn.
    pub places: Vec<Value>,
    /// Names of maps, and their pictures in the form of an address.
    pub maps: Vec<Value>,
}

pub(super) fn of(folder: &ResultFolder) -> Result<Pictures, HtmlError> {
    let PicturesAsData { figures, maps } =
        data::of_folder(folder).map_err(|error| match error {
            PlotError::Folder(error) => error.into(),
            PlotError::Write(error) => error.into(),
            PlotError::Draw { name, reason } => HtmlError::Map { name, reason },
        })?;
    let figures: Vec<Value> = figures.into_iter().map(all_shown).collect();
    let place = |figure: &Value| json!({ "name": figure["name"], "title": figure["title"] });
    let map =
        |(name, svg): (String, String)| json!({ "name": shown(&name), "address": address(&svg) });
    Ok(Pictures {
        places: figures.iter().map(place).collect(),
        data: (!figures.is_empty()).then(|| Value::Array(figures)),
        maps: maps.into_iter().map(map).collect(),
    })
}

/// A picture as an address that has all of it.
fn address(svg: &str) -> String {
    let mut address = "data:image/svg+xml;charset=utf-8,".to_owned();
    for byte in svg.bytes() {
        match byte {
            b'%' | b'#' | b'"' | b'&' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => {
                let _ = write!(address, "%{byte:02X}");
            }
            b' '..=b'~' => address.push(char::from(byte)),
            _ => {
                let _ = write!(address, "%{byte:02X}");
            }
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_no_markup() {
        let address = address("<a b=\"ä\">1 %#</a>");
        assert_eq!(
            address,
            "data:image/svg+xml;charset=utf-8,%3Ca b=%22%C3%A4%22%3E1 %25%23%3C/a%3E"
        );
    }
}
