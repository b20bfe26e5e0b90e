//! `[network]`: the latency model and its parameters.

use std::path::Path;

use toml::Spanned;

use super::checks::{Checks, place};
use super::{DataKind, NamedFile};
use crate::engine::SimDuration;
use crate::scenario::resolved::{LatencyModel, MatrixValues, Network, Per, TransitStub};
use crate::scenario::schema::{self, Model, Opt};
use crate::scenario::source::Span;

/// What `network.model` may be, for messages.
pub const MODELS: &str = "constant, uniform, exponential, plane, transit-stub, graph, matrix";

/// The most routers of a transit-stub network.
const MAX_ROUTERS: u64 = 1_000_000;

/// `[network]`, and the file of data it needs.
pub fn network(
    checks: &mut Checks<'_>,
    given: &schema::Network,
    folder: &Path,
) -> (Network, Option<NamedFile>) {
    let (model, file) = model(checks, given, folder);
    let network = Network {
        model,
        loss: checks.share("network.loss", &given.loss, 0.0),
        service_time: checks.duration(
            "network.service_time",
            &given.service_time,
            SimDuration::ZERO,
        ),
    };
    (network, file)
}

/// Resolves the parameters of every model, so that those not chosen are checked too, and then
/// chooses.
fn model(
    checks: &mut Checks<'_>,
    given: &schema::Network,
    folder: &Path,
) -> (LatencyModel, Option<NamedFile>) {
    let constant = LatencyModel::Constant {
        latency: checks.duration(
            "network.constant.latency",
            &given.constant.latency,
            SimDuration::from_millis(50),
        ),
    };
    let uniform = uniform(checks, &given.uniform);
    let exponential = exponential(checks, &given.exponential);
    let plane = plane(checks, &given.plane);
    let transit_stub = LatencyModel::TransitStub(transit_stub(checks, &given.transit_stub));
    let values = matrix_values(checks, &given.matrix);
    let Some(chosen) = &given.model else {
        return (constant, None);
    };
    let at = chosen.span();
    let file = |checks: &mut Checks<'_>, key, given, kind| {
        let file = data_file(checks, key, given, at.clone(), folder, kind);
        (file.path.clone(), Some(file))
    };
    match chosen.get_ref().0 {
        Model::Constant => (constant, None),
        Model::Uniform => (uniform, None),
        Model::Exponential => (exponential, None),
        Model::Plane => (plane, None),
        Model::TransitStub => (transit_stub, None),
        Model::Graph => {
            let key = "network.graph.file";
            let (path, named) = file(checks, key, &given.graph.file, DataKind::Graph);
            (LatencyModel::Graph { file: path }, named)
        }
        Model::Matrix => {
            let key = "network.matrix.file";
            let (path, named) = file(checks, key, &given.matrix.file, DataKind::Matrix);
            (LatencyModel::Matrix { file: path, values }, named)
        }
        Model::Waxman | Model::ScaleFree | Model::Regions => {
            checks.unavailable("network.model", at, MODELS);
            (constant, None)
        }
    }
}

fn uniform(checks: &mut Checks<'_>, given: &schema::Uniform) -> LatencyModel {
    let (least, most) = (SimDuration::from_millis(10), SimDuration::from_millis(90));
    let min = checks.duration("network.uniform.min", &given.min, least);
    let max = checks.duration("network.uniform.max", &given.max, most);
    if min > max
        && let Some(span) = checks.culprit([place(&given.min), place(&given.max)])
    {
        checks.push(
            span,
            "`network.uniform.min` is greater than `network.uniform.max`",
            format!("latencies from {min} to {max}"),
            "give both, the smaller one as `min`; they default to \"10ms\" and \"90ms\"",
        );
    }
    LatencyModel::Uniform { min, max }
}

fn exponential(checks: &mut Checks<'_>, given: &schema::Exponential) -> LatencyModel {
    LatencyModel::Exponential {
        mean: checks.duration(
            "network.exponential.mean",
            &given.mean,
            SimDuration::from_millis(50),
        ),
        per: checks.choice(
            "network.exponential.per",
            &given.per,
            Per::Pair,
            |per| match per {
                schema::Per::Pair => Some(Per::Pair),
                schema::Per::Message => Some(Per::Message),
            },
            "pair, message",
        ),
    }
}

fn plane(checks: &mut Checks<'_>, given: &schema::Plane) -> LatencyModel {
    LatencyModel::Plane {
        dimensions: checks.count("network.plane.dimensions", &given.dimensions, 2, 2..=3) as u8,
        span: checks.duration(
            "network.plane.span",
            &given.span,
            SimDuration::from_millis(100),
        ),
    }
}

fn matrix_values(checks: &mut Checks<'_>, given: &schema::Matrix) -> MatrixValues {
    checks.choice(
        "network.matrix.values",
        &given.values,
        MatrixValues::RoundTrip,
        |values| match values {
            schema::MatrixValues::RoundTrip => Some(MatrixValues::RoundTrip),
            schema::MatrixValues::OneWay => Some(MatrixValues::OneWay),
        },
        "round-trip, one-way",
    )
}

/// The file a model needs; the choice of the model is to blame if it is not named.
fn data_file(
    checks: &mut Checks<'_>,
    key: &str,
    given: &Opt<String>,
    model: Span,
    folder: &Path,
    kind: DataKind,
) -> NamedFile {
    let name = given.as_ref().map_or("", |given| given.get_ref());
    let span = place(given).unwrap_or(model);
    if name.is_empty() {
        checks.push(
            span.clone(),
            format!("`{key}` is missing"),
            "this model reads a file",
            format!("name it in `{key}`, relative to the scenario's folder"),
        );
    }
    NamedFile {
        path: folder.join(name),
        kind,
        span,
    }
}

fn transit_stub(checks: &mut Checks<'_>, given: &schema::TransitStub) -> TransitStub {
    let millis = SimDuration::from_millis;
    let mut count = |name: &str, value, default| {
        checks.count32(
            &format!("network.transit-stub.{name}"),
            value,
            default,
            1..=10_000,
        )
    };
    let transit_domains = count("transit_domains", &given.transit_domains, 4);
    let transit_routers = count("transit_routers", &given.transit_routers, 4);
    let stubs_per_transit_router = count(
        "stubs_per_transit_router",
        &given.stubs_per_transit_router,
        3,
    );
    let stub_routers = count("stub_routers", &given.stub_routers, 4);
    let mut share = |name: &str, value, default| {
        checks.share(&format!("network.transit-stub.{name}"), value, default)
    };
    let extra_edges = share("extra_edges", &given.extra_edges, 0.3);
    let latency_jitter = share("latency_jitter", &given.latency_jitter, 0.5);
    let mut latency = |name: &str, value, default| {
        checks.duration(
            &format!("network.transit-stub.{name}"),
            value,
            millis(default),
        )
    };
    let resolved = TransitStub {
        transit_domains,
        transit_routers,
        stubs_per_transit_router,
        stub_routers,
        extra_edges,
        inter_transit_latency: latency("inter_transit_latency", &given.inter_transit_latency, 30),
        intra_transit_latency: latency("intra_transit_latency", &given.intra_transit_latency, 15),
        transit_stub_latency: latency("transit_stub_latency", &given.transit_stub_latency, 8),
        intra_stub_latency: latency("intra_stub_latency", &given.intra_stub_latency, 3),
        access_latency: latency("access_latency", &given.access_latency, 1),
        latency_jitter,
    };
    routers_are_few(checks, given, &resolved);
    resolved
}

fn routers_are_few(checks: &mut Checks<'_>, given: &schema::TransitStub, resolved: &TransitStub) {
    let transit = u64::from(resolved.transit_domains) * u64::from(resolved.transit_routers);
    let stubs = u64::from(resolved.stubs_per_transit_router) * u64::from(resolved.stub_routers);
    let routers = transit * (1 + stubs);
    if routers <= MAX_ROUTERS {
        return;
    }
    let counts = [
        &given.transit_domains,
        &given.transit_routers,
        &given.stubs_per_transit_router,
        &given.stub_routers,
    ];
    let places = counts.map(|count| count.as_ref().map(Spanned::span));
    if let Some(span) = checks.culprit(places) {
        checks.push(
            span,
            "the transit-stub network is too large",
            format!("{routers} routers; allowed: up to {MAX_ROUTERS}"),
            "lower one of the four counts; the default is 4 x 4 x (1 + 3 x 4) = 208 routers",
        );
    }
}
