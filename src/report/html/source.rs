//! A result folder as the parts of a page read it.

use std::path::Path;

use serde_json::Value;

use super::error::HtmlError;
use crate::report::folder::{FolderError, ResultFolder};
use crate::results::manifest::Manifest;
use crate::scenario::{Overrides, Plan};

/// A result folder, its manifest, and the plan of its scenario.
pub(super) struct Source {
    pub manifest: Manifest,
    pub folder: ResultFolder,
    /// `None` if this version does not read the scenario any more.
    pub plan: Option<Plan>,
}

impl Source {
    pub(super) fn read(dir: &Path) -> Result<Self, HtmlError> {
        let manifest = Manifest::expect(dir)?;
        if let (true, Some(failure)) = (manifest.runs.is_empty(), manifest.failed.first()) {
            let reason = failure.reason.clone();
            return Err(HtmlError::AllFailed { reason });
        }
        let folder = ResultFolder::open(dir)?;
        if folder.combinations.iter().all(|it| it.runs == 0) {
            let file = dir.join(crate::catalogue::AGGREGATE_FILE);
            return Err(FolderError::NoRows { file }.into());
        }
        let plan = plan(&manifest);
        Ok(Self {
            manifest,
            folder,
            plan,
        })
    }

    /// What is simulated where a scenario says nothing.
    pub(super) fn default_scenario() -> Option<Value> {
        let plan = Plan::parse("", Path::new("default.toml"), &Overrides::default()).ok()?;
        serde_json::to_value(&plan.runs.first()?.scenario).ok()
    }
}

fn plan(manifest: &Manifest) -> Option<Plan> {
    let plan = &manifest.plan;
    let overrides = Overrides {
        seed: plan.overrides.seed,
        repeat: plan.overrides.repeat,
        set: plan.overrides.set.clone(),
        events: Vec::new(),
    };
    Plan::parse(
        &plan.scenario_text,
        Path::new(&plan.scenario_file),
        &overrides,
    )
    .ok()
}
