//! A request on the map of the network, beside the ring.

use std::collections::BTreeMap;

use super::error::TraceError;
use crate::cli::exit::Stop;
use crate::engine::SimDuration;
use crate::network::{self, Assets, LinkEnd, Network, Paths};
use crate::observe::trace::{StepKind, Traced};
use crate::overlay::Said;
use crate::report::plot::way::{Leg, NetworkMap, WayPicture};
use crate::report::trace::{Story, heading};
use crate::scenario::RunSpec;
use crate::world::{HostIdx, LinkIdx, NodeIdx, PeerIdx};

/// Of a network with more links only those are drawn that the request takes.
const LINKS_MAX: u32 = 2500;
/// Of more hosts of a network without links only the first are drawn.
const HOSTS_MAX: u32 = 1500;

/// The picture of a request.
pub(super) fn picture(
    traced: &Traced,
    story: &Story<'_>,
    spec: &RunSpec,
    assets: &Assets,
) -> Result<WayPicture, Stop> {
    let not_simulated = |reason: String| Stop::failed(TraceError::NotSimulated { reason });
    let network = network::build(&spec.scenario.network, spec.seed, assets);
    let network = network.map_err(|error| not_simulated(error.to_string()))?;
    let positions = spec.scenario.overlay.virtual_nodes;
    let mut atlas = Atlas::of(&network, spec.scenario.overlay.nodes)
        .ok_or_else(|| Stop::usage(TraceError::NoMap))?;
    let host = |node: NodeIdx| network.host_of(PeerIdx(node.0 / positions));
    let mut leg = |from: NodeIdx, to: NodeIdx, took: String| Leg {
        from: traced.id(from),
        to: traced.id(to),
        route: atlas.route(host(from), host(to)),
        took,
    };
    let legs = waited_for(story)
        .into_iter()
        .map(|(from, to, took)| leg(from, to, took));
    let legs: Vec<Leg> = legs.collect();
    let ends = traced.asked.source.some().zip(owner(traced));
    let one_way = |(from, to)| network.one_way(host(from), host(to));
    let direct = ends.filter(|(from, to)| from != to).map(|ends| {
        let took = format!("{} each way", shown(one_way(ends)));
        leg(ends.0, ends.1, took)
    });
    let mut notes = Vec::new();
    // A put or get does more than to find the owner.
    let latency = story.latency().filter(|_| traced.asked.operation.is_none());
    if let (Some(latency), Some(ends)) = (latency, ends.filter(|(from, to)| from != to)) {
        let there = one_way(ends) + network.one_way(host(ends.1), host(ends.0));
        let stretch = latency.as_millis_f64() / there.as_millis_f64();
        notes.push(format!(
            "The request took {}; straight to the owner and back takes {}: stretch {stretch:.2}.",
            shown(latency),
            shown(there)
        ));
    }
    Ok(WayPicture {
        heading: heading(story),
        last: story.space.last(),
        members: traced.members.iter().map(|id| id.0).collect(),
        key: traced.asked.key.0,
        network: atlas.map,
        legs,
        direct,
        notes,
    })
}

/// A duration as precise as a picture needs it.
fn shown(span: SimDuration) -> String {
    let text = format!("{:.1}", span.as_millis_f64());
    format!("{} ms", text.strip_suffix(".0").unwrap_or(&text))
}

/// The messages that the asking node waited for one after the other; where they do not add up, all that were sent on the way.
fn waited_for(story: &Story<'_>) -> Vec<(NodeIdx, NodeIdx, String)> {
    let steps = &story.traced.steps;
    let all = || {
        let is_on_the_way = |place: &usize| match &steps[*place].kind {
            StepKind::Says(said) => *said != Said::Received,
            _ => false,
        };
        (0..steps.len()).filter(is_on_the_way).collect()
    };
    let places: Vec<usize> = story.legs().unwrap_or_else(all);
    let leg = |place: usize| {
        let step = &steps[place];
        let took = step.took.map_or_else(|| "lost".to_owned(), shown);
        let took = match step.kind {
            StepKind::WaitsInVain => format!("{took} in vain"),
            _ => took,
        };
        (step.from, step.to, took)
    };
    places.into_iter().map(leg).collect()
}

/// The node that has answered as owner.
fn owner(traced: &Traced) -> Option<NodeIdx> {
    let answers = traced.steps.iter().rev();
    let mut answers = answers.filter(|step| step.kind == StepKind::Says(Said::Owner));
    answers.next().map(|step| step.from)
}

/// The network as far as it is drawn, and the numbers of what is on it.
struct Atlas<'a> {
    network: &'a Network,
    numbers: BTreeMap<LinkEnd, usize>,
    links: BTreeMap<LinkIdx, [usize; 2]>,
    map: NetworkMap,
}

impl<'a> Atlas<'a> {
    /// `None` if nothing is known of where anything is.
    fn of(network: &'a Network, peers: u32) -> Option<Self> {
        let mut atlas = Self {
            network,
            numbers: BTreeMap::new(),
            links: BTreeMap::new(),
            map: NetworkMap {
                places: Vec::new(),
                links: Vec::new(),
            },
        };
        match network.paths() {
            Some(paths) if paths.fixed_links() <= LINKS_MAX => {
                for link in (0..paths.fixed_links()).map(LinkIdx) {
                    atlas.link(paths, link);
                }
            }
            Some(_) => {}
            None => {
                network.place(HostIdx(0))?;
                for peer in (0..peers.min(HOSTS_MAX)).map(PeerIdx) {
                    atlas.number(LinkEnd::Host(network.host_of(peer)));
                }
            }
        }
        Some(atlas)
    }

    fn number(&mut self, end: LinkEnd) -> usize {
        if let Some(number) = self.numbers.get(&end) {
            return *number;
        }
        let place = match end {
            LinkEnd::Host(host) => self.network.place(host),
            LinkEnd::Router(router) => {
                let paths = self.network.paths();
                paths.and_then(|paths| paths.place_of_router(router))
            }
        };
        self.map.places.push(place.map(|[x, y]| (x, y)));
        let number = self.map.places.len() - 1;
        self.numbers.insert(end, number);
        number
    }

    /// Adds a link, unless it is there; gives its ends.
    fn link(&mut self, paths: &dyn Paths, number: LinkIdx) -> [usize; 2] {
        if let Some(ends) = self.links.get(&number) {
            return *ends;
        }
        let link = paths.link(number);
        let ends = link.ends.map(|end| self.number(end));
        self.map.links.push((ends, link.latency.as_millis_f64()));
        self.links.insert(number, ends);
        ends
    }

    /// What a message passes between two hosts, both included.
    fn route(&mut self, from: HostIdx, to: HostIdx) -> Vec<usize> {
        let mut at = self.number(LinkEnd::Host(from));
        let mut route = vec![at];
        let Some(paths) = self.network.paths() else {
            route.push(self.number(LinkEnd::Host(to)));
            return route;
        };
        let mut links = Vec::new();
        paths.path(from, to, &mut |link| links.push(link));
        for link in links {
            let [a, b] = self.link(paths, link);
            at = if a == at { b } else { a };
            route.push(at);
        }
        route
    }
}
