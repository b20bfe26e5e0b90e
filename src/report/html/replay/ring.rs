//! The nodes of the ring, what they know of each other, and how well the ring is in the course of the run.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::Chosen;
use super::requests::Request;
use super::rows::{Row, Rows};
use crate::catalogue::RecordKind;
use crate::report::folder::{FolderError, ResultFolder};

/// The most nodes that are always shown.
const NODES_MAX: usize = 256;
/// The most changes of what nodes know, of all combinations. Neighbouring fingers that name the same node are one.
const CHANGES_MAX: usize = 40_000;
/// A node is gone, or has lost the others, and with that all that it knew.
const FORGETS: u8 = 3;
/// No list or table has more entries than this.
const ENTRY_MAX: u64 = 255;
/// The most moments at which it is shown how the ring is.
const MOMENTS_MAX: usize = 300;

/// The ring of a combination.
#[derive(Default)]
pub(super) struct Ring {
    /// Whether there is a `replay.csv` that tells of it.
    pub is_recorded: bool,
    nodes: Vec<Node>,
    places: BTreeMap<u64, usize>,
    changes: Vec<Change>,
    /// Up to when changes are told.
    cut_s: Option<f64>,
    course: Vec<Value>,
    /// The most peers that were members at a moment.
    members: u64,
}

#[derive(Default)]
struct Node {
    number: u64,
    id: Option<u64>,
    selfish: bool,
    /// Whether it is always shown.
    shown: bool,
    lives: Vec<(f64, String)>,
    /// What `nodes.csv` knows of it, in case nothing better is told.
    in_short: Vec<(f64, String)>,
}

/// Entries of the tables of a node: a successor, a predecessor, or neighbouring fingers.
struct Change {
    time_s: f64,
    node: usize,
    entry: u8,
    first: u64,
    last: u64,
    to: Option<usize>,
}

/// The rings of all combinations.
pub(super) fn read(
    dir: &Path,
    folder: &ResultFolder,
    chosen: &[Chosen],
    requests: &[Vec<Request>],
) -> Result<Vec<Ring>, FolderError> {
    let mut rings: Vec<Ring> = chosen.iter().map(|_| Ring::default()).collect();
    let columns = ["time_s", "node", "id", "entry", "number", "to", "to_id"];
    let most = CHANGES_MAX / chosen.len().max(1);
    if let Some(rows) = Rows::open(dir, folder, RecordKind::Replay, chosen, columns)? {
        rows.each(|row| rings[row.combination].take(row, most))?;
    }
    for (ring, requests) in rings.iter_mut().zip(requests) {
        let ids = requests.iter().flat_map(|request| &request.ids);
        for (node, id) in ids {
            ring.place(*node, Some(*id));
        }
    }
    let passed: Vec<usize> = rings.iter().map(|ring| ring.nodes.len()).collect();
    let columns = ["node", "id", "joined_s", "left_s", "departure", "selfish"];
    if let Some(table) = folder.nodes()? {
        Rows::of(table, folder, chosen, columns)?.each(|row| rings[row.combination].meet(row))?;
    }
    let columns = [
        "time_s",
        "nodes",
        "lookups",
        "ok",
        "ring_ok",
        "wrong_successors",
        "dead_fingers",
        "joins",
        "leaves",
        "crashes",
    ];
    if let Some(table) = folder.timeline()? {
        Rows::of(table, folder, chosen, columns)?.each(|row| rings[row.combination].go_on(row))?;
    }
    let passed = rings.iter_mut().zip(passed);
    passed.for_each(|(ring, passed)| ring.settle(passed));
    Ok(rings)
}

impl Ring {
    /// The place of a node in the list.
    pub(super) fn place(&mut self, number: u64, id: Option<u64>) -> usize {
        let next = self.nodes.len();
        let place = *self.places.entry(number).or_insert(next);
        if place == next {
            self.nodes.push(Node {
                number,
                ..Node::default()
            });
        }
        let node = &mut self.nodes[place];
        node.id = node.id.or(id);
        place
    }

    /// A row of `replay.csv`.
    fn take(&mut self, row: &Row<'_, '_, 7>, most: usize) -> Result<(), FolderError> {
        self.is_recorded = true;
        let (time_s, number, id) = (row.time(0)?, row.node(1)?, row.count(2)?);
        let node = self.place(number, id);
        let entry = match row.text(3)? {
            "predecessor" => 0,
            "successor" => 1,
            "finger" => 2,
            "cut" => {
                self.cut_s = self.cut_s.or(Some(time_s));
                return Ok(());
            }
            life => {
                self.nodes[node].shown = true;
                self.nodes[node].lives.push((time_s, life.to_owned()));
                if !["lost", "leave", "crash"].contains(&life) || self.cut_s.is_some() {
                    return Ok(());
                }
                FORGETS
            }
        };
        if self.cut_s.is_some() {
            return Ok(());
        }
        let number = row.count(4)?.unwrap_or(0);
        if number > ENTRY_MAX {
            return Ok(());
        }
        let to = row.count(5)?;
        let to = match to {
            Some(to) => Some(self.place(to, row.count(6)?)),
            None => None,
        };
        if let Some(last) = self.changes.last_mut()
            && (last.time_s, last.node, last.entry, last.to) == (time_s, node, entry, to)
            && last.last + 1 == number
        {
            last.last = number;
            return Ok(());
        }
        if self.changes.len() >= most {
            self.cut_s = Some(time_s);
            return Ok(());
        }
        self.changes.push(Change {
            time_s,
            node,
            entry,
            first: number,
            last: number,
            to,
        });
        Ok(())
    }

    /// A row of `nodes.csv`.
    fn meet(&mut self, row: &Row<'_, '_, 6>) -> Result<(), FolderError> {
        let number = row.node(0)?;
        if self.is_recorded && !self.places.contains_key(&number) {
            return Ok(());
        }
        let joined = row.number(2)?.map(|at| (at, "member".to_owned()));
        let left = row.number(3)?;
        let left = left.zip(Some(row.text(4)?.to_owned()));
        let selfish = row.text(5)? == "true";
        let place = self.place(number, row.count(1)?);
        let node = &mut self.nodes[place];
        node.selfish = selfish;
        node.in_short = joined.into_iter().chain(left).collect();
        Ok(())
    }

    /// A row of `timeline.csv`.
    fn go_on(&mut self, row: &Row<'_, '_, 10>) -> Result<(), FolderError> {
        let members = row.count(1)?.unwrap_or(0);
        self.members = self.members.max(members);
        let (lookups, ok) = (row.number(2)?, row.number(3)?);
        let success = lookups.zip(ok).filter(|(lookups, _)| *lookups > 0.0);
        let success = success.map(|(lookups, ok)| ok / lookups);
        let change = json!([row.count(7)?, row.count(8)?, row.count(9)?]);
        self.course.push(json!([
            row.time(0)?,
            members,
            row.number(4)?,
            row.number(5)?,
            row.number(6)?,
            success,
            change,
        ]));
        Ok(())
    }

    /// All is read. The first `passed` nodes are named by requests.
    fn settle(&mut self, passed: usize) {
        if !self.is_recorded {
            self.show_some(passed);
        }
        for node in &mut self.nodes {
            if node.lives.is_empty() {
                node.lives = std::mem::take(&mut node.in_short);
            }
        }
        let times = self.course.len().div_ceil(MOMENTS_MAX).max(1);
        let mut place = 0;
        let last = self.course.len().saturating_sub(1);
        self.course.retain(|_| {
            let keep = place % times == 0 || place == last;
            place += 1;
            keep
        });
    }

    /// Without a recording nothing says which nodes are shown: some, evenly spaced, and no others are kept but those that
    /// requests name.
    fn show_some(&mut self, passed: usize) {
        let all = self.nodes.len();
        let some = all.min(NODES_MAX);
        let mut by_id: Vec<usize> = (0..all).collect();
        by_id.sort_by_key(|place| self.nodes[*place].id);
        (0..some).for_each(|i| self.nodes[by_id[i * all / some]].shown = true);
        let mut place = 0;
        self.nodes.retain(|node| {
            place += 1;
            place <= passed || node.shown
        });
        let numbers = self.nodes.iter().map(|node| node.number);
        self.places = numbers.zip(0..).collect();
    }

    /// As the page has it.
    pub(super) fn told(&self) -> Value {
        let nodes = self.nodes.iter().map(|node| {
            let id = node.id.map_or_else(String::new, |id| id.to_string());
            let lives: Vec<Value> = node
                .lives
                .iter()
                .map(|(at, what)| json!([at, what]))
                .collect();
            json!([
                node.number,
                id,
                u8::from(node.selfish),
                u8::from(node.shown),
                lives
            ])
        });
        let known = self.changes.iter().map(|it| {
            let to = it.to.map_or(json!(-1), |to| json!(to));
            json!([it.time_s, it.node, it.entry, it.first, it.last, to])
        });
        json!({
            "recorded": self.is_recorded,
            "members": self.members,
            "nodes": nodes.collect::<Vec<_>>(),
            "known": known.collect::<Vec<_>>(),
            "cut": self.cut_s,
            "course": self.course,
        })
    }
}
