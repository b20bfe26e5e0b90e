//! What the author of a scenario says at its head: the comment with which the file begins.

use serde_json::{Value, json};

use super::template::shown;

/// Its paragraphs, as text. Lines that are set in stand as they are.
pub(super) fn of(scenario: &str) -> Vec<Value> {
    let lines = scenario.lines().map_while(|line| line.strip_prefix('#'));
    // A line such as `#:schema …` is for editors.
    let lines = lines.filter(|line| !line.starts_with([':', '!']));
    let mut parts: Vec<(bool, String)> = Vec::new();
    let mut open = false;
    for line in lines {
        let is_set_in = line.starts_with("  ") || line.starts_with('\t');
        let text = line.trim();
        if text.is_empty() {
            open = false;
            continue;
        }
        match parts.last_mut() {
            Some((kind, part)) if open && *kind == is_set_in => {
                part.push(if is_set_in { '\n' } else { ' ' });
                part.push_str(text);
            }
            _ => parts.push((is_set_in, text.to_owned())),
        }
        open = true;
    }
    let part =
        |(is_set_in, text): (bool, String)| json!({ "is_code": is_set_in, "text": shown(&text) });
    parts.into_iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_comment_at_the_head_is_paragraphs() {
        let text = "#:schema x.json\n# A ring.\n#\n# It is\n# small.\n#   chordsim run\n# End\n\n# not this\nseed = 1\n";
        let parts: Vec<(bool, String)> = of(text)
            .iter()
            .map(|it| {
                (
                    it["is_code"] == true,
                    it["text"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        let is = |code: bool, text: &str| (code, text.to_owned());
        assert_eq!(
            parts,
            [
                is(false, "A ring."),
                is(false, "It is small."),
                is(true, "chordsim run"),
                is(false, "End")
            ]
        );
        assert!(of("title = \"x\"\n# later\n").is_empty());
    }
}
