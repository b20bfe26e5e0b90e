//! A ring at rest as people and other programs read it: its nodes, what each of them knows, and what kind of graph
//! that makes.
//!
//! Finger i of node n is the first node at or after its start n + 2^i, as the textbook has it (Stoica et al. 2001,
//! section 4.3). Nothing is asked of the overlay: tests hold both against each other.
//!
//! | file | concern |
//! |---|---|
//! | `links` | the nodes and their links |
//! | `degrees` | degrees, distances, clustering |
//! | `route` | the way of a lookup, told |
//! | `text`, `csv`, `json`, `dot`, `graphml` | a format each |

mod csv;
mod degrees;
mod dot;
mod graphml;
mod json;
mod links;
mod route;
mod text;

pub(crate) use self::csv::csv;
pub(crate) use self::dot::dot;
pub(crate) use self::graphml::graphml;
pub(crate) use self::json::json;
pub(crate) use self::links::Ring;
pub(crate) use self::route::Route;
pub(crate) use self::text::{described, table};
