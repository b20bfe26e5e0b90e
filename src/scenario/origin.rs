//! Every key of a run with its value, and where that comes from: a line of the file, an option, the sweep, a default.
//!
//! The values are those of the tree that [`resolve`](super::resolve) reads, so that what is told is what is simulated. It
//! is written as a scenario that can be run again; `report::origins` does that.

use std::path::Path;
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeValue;

use super::document;
use super::error::{Problem, ScenarioError};
use super::keys::output::OUTPUT;
use super::keys::{self, Key, Section, Shape};
use super::parse::simulated;
use super::plan::{Plan, RunSpec};
use super::reader::Reader;
use super::resolve::threshold;
use super::resolved::{ChurnModel, Ids, Scenario};
use super::source::{Overrides, Sources, Span};
use super::sweep::{self, Axis};
use super::written;

/// Where the value of a key comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// It is given in this line of the scenario file.
    File(usize),
    /// An option of the command line gives it, such as `--set`.
    Option(String),
    /// It is one of the values that `[sweep]` or `[threshold]` has for the key, in this line of the file or this option.
    Sweep(Result<usize, String>),
    /// It is not given.
    Default,
    /// It is not given and follows from another key, or from a data file.
    Follows(&'static str),
}

/// A key of a run.
#[derive(Clone, PartialEq, Debug)]
pub struct SetKey {
    /// Its name within its table.
    pub name: &'static str,
    /// Its value as TOML, in one line; `None` if it has none.
    pub value: Option<String>,
    /// The same as JSON.
    pub json: serde_json::Value,
    /// What it means that it has none.
    pub absent: &'static str,
    /// Where it comes from.
    pub origin: Origin,
}

/// The keys of one table of a scenario.
#[derive(Clone, PartialEq, Debug)]
pub struct SetTable {
    /// Its path; empty for the top level.
    pub path: &'static str,
    /// Its place if it is one of a list, `[[path]]`.
    pub place: Option<usize>,
    /// Its keys.
    pub keys: Vec<SetKey>,
}

/// Every key that applies to a run of a plan. A table that makes no difference to the run has those that are given.
///
/// # Errors
/// As [`Plan::parse`]; none for a text of which the plan was made.
pub fn set_tables(
    text: &str,
    path: &Path,
    overrides: &Overrides,
    (plan, run): (&Plan, &RunSpec),
) -> Result<Vec<SetTable>, Box<ScenarioError>> {
    let sources = Arc::new(Sources::new(text, path, overrides));
    tables(&sources, plan, run).map_err(|problems| ScenarioError::gather(problems, &sources))
}

fn tables(sources: &Sources, plan: &Plan, run: &RunSpec) -> Result<Vec<SetTable>, Vec<Problem>> {
    let one = |problem| vec![problem];
    let mut base = document::read(sources).map_err(one)?;
    let axes = sweep::extract(&mut base)?;
    let blame = |_: &Span| 0;
    let mut reader = Reader::new(base.get_ref(), &blame);
    let is_searched = threshold::is_asked_for(&reader, |span| sources.is_option(span));
    let search = is_searched.then(|| threshold::search(&mut reader, &axes));
    let search = search.flatten();
    let searched = search.iter().map(threshold::Search::axis);
    let axes: Vec<Axis<'_>> = axes.into_iter().chain(searched).collect();
    let simulated = simulated(&base, &axes);
    let combination = sweep::combination(&simulated, &axes, run.combination.into()).map_err(one)?;
    let first = plan
        .first_of(run.combination)
        .map_or(run.run, |first| first.run);
    let teller = Teller {
        sources,
        swept: &combination.spans,
        name: match axes.len() {
            0 => plan.name.clone(),
            // What it leaves must not take the place of the results of the whole sweep.
            _ => format!("{}-run-{first}", plan.name),
        },
        scenario: &run.scenario,
        reader: Reader::new(combination.document.get_ref(), &blame),
    };
    Ok(teller.tables())
}

/// Tells the keys of one run.
struct Teller<'t> {
    sources: &'t Sources,
    /// Where swept values stand.
    swept: &'t [Span],
    /// What the run is called for itself.
    name: String,
    scenario: &'t Scenario,
    reader: Reader<'t>,
}

impl Teller<'_> {
    fn tables(&self) -> Vec<SetTable> {
        let tables = keys::sections().iter();
        // What is the same for all runs and is written belongs to each; what is said of results does not.
        let tables = tables.filter(|it| !it.fixed || it.path == OUTPUT.path);
        let tables = tables.flat_map(|section| match section.shape {
            Shape::List => self.list(section),
            _ => vec![self.table(section)],
        });
        tables.filter(|table| !table.keys.is_empty()).collect()
    }

    fn list(&self, section: &'static Section) -> Vec<SetTable> {
        let listed = self.reader.list(section).into_iter().enumerate();
        let table = |(place, given): (usize, super::reader::Given<'_>)| {
            let keys = section.keys.iter();
            let given = |key: &'static Key| Some(self.given(key, given.value(key.name)?));
            SetTable {
                path: section.path,
                place: Some(place),
                keys: keys.filter_map(given).collect(),
            }
        };
        listed.map(table).collect()
    }

    fn table(&self, section: &'static Section) -> SetTable {
        let applies = self.applies(section.path);
        let key = |key: &'static Key| {
            let full = match section.path {
                "" => key.name.to_owned(),
                path => format!("{path}.{}", key.name),
            };
            let followed = self.followed(&full);
            match self.reader.value(&full) {
                _ if followed.is_some() => {
                    followed.map(|(toml, why)| not_given(key, Some(&toml), Origin::Follows(why)))
                }
                Some(value) => Some(self.given(key, value)),
                None if applies => Some(not_given(key, key.default, Origin::Default)),
                None => None,
            }
        };
        SetTable {
            path: section.path,
            place: None,
            keys: section.keys.iter().filter_map(key).collect(),
        }
    }

    /// Whether a table makes a difference to the run where its keys are not given.
    fn applies(&self, path: &str) -> bool {
        match path.split_once('.') {
            Some((section, model)) => {
                let (_, choice) = keys::find(&format!("{section}.model")).expect("it has models");
                let given = self.reader.value(&format!("{section}.model"));
                let given = given.and_then(|value| value.get_ref().as_str());
                let default = choice.default.unwrap_or_default().trim_matches('"');
                given.unwrap_or(default) == model
            }
            None => match path {
                "selfish" => self.scenario.selfish.measured,
                "storage" => self.scenario.storage.is_some(),
                _ => true,
            },
        }
    }

    /// What a key is that is not given and follows from others.
    fn followed(&self, name: &str) -> Option<(String, &'static str)> {
        let scenario = self.scenario;
        if name == "name" {
            return self.name();
        }
        if self.reader.value(name).is_some() {
            return None;
        }
        match name {
            "overlay.nodes" if matches!(scenario.overlay.ids, Ids::List(_)) => {
                Some((scenario.overlay.nodes.to_string(), "overlay.ids"))
            }
            "overlay.nodes" if matches!(scenario.churn.model, ChurnModel::Trace(_)) => {
                Some((scenario.overlay.nodes.to_string(), "churn.trace.file"))
            }
            "chord.check_predecessor_every" if scenario.chord.check_predecessor_every.is_none() => {
                Some(("\"off\"".to_owned(), "chord.maintenance"))
            }
            _ => None,
        }
    }

    /// The name, if it is not the one that is given.
    fn name(&self) -> Option<(String, &'static str)> {
        let given = self.reader.value("name");
        let given = given.and_then(|value| value.get_ref().as_str());
        let reason = match given {
            Some(given) if given == self.name => return None,
            None if self.swept.is_empty() => "the file's stem",
            _ => "the scenario's name and the run",
        };
        Some((written::quoted(&self.name), reason))
    }

    fn given(&self, key: &'static Key, value: &Spanned<DeValue<'_>>) -> SetKey {
        SetKey {
            name: key.name,
            value: Some(written::toml_line(value.get_ref())),
            json: written::json(value.get_ref()),
            absent: key.absent,
            origin: self.origin(value),
        }
    }

    /// Of a table, where the part of it stands that was changed last.
    fn origin(&self, value: &Spanned<DeValue<'_>>) -> Origin {
        let mut spans = vec![value.span()];
        parts(value.get_ref(), &mut spans);
        let is_swept = |span: &&Span| {
            let within = |swept: &Span| swept.start <= span.start && span.end <= swept.end;
            self.swept.iter().any(within)
        };
        if let Some(span) = spans.iter().find(is_swept) {
            return Origin::Sweep(self.place(span));
        }
        let option = spans.iter().find(|span| self.sources.is_option(span));
        match self.place(option.unwrap_or(&spans[0])) {
            Ok(line) => Origin::File(line),
            Err(option) => Origin::Option(option),
        }
    }

    /// The line of the file, or the option.
    fn place(&self, span: &Span) -> Result<usize, String> {
        let (piece, within) = self.sources.resolve(span);
        if self.sources.is_option(span) {
            return Err(piece.name.clone());
        }
        Ok(piece.text[..within.start].matches('\n').count() + 1)
    }
}

/// The places of all that a value holds.
fn parts(value: &DeValue<'_>, spans: &mut Vec<Span>) {
    let mut add = |value: &Spanned<DeValue<'_>>| {
        spans.push(value.span());
        parts(value.get_ref(), spans);
    };
    match value {
        DeValue::Table(table) => table.iter().for_each(|(_, value)| add(value)),
        DeValue::Array(list) => list.iter().for_each(add),
        _ => {}
    }
}

fn not_given(key: &'static Key, toml: Option<&str>, origin: Origin) -> SetKey {
    let value = toml.map(|toml| DeValue::parse(toml).expect("a default is TOML"));
    let json = value.as_ref().map(|value| written::json(value.get_ref()));
    SetKey {
        name: key.name,
        value: toml.map(ToOwned::to_owned),
        json: json.unwrap_or_default(),
        absent: key.absent,
        origin,
    }
}
