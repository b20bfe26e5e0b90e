//! Templates, and how data are put into a page without harm: what comes from users is text in it, never markup and never
//! script.

use std::fmt::Write as _;

use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde_json::{Map, Value};

use super::error::HtmlError;
use crate::inputs::harmless::{is_harmful, named};

/// A template that a user wrote.
#[derive(Clone, Debug)]
pub struct Template {
    /// What it is called where something in it is wrong.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The page.
const PAGE: &str = "report.html";
/// What a template of a user is called within.
const OWN: &str = "own.html";

/// What templates may include or extend.
const PARTS: [(&str, &str); 8] = [
    (PAGE, include_str!("assets/report.html")),
    ("setup.html", include_str!("assets/setup.html")),
    ("findings.html", include_str!("assets/findings.html")),
    ("table.html", include_str!("assets/table.html")),
    ("agreement.html", include_str!("assets/agreement.html")),
    ("pictures.html", include_str!("assets/pictures.html")),
    ("reproduce.html", include_str!("assets/reproduce.html")),
    ("replay.html", include_str!("assets/replay.html")),
];

/// What the page looks like.
const STYLE: [&str; 3] = [
    include_str!("assets/page.css"),
    include_str!("assets/charts.css"),
    include_str!("assets/replay.css"),
];
/// What it does.
const SCRIPT: [&str; 15] = [
    include_str!("assets/page.js"),
    include_str!("assets/scale.js"),
    include_str!("assets/chart.js"),
    include_str!("assets/values.js"),
    include_str!("assets/file.js"),
    include_str!("assets/picture.js"),
    include_str!("assets/pointer.js"),
    include_str!("assets/keys.js"),
    include_str!("assets/charts.js"),
    include_str!("assets/replay-model.js"),
    include_str!("assets/replay-words.js"),
    include_str!("assets/replay-ring.js"),
    include_str!("assets/replay-legend.js"),
    include_str!("assets/replay-frames.js"),
    include_str!("assets/replay.js"),
];

/// Data for a script, in a `<script type="application/json" id="data-NAME">`.
pub(super) struct Embedded {
    name: &'static str,
    data: Option<Value>,
}

impl Embedded {
    pub(super) fn new(name: &'static str, data: Option<Value>) -> Self {
        Self { name, data }
    }
}

/// The page by a template, or by the program's own. For each of `embedded` there is a variable `data.NAME`: the text for
/// between the tags of a script, or nothing.
pub(super) fn rendered(
    own: Option<&Template>,
    variables: &Value,
    embedded: &[Embedded],
) -> Result<String, HtmlError> {
    let wrong = |error: &minijinja::Error| HtmlError::Template {
        name: own.map_or(PAGE, |own| &own.name).to_owned(),
        reason: reason(error),
    };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, text) in PARTS {
        environment
            .add_template(name, text)
            .map_err(|error| wrong(&error))?;
    }
    if let Some(own) = own {
        environment
            .add_template(OWN, &own.text)
            .map_err(|error| wrong(&error))?;
    }
    let text = |it: &Embedded| {
        it.data
            .as_ref()
            .map(for_script)
            .map(minijinja::Value::from_safe_string)
    };
    // What has no data is none, which is not the same as missing.
    let data = minijinja::Value::from_pairs(embedded.iter().map(|it| (it.name, text(it))));
    let safe = |texts: &[&str]| minijinja::Value::from_safe_string(texts.join("\n"));
    let context = minijinja::context! {
        data, style => safe(&STYLE), script => safe(&SCRIPT),
        ..minijinja::Value::from(minijinja::value::Serde(variables))
    };
    let name = own.map_or(PAGE, |_| OWN);
    let page = environment
        .get_template(name)
        .and_then(|template| template.render(context));
    page.map_err(|error| wrong(&error))
}

/// What is wrong with a template, and in which line.
fn reason(error: &minijinja::Error) -> String {
    let line = error.line().map(|line| format!("line {line}: "));
    let within = match error.name() {
        Some(name) if name != OWN => format!("in {name}, "),
        _ => String::new(),
    };
    let detail = error
        .detail()
        .map_or_else(|| error.kind().to_string(), str::to_owned);
    format!("{within}{}{detail}", line.unwrap_or_default())
}

/// JSON that ends no script and begins no comment within one.
fn for_script(data: &Value) -> String {
    let mut text = String::new();
    for sign in data.to_string().chars() {
        match sign {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(text, "\\u{:04x}", u32::from(sign));
            }
            _ => text.push(sign),
        }
    }
    text
}

/// A text of a user to be shown: signs that steer are named.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for sign in text.replace("\r\n", "\n").chars() {
        if is_harmful(sign) {
            shown.push_str(&named(sign));
        } else {
            shown.push(sign);
        }
    }
    shown
}

/// The same of all texts within data.
pub(super) fn all_shown(data: Value) -> Value {
    match data {
        Value::String(text) => shown(&text).into(),
        Value::Array(items) => items.into_iter().map(all_shown).collect(),
        Value::Object(entries) => {
            let entries = entries.into_iter();
            Value::Object(
                entries
                    .map(|(key, value)| (shown(&key), all_shown(value)))
                    .collect::<Map<_, _>>(),
            )
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn data_end_no_script() {
        let data = json!({ "title": "</script><!--<script>&\u{2028}" });
        let text = for_script(&data);
        assert!(!text.contains(['<', '>', '&', '\u{2028}']), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), data);
    }

    #[test]
    fn signs_that_steer_are_named() {
        assert_eq!(
            shown("a\u{1b}[31m\u{202e}b\r\nc"),
            "a<U+001B>[31m<U+202E>b\nc"
        );
        let data = json!({ "a\u{1b}": ["\u{7}", 1, null] });
        assert_eq!(
            all_shown(data),
            json!({ "a<U+001B>": ["<U+0007>", 1, null] })
        );
    }

    #[test]
    fn what_has_no_data_is_none_and_what_does_not_exist_is_missing() {
        let embedded = [
            Embedded::new("some", Some(json!(["<"]))),
            Embedded::new("none", None),
        ];
        let by = |text: &str| {
            let own = Template {
                name: "own".to_owned(),
                text: text.to_owned(),
            };
            rendered(Some(&own), &json!({}), &embedded)
        };
        let text = "{{ data.some }}{% if data.none %}x{% endif %}{{ data.none is none }}";
        assert_eq!(by(text).unwrap(), "[\"\\u003c\"]True");
        assert!(by("{% if data.other %}x{% endif %}").is_err());
    }

    /// What a template of a user says of a title is escaped as in our own, whatever its file is called.
    #[test]
    fn a_template_of_a_user_escapes_and_its_faults_have_a_line() {
        let own = |text: &str| Template {
            name: "mine.txt".to_owned(),
            text: text.to_owned(),
        };
        let variables = json!({ "title": "<script>alert(1)</script>" });
        let by = |text| rendered(Some(&own(text)), &variables, &[]);
        assert_eq!(
            by("{{ title }}").unwrap(),
            "&lt;script&gt;alert(1)&lt;&#x2f;script&gt;"
        );
        for (text, line) in [("\n{{ titel }}", "line 2"), ("\n\n{% if %}", "line 3")] {
            let error = by(text).unwrap_err();
            assert!(error.is_usage());
            let told = error.to_string();
            assert!(told.contains("mine.txt") && told.contains(line), "{told}");
        }
    }
}
