//! One page of HTML for a result folder: what was asked, what was measured, and how to get it again. Everything is in the
//! one file, which needs no network and no other file, and opens from a disk.
//!
//! It knows result folders and what the other rooms of `report` make of them. What the page looks like stands in `assets`;
//! what is in it, in the other files, one for each part. It writes nothing: a page is text.
//!
//! | file | concern |
//! |---|---|
//! | `source` | the result folder as the parts of the page read it |
//! | `heading` | what the author of the scenario says |
//! | `setup` | what was simulated, in words |
//! | `findings` | what to look at first |
//! | `table` | the key table |
//! | `agreement` | expected beside measured |
//! | `pictures` | figures as data, and maps |
//! | `reproduce` | how to get the results again |
//! | `template` | templates, and how data are put into a page without harm |
//! | `replay` | what the replay of requests on the ring shows |

mod agreement;
mod error;
mod findings;
mod heading;
mod pictures;
mod replay;
mod reproduce;
mod setup;
mod source;
mod table;
mod template;

use std::path::Path;

use serde_json::json;

pub use self::error::HtmlError;
pub use self::template::Template;

use self::source::Source;
use self::template::{Embedded, shown};
use crate::results::csv::read_summary;

/// What may be chosen about a page.
#[derive(Clone, Debug, Default)]
pub struct PageOptions {
    /// A template in place of the one that the program has.
    pub template: Option<Template>,
}

/// The page of a result folder. The same results give the same bytes.
///
/// # Errors
/// If the results cannot be read, or the template is wrong.
pub fn page(dir: &Path, options: &PageOptions) -> Result<String, HtmlError> {
    let source = Source::read(dir)?;
    let plan = &source.manifest.plan;
    let measured = source.plan.as_ref().map(|plan| read_summary(dir, plan));
    let measured = measured.transpose()?;
    let agreement = match (&source.plan, &measured) {
        (Some(plan), Some(measured)) => agreement::of(dir, &source.folder, plan, measured)?,
        _ => agreement::none(),
    };
    let pictures = pictures::of(&source.folder)?;
    let variables = json!({
        "name": shown(&plan.name),
        "title": shown(&source.folder.title),
        "program": shown(&source.manifest.program.to_string()),
        "description": heading::of(&plan.scenario_text),
        "setup": setup::of(&source),
        "scenario_text": setup::text(&source),
        "findings": findings::of(&source, measured.as_ref(), &agreement),
        "tables": table::of(&source.folder)?,
        "agreement": agreement.tables,
        "pictures": pictures.places,
        "maps": pictures.maps,
        "reproduce": reproduce::of(dir, &source.manifest),
    });
    let embedded = [
        Embedded::new("pictures", pictures.data),
        Embedded::new("replay", replay::data(dir, &source.folder)?),
    ];
    template::rendered(options.template.as_ref(), &variables, &embedded)
}
