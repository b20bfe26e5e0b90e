//! A lookup, put or get as a message-sequence diagram: a line down for each node, an arrow for each message, the time beside
//! it. Rows follow each other in the order of sending and are equally far apart, whatever the time between them.

use kuva::render::render::{Primitive, Scene, TextAnchor};

use super::canvas::text;
use super::shapes::{Point, add_dot, add_line, add_polygon, arrowhead, solid};
use super::single::{self, PictureFormat};
use super::style::{self, FONTS, LOOKS, MUTED, ORIENTATION, SMALL, TITLE, WIDTH};
use crate::observe::trace::{Step, StepKind};
use crate::overlay::Said;
use crate::report::naming::short_id;
use crate::report::trace::{Line, Story, heading, milliseconds};
use crate::world::NodeIdx;

/// More lines than this cannot be told apart at the width of a column of text.
pub(crate) const NODES_MAX: usize = 9;
/// More messages than this are no picture for a page.
pub(crate) const MESSAGES_MAX: usize = 60;

const ROW: f64 = 31.0;
const LINE: f64 = 17.0;
/// Room for times at the left.
const TIMES: f64 = 74.0;
const RIGHT: f64 = 30.0;
/// How far a message sinks on its way.
const SLOPE: f64 = 7.0;

const ARROW: &str = LOOKS[0].color;
const TROUBLE: &str = LOOKS[1].color;

/// The file of the diagram. The same story gives the same bytes.
///
/// # Errors
/// A message: there are too many nodes or messages, or the PNG cannot be encoded.
pub(crate) fn draw(story: &Story<'_>, format: PictureFormat) -> Result<Vec<u8>, String> {
    let lines = story.lines();
    let nodes = nodes(story);
    if nodes.len() > NODES_MAX {
        return Err(format!(
            "{} nodes take part, and a page has room for {NODES_MAX}; text and JSON tell all of them",
            nodes.len()
        ));
    }
    if lines.len() > MESSAGES_MAX {
        return Err(format!(
            "{} messages are sent, and a page has room for {MESSAGES_MAX}; text and JSON tell all of them",
            lines.len()
        ));
    }
    single::file(scene(story, &lines, &nodes), format)
}

/// The nodes that take part, in the order in which they come in.
fn nodes(story: &Story<'_>) -> Vec<NodeIdx> {
    let mut nodes: Vec<NodeIdx> = story.traced.asked.source.some().into_iter().collect();
    for step in &story.traced.steps {
        for node in [step.from, step.to] {
            if !nodes.contains(&node) {
                nodes.push(node);
            }
        }
    }
    nodes
}

fn scene(story: &Story<'_>, lines: &[Line], nodes: &[NodeIdx]) -> Scene {
    let title = style::wrap(&heading(story), TITLE, WIDTH - 12.0);
    let end = lines.last().filter(|line| line.step.is_none());
    let caption = end.map_or_else(Vec::new, |line| {
        let told = format!("@{}: {}", short_id(line.node), line.text);
        style::wrap(&told, SMALL, WIDTH - 16.0)
    });
    let levels = levels(story, nodes);
    let top = 9.0 + LINE * (title.len() + levels) as f64 + 9.0;
    let bottom = top + ROW * (lines.len() as f64 + 0.5);
    let foot = bottom + LINE * caption.len() as f64 + 14.0;
    let mut diagram = Diagram {
        story,
        nodes,
        levels,
        top,
        scene: Scene::new(WIDTH, foot.ceil()),
    };
    diagram.scene.font_family = Some(FONTS.to_owned());
    for (at, line) in title.iter().enumerate() {
        let place = (WIDTH / 2.0, 19.0 + LINE * at as f64);
        diagram.scene.add(text(place, line, TITLE, None));
    }
    diagram.draw_nodes(bottom);
    let mut before = None;
    for (row, line) in lines.iter().enumerate() {
        diagram.draw_row(row, line, before != Some(line.at));
        before = Some(line.at);
    }
    for (at, line) in caption.iter().enumerate() {
        let place = (WIDTH / 2.0, bottom + 14.0 + LINE * at as f64);
        diagram.scene.add(text(place, line, SMALL, Some(MUTED)));
    }
    diagram.scene
}

/// A diagram that is being drawn.
struct Diagram<'a> {
    story: &'a Story<'a>,
    nodes: &'a [NodeIdx],
    /// In how many lines the names stand, so that neighbours do not touch.
    levels: usize,
    top: f64,
    scene: Scene,
}

impl Diagram<'_> {
    fn x(&self, node: NodeIdx) -> f64 {
        let place = self.nodes.iter().position(|other| *other == node);
        let room = WIDTH - TIMES - RIGHT;
        match self.nodes.len() {
            0 | 1 => TIMES + room / 2.0,
            many => TIMES + room * place.unwrap_or(0) as f64 / (many - 1) as f64,
        }
    }

    fn y(&self, row: usize) -> f64 {
        self.top + ROW * (row as f64 + 0.75)
    }

    fn draw_nodes(&mut self, bottom: f64) {
        for (place, node) in self.nodes.iter().enumerate() {
            let (x, above) = (self.x(*node), LINE * (place % self.levels) as f64);
            let down = vec![(x, self.top - above), (x, bottom)];
            add_line(&mut self.scene, down, &ORIENTATION[1]);
        }
        for (place, node) in self.nodes.iter().enumerate() {
            let above = LINE * (place % self.levels) as f64;
            let name = short_id(self.story.traced.id(*node));
            self.label((self.x(*node), self.top - 7.0 - above), &name, 0.0);
        }
    }

    /// What stands at the left, up to the lines.
    fn time(&mut self, at: Point, content: &str) {
        let mut time = text(at, content, SMALL, Some(MUTED));
        if let Primitive::Text { anchor, .. } = &mut time {
            *anchor = TextAnchor::End;
        }
        self.scene.add(time);
    }

    fn draw_row(&mut self, row: usize, line: &Line, is_later: bool) {
        let y = self.y(row);
        if is_later {
            let time = format!("{:.1}", line.at.as_millis_f64());
            let time = time.strip_suffix(".0").unwrap_or(&time);
            // The first one says what all are.
            let time = if row == 0 {
                format!("{time} ms")
            } else {
                time.to_owned()
            };
            self.time((TIMES - 22.0, y + 4.0), &time);
        }
        let Some(place) = line.step else {
            if let Some(source) = self.story.traced.asked.source.some() {
                let x = self.x(source);
                add_dot(&mut self.scene, (x, y), 4.5, ARROW);
            }
            return;
        };
        let step = &self.story.traced.steps[place];
        match &step.kind {
            StepKind::Says(said) => self.draw_message(y, step, said),
            StepKind::WaitsInVain => self.draw_trouble((self.x(step.from), y), "no answer"),
            StepKind::Refuses => self.draw_trouble((self.x(step.from), y), "drops it"),
            StepKind::Lies { .. } => self.draw_trouble((self.x(step.from), y), "lies"),
        }
    }

    fn draw_message(&mut self, y: f64, step: &Step, said: &Said) {
        let from = (self.x(step.from), y - SLOPE / 2.0);
        let to = (self.x(step.to), y + SLOPE / 2.0);
        let is_lost = step.took.is_none();
        let tip = if is_lost {
            (
                from.0 + 0.6 * (to.0 - from.0),
                from.1 + 0.6 * (to.1 - from.1),
            )
        } else {
            to
        };
        let look = solid(if is_lost { TROUBLE } else { ARROW }, 1.6);
        add_line(&mut self.scene, vec![from, tip], &look);
        add_polygon(&mut self.scene, &arrowhead(from, tip, 8.0), look.color);
        let took = match step.took {
            Some(took) => milliseconds(took),
            None => "lost".to_owned(),
        };
        let middle = (f64::midpoint(from.0, to.0), y - 7.0);
        let told = format!("{} · {took}", short_form(self.story, said));
        self.label(middle, &told, TIMES - 18.0);
    }

    fn draw_trouble(&mut self, (x, y): Point, what: &str) {
        let arm = 4.5;
        let look = solid(TROUBLE, 2.0);
        add_line(
            &mut self.scene,
            vec![(x - arm, y - arm), (x + arm, y + arm)],
            &look,
        );
        add_line(
            &mut self.scene,
            vec![(x - arm, y + arm), (x + arm, y - arm)],
            &look,
        );
        let width = style::text_width(what, SMALL);
        // Beside the mark, on the side where there is room.
        let side = if x + width + 14.0 < WIDTH { 1.0 } else { -1.0 };
        self.label((x + side * (width / 2.0 + 9.0), y + 4.0), what, 0.0);
    }

    /// A text on white, so that lines behind it do not cross it; it begins right of `least`.
    fn label(&mut self, (x, y): Point, what: &str, least: f64) {
        let half = style::text_width(what, SMALL) / 2.0 + 2.0;
        let x = x.clamp(least + half, (WIDTH - half).max(least + half));
        let corner = |across: f64, down: f64| (x + across * half, y + down);
        let ground = [
            corner(-1.0, -11.0),
            corner(1.0, -11.0),
            corner(1.0, 2.0),
            corner(-1.0, 2.0),
        ];
        add_polygon(&mut self.scene, &ground, "#ffffff");
        self.scene.add(text((x, y), what, SMALL, None));
    }
}

/// In how many lines the names of the nodes have to stand.
fn levels(story: &Story<'_>, nodes: &[NodeIdx]) -> usize {
    let widths = nodes
        .iter()
        .map(|node| style::text_width(&short_id(story.traced.id(*node)), SMALL));
    let widest = widths.fold(0.0, f64::max) + 8.0;
    let apart = (WIDTH - TIMES - RIGHT) / (nodes.len().max(2) - 1) as f64;
    (widest / apart).ceil().max(1.0) as usize
}

/// What is said, in a word or two.
fn short_form(story: &Story<'_>, said: &Said) -> String {
    let id = |node: &NodeIdx| short_id(story.traced.id(*node));
    match said {
        Said::Forward { .. } => "lookup".to_owned(),
        Said::Ask {
            failed: Some(_), ..
        } => "who else?".to_owned(),
        Said::Ask { as_owner: true, .. } => "do you own it?".to_owned(),
        Said::Ask { .. } => "who is next?".to_owned(),
        Said::Received => "received".to_owned(),
        Said::Referral { next, .. } => format!("ask {}", id(next)),
        Said::Owner => "I own it".to_owned(),
        Said::DeadEnd => "dead end".to_owned(),
        Said::OwnerSilent => "owner is silent".to_owned(),
        Said::WhoKeeps => "who keeps it?".to_owned(),
        Said::FindPlace(place) => format!("who owns {}?", short_id(place.0)),
        Said::OwnsPlace => "mine".to_owned(),
        Said::Closer(nodes) => format!("ask {}", nodes.first().map(id).unwrap_or_default()),
        Said::Keepers(nodes) => nodes.iter().map(id).collect::<Vec<_>>().join(", "),
        Said::Put { version, .. } => format!("put version {version}"),
        Said::Kept => "kept".to_owned(),
        Said::Declined => "I will not".to_owned(),
        Said::Get => "get".to_owned(),
        Said::Value { version: 0, .. } => "nothing".to_owned(),
        Said::Value { version, .. } => format!("version {version}"),
    }
}
