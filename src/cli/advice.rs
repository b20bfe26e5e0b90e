//! What is known to go wrong with a scenario before anything is simulated. It is told on standard error and changes
//! nothing.

use super::load::Loaded;
use crate::scenario::keys::{self, ValueKind};
use crate::validation;

/// What is to be said about a scenario, a line each.
pub(super) fn about(scenario: &Loaded) -> Vec<String> {
    let idle = scenario.plan.idle_keys();
    let idle = idle.map(|key| {
        format!(
            "warning: sweeping `{}` changes nothing, each of its values gives the same runs: {}",
            key.key,
            needed(&key.key)
        )
    });
    idle.chain(validation::foresee(&scenario.plan, &scenario.assets))
        .collect()
}

/// What a key needs to have any effect.
fn needed(key: &str) -> String {
    if let [section, model, _] = key.split('.').collect::<Vec<_>>()[..]
        && let Some((_, choice)) = keys::find(&format!("{section}.model"))
        && let ValueKind::Word(words) = choice.kind
        && words.iter().any(|word| word.name == model)
    {
        return format!("it needs {section}.model = \"{model}\"");
    }
    "docs/scenario.md says what it needs to have an effect".to_owned()
}
