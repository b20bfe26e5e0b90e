//! One lookup, put or get told hop by hop, in the words of the course: each node says what it does and why.
//!
//! | file | concern |
//! |---|---|
//! | [`story`](Story) | who says what when |
//! | [`ending`] | how it ends |
//! | [`reasons`] | why a node passes a lookup on to just that node |
//! | [`ways`] | the legs that make up the latency |
//! | [`tables`] | finger tables with start, interval and node |
//! | [`text`], [`json`] | the story for people and for programs |

mod ending;
mod json;
mod reasons;
mod story;
mod tables;
mod text;
mod ways;

pub(crate) use json::json;
pub(crate) use story::{Line, Story};
pub(crate) use tables::{FingerTable, TableKind};
pub(crate) use text::{heading, text};

use crate::engine::SimDuration;

/// A duration in milliseconds, as short as it can be said.
pub(crate) fn milliseconds(span: SimDuration) -> String {
    let text = format!("{:.3}", span.as_millis_f64());
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text} ms")
}
