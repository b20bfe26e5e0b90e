//! `chordsim judge`: a number from elsewhere beside what theory expects.

use std::fmt::Write as _;

use miette::Diagnostic;
use serde_json::{Value, json};

use super::args::{By, JudgeArgs, Of, Quantity};
use super::exit::{Exit, Stop};
use super::output;
use crate::codes::{self, Code, Coded};
use crate::report::lines::wrapped;
use crate::theory::judge::{Candidate, Hops, Judgement, Keys, Lifetimes, Routing, Through};

/// As wide as a terminal is at least.
const WIDTH: usize = 80;

#[derive(Debug, thiserror::Error, Diagnostic)]
enum NotJudged {
    #[error("--mean {value} cannot be {what}")]
    #[diagnostic(help("{remedy}"))]
    Impossible {
        value: f64,
        what: &'static str,
        remedy: &'static str,
    },
    #[error("`judge {quantity}` needs {option}")]
    #[diagnostic(help("add it, such as {example}"))]
    Lacks {
        quantity: &'static str,
        option: &'static str,
        example: &'static str,
    },
    #[error("there is no theory of {what}")]
    #[diagnostic(help("{remedy}"))]
    NoTheory {
        what: &'static str,
        remedy: &'static str,
    },
    #[error("{nodes} nodes do not fit a ring of 2^{bits} positions")]
    #[diagnostic(help(
        "raise --id-bits, or lower --nodes; hashed identifiers need some twice as many bits as log2 of the nodes"
    ))]
    TooSmall { nodes: u32, bits: u32 },
}

impl Coded for NotJudged {
    fn kind(&self) -> Code {
        codes::NOT_JUDGED
    }
}

pub(super) fn run(args: &JudgeArgs) -> Result<Exit, Stop> {
    let (judgement, what) = judged(args).map_err(Stop::usage)?;
    if args.json {
        output::data(&format!("{}\n", as_json(&judgement, what)));
    } else {
        output::data(&told(&judgement, what));
    }
    let fits = judgement.fitting().next().is_some();
    Ok(if fits { Exit::Done } else { Exit::Failed })
}

/// What is to be made of the number, and what it is called.
fn judged(args: &JudgeArgs) -> Result<(Judgement, &'static str), NotJudged> {
    match args.quantity {
        Quantity::Hops => Ok((hops(args)?.judged(), "mean hops")),
        Quantity::Keys => Ok((keys(args)?.judged(), "keys of a peer")),
        Quantity::Success => Ok((through(args)?.judged(), "share of lookups answered")),
        Quantity::Values => Ok((values(args)?.judged(), "share of values alive")),
        Quantity::Timeouts => Err(NotJudged::NoTheory {
            what: "timeouts beyond a ring at rest, where there are none",
            remedy: "while nodes come and go they depend on how soon that is noticed: compare with a run of \
                     `chordsim run`",
        }),
        Quantity::Stretch => Err(no_theory("stretch")),
        Quantity::Latency => Err(no_theory("latency")),
        Quantity::Messages => Err(no_theory("the number of messages")),
    }
}

fn no_theory(what: &'static str) -> NotJudged {
    NotJudged::NoTheory {
        what,
        remedy: "it depends on the network and on what is counted: compare with a run of `chordsim run`; \
                 docs/conventions.md says how it is counted here",
    }
}

fn routing(args: &JudgeArgs) -> Routing {
    match args.routing {
        By::Fingers => Routing::Fingers,
        By::Successors => Routing::Successors,
    }
}

fn has_room(args: &JudgeArgs) -> Result<(), NotJudged> {
    let (nodes, bits) = (args.nodes, args.id_bits);
    // Random identifiers that must differ are soon found only where half of them are free.
    if bits < 64 && u64::from(nodes) > 1_u64 << (bits - 1) && u64::from(nodes) != 1_u64 << bits {
        return Err(NotJudged::TooSmall { nodes, bits });
    }
    Ok(())
}

fn hops(args: &JudgeArgs) -> Result<Hops, NotJudged> {
    if !(args.mean.is_finite() && args.mean >= 0.0) {
        return Err(NotJudged::Impossible {
            value: args.mean,
            what: "a mean of hops",
            remedy: "give a number from 0",
        });
    }
    if let Some(value) = args.sd.filter(|sd| !(sd.is_finite() && *sd >= 0.0)) {
        return Err(NotJudged::Impossible {
            value,
            what: "that of a standard deviation (--sd)",
            remedy: "give a number from 0",
        });
    }
    has_room(args)?;
    Ok(Hops {
        mean: args.mean,
        nodes: args.nodes as usize,
        bits: args.id_bits,
        routing: routing(args),
        successors: args.successors,
        lookups: args.lookups.map(|lookups| lookups as f64),
        deviation: args.sd,
        runs: args.runs.map(f64::from),
    })
}

fn keys(args: &JudgeArgs) -> Result<Keys, NotJudged> {
    let keys = args.keys.ok_or(NotJudged::Lacks {
        quantity: "keys",
        option: "--keys",
        example: "--keys 10000",
    })?;
    if !(0.0..=f64::from(keys)).contains(&args.mean) {
        return Err(NotJudged::Impossible {
            value: args.mean,
            what: "a number of keys of one peer",
            remedy: "give a number from 0 to that of all keys",
        });
    }
    Ok(Keys {
        value: args.mean,
        peers: args.nodes,
        keys,
        positions: args.virtual_nodes,
        share: match args.of {
            Of::Max => 1.0,
            Of::P99 => 0.99,
            Of::P95 => 0.95,
            Of::P50 => 0.5,
            Of::P1 => 0.01,
        },
    })
}

/// A share that is given, and the number that is one.
fn shares(args: &JudgeArgs, quantity: &'static str) -> Result<f64, NotJudged> {
    let fraction = args.fraction.ok_or(NotJudged::Lacks {
        quantity,
        option: "--fraction",
        example: "--fraction 0.2",
    })?;
    for value in [args.mean, fraction] {
        if !(0.0..=1.0).contains(&value) {
            return Err(NotJudged::Impossible {
                value,
                what: "a share",
                remedy: "give a number from 0 to 1: 0.2 for 20 %",
            });
        }
    }
    Ok(fraction)
}

fn through(args: &JudgeArgs) -> Result<Through, NotJudged> {
    has_room(args)?;
    Ok(Through {
        dropping: shares(args, "success")?,
        share: args.mean,
        nodes: args.nodes as usize,
        bits: args.id_bits,
        routing: routing(args),
        successors: args.successors.unwrap_or(16),
        lookups: args.lookups.map(|lookups| lookups as f64),
    })
}

fn values(args: &JudgeArgs) -> Result<Lifetimes, NotJudged> {
    Ok(Lifetimes {
        killed: shares(args, "values")?,
        share: args.mean,
        nodes: args.nodes,
        replicas: args.replicas.min(args.nodes),
    })
}

/// How many decimals of a number of this size count.
fn decimals(value: f64) -> usize {
    match value.abs() {
        value if value >= 1000.0 => 0,
        value if value >= 100.0 => 1,
        value if value >= 1.0 => 2,
        _ => 4,
    }
}

fn told(judgement: &Judgement, what: &str) -> String {
    let given = judgement.given;
    let widest = judgement
        .conventions
        .iter()
        .map(|it| it.name.chars().count());
    let width = widest.max().unwrap_or(0);
    let mut text = format!("{what}: {given}\n\n{:<width$}  expected\n", "counted as");
    for it in &judgement.conventions {
        let mark = if it.fits(given) { "  fits" } else { "" };
        let digits = decimals(it.value);
        let _ = writeln!(
            text,
            "{:<width$}  {:>8.digits$} ± {:.digits$}{mark}",
            it.name, it.value, it.tolerance
        );
    }
    let basis = format!("± {}.", judgement.basis);
    let _ = writeln!(text, "{}\n", wrapped(&basis, WIDTH));
    text + &verdict(judgement)
}

fn verdict(judgement: &Judgement) -> String {
    let given = judgement.given;
    let fitting: Vec<&Candidate> = judgement.fitting().collect();
    let mut text = String::new();
    let mut paragraph = |line: String| {
        text.push_str(&wrapped(&line, WIDTH));
        text.push('\n');
    };
    match fitting[..] {
        [] => paragraph(format!(
            "{given} is none of these, and chance does not explain it."
        )),
        [only] => paragraph(format!("{given} fits: {} ({}).", only.name, only.note)),
        _ => {
            let names: Vec<&str> = fitting.iter().map(|it| it.name.as_str()).collect();
            paragraph(format!(
                "{given} fits {} of them: {}. Which is meant, how it was counted must tell: docs/conventions.md.",
                names.len(),
                names.join("; ")
            ));
        }
    }
    if !judgement.causes.is_empty() {
        paragraph("\nWhat would give it, the nearest first:".to_owned());
    } else if !judgement.nearest.is_empty() {
        paragraph("\nNo mistake that is known here gives it. The nearest are:".to_owned());
    }
    for it in judgement.causes.iter().chain(&judgement.nearest) {
        // What is broken off stands below the name.
        let digits = decimals(it.value);
        paragraph(format!("{:>8.digits$}  {}", it.value, it.name));
        paragraph(format!("{:>8}  {}", "", it.note));
    }
    if !judgement.causes.is_empty() {
        paragraph(
            "\nThat a mistake gives the number does not prove that it was made: look there first. Try it on a ring of \
             8 nodes by hand (`chordsim check --ring`)."
                .to_owned(),
        );
    }
    text
}

fn as_json(judgement: &Judgement, what: &str) -> Value {
    let candidate = |it: &Candidate| {
        json!({
            "name": it.name,
            "value": it.value,
            "tolerance": it.tolerance,
            "fits": it.fits(judgement.given),
            "note": it.note,
        })
    };
    let all = |list: &[Candidate]| -> Vec<Value> { list.iter().map(candidate).collect() };
    json!({
        "quantity": what,
        "given": judgement.given,
        "fits": judgement.fitting().next().is_some(),
        "basis": judgement.basis,
        "conventions": all(&judgement.conventions),
        "causes": all(&judgement.causes),
        "nearest": all(&judgement.nearest),
    })
}
