//! A sentence or two for each section of a scenario.

use serde_json::Value;

use crate::report::folder::Swept;
use crate::report::folder::combination::DrawnCombination;
use crate::report::numbers::number;

/// The most values that a sentence lists.
const LISTED_MAX: usize = 5;

/// What the sentences are about.
pub(super) struct Words<'a> {
    pub scenario: &'a Value,
    pub swept: &'a [Swept],
    pub combinations: &'a [DrawnCombination],
}

impl Words<'_> {
    pub(super) fn peers(&self) -> String {
        let overlay = &self.scenario["overlay"];
        let nodes = self.said("overlay.nodes", &overlay["nodes"]);
        let bits = self.said("overlay.id_bits", &overlay["id_bits"]);
        let each = match &overlay["virtual_nodes"] {
            one if *one == 1 && !self.is_swept("overlay.virtual_nodes") => String::new(),
            many => format!(
                ", each with {} positions",
                self.said("overlay.virtual_nodes", many)
            ),
        };
        let start = match overlay["start"].as_str() {
            Some("join") if !self.is_swept("overlay.start") => "; all of them join one by one",
            _ => "; all links are right then",
        };
        let ids = match overlay["ids"]["list"].as_array() {
            Some(list) if list.len() <= 16 => format!(" ({})", listed(list.iter().map(plain))),
            _ => String::new(),
        };
        format!("{nodes} at time 0{each}, on a ring of {bits} bits{ids}{start}.")
    }

    pub(super) fn protocol(&self) -> String {
        let (overlay, chord) = (&self.scenario["overlay"], &self.scenario["chord"]);
        let protocol = self.said("overlay.protocol", &overlay["protocol"]);
        if protocol != "chord" {
            return format!("Protocol {protocol}.");
        }
        let routing = self.said("chord.routing", &chord["routing"]);
        let lookup = self.said("chord.lookup", &chord["lookup"]);
        let list = self.said("chord.successors", &chord["successors"]);
        let mut text =
            format!("Chord, routing by {routing}, {lookup} lookups, successor lists of {list}");
        if chord["proximity"] != "none" || self.is_swept("chord.proximity") {
            text = format!(
                "{text}, proximity {}",
                self.said("chord.proximity", &chord["proximity"])
            );
        }
        if chord["maintenance"] != "zave2017" || self.is_swept("chord.maintenance") {
            text = format!(
                "{text}, maintenance as {}",
                self.said("chord.maintenance", &chord["maintenance"])
            );
        }
        let every = self.said("chord.stabilize_every", &chord["stabilize_every"]);
        let every = match every.as_str() {
            "off" => "; nobody stabilises".to_owned(),
            every => format!("; stabilised every {every}"),
        };
        let patience = self.said("overlay.request_timeout", &overlay["request_timeout"]);
        format!("{text}{every}; a request is given up after {patience}.")
    }

    pub(super) fn network(&self) -> String {
        let network = &self.scenario["network"];
        let mut text = if self.is_swept("network.model") {
            format!("Model: {}", self.said("network.model", &Value::Null))
        } else {
            self.model("network", &network["model"])
        };
        for (key, words) in [
            ("loss", "messages lost"),
            ("jitter", "jitter"),
            ("service_time", "time to handle a message"),
        ] {
            let value = &network[key];
            let is_none = value.as_f64() == Some(0.0) || value == "0s";
            let full = format!("network.{key}");
            if !is_none || self.is_swept(&full) {
                text = format!("{text}; {words}: {}", self.said(&full, value));
            }
        }
        text + "."
    }

    pub(super) fn churn(&self) -> String {
        let churn = &self.scenario["churn"];
        let model = &churn["model"];
        if model == "none" && !self.section_is_swept("churn") {
            return String::new();
        }
        let graceful = self.said("churn.graceful", &churn["graceful"]);
        let mut text = self.model("churn", model);
        text = format!("{text}; share of departures that say goodbye: {graceful}");
        if let Some(until) = churn["until"].as_str() {
            text = format!("{text}; until {until}");
        }
        text + "."
    }

    pub(super) fn faults(&self) -> String {
        let faults: Vec<(f64, String)> = self
            .combinations
            .first()
            .map(DrawnCombination::faults)
            .unwrap_or_default();
        if faults.is_empty() {
            return String::new();
        }
        let told = faults
            .iter()
            .map(|(at, deed)| format!("at {} s: {deed}", number(*at)));
        format!("{}.", listed(told))
    }

    pub(super) fn script(&self) -> String {
        match self.scenario["events"].as_array().map_or(0, Vec::len) {
            0 => String::new(),
            1 => "1 event by script.".to_owned(),
            many => format!("{many} events by script."),
        }
    }

    pub(super) fn workload(&self) -> String {
        let workload = &self.scenario["workload"];
        let kinds = [
            ("lookups_per_s", "lookups"),
            ("puts_per_s", "puts"),
            ("gets_per_s", "gets"),
        ];
        let made = kinds.iter().filter_map(|(key, what)| {
            let full = format!("workload.{key}");
            let is_made = workload[*key].as_f64().is_some_and(|rate| rate > 0.0);
            (is_made || self.is_swept(&full))
                .then(|| format!("{} {what}", self.said(&full, &workload[*key])))
        });
        let made: Vec<String> = made.collect();
        if made.is_empty() {
            return String::new();
        }
        let keys = self.said("workload.keys", &workload["keys"]);
        let popularity = self.said("workload.popularity", &workload["popularity"]);
        format!(
            "{} per second, over the whole system; {keys} keys, popularity {popularity}.",
            made.join(", ")
        )
    }

    pub(super) fn storage(&self) -> String {
        let storage = &self.scenario["storage"];
        if storage.is_null() {
            return String::new();
        }
        let copies = self.said("storage.replicas", &storage["replicas"]);
        let scheme = self.said("storage.scheme", &storage["scheme"]);
        let repair = match self
            .said("storage.repair_every", &storage["repair_every"])
            .as_str()
        {
            "off" => "never repaired".to_owned(),
            every => format!("repaired every {every}"),
        };
        format!("Copies of each value: {copies}, placed by {scheme}, {repair}.")
    }

    pub(super) fn selfish(&self) -> String {
        let selfish = &self.scenario["selfish"];
        let some = selfish["fraction"]
            .as_f64()
            .is_some_and(|share| share > 0.0);
        if !some && !self.section_is_swept("selfish") {
            return String::new();
        }
        let fraction = self.said("selfish.fraction", &selfish["fraction"]);
        let behaviour = self.said("selfish.behaviour", &selfish["behaviour"]);
        let defence = if self.is_swept("selfish.defence") {
            self.said("selfish.defence", &Value::Null)
        } else {
            let defences = selfish["defence"].as_object();
            let names: Vec<&str> = defences
                .into_iter()
                .flatten()
                .filter(|(_, it)| !it.is_null())
                .map(|(name, _)| name.as_str())
                .collect();
            if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(" and ")
            }
        };
        format!(
            "Share of selfish peers: {fraction}; what they do: {behaviour}; defence: {defence}."
        )
    }

    /// A model with its parameters.
    fn model(&self, section: &str, model: &Value) -> String {
        let full = format!("{section}.model");
        if self.is_swept(&full) {
            return self.said(&full, model);
        }
        let Some((name, parameters)) = model.as_object().and_then(|it| it.iter().next()) else {
            return plain(model);
        };
        let parameters = parameters.as_object().into_iter().flatten();
        let told = parameters
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| {
                let full = format!("{section}.{name}.{key}");
                format!("{} {}", key.replace('_', " "), self.said(&full, value))
            });
        let told: Vec<String> = told.collect();
        if told.is_empty() {
            name.clone()
        } else {
            format!("{name} ({})", told.join(", "))
        }
    }

    fn is_swept(&self, key: &str) -> bool {
        self.swept.iter().any(|swept| swept.key == key)
    }

    fn section_is_swept(&self, section: &str) -> bool {
        let within = |swept: &Swept| swept.key.split('.').next() == Some(section);
        self.swept.iter().any(within)
    }

    /// A value, or all that its key is swept over.
    fn said(&self, key: &str, value: &Value) -> String {
        // A table that is swept has all its parts swept.
        let is_of =
            |swept: &Swept| swept.key == key || swept.parts.iter().any(|part| part.key == key);
        let Some(at) = self.swept.iter().position(is_of) else {
            return plain(value);
        };
        let mut values: Vec<String> = Vec::new();
        for combination in self.combinations {
            let value = if self.swept[at].key == key {
                &combination.values[at]
            } else {
                combination.part(key)
            };
            if !value.is_empty() && !values.iter().any(|it| it == value) {
                values.push(value.to_owned());
            }
        }
        format!("{} (swept)", listed(values.into_iter()))
    }
}

/// As it is written for people.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "off".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(it) => it.as_f64().map_or_else(|| it.to_string(), number),
        Value::Array(items) => listed(items.iter().map(plain)),
        Value::Object(entries) => {
            let one = |(key, value): (&String, &Value)| {
                format!("{} {}", key.replace('_', " "), plain(value))
            };
            entries.iter().map(one).collect::<Vec<_>>().join(", ")
        }
        Value::Bool(truth) => truth.to_string(),
    }
}

fn listed(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    if let [first, .., last] = &items[..]
        && items.len() > LISTED_MAX
    {
        return format!("{} values from {first} to {last}", items.len());
    }
    items.join(", ")
}
