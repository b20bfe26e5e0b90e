//! Every key that a scenario may have, declared once: a file per section, a table in each.
//!
//! What is read, what is told about a mistake and what `docs/scenario.md` says about keys follow
//! from these tables. They are plain data and can be asked for:
//!
//! ```
//! use chordsim::scenario::keys::{self, ValueKind};
//!
//! let (section, key) = keys::find("chord.successors").unwrap();
//! assert_eq!(section.path, "chord");
//! assert_eq!(key.default, Some("16"));
//! assert!(matches!(key.kind, ValueKind::Count { least: 1, most: 255 }));
//!
//! let (_, routing) = keys::find("chord.routing").unwrap();
//! let ValueKind::Word(words) = routing.kind else { unreachable!() };
//! let names: Vec<&str> = words.iter().map(|word| word.name).collect();
//! assert_eq!(names, ["fingers", "successors"]);
//! ```
//!
//! `docs/adding-a-key.md` says how one is added.

#[macro_use]
mod macros;

pub(super) mod chord;
pub(super) mod churn;
pub(super) mod distribution;
pub(super) mod event;
pub(super) mod expect;
pub(super) mod fault;
pub(super) mod future;
mod key;
mod list;
pub(super) mod network;
pub(super) mod output;
pub(super) mod overlay;
pub(super) mod plot;
pub(super) mod selfish;
pub(super) mod storage;
pub(super) mod threshold;
pub(super) mod top;
pub(super) mod value;
pub(super) mod workload;

pub use key::{Key, Section, Shape, ValueKind, Word};
pub(super) use list::{alias_of, is_fixed, members};
pub use list::{find, known_keys, section, sections};
