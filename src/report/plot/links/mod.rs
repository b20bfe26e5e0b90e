//! Pictures of what crosses the links of the network, from `links.csv`.
//!
//! | file | concern |
//! |---|---|
//! | `rows` | what is kept of the file |
//! | `stress` | which share of the links carries how much |
//! | `map` | the network, with its worst links |
//! | `worst` | the worst link in a sentence |

mod map;
mod rows;
mod stress;
mod worst;

use kuva::render::render::Scene;

pub(crate) use self::worst::worst_link;
use super::choice;
use super::figure::Figure;
use crate::report::folder::FolderError;
use crate::report::folder::ResultFolder;

/// What `links.csv` gives.
pub(super) struct LinkPictures {
    pub figure: Option<Figure>,
    /// Maps, with their names.
    pub maps: Vec<(String, Scene)>,
}

/// The pictures that `links.csv` gives: charts, and maps with their names. None without that file.
pub(super) fn pictures(
    folder: &ResultFolder,
    with_title: bool,
) -> Result<LinkPictures, FolderError> {
    let choice = choice::among_combinations(folder);
    let links = rows::read(folder, &choice)?;
    let figure = stress::figure(folder, &links, &choice.notes);
    let maps = map::maps(folder, &links, with_title);
    Ok(LinkPictures { figure, maps })
}
