//! `chordsim schema`: the JSON Schema of scenario files.

use super::args::SchemaArgs;
use super::exit::{Exit, Stop};
use super::output;
use super::ring;
use crate::scenario::schema::schema;

/// What the file is called that templates point to.
pub(super) const FILE: &str = "chordsim.schema.json";

pub(super) fn run(args: &SchemaArgs) -> Result<Exit, Stop> {
    match &args.out {
        None => output::data(&text()),
        Some(file) => ring::write(file, text().into_bytes())?,
    }
    Ok(Exit::Done)
}

/// The schema as it is written.
pub(super) fn text() -> String {
    format!("{:#}\n", schema())
}
