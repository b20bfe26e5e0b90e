//! Results as people and other programs read them: pictures, the tables and sentences of the terminal, JSON.
//!
//! It knows result folders and what was measured; [`plot`] reads the files alone. It knows neither how a run is
//! simulated nor how results are written, and prints nothing: what it makes is text.
//!
//! | file | concern |
//! |---|---|
//! | [`explain`] | what a word of the program means |
//! | `folder` | a result folder as it is read: its manifest, its combinations, any of its tables |
//! | [`plot`] | pictures of a result folder, drawn from its files |
//! | [`html`] | one page of HTML of a result folder |
//! | `table` | what was measured as tables: text, Markdown, LaTeX, HTML, CSV, JSON |
//! | `compare` | two results side by side |
//! | `run_table` | the small tables at the end of a run |
//! | `comparisons` | what was measured beside what theory expects |
//! | `repetitions` | whether there were enough repetitions |
//! | `warm_up` | whether the warm-up was long enough |
//! | `thresholds` | where a metric passes a level, in a table and in sentences |
//! | `judgements` | what was measured beside what the scenario expects |
//! | `audit` | what an audit found |
//! | `listing` | which results are there |
//! | `play` | a ring at one moment, for a lecture room |
//! | `ring` | a ring at rest: its links, its degrees, in several formats |
//! | `resolved` | every key of a run, with where its value comes from |
//! | `difference` | what a verification found |
//! | `json` | tables as JSON |
//! | `trace` | a lookup, put or get told hop by hop |
//! | `text_table`, `lines`, `naming`, `numbers` | how a table, a run and a number are written |

pub(crate) mod audit;
pub(crate) mod compare;
pub(crate) mod comparisons;
pub(crate) mod difference;
pub mod explain;
pub mod folder;
pub mod html;
pub(crate) mod json;
pub(crate) mod judgements;
pub(crate) mod lines;
pub(crate) mod listing;
pub(crate) mod naming;
pub(crate) mod numbers;
pub(crate) mod play;
pub mod plot;
pub(crate) mod repetitions;
pub(crate) mod resolved;
pub(crate) mod ring;
pub(crate) mod run_table;
pub(crate) mod table;
#[cfg(test)]
mod testing;
pub(crate) mod text_table;
pub(crate) mod thresholds;
pub(crate) mod trace;
pub(crate) mod warm_up;
