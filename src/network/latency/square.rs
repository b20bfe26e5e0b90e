//! Routers in a unit square with hosts on them: the models whose topology a generator draws there.

use super::attached::Attached;
use super::model::Latency;
use crate::engine::SimDuration;
use crate::network::error::NetworkError;
use crate::network::paths::Paths;
use crate::network::topology::{
    AccessLink, Attachment, RouterGraph, Square, Topology, scale_free, waxman,
};
use crate::scenario::resolved::{RouterAttach, ScaleFree, Waxman};
use crate::world::HostIdx;

/// The most links of a network of Waxman's.
const LINKS_MAX: u32 = 2_000_000;

pub(super) struct InSquare {
    hosts: Attached,
}

impl InSquare {
    /// Waxman's model.
    ///
    /// # Errors
    /// More links than the shortest paths of all routers can be found over in a minute or so.
    pub(super) fn waxman(shape: &Waxman, seed: u64) -> Result<Self, NetworkError> {
        let links = waxman::links(shape);
        if links > f64::from(LINKS_MAX) {
            return Err(NetworkError::TooManyLinks {
                model: "waxman",
                links,
                limit: LINKS_MAX,
                remedy: "its `alpha` or `beta`",
            });
        }
        let access = AccessLink {
            mean: shape.access_latency,
            jitter: shape.access_jitter,
        };
        // So many routers are as important as others that labels would be long.
        let square = waxman::generate(shape, seed);
        Ok(Self::new(
            square,
            RouterGraph::new,
            shape.attach,
            access,
            seed,
        ))
    }

    /// The model of Barabási and Albert.
    pub(super) fn scale_free(shape: &ScaleFree, seed: u64) -> Self {
        let access = AccessLink {
            mean: shape.access_latency,
            jitter: shape.access_jitter,
        };
        let square = scale_free::generate(shape, seed);
        Self::new(square, RouterGraph::compact, shape.attach, access, seed)
    }

    /// `graph` keeps the distances of the routers in one way or another.
    fn new(
        square: Square,
        graph: fn(Topology) -> Result<RouterGraph, (u32, u32)>,
        attach: RouterAttach,
        access: AccessLink,
        seed: u64,
    ) -> Self {
        let Square { topology, places } = square;
        let attachment = match attach {
            RouterAttach::Uniform => Attachment::uniform(0..places.len() as u32, access, seed),
            RouterAttach::Degree => Attachment::by_degree(&topology, access, seed),
        };
        let routers = graph(topology);
        let routers = routers.expect("the generators connect every router");
        Self {
            hosts: Attached::new(routers, attachment).with_places(Some(places)),
        }
    }
}

impl Latency for InSquare {
    fn hosts(&self) -> Option<u32> {
        None
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        self.hosts.one_way(from, to)
    }

    fn paths(&self) -> Option<&dyn Paths> {
        Some(&self.hosts)
    }

    fn place(&self, host: HostIdx) -> Option<[f64; 2]> {
        self.hosts.place(host)
    }
}

/// Bytes of Waxman's model when so many peers have asked.
pub(super) fn bytes_of_waxman(shape: &Waxman, peers: f64) -> f64 {
    let routers = f64::from(shape.routers);
    let paths = RouterGraph::bytes(
        routers,
        waxman::links(shape),
        asking(routers, peers),
        routers,
    );
    paths + bytes_of_routers(routers)
}

/// Bytes of the model of Barabási and Albert when so many peers have asked.
pub(super) fn bytes_of_scale_free(shape: &ScaleFree, peers: f64) -> f64 {
    let routers = f64::from(shape.routers);
    // Measured, with 5000 to 16 000 routers.
    let label = SCALE_FREE_LABEL * f64::from(shape.m) * routers.sqrt();
    let paths = RouterGraph::bytes_compact(
        routers,
        scale_free::links(shape),
        asking(routers, peers),
        routers,
        label,
    );
    paths + bytes_of_routers(routers)
}

/// How long labels of the model of Barabási and Albert are in the mean, for each link that routers bring and by the
/// square root of how many routers there are.
const SCALE_FREE_LABEL: f64 = 0.28;

/// How many routers have hosts: peers pick them at random, so several may be at one and nobody at another.
fn asking(routers: f64, peers: f64) -> f64 {
    routers * -libm::expm1(-peers / routers)
}

/// Bytes of places and weights.
fn bytes_of_routers(routers: f64) -> f64 {
    routers * size_of::<[f64; 2]>() as f64 + Attachment::bytes_of_weights(routers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::testing::{check_paths, scale_free, waxman};

    #[test]
    fn paths_add_up_to_latencies() {
        let hosts: Vec<_> = (0..25).map(HostIdx).collect();
        for attach in [RouterAttach::Uniform, RouterAttach::Degree] {
            for seed in 0..3 {
                let shape = Waxman {
                    routers: 150,
                    attach,
                    ..waxman()
                };
                check_paths(&InSquare::waxman(&shape, seed).unwrap(), &hosts);
                let shape = ScaleFree {
                    routers: 150,
                    attach,
                    ..scale_free()
                };
                check_paths(&InSquare::scale_free(&shape, seed), &hosts);
            }
        }
    }

    /// The mean degree of the routers of hosts: by degree it is ⟨k²⟩/⟨k⟩, more than twice as much in a graph whose
    /// degrees differ that much.
    #[test]
    fn hosts_attached_by_degree_sit_on_routers_with_many_links() {
        let mean_degree = |attach| {
            let shape = ScaleFree {
                attach,
                ..scale_free()
            };
            let topology = scale_free::generate(&shape, 1).topology;
            let model = InSquare::scale_free(&shape, 1);
            let degree = |host| {
                let router = model.hosts.router_of(HostIdx(host));
                topology.edges(router.into()).count() as f64
            };
            (0..5000).map(degree).sum::<f64>() / 5000.0
        };
        let [even, by_degree] = [RouterAttach::Uniform, RouterAttach::Degree].map(mean_degree);
        assert!((even - 4.0).abs() < 0.5, "{even}");
        assert!(by_degree > 2.0 * even, "{by_degree}");
    }

    /// A straight line is never longer than a path; 2 ms and the jitter of two access links come on top.
    #[test]
    fn hosts_are_where_their_routers_are() {
        let model = InSquare::waxman(&waxman(), 1).unwrap();
        for host in (1..200).map(HostIdx) {
            let [[x, y], [v, w]] = [HostIdx(0), host].map(|host| model.place(host).unwrap());
            assert!([x, y, v, w].iter().all(|at| (0.0..1.0).contains(at)));
            let straight = 100.0 * libm::hypot(x - v, y - w);
            let way = model.one_way(HostIdx(0), host).as_millis_f64();
            assert!(
                way > straight && way < 1.6 * straight + 60.0,
                "{straight} {way}"
            );
        }
    }

    /// What would take minutes and gigabytes is refused with what to lower.
    #[test]
    fn a_waxman_network_of_too_many_links_is_refused() {
        let dense = Waxman {
            routers: 16_384,
            alpha: 1.0,
            beta: 1000.0,
            ..waxman()
        };
        let told = InSquare::waxman(&dense, 1)
            .err()
            .map(|error| error.to_string());
        let told = told.expect("it is refused");
        assert!(told.contains("asks for about 13"), "{told}");
        assert!(told.contains("at most 2000000 are possible"), "{told}");
    }
}
