//! A list of pairs of hosts: `from to latency`, by name or by number, with or without a header.
//!
//! Numbers are put in order; names count as they first appear. A pair that is given several times, as by a tool that
//! pings again and again, has the mean of all.

use std::collections::BTreeMap;

use super::cells::Style;
use super::glance::Glance;
use super::value::{Said, Unit, latency, said, unquoted};
use super::{Draft, HOSTS_MAX, Hosts, Names, Reading, fill};
use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::fault::Fault;
use crate::inputs::text::TextFile;

/// Which columns of a list are which.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    from: usize,
    to: usize,
    value: usize,
    /// What the header says of the unit.
    unit: Option<Unit>,
    /// Lines before the first pair.
    skip: usize,
    /// Whether the header says which columns these are.
    named: bool,
}

const PLAIN: Columns = Columns {
    from: 0,
    to: 1,
    value: 2,
    unit: None,
    skip: 0,
    named: false,
};

const FROM: [&str; 10] = [
    "from", "source", "src", "i", "host1", "node1", "origin", "sender", "client", "peer1",
];
const TO: [&str; 12] = [
    "to",
    "destination",
    "dest",
    "dst",
    "target",
    "j",
    "host2",
    "node2",
    "receiver",
    "server",
    "peer2",
    "tgt",
];
/// Of the columns that may hold latencies the first of these is taken.
const VALUE: [&str; 14] = [
    "avg", "average", "mean", "median", "rtt", "latency", "delay", "ping", "value", "time", "ms",
    "us", "s", "min",
];

/// The columns of a list whose header names them; a fault if it names a latency and one host only.
pub(super) fn with_header(file: TextFile<'_>, style: Style) -> Option<Result<Columns, InputError>> {
    let mut lines = style.lines(file);
    let head = style.cells(lines.next()?);
    let row = style.cells(lines.next()?);
    if head.len() < 3
        || head
            .iter()
            .any(|cell| said(cell, style.decimal_comma).is_number())
    {
        return None;
    }
    let words: Vec<Vec<String>> = head.iter().map(|cell| words(cell)).collect();
    let find = |known: &[&str]| {
        let is_known =
            |words: &Vec<String>| words.first().is_some_and(|word| known.contains(&&**word));
        words.iter().position(is_known)
    };
    let has = |word: &&str| {
        words
            .iter()
            .position(|words| words.iter().any(|it| it == word))
    };
    let value = VALUE.iter().find_map(has)?;
    if let (Some(from), Some(to)) = (find(&FROM), find(&TO)) {
        let last = words[value].last().filter(|_| !words[value].is_empty());
        return Some(Ok(Columns {
            from,
            to,
            value,
            unit: last.and_then(|word| Unit::named(word)),
            skip: 1,
            named: true,
        }));
    }
    // Pings from one place: a name in each row, and in the column of latencies something measured.
    let is_measured = row
        .get(value)
        .is_some_and(|cell| said(cell, style.decimal_comma).is_number());
    let is_one = row.len() == head.len()
        && said(row[0], style.decimal_comma).is_text()
        && is_measured
        && !head.iter().any(|name| unquoted(name) == unquoted(row[0]));
    let other = row
        .get(1)
        .is_some_and(|cell| said(cell, style.decimal_comma).is_text());
    let is_positional = head.len() == 3 && other && value == 2;
    (is_one && !is_positional).then(|| Err(file.fault(head[value], Fault::OneSource)))
}

/// The words of a column's name, in small letters.
fn words(name: &str) -> Vec<String> {
    let words = name.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// A list of so few pairs that it looks like a square as well: of names, or of numbers that have all pairs.
pub(super) fn of_few_hosts(glance: &Glance<'_>) -> Option<Columns> {
    let skip = usize::from(is_count(&glance.style.cells(glance.lines[0])));
    if glance.rows > 3 + skip
        || glance.rows == skip
        || glance.counts[skip..].iter().any(|count| *count != 3)
    {
        return None;
    }
    let found = Columns { skip, ..PLAIN };
    let rows: Vec<_> = glance.lines[skip..]
        .iter()
        .map(|line| glance.style.cells(line))
        .collect();
    if rows.iter().any(|row| glance.said(row[2]).is_text()) {
        return None;
    }
    let ends = || rows.iter().flat_map(|row| [row[0], row[1]]);
    if ends().all(|end| glance.said(end).is_text()) {
        return Some(found);
    }
    let number = |end: &str| unquoted(end).parse::<u32>().ok();
    let mut hosts: Vec<u32> = ends().map(number).collect::<Option<_>>()?;
    hosts.sort_unstable();
    hosts.dedup();
    let mut pairs: Vec<_> = rows
        .iter()
        .map(|row| [number(row[0]), number(row[1])])
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    let once = hosts.len() * (hosts.len() - 1) / 2;
    let is_complete = pairs.len() == rows.len()
        && (pairs.len() == once || pairs.len() == 2 * once)
        && pairs.iter().all(|[from, to]| from != to);
    let is_square = rows.len() == 3 && (0..3).all(|host| glance.said(rows[host][host]).is_idle());
    (is_complete && !is_square).then_some(found)
}

/// The columns of a list of three columns that nobody names.
pub(super) fn without_header(glance: &Glance<'_>) -> Option<Columns> {
    let head = glance.style.cells(glance.lines[0]);
    let is_header = head.len() == 3 && glance.is_names(&head);
    let skip = usize::from(is_count(&head) || is_header);
    let is_list = glance.counts[skip..].iter().all(|count| *count == 3);
    let first = glance.style.cells(glance.lines.get(skip)?);
    let is_pair = is_list && !glance.said(first[2]).is_text();
    is_pair.then_some(Columns { skip, ..PLAIN })
}

/// Whether a line is a single whole number: how many hosts there are.
fn is_count(cells: &[&str]) -> bool {
    cells.len() == 1 && unquoted(cells[0]).parse::<u32>().is_ok()
}

/// Reads the pairs.
pub(super) fn read(
    file: TextFile<'_>,
    style: Style,
    columns: Columns,
    reading: Reading,
) -> Result<Hosts, InputError> {
    let mut names = Names::default();
    let mut rows = 0;
    for line in style.lines(file).skip(columns.skip) {
        for end in ends(file, style, columns, line)? {
            names.number(end);
        }
        rows += 1;
    }
    let (mut draft, order) = sized(file, &names, rows)?;
    let first = style.lines(file).next().unwrap_or(file.text());
    draft.remarks.say("a list of pairs");
    if columns.named {
        let head = style.cells(first);
        draft.remarks.say(format!(
            "latencies in the column `{}`",
            shortened(unquoted(head[columns.value]))
        ));
    }
    let unit = columns.unit.unwrap_or(reading.unit);
    if columns.unit.is_some_and(|unit| unit != reading.unit) {
        draft.remarks.say("in the unit that the header names");
    }
    let mut again = Repeated::default();
    let mut has_units = false;
    for line in style.lines(file).skip(columns.skip) {
        let [from, to] = ends(file, style, columns, line)?.map(|end| order[names.numbers[end]]);
        let cells = style.cells(line);
        let cell = cells[columns.value];
        has_units |= matches!(said(cell, style.decimal_comma), Said::Number(_, Some(_)));
        if let Some(value) = latency(file, cell, style.decimal_comma, unit)? {
            again.take(&mut draft, from, to, value);
        }
    }
    again.tell(&mut draft);
    if has_units {
        draft.remarks.say("units as they stand in the cells");
    }
    if style.decimal_comma {
        draft.remarks.say("decimal commas");
    }
    let no_pair = |draft: &Draft, from, to| no_pair(file, draft, from, to);
    fill::complete(&mut draft, reading.missing, no_pair)?;
    Ok(draft.finished())
}

/// Says that nothing is known of a pair of hosts.
pub(super) fn no_pair(file: TextFile<'_>, draft: &Draft, from: usize, to: usize) -> InputError {
    let fault = Fault::NoPair {
        from: draft.name(from),
        to: draft.name(to),
    };
    let first = file.data_lines().next().unwrap_or(file.text());
    file.fault(first.trim_end(), fault)
}

/// The two hosts of a line; it has a cell for each and for the latency.
fn ends<'a>(
    file: TextFile<'a>,
    style: Style,
    columns: Columns,
    line: &'a str,
) -> Result<[&'a str; 2], InputError> {
    let cells = style.cells(line);
    let last = columns.from.max(columns.to).max(columns.value);
    if cells.len() <= last {
        let found = cells.len();
        return Err(file.fault(
            line,
            Fault::PairFields {
                found,
                expected: last + 1,
            },
        ));
    }
    let ends = [cells[columns.from], cells[columns.to]];
    match ends.into_iter().find(|end| unquoted(end).is_empty()) {
        Some(empty) => Err(file.fault(empty, Fault::EmptyHost)),
        None => Ok(ends.map(unquoted)),
    }
}

/// A draft for these hosts, and the place of each: by number if all are numbers. Refused if most pairs are missing:
/// memory is taken for all pairs.
fn sized(
    file: TextFile<'_>,
    names: &Names<'_>,
    rows: usize,
) -> Result<(Draft, Vec<usize>), InputError> {
    let count = names.names.len();
    if let Some(beyond) = names.names.get(HOSTS_MAX) {
        return Err(file.fault(beyond, Fault::TooManyHosts { most: HOSTS_MAX }));
    }
    refuse_sparse(file, count, rows)?;
    let numbers: Option<Vec<u64>> = names.names.iter().map(|name| name.parse().ok()).collect();
    let mut sorted: Vec<usize> = (0..count).collect();
    if let Some(numbers) = numbers {
        sorted.sort_by_key(|host| numbers[*host]);
    }
    let mut order = vec![0; count];
    for (place, host) in sorted.iter().enumerate() {
        order[*host] = place;
    }
    let told = sorted
        .iter()
        .map(|host| names.names[*host].to_owned())
        .collect();
    Ok((Draft::new(count, told), order))
}

/// Refuses a list with less than half of all pairs.
pub(super) fn refuse_sparse(
    file: TextFile<'_>,
    hosts: usize,
    given: usize,
) -> Result<(), InputError> {
    let pairs = hosts * hosts.saturating_sub(1) / 2;
    if 2 * given >= pairs && hosts > 0 {
        return Ok(());
    }
    let first = file.data_lines().next().unwrap_or(file.text());
    Err(file.fault(first.trim_end(), Fault::Sparse { given, pairs }))
}

/// Pairs that are given more than once.
#[derive(Default)]
pub(super) struct Repeated(BTreeMap<(usize, usize), (f64, u32)>);

impl Repeated {
    /// Takes in a latency.
    pub(super) fn take(&mut self, draft: &mut Draft, from: usize, to: usize, value: f64) {
        let known = draft.values[from * draft.count + to];
        if known.is_nan() {
            draft.set(from, to, Some(value));
            return;
        }
        let (sum, times) = self.0.entry((from, to)).or_insert((known, 1));
        (*sum, *times) = (*sum + value, *times + 1);
        draft.set(from, to, Some(*sum / f64::from(*times)));
    }

    pub(super) fn tell(&self, draft: &mut Draft) {
        match self.0.len() {
            0 => {}
            1 => draft
                .remarks
                .say("1 pair given several times, of which the mean is taken"),
            pairs => {
                let told = format!("{pairs} pairs given several times, of which the mean is taken");
                draft.remarks.say(told);
            }
        }
    }
}
