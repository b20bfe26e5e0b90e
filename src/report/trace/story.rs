//! Who says what when.

use super::milliseconds;
use super::reasons::{Entry, View};
use super::tables::FingerTable;
use super::ways;
use crate::engine::{SimDuration, SimTime};
use crate::observe::trace::{End, Step, StepKind, Traced};
use crate::overlay::Said;
use crate::report::naming::short_id;
use crate::world::{Action, NodeIdx, Space};

/// A request, and what is needed to tell it.
pub(crate) struct Story<'a> {
    pub traced: &'a Traced,
    pub space: Space,
    /// When the measurement begins: times are told from there.
    pub measured_from: SimTime,
    /// What the key is called, if anything.
    pub label: Option<String>,
    /// How many acknowledgements a put waits for, and how many answers a get.
    pub quorums: (u8, u8),
    /// How long a user waits for the end; `None`: not known.
    pub patience: Option<SimDuration>,
    /// The finger tables that are told with it.
    pub tables: Vec<FingerTable>,
}

/// What a node says.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Line {
    /// Since the request began.
    pub at: SimDuration,
    /// Who.
    pub node: u64,
    /// What, in whole sentences without the last full stop.
    pub text: String,
    /// The step that it tells; `None` for the beginning and the end.
    pub step: Option<usize>,
    /// The entry that has decided, if one has.
    pub entry: Option<Entry>,
}

impl<'a> Story<'a> {
    /// The story of a request on a ring of this size, without what stands around it.
    pub(crate) fn of(traced: &'a Traced, space: Space) -> Self {
        Self {
            traced,
            space,
            measured_from: SimTime::ZERO,
            label: None,
            quorums: (0, 0),
            patience: None,
            tables: Vec::new(),
        }
    }

    /// The key by its number, and by its name if it has one.
    pub(crate) fn key(&self) -> String {
        let place = self.short_key();
        match &self.label {
            Some(label) => format!("\"{label}\" (key {place})"),
            None => format!("key {place}"),
        }
    }

    /// The key by its number, in short if that is long.
    pub(super) fn short_key(&self) -> String {
        short_id(self.traced.asked.key.0)
    }

    /// A node by its identifier, in short if that is long.
    pub(crate) fn name(&self, node: NodeIdx) -> String {
        short_id(self.traced.id(node))
    }

    fn listed(&self, nodes: &[NodeIdx]) -> String {
        let names: Vec<String> = nodes.iter().map(|node| self.name(*node)).collect();
        names.join(", ")
    }

    /// Everything that is said, in order.
    pub(crate) fn lines(&self) -> Vec<Line> {
        let steps = &self.traced.steps;
        let told = steps.iter().enumerate().filter(|(_, step)| {
            // Who has received a lookup says so by what it does next.
            step.kind != StepKind::Says(Said::Received)
        });
        let opening = self.opening().into_iter();
        let told = told.map(|(place, step)| self.line(place, step));
        let mut lines: Vec<Line> = opening.chain(told).chain(self.ending()).collect();
        // What comes after the end stands after it.
        lines.sort_by_key(|line| line.at);
        lines
    }

    /// What a node says in one step, without when and who.
    pub(crate) fn words(&self, place: usize) -> String {
        let step = &self.traced.steps[place];
        match &step.kind {
            StepKind::WaitsInVain => {
                let waited = step.took.map_or_else(String::new, |took| {
                    format!(" within {}", milliseconds(took))
                });
                format!("{} has not answered{waited}", self.name(step.to))
            }
            StepKind::Refuses => "I take and do not give: I drop what I was asked for".to_owned(),
            StepKind::Lies { of_itself: true } => {
                "I take and do not give: I claim to own the key, which is a lie".to_owned()
            }
            StepKind::Lies { of_itself: false } => {
                "I take and do not give: I name another selfish peer as the owner of the key"
                    .to_owned()
            }
            StepKind::Says(said) => self
                .lie(place, step, said)
                .unwrap_or_else(|| self.said(place, step, said)),
        }
    }

    /// When the request was over.
    pub(crate) fn over(&self) -> Option<SimTime> {
        match self.traced.end.as_ref()? {
            End::Lookup(over) => Some(over.answer.ok()?.at),
            End::Operation(over) => Some(over.request.answer.ok()?.at),
        }
    }

    /// The node that was found to own the key, and how often the lookup was passed on.
    pub(crate) fn found(&self) -> Option<(NodeIdx, u64, u32)> {
        let answer = match self.traced.end.as_ref()? {
            End::Lookup(over) => over.answer.ok()?,
            End::Operation(over) => over.state.found?,
        };
        Some((answer.claim.node, answer.claim.id.0, answer.hops))
    }

    /// The nodes that the lookup came to.
    pub(crate) fn path(&self) -> Vec<u64> {
        ways::path(self.traced)
    }

    /// The steps whose legs add up to the latency, by their places, if they do.
    pub(crate) fn legs(&self) -> Option<Vec<usize>> {
        ways::legs(self.traced, self.over()?)
    }

    /// How long it took; `None` while it is under way.
    pub(crate) fn latency(&self) -> Option<SimDuration> {
        Some(self.since_asked(self.over()?))
    }

    fn since_asked(&self, at: SimTime) -> SimDuration {
        at.since(self.traced.asked.at)
    }

    /// The asking node owns the key itself.
    fn opening(&self) -> Option<Line> {
        let source = self.traced.asked.source;
        let (owner, _, hops) = self.found()?;
        let is_lookup = |step: &Step| {
            matches!(
                step.kind,
                StepKind::Says(Said::Forward { .. } | Said::Ask { .. })
            )
        };
        if owner != source || hops > 0 || self.traced.steps.iter().any(is_lookup) {
            return None;
        }
        let knows = self.traced.knew.as_ref();
        let reason = knows.map_or_else(
            || "the key is mine".to_owned(),
            |knows| self.view(source, knows).owns(),
        );
        let so = match self.traced.asked.operation {
            Some(Action::Put { .. }) => "it is stored here",
            Some(Action::Get) => "it belongs here",
            None => "it is mine",
        };
        Some(self.line_of(source, self.traced.asked.at, format!("{reason}: {so}")))
    }

    pub(super) fn line_of(&self, node: NodeIdx, at: SimTime, text: String) -> Line {
        Line {
            at: self.since_asked(at),
            node: self.traced.id(node),
            text,
            step: None,
            entry: None,
        }
    }

    fn view<'b>(&'b self, node: NodeIdx, knows: &'b crate::overlay::Knowledge) -> View<'b> {
        View {
            traced: self.traced,
            space: self.space,
            node,
            knows,
        }
    }

    fn line(&self, place: usize, step: &Step) -> Line {
        let is_lost = matches!(step.kind, StepKind::Says(_)) && step.took.is_none();
        let lost = if is_lost { " (lost on the way)" } else { "" };
        Line {
            step: Some(place),
            entry: self.entry(place, step),
            ..self.line_of(step.from, step.at, self.words(place) + lost)
        }
    }

    /// The entry of the node's tables by which it has chosen the next one.
    fn entry(&self, place: usize, step: &Step) -> Option<Entry> {
        let (next, as_owner) = match step.kind {
            StepKind::Says(Said::Forward { as_owner, .. }) => (step.to, as_owner),
            StepKind::Says(Said::Referral { next, as_owner }) => (next, as_owner),
            StepKind::Says(Said::Ask { as_owner, .. }) if !self.was_named(place) => {
                (step.to, as_owner)
            }
            _ => return None,
        };
        self.view(step.from, step.knows.as_ref()?)
            .entry(next, as_owner)
    }

    /// Whether the node that is asked in this step has just been named by another one.
    fn was_named(&self, place: usize) -> bool {
        let steps = &self.traced.steps;
        let before = place.checked_sub(1).map(|before| &steps[before].kind);
        matches!(before, Some(StepKind::Says(Said::Referral { next, .. })) if *next == steps[place].to)
    }

    /// Whether the node acts because another one was silent.
    fn after_failure(&self, place: usize) -> Option<NodeIdx> {
        let step = &self.traced.steps[place];
        let before = self.traced.steps[..place].iter().rev();
        let mut before = before.take_while(|earlier| earlier.at == step.at);
        let silent = before
            .find(|earlier| earlier.from == step.from && earlier.kind == StepKind::WaitsInVain);
        silent.map(|silent| silent.to)
    }

    /// What is said next by a node that lies about the owner of a key.
    fn lie(&self, place: usize, step: &Step, said: &Said) -> Option<String> {
        let before = self.traced.steps[..place].iter().rev();
        let mut before =
            before.take_while(|earlier| (earlier.at, earlier.from) == (step.at, step.from));
        if !before.any(|earlier| matches!(earlier.kind, StepKind::Lies { .. })) {
            return None;
        }
        let to = self.name(step.to);
        match said {
            Said::Owner => Some(format!("I tell {to} that it is mine")),
            Said::Forward { .. } => Some(format!("I pass it to {to}, as if that owned the key")),
            Said::Referral { next, .. } => {
                let next = self.name(*next);
                Some(format!(
                    "I tell {to} to ask {next}, as if that owned the key"
                ))
            }
            _ => None,
        }
    }

    fn reason(&self, place: usize, next: NodeIdx, as_owner: bool) -> String {
        let step = &self.traced.steps[place];
        match &step.knows {
            Some(knows) => {
                let failed = self.after_failure(place).is_some();
                self.view(step.from, knows).reason(next, as_owner, failed)
            }
            None => format!("{} is next", self.name(next)),
        }
    }

    fn said(&self, place: usize, step: &Step, said: &Said) -> String {
        let to = self.name(step.to);
        let source = self.traced.asked.source;
        let once_more = self.after_failure(place) == Some(step.to);
        match said {
            Said::Forward { .. }
            | Said::Ask { .. }
            | Said::Put { .. }
            | Said::Get
            | Said::WhoKeeps
                if once_more =>
            {
                format!("I try {to} once more")
            }
            Said::Forward { as_owner, hops } => {
                let again = *hops == 1 && step.from == source && self.was_asked_before(place);
                let began = self.traced.steps.first().map(|first| first.at);
                let head = match again {
                    true if began == Some(step.at) => "at the same time I try another way. ",
                    true => "no answer yet: I try another way. ",
                    false => "",
                };
                let reason = self.reason(place, step.to, *as_owner);
                let came_from = |earlier: &Step| (earlier.from, earlier.to) == (step.to, step.from);
                let back = self.traced.steps[..place].iter().any(came_from);
                let back = if back && *as_owner { " back" } else { "" };
                let so = if *as_owner { ":" } else { ", so" };
                format!("{head}{reason}{so} I pass it{back} to {to}")
            }
            Said::Ask { as_owner, failed } => self.asks(place, step, *as_owner, *failed),
            Said::Received => String::new(),
            Said::Referral { next, as_owner } => {
                let next_id = self.name(*next);
                let reason = self.reason(place, *next, *as_owner);
                format!("{reason}: I tell {to} to ask {next_id}")
            }
            Said::Owner => {
                let belongs = match self.traced.asked.operation {
                    None => "it is mine",
                    Some(_) => "it belongs here",
                };
                format!("{}: {belongs}. I tell {to}", self.why_mine(step))
            }
            Said::DeadEnd => format!("I know no other node to pass it to. I tell {to}"),
            Said::OwnerSilent => format!(
                "the node before me should own it and does not answer; whether it lives I do not know. I tell {to}"
            ),
            Said::WhoKeeps => {
                format!(
                    "{to} owns {}: I ask it which nodes keep the copies",
                    self.short_key()
                )
            }
            Said::FindPlace(place) => {
                format!(
                    "a copy belongs to place {}: I ask {to} whose that is",
                    short_id(place.0)
                )
            }
            Said::OwnsPlace => format!("that place is mine. I tell {to}"),
            Said::Closer(nodes) => {
                let nodes = self.listed(nodes);
                format!("that place is not mine; closer to it I know {nodes}. I tell {to}")
            }
            Said::Keepers(nodes) => {
                format!("these keep the copies: {}. I tell {to}", self.listed(nodes))
            }
            Said::Put { version, bytes } => {
                let value = self.value(*version, *bytes);
                format!("I send {value} to {to}, version {version}")
            }
            Said::Kept if self.has_refused(place) => format!("I say that I keep it. I tell {to}"),
            Said::Declined => format!("I will not, and tell {to} so"),
            Said::Kept if self.is_found(step.from) => {
                format!("{}: it is stored here. I tell {to}", self.why_mine(step))
            }
            Said::Kept => format!("I keep a copy. I tell {to}"),
            Said::Get => format!("I ask {to} for its copy"),
            Said::Value { version: 0, .. } => {
                format!("I have nothing under {}. I tell {to}", self.short_key())
            }
            Said::Value { version, bytes } => {
                let value = self.value(*version, *bytes);
                format!("I have version {version}: I send {value} to {to}")
            }
        }
    }

    fn asks(&self, place: usize, step: &Step, as_owner: bool, failed: Option<NodeIdx>) -> String {
        let to = self.name(step.to);
        let what = if as_owner {
            "whether it owns the key"
        } else {
            "who is next"
        };
        if let Some(failed) = failed {
            let failed = self.name(failed);
            return format!("I ask {to} for another node than {failed}");
        }
        if self.was_named(place) {
            return format!("so I ask {to} {what}");
        }
        let reason = self.reason(place, step.to, as_owner);
        let so = if as_owner { ":" } else { ", so" };
        format!("{reason}{so} I ask {to} {what}")
    }

    fn was_asked_before(&self, place: usize) -> bool {
        let source = self.traced.asked.source;
        let earlier = self.traced.steps[..place].iter();
        let mut forwards = earlier.filter(|step| {
            step.from == source && matches!(step.kind, StepKind::Says(Said::Forward { .. }))
        });
        forwards.next().is_some() && self.after_failure(place).is_none()
    }

    /// Whether the node that speaks has not done what it was asked.
    fn has_refused(&self, place: usize) -> bool {
        let from = self.traced.steps[place].from;
        let mut before = self.traced.steps[..place].iter();
        before.any(|step| step.from == from && step.kind == StepKind::Refuses)
    }

    fn is_found(&self, node: NodeIdx) -> bool {
        let mut owners = self.traced.steps.iter().filter_map(|step| {
            matches!(step.kind, StepKind::Says(Said::Owner)).then_some(step.from)
        });
        owners.any(|owner| owner == node)
    }

    fn why_mine(&self, step: &Step) -> String {
        match &step.knows {
            Some(knows) => self.view(step.from, knows).owns(),
            None => "the key is mine".to_owned(),
        }
    }

    /// A value, by its text if that is known.
    fn value(&self, version: u32, bytes: u32) -> String {
        match self.traced.texts.get(&version) {
            Some(text) => format!("\"{text}\" ({})", sized(bytes)),
            None => format!("a value of {}", sized(bytes)),
        }
    }
}

/// So many bytes.
fn sized(bytes: u32) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        bytes => format!("{bytes} bytes"),
    }
}
