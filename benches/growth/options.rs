//! What the command line says.

use std::error::Error;
use std::path::PathBuf;

/// A table.
#[derive(Clone, Copy)]
pub(crate) enum Which {
    Sizes,
    Variants,
    Churn,
    Successors,
    Health,
}

const TABLES: [(&str, Which); 5] = [
    ("sizes", Which::Sizes),
    ("variants", Which::Variants),
    ("churn", Which::Churn),
    ("successors", Which::Successors),
    ("health", Which::Health),
];

/// What is measured and where it goes.
pub(crate) struct Options {
    pub tables: Vec<Which>,
    /// Whether the sizes go on to 10^7 nodes.
    pub ten_million: bool,
    /// How often every cell is run.
    pub repeat: u32,
    /// The folder for CSV files.
    pub csv: Option<PathBuf>,
    /// The file for the picture of the sizes.
    pub picture: Option<PathBuf>,
}

impl Options {
    /// Reads the arguments; without the name of a table all are wanted.
    ///
    /// # Errors
    /// An argument that is none.
    pub(crate) fn parse(args: &[String]) -> Result<Self, Box<dyn Error>> {
        let mut options = Self {
            tables: Vec::new(),
            ten_million: false,
            repeat: 3,
            csv: None,
            picture: None,
        };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or(format!("{arg} needs a value"));
            match arg.as_str() {
                // What cargo says to every bench.
                "--bench" => {}
                "--ten-million" => options.ten_million = true,
                "--repeat" => options.repeat = value()?.parse::<u32>()?.max(1),
                "--csv" => options.csv = Some(value()?.into()),
                "--picture" => options.picture = Some(value()?.into()),
                name => options.tables.push(table(name)?),
            }
        }
        if options.tables.is_empty() {
            options.tables = TABLES.map(|(_, table)| table).into();
        }
        Ok(options)
    }
}

fn table(name: &str) -> Result<Which, String> {
    let found = TABLES.into_iter().find(|(table, _)| *table == name);
    let (_, which) = found.ok_or_else(|| {
        let names = TABLES.map(|(table, _)| table).join(", ");
        format!(
            "there is no `{name}`; tables: {names}; options: --ten-million, --repeat N, --csv DIR, \
             --picture FILE"
        )
    })?;
    Ok(which)
}
