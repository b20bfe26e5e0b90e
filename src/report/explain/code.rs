//! Error codes.

use super::Explanation;
use crate::codes::{self, Code, Example};
use crate::report::lines::capital;

pub(super) fn find(word: &str) -> Option<Explanation> {
    // A bare number is no word.
    let code = codes::find(word).filter(|_| word.starts_with(['E', 'e']))?;
    Some(explained(code))
}

pub(super) fn names() -> Vec<String> {
    codes::all().map(|code| code.to_string()).collect()
}

fn explained(code: Code) -> Explanation {
    let entry = code.entry();
    let about = format!("{}. {}", capital(entry.title), entry.about);
    let it = Explanation::new("error code", code.to_string(), about);
    let it = it.fact("To mend it", entry.mend);
    match entry.example {
        Example::Scenario { wrong, right } | Example::Command { wrong, right } => {
            it.quote("Wrong", wrong).quote("Right", right)
        }
        Example::DataFile {
            scenario,
            file,
            wrong,
            right,
        } => it
            .quote("With the scenario", scenario)
            .quote(format!("wrong as {file}"), wrong)
            .quote("and right", right),
        Example::Happens(what) => it.fact("For example", what),
    }
}
