//! Coordinates of `OverSim`, in XML.
//!
//! `OverSim` has `<nodelist dimensions="2"><node …><coord>12.5</coord><coord>-3</coord></node>…`, and lets a message take a
//! millisecond one way for each unit of distance (`SimpleUnderlay`). What it adds for access and bandwidth is not in the file.

use super::Hosts;
use super::points::Points;
use super::value::Unit;
use crate::inputs::error::InputError;
use crate::inputs::fault::Fault;
use crate::inputs::text::TextFile;

pub(super) fn read(file: TextFile<'_>, unit: Unit) -> Result<Hosts, InputError> {
    let text = file.text();
    if !text.contains("<nodelist") {
        let first = file.data_lines().next().unwrap_or(text);
        return Err(file.fault(first.trim(), Fault::NotAMatrix));
    }
    let mut points = Points::new(
        file,
        unit,
        "points of OverSim, 1 ms one way for each unit of distance",
    );
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if rest.starts_with("<!--") {
            rest = behind(rest, "-->");
        } else if let Some(inner) = rest.strip_prefix("<node").filter(|inner| is_tag_end(inner)) {
            let tag = inner.split('>').next().unwrap_or(inner);
            let is_closed = tag.ends_with('/');
            let body = if is_closed {
                ""
            } else {
                inner.split("</node>").next().unwrap_or(inner)
            };
            let coords = body.split("<coord>").skip(1);
            points.add(
                tag,
                None,
                coords.map(|coord| coord.split('<').next().unwrap_or(coord)),
            )?;
            rest = &inner[body.len().max(tag.len())..];
        } else {
            rest = &rest[1..];
        }
    }
    points.finished()
}

fn is_tag_end(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/')
}

/// What follows a sign, or nothing.
fn behind<'a>(text: &'a str, sign: &str) -> &'a str {
    text.split_once(sign).map_or("", |(_, rest)| rest)
}
