//! Makes result folders of the shape that a run writes, with numbers that look like those of a
//! Chord ring, quickly and without running one.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// What was swept and how the system behaved.
#[derive(Clone)]
pub(super) struct Synthetic {
    /// Key, column, values.
    pub swept: Vec<(&'static str, &'static str, Vec<&'static str>)>,
    pub repeat: u32,
    /// Joins and departures per sample of a minute; 0 for a static ring.
    pub churn: u32,
    pub lookups: u32,
    pub samples: u32,
}

impl Default for Synthetic {
    fn default() -> Self {
        Self {
            swept: vec![("chord.routing", "routing", vec!["successors", "fingers"])],
            repeat: 3,
            churn: 6,
            lookups: 2000,
            samples: 30,
        }
    }
}

/// `SplitMix64`: enough for pictures.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, bound: u32) -> u32 {
        (self.unit() * f64::from(bound)) as u32
    }
}

/// One combination of swept values, and what follows from it.
struct Setting {
    values: Vec<&'static str>,
    successors: bool,
    nodes: u32,
    success: f64,
    repetitions: u32,
}

impl Setting {
    fn of(world: &Synthetic, values: Vec<&'static str>) -> Self {
        let value = |key: &str| {
            let at = world.swept.iter().position(|s| s.0 == key)?;
            Some(values[at])
        };
        let number = |key, otherwise| value(key).map_or(otherwise, |v| v.parse().unwrap());
        let successors = value("chord.routing") == Some("successors");
        let selfish: f64 = number("selfish.fraction", 0.0);
        let kept = if value("selfish.defence") == Some("retry") {
            0.3
        } else {
            1.0
        };
        let hops = if successors { 4.0 } else { 1.0 };
        let churn = if world.churn == 0 { 0.0 } else { 0.015 * hops };
        Self {
            successors,
            nodes: number("overlay.nodes", 1000.0) as u32,
            success: (1.0 - churn) * (1.0 - selfish * kept).powf(hops),
            values,
            repetitions: world.repeat,
        }
    }

    fn hops(&self, random: &mut Random) -> u32 {
        if self.successors {
            return random.below(self.nodes);
        }
        let bits = f64::from(self.nodes).log2().round() as u32;
        (0..bits).filter(|_| random.unit() < 0.5).count() as u32
    }

    fn mean_hops(&self) -> f64 {
        if self.successors {
            f64::from(self.nodes - 1) / 2.0
        } else {
            f64::from(self.nodes).log2() / 2.0 + 0.2
        }
    }
}

impl Synthetic {
    fn settings(&self) -> Vec<Setting> {
        let mut rows = vec![Vec::new()];
        for (_, _, values) in &self.swept {
            rows = rows
                .iter()
                .flat_map(|row: &Vec<&'static str>| {
                    values.iter().map(|v| [row.as_slice(), &[*v]].concat())
                })
                .collect();
        }
        rows.into_iter().map(|r| Setting::of(self, r)).collect()
    }

    /// Writes all files of a result folder.
    pub(super) fn write(&self, dir: &Path) {
        fs::create_dir_all(dir).unwrap();
        fs::write(dir.join("manifest.json"), self.manifest()).unwrap();
        fs::write(dir.join("aggregate.csv"), self.aggregate()).unwrap();
        fs::write(
            dir.join("lookups.csv"),
            self.each_run("", LOOKUPS, Self::lookups),
        )
        .unwrap();
        fs::write(
            dir.join("nodes.csv"),
            self.each_run("nodes.csv", NODES, Self::nodes),
        )
        .unwrap();
        let timeline = self.each_run("timeline.csv", TIMELINE, Self::timeline);
        fs::write(dir.join("timeline.csv"), timeline).unwrap();
    }

    fn manifest(&self) -> String {
        let swept: Vec<String> = self
            .swept
            .iter()
            .map(|(key, column, _)| format!(r#"{{"key":"{key}","column":"{column}"}}"#))
            .collect();
        format!(
            r#"{{"plan":{{"name":"synthetic","title":"Nodes come & go for <$1","swept":[{}],
            "output":{{"lookups":1.0,"nodes":true,"timeline":true}}}},"version":"0.1.0"}}"#,
            swept.join(",")
        )
    }

    fn aggregate(&self) -> String {
        let mut text: String = self.swept.iter().fold(String::new(), |t, s| t + s.1 + ",");
        text += "runs,success_rate_mean,success_rate_ci95,hops_mean_mean,hops_mean_ci95\n";
        for setting in self.settings() {
            for value in &setting.values {
                write!(text, "{value},").unwrap();
            }
            let ci = |of: f64| match setting.repetitions {
                1 => String::new(),
                _ => (of * 0.04).to_string(),
            };
            // What gets through is shorter than what does not.
            let (success, hops) = (setting.success, setting.mean_hops());
            let hops = hops * (0.7 + 0.3 * success);
            let (success_ci, hops_ci) = (ci(success), ci(hops));
            let runs = setting.repetitions;
            writeln!(text, "{runs},{success},{success_ci},{hops},{hops_ci}").unwrap();
        }
        text
    }

    /// The header and, for each run, its rows behind the columns that name it.
    fn each_run(&self, file: &str, columns: &str, rows: Rows) -> String {
        let mut text = String::from("run,");
        for (key, column, _) in &self.swept {
            // A short name that the file uses itself is not used twice.
            let own = file == "timeline.csv" && columns.split(',').any(|c| c == *column);
            write!(text, "{},", if own { key } else { column }).unwrap();
        }
        writeln!(text, "repetition,seed,{columns}").unwrap();
        let mut run = 0;
        for setting in self.settings() {
            for repetition in 0..self.repeat {
                let seed = 311 + u64::from(repetition);
                let swept = setting.values.join(",");
                let comma = if swept.is_empty() { "" } else { "," };
                let head = format!("{run},{swept}{comma}{repetition},{seed},");
                // The same world for every combination of one repetition.
                for row in rows(self, &setting, &mut Random(seed)) {
                    text += &head;
                    text += &row;
                    text.push('\n');
                }
                run += 1;
            }
        }
        text
    }

    fn lookups(&self, setting: &Setting, random: &mut Random) -> Vec<String> {
        let row = |lookup| {
            let time = f64::from(lookup) * 0.9;
            if random.unit() > setting.success {
                return format!("{lookup},{time},1,2,3,4,,failed,,2,,,");
            }
            let hops = setting.hops(random);
            let ms: f64 = (0..=hops).map(|_| 20.0 + 60.0 * random.unit()).sum();
            let ms = if hops == 0 { 0.0 } else { ms };
            let stretch = ms / 55.5;
            format!("{lookup},{time},1,2,3,4,4,ok,{hops},0,{ms:.3},55.5,{stretch:.3}")
        };
        (0..self.lookups).map(row).collect()
    }

    fn nodes(_: &Self, setting: &Setting, random: &mut Random) -> Vec<String> {
        let row = |node| {
            let skew = -random.unit().max(1e-9).ln();
            let messages = (skew * 40.0 * setting.mean_hops()) as u64;
            format!("{node},{node},{node},-600,,,false,10,3,{messages},{messages},7,800,0,1,600")
        };
        (0..setting.nodes.min(500)).map(row).collect()
    }

    fn timeline(&self, setting: &Setting, random: &mut Random) -> Vec<String> {
        let row = |sample| {
            let time = f64::from(sample + 1) * 60.0;
            let joins = random.below(2 * self.churn + 1);
            let (leaves, crashes) = (random.below(self.churn + 1), random.below(self.churn + 1));
            let good = (setting.success + (random.unit() - 0.5) * 0.03).min(1.0);
            let ok = (good * 600.0) as u32;
            let churn = f64::from((leaves + crashes).min(1));
            let wrong = churn * random.unit() * 0.01;
            let dead = churn * (0.02 + random.unit() * 0.02);
            format!(
                "{time},1000,600,{ok},0,{},5.1,300,9000,{joins},{leaves},{crashes},true,{wrong},\
                 0,{dead},0.1",
                600 - ok
            )
        };
        (0..self.samples).map(row).collect()
    }
}

type Rows = fn(&Synthetic, &Setting, &mut Random) -> Vec<String>;

const LOOKUPS: &str = "lookup,time_s,source,source_id,key,owner_id,answer_id,outcome,hops,\
                       timeouts,latency_ms,direct_ms,stretch";
const NODES: &str = "node,id,host,joined_s,left_s,departure,selfish,keys,lookups_started,\
                     messages_in,messages_out,forwarded,bytes_out,peer,sessions,up_s";
const TIMELINE: &str = "time_s,nodes,lookups,ok,wrong,failed,hops_mean,latency_ms_mean,messages,\
                        joins,leaves,crashes,ring_ok,wrong_successors,dead_successors,\
                        dead_fingers,wrong_fingers";
