//! A table: a square of latencies, one triangle of it, or a list of pairs.

use super::cells::{Divider, Style};
use super::glance::Glance;
use super::layout::{self, Layout, Shape};
use super::pairs;
use super::value::{Said, latency, unquoted};
use super::{Draft, HOSTS_MAX, Hosts, Reading, fill};
use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::fault::Fault;
use crate::inputs::text::TextFile;

/// So many lines say whether numbers have units.
const SAMPLE: usize = 64;

pub(super) fn read(file: TextFile<'_>, reading: Reading) -> Result<Hosts, InputError> {
    let style = Style::of(file);
    if style.lines(file).next().is_none() {
        return Err(file.fault(file.text(), Fault::Empty));
    }
    if let Some(columns) = pairs::with_header(file, style) {
        return pairs::read(file, style, columns?, reading);
    }
    let glance = Glance::at(file, style)?;
    if let Some(columns) = pairs::of_few_hosts(&glance) {
        return pairs::read(file, style, columns, reading);
    }
    if let Some(layout) = layout::of(&glance)? {
        return square(&glance, layout, reading);
    }
    if let Some(error) = layout::names_differ(&glance, true) {
        return Err(error);
    }
    match pairs::without_header(&glance) {
        Some(columns) => pairs::read(file, style, columns, reading),
        None => Err(decimal_comma(file).unwrap_or_else(|| layout::misfit(&glance))),
    }
}

fn square(glance: &Glance<'_>, layout: Layout, reading: Reading) -> Result<Hosts, InputError> {
    let (file, style) = (glance.file, glance.style);
    if layout.hosts > HOSTS_MAX {
        let most = HOSTS_MAX;
        let line = glance.lines.get(HOSTS_MAX).unwrap_or(&glance.lines[0]);
        return Err(file.fault(line, Fault::TooManyHosts { most }));
    }
    let mut draft = Draft::new(layout.hosts, names(glance, layout));
    describe(glance, layout, &mut draft);
    for (row, line) in glance.lines[layout.first..].iter().enumerate() {
        let all = style.cells(line);
        let cells = values(&all, layout);
        let (from, first) = place(layout, row, cells.len());
        for (at, cell) in cells.iter().enumerate() {
            let value = latency(file, cell, style.decimal_comma, reading.unit)?;
            match layout.shape {
                Shape::Full => draft.set(from, first + at, value),
                Shape::Lower { .. } | Shape::Upper { .. } => {
                    draft.set_both(from, first + at, value);
                }
            }
        }
    }
    fill::complete(&mut draft, reading.missing, |_, from, to| {
        unmeasured(glance, layout, from, to)
    })?;
    Ok(draft.finished())
}

/// The values of a row, without its name and what a comma at the end leaves.
fn values<'c, 'a>(cells: &'c [&'a str], layout: Layout) -> &'c [&'a str] {
    &cells[usize::from(layout.index)..cells.len() - layout.trailing]
}

/// Which host a row of so many values is of, and which its first value leads to.
fn place(layout: Layout, row: usize, values: usize) -> (usize, usize) {
    match layout.shape {
        Shape::Full => (row, 0),
        Shape::Lower { diagonal } => (values - usize::from(diagonal), 0),
        Shape::Upper { diagonal } => {
            let first = layout.hosts - values;
            (first - usize::from(!diagonal), first)
        }
    }
}

/// What hosts are called.
fn names(glance: &Glance<'_>, layout: Layout) -> Vec<String> {
    let own = |cells: &[&str]| cells.iter().map(|cell| unquoted(cell).to_owned()).collect();
    if let Some(head) = layout.head {
        let all = glance.style.cells(glance.lines[head]);
        let first = usize::from(layout.corner);
        return own(&all[first..first + layout.hosts]);
    }
    let rows = &glance.firsts[layout.first..];
    if layout.index && rows.len() == layout.hosts {
        own(rows)
    } else {
        Vec::new()
    }
}

/// Says what the table was taken for.
fn describe(glance: &Glance<'_>, layout: Layout, draft: &mut Draft) {
    let remarks = &mut draft.remarks;
    if glance.style.divider == Divider::Bars {
        remarks.say("a table of Markdown");
    }
    if layout.counted {
        remarks.say("the first line taken for the number of hosts");
    }
    let where_ = match (layout.head, layout.index) {
        (Some(_), true) => Some("the first row and column"),
        (Some(_), false) => Some("the first row"),
        (None, true) => Some("the first column"),
        (None, false) => None,
    };
    let what = if layout.numbered {
        "numbers of the hosts"
    } else {
        "names"
    };
    if let Some(where_) = where_ {
        remarks.say(format!("{what} in {where_}"));
    }
    match layout.shape {
        Shape::Full => {}
        Shape::Lower { .. } => {
            remarks.say("the triangle below the diagonal, taken for both directions");
        }
        Shape::Upper { .. } => {
            remarks.say("the triangle above the diagonal, taken for both directions");
        }
    }
    if glance.style.decimal_comma {
        remarks.say("decimal commas");
    }
    let lines = glance.lines[layout.first..].iter().take(SAMPLE);
    let mut cells = lines.flat_map(|line| glance.style.cells(line));
    if cells.any(|cell| matches!(glance.said(cell), Said::Number(_, Some(_)))) {
        remarks.say("units as they stand in the cells");
    }
}

/// Says at its place that a latency was not measured.
fn unmeasured(glance: &Glance<'_>, layout: Layout, from: usize, to: usize) -> InputError {
    let rows = glance.lines[layout.first..].iter().enumerate();
    for (row, line) in rows {
        let all = glance.style.cells(line);
        let cells = values(&all, layout);
        let (host, first) = place(layout, row, cells.len());
        let is_there = |other: usize| cells.get(other.checked_sub(first)?);
        let found = match layout.shape {
            Shape::Full if host == from => is_there(to),
            Shape::Full => None,
            _ if host == from => is_there(to),
            _ if host == to => is_there(from),
            _ => None,
        };
        if let Some(cell) = found {
            let fault = match shortened(cell.trim()) {
                value if value.is_empty() => Fault::MissingValue,
                value => Fault::Unmeasured { value },
            };
            return glance.file.fault(cell, fault);
        }
    }
    glance.file.fault(glance.lines[0], Fault::MissingValue)
}

/// A decimal comma where blanks or semicolons divide the values, but not into a square: says that, and not how many
/// values the commas would make.
fn decimal_comma(file: TextFile<'_>) -> Option<InputError> {
    let mut found = None;
    for line in file.data_lines().take(2) {
        let is_between = |c: char| c == ';' || c.is_whitespace();
        let mut words = line
            .split(is_between)
            .filter(|word| !word.is_empty())
            .take(SAMPLE);
        if !words
            .clone()
            .all(|word| super::value::said(word, true).is_number())
            || words.clone().count() < 2
        {
            return None;
        }
        found = found.or_else(|| words.find(|word| super::value::has_decimal_comma(word)));
    }
    let comma = found?;
    let value = shortened(comma);
    Some(file.fault(comma, Fault::DecimalComma { value }))
}
