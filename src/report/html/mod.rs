//! One page of HTML for a result folder: what was asked, what was measured, and how to get it again. Everything is in the
//! one file, which needs no network and no other file, and opens from a disk.
//!
//! It knows result folders and what the other rooms of `report` make of them. What the page looks like stands in `assets`;
//! what is in it, in the other files, one for each part. It writes nothing: a page is text.
//!
//! | file | concern |
//! |---|---|
//! | `source` | the result folder as the parts of the page read it |
//! | `template` | templates, and how data are put into a page without harm |
//! | `replay` | what the replay of requests on the ring shows |

mod error;
mod replay;
mod source;
mod template;

use std::path::Path;

use serde_json::json;

pub use self::error::HtmlError;
pub use self::template::Template;

use self::source::Source;
use self::template::{Embedded, shown};

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
    let manifest = &source.manifest;
    let variables = json!({
        "name": shown(&manifest.plan.name),
        "title": shown(&source.folder.title),
        "program": shown(&manifest.program.to_string()),
    });
    let embedded = [Embedded::new("replay", replay::data(dir, &source.folder)?)];
    template::rendered(options.template.as_ref(), &variables, &embedded)
}
