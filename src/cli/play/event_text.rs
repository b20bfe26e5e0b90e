//! An event of a session as it stands in a scenario.

use std::fmt::Write as _;

use crate::engine::SimDuration;
use crate::scenario::resolved::{ScriptKey, ScriptKind};

/// The event as an `[[event]]`, with a blank line in front.
pub(super) fn event(at: SimDuration, kind: &ScriptKind) -> String {
    let at = text(&at.to_string());
    match kind {
        ScriptKind::Join { id, via } => {
            let via = via.map_or_else(String::new, |via| format!("via  = {via}\n"));
            format!("\n[[event]]\nat   = {at}\njoin = {id}\n{via}")
        }
        ScriptKind::Leave(id) => format!("\n[[event]]\nat    = {at}\nleave = {id}\n"),
        ScriptKind::Crash(id) => format!("\n[[event]]\nat    = {at}\ncrash = {id}\n"),
        ScriptKind::Lookup { key: asked, from } => {
            format!(
                "\n[[event]]\nat     = {at}\nlookup = {{ {}, from = {from} }}\n",
                key(asked)
            )
        }
        ScriptKind::Put {
            key: asked,
            value,
            from,
        } => format!(
            "\n[[event]]\nat  = {at}\nput = {{ {}, value = {}, from = {from} }}\n",
            key(asked),
            text(value)
        ),
        ScriptKind::Get { key: asked, from } => {
            format!(
                "\n[[event]]\nat  = {at}\nget = {{ {}, from = {from} }}\n",
                key(asked)
            )
        }
    }
}

/// A key by its place, so that its name may be that of a text that lies elsewhere.
fn key(key: &ScriptKey) -> String {
    match &key.label {
        Some(label) => format!("key = {}, label = {}", key.place, text(label)),
        None => format!("key = {}", key.place),
    }
}

/// A text as TOML has it.
fn text(text: &str) -> String {
    let mut written = String::from('"');
    for sign in text.chars() {
        match sign {
            '"' | '\\' => written.extend(['\\', sign]),
            _ if sign.is_control() => {
                let _ = write!(written, "\\u{:04X}", u32::from(sign));
            }
            _ => written.push(sign),
        }
    }
    written.push('"');
    written
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario::{Overrides, Plan};

    /// What is written is read as what it was.
    #[test]
    fn events_come_back_as_they_were() {
        let key = |place, label: Option<&str>| ScriptKey {
            place,
            label: label.map(str::to_owned),
        };
        let kinds = [
            ScriptKind::Join {
                id: 15,
                via: Some(32),
            },
            ScriptKind::Join { id: 16, via: None },
            ScriptKind::Put {
                key: key(120, Some("al \"i\" c\\e # [x]")),
                value: "é → \"\\\" {}' ".to_owned(),
                from: 15,
            },
            ScriptKind::Get {
                key: key(7, None),
                from: 98,
            },
            ScriptKind::Lookup {
                key: key(120, Some("al \"i\" c\\e # [x]")),
                from: 98,
            },
            ScriptKind::Leave(98),
            ScriptKind::Crash(124),
        ];
        let head =
            "warmup = \"0s\"\nduration = \"1h\"\noverlay = { id_bits = 7, ids = [32, 98, 124] }\n";
        let mut all = head.to_owned();
        for (kind, at) in kinds.iter().zip([
            0,
            1,
            1_000_000,
            60_000_000_000,
            60_000_000_001,
            61_500_000_000,
            3_599_000_000_000,
        ]) {
            all += &event(SimDuration(at), kind);
        }
        let plan = Plan::parse(&all, Path::new("a.toml"), &Overrides::default()).expect(&all);
        let read: Vec<&ScriptKind> = plan.runs[0]
            .scenario
            .events
            .iter()
            .map(|event| &event.kind)
            .collect();
        assert_eq!(read, kinds.iter().collect::<Vec<_>>(), "{all}");
    }
}
