//! Counts the messages that cross each link.

use std::io;

use super::stress;
use crate::catalogue::{LinkRecord, RecordSink};
use crate::network::{Fate, LinkEnd, Network, Paths};
use crate::observe::observer::{Asked, Measured, Observer, Scene, Sent};
use crate::overlay::{Overlay, Traffic};
use crate::world::{Geometry as _, HostIdx, LinkIdx};

/// Counts per link: memory follows the links, not the messages. The network must have links.
#[derive(Default)]
pub struct LinkCounter {
    /// By the number of the link, as far as any was seen.
    links: Vec<Crossings>,
}

/// What crossed one link.
#[derive(Clone, Copy, Default)]
struct Crossings {
    messages: u64,
    bytes: u64,
    direct_messages: u64,
    maintenance_messages: u64,
    maintenance_bytes: u64,
}

impl Crossings {
    fn is_used(&self) -> bool {
        self.messages + self.direct_messages + self.maintenance_messages > 0
    }
}

impl LinkCounter {
    /// Does something to the counts of each link between two hosts.
    fn along(
        &mut self,
        network: &Network,
        (from, to): (HostIdx, HostIdx),
        add: impl Fn(&mut Crossings),
    ) {
        let Some(paths) = network.paths() else { return };
        let links = &mut self.links;
        paths.path(from, to, &mut |link| {
            if links.len() <= link.at() {
                links.resize(link.at() + 1, Crossings::default());
            }
            add(&mut links[link.at()]);
        });
    }

    /// The rows of all links of the network itself, and of the others that were used.
    fn rows(
        &self,
        network: &Network,
        paths: &dyn Paths,
        sink: &mut dyn RecordSink,
    ) -> io::Result<()> {
        let fixed = paths.fixed_links();
        let all = (0..fixed.max(self.links.len() as u32)).map(LinkIdx);
        for link in all {
            let crossings = self.links.get(link.at()).copied().unwrap_or_default();
            let access = link.0 >= fixed;
            if !access || crossings.is_used() {
                let row = row(network, paths, link, access, crossings);
                sink.take((&row).into())?;
            }
        }
        Ok(())
    }
}

impl<O: Overlay> Observer<O> for LinkCounter {
    fn sent(&mut self, scene: &Scene<'_, O>, sent: &Sent<O::Msg>) {
        if !sent.counts || sent.fate == Fate::Cut {
            return;
        }
        let ends = (scene.host(sent.from), scene.host(sent.to));
        let bytes = u64::from(sent.bytes);
        let is_of_request = matches!(sent.traffic, Traffic::Lookup | Traffic::Forwarded);
        self.along(scene.network, ends, |link| {
            if is_of_request {
                link.messages += 1;
                link.bytes += bytes;
            } else {
                link.maintenance_messages += 1;
                link.maintenance_bytes += bytes;
            }
        });
    }

    fn asked(&mut self, scene: &Scene<'_, O>, asked: &Asked) {
        let source = asked.source.some().filter(|_| asked.counts);
        let owner = O::Geometry::default().owner(scene.members, asked.key);
        let (Some(source), Some((_, owner))) = (source, owner) else {
            return;
        };
        let (near, far) = (scene.host(source), scene.host(owner));
        for way in [(near, far), (far, near)] {
            self.along(scene.network, way, |link| link.direct_messages += 1);
        }
    }

    fn done(
        &mut self,
        scene: &Scene<'_, O>,
        sink: &mut dyn RecordSink,
    ) -> io::Result<Vec<Measured>> {
        let Some(paths) = scene.network.paths() else {
            return Ok(Vec::new());
        };
        self.rows(scene.network, paths, sink)?;
        let fixed = paths.fixed_links() as usize;
        self.links
            .resize(self.links.len().max(fixed), Crossings::default());
        let stress = self.links[..fixed].iter();
        let stress: Vec<[u64; 2]> = stress
            .map(|link| [link.messages, link.direct_messages])
            .collect();
        Ok(stress::metrics(&stress).into_iter().collect())
    }
}

fn row(
    network: &Network,
    paths: &dyn Paths,
    number: LinkIdx,
    access: bool,
    crossings: Crossings,
) -> LinkRecord {
    let link = paths.link(number);
    let name = |end| {
        paths
            .name(end)
            .map_or_else(|| end.to_string(), str::to_owned)
    };
    let place = |end| match end {
        LinkEnd::Host(host) => network.place(host),
        LinkEnd::Router(router) => paths.place_of_router(router),
    };
    let [from, to] = link.ends;
    let (start, end) = (place(from), place(to));
    LinkRecord {
        link: number.0,
        from: name(from),
        to: name(to),
        latency_ms: link.latency.as_millis_f64(),
        messages: crossings.messages,
        bytes: crossings.bytes,
        direct_messages: crossings.direct_messages,
        maintenance_messages: crossings.maintenance_messages,
        maintenance_bytes: crossings.maintenance_bytes,
        access,
        from_x: start.map(|place| place[0]),
        from_y: start.map(|place| place[1]),
        to_x: end.map(|place| place[0]),
        to_y: end.map(|place| place[1]),
    }
}
