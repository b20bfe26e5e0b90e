//! The page of scenario files: every key, from the tables that they are read by.

use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

use super::MANUAL;
use crate::scenario::keys::{self, Key, Section, Shape, ValueKind};

const ABOUT: &str = "A scenario is a file in TOML: keys with values, in sections. Every key that is not given has its default. \
     `chordsim init` writes one to start from, `chordsim check` says what one asks for, `chordsim run` runs it. Durations are \
     texts of a number and a unit (ns, us, ms, s, m, h, d), such as \"30s\".";

/// The page in roff.
pub(super) fn page() -> Vec<u8> {
    let mut roff = Roff::new();
    roff.control("TH", ["chordsim-scenario", "5", "", MANUAL, MANUAL]);
    roff.control("SH", ["NAME"]);
    roff.text([roman("chordsim-scenario - what a scenario file may hold")]);
    roff.control("SH", ["DESCRIPTION"]);
    roff.text([roman(ABOUT)]);
    for section in keys::sections() {
        of_section(&mut roff, section);
    }
    roff.control("SH", ["SEE ALSO"]);
    roff.text([
        bold("chordsim"),
        roman("(1), "),
        bold("chordsim-run"),
        roman("(1), "),
        bold("chordsim-init"),
        roman("(1)"),
    ]);
    super::ascii(&roff.to_roff())
}

fn of_section(roff: &mut Roff, section: &Section) {
    let head = match (section.path, section.shape) {
        ("", _) => "TOP LEVEL".to_owned(),
        (path, Shape::List) => format!("[[{path}]]"),
        (path, _) => format!("[{path}]"),
    };
    roff.control("SH", [head.as_str()]);
    roff.text([roman(told(section.doc))]);
    for key in section.keys {
        of_key(roff, key);
    }
}

fn of_key(roff: &mut Roff, key: &Key) {
    roff.control("TP", []);
    roff.text(head(key));
    roff.text([roman(told(key.doc))]);
    for word in key.kind.words() {
        roff.control("RS", []);
        roff.control("TP", []);
        roff.text([bold(word.name)]);
        roff.text([roman(told(word.doc))]);
        roff.control("RE", []);
    }
    if let ValueKind::Distribution(forms) = key.kind {
        for form in forms {
            of_form(roff, form);
        }
    }
    if let ValueKind::Fields(form) = key.kind {
        for key in form.keys {
            roff.control("RS", []);
            of_key(roff, key);
            roff.control("RE", []);
        }
    }
}

/// The name, what it is where it is not given, and what else is allowed.
fn head(key: &Key) -> Vec<Inline> {
    let mut head = vec![bold(key.name)];
    match key.default {
        Some(default) => head.extend([roman(" = "), italic(default)]),
        None => head.push(roman(format!(" (not given: {})", told(key.absent)))),
    }
    if !key.limits.is_empty() {
        head.push(roman(format!("; {}", told(key.limits))));
    }
    head
}

fn of_form(roff: &mut Roff, form: &Section) {
    roff.control("RS", []);
    roff.control("TP", []);
    let keys: Vec<&str> = form.keys.iter().map(|key| key.name).collect();
    roff.text([bold(form.path), roman(format!(" ({})", keys.join(", ")))]);
    roff.text([roman(told(form.doc))]);
    roff.control("RE", []);
}

/// Sentences without links and without line ends.
fn told(text: &str) -> String {
    crate::scenario::schema::plain(text).replace('\n', " ")
}
