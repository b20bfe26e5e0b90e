//! What the replay of requests on the ring shows.

use std::path::Path;

use serde_json::Value;

use super::error::HtmlError;
use crate::report::folder::ResultFolder;

/// What `assets/replay.js` replays; `None` where the results have nothing to replay, and then the page has no such part.
#[expect(clippy::unnecessary_wraps, reason = "nothing is recorded for it")]
pub(super) fn data(_dir: &Path, _folder: &ResultFolder) -> Result<Option<Value>, HtmlError> {
    Ok(None)
}
