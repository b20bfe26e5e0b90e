//! Files that networks are built from, and the keys of workloads: parsed once, shared by all runs. Reads no file itself.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::graph::RoadMap;
use super::measured::Measured;
use super::model::Latency;
use super::prepared::Prepared;
use super::regions::Regions;
use crate::inputs::churn_trace::{self, ChurnTrace};
use crate::inputs::{Remarks, TextFile, names, regions};
use crate::network::error::NetworkError;
use crate::scenario::resolved::{
    self, ChurnModel, GraphOptions, LatencyModel, PlayedTrace, RegionTable, TraceFormat,
};

/// Parsed files that networks are built from, and the keys of workloads, read once and shared by all runs.
#[derive(Default)]
pub struct Assets {
    graphs: Vec<(PathBuf, GraphOptions, Arc<RoadMap>)>,
    matrices: Vec<(resolved::Matrix, Measured)>,
    regions: Vec<(PathBuf, Arc<Regions>)>,
    keys: Vec<(PathBuf, Arc<[Arc<str>]>)>,
    churn: Vec<(PathBuf, Option<TraceFormat>, Arc<ChurnTrace>)>,
    /// What readers took the files for.
    remarks: Vec<(PathBuf, Remarks)>,
    /// Networks that were generated.
    prepared: Prepared,
    /// Bytes of the texts that they were read from.
    texts: usize,
}

impl Assets {
    /// Takes in the file a model needs, unless it needs none or it is there already. `read` returns
    /// a file's text.
    ///
    /// # Errors
    /// A file that cannot be read, or whose text is not as it must be.
    pub fn load<Text: AsRef<str>>(
        &mut self,
        model: &LatencyModel,
        mut read: impl FnMut(&Path) -> io::Result<Text>,
    ) -> Result<(), NetworkError> {
        let mut text_of = |key, path: &PathBuf| {
            read(path).map_err(|reason| NetworkError::Unreadable {
                key,
                path: path.clone(),
                reason,
            })
        };
        match model {
            LatencyModel::Graph { file, options } if self.graph(file, options).is_err() => {
                let text = text_of("network.graph.file", file)?;
                self.texts += text.as_ref().len();
                let (map, remarks) = RoadMap::read(TextFile::new(file, text.as_ref()), options)?;
                self.keep(file, &remarks);
                let options = options.of_file();
                self.graphs.push((file.clone(), options, Arc::new(map)));
            }
            LatencyModel::Matrix(how) if self.matrix(how).is_err() => {
                let text = text_of("network.matrix.file", &how.file)?;
                self.texts += text.as_ref().len();
                let file = TextFile::new(&how.file, text.as_ref());
                let (measured, remarks) = Measured::read(file, how)?;
                self.keep(&how.file, &remarks);
                self.matrices.push((how.clone(), measured));
            }
            LatencyModel::Regions { table, .. } => self.load_regions(table, text_of)?,
            _ => {}
        }
        Ok(())
    }

    /// Takes in a table of regions that is a file, unless it is there already.
    fn load_regions<Text: AsRef<str>>(
        &mut self,
        table: &RegionTable,
        text_of: impl FnOnce(&'static str, &PathBuf) -> Result<Text, NetworkError>,
    ) -> Result<(), NetworkError> {
        let RegionTable::File(file) = table else {
            return Ok(());
        };
        if self.regions.iter().any(|(path, _)| path == file) {
            return Ok(());
        }
        let text = text_of("network.regions.table", file)?;
        self.texts += text.as_ref().len();
        let read = regions::read(TextFile::new(file, text.as_ref()))?;
        let regions = Arc::new(Regions::new(read));
        self.regions.push((file.clone(), regions));
        Ok(())
    }

    /// Takes in the names of the keys of a workload, unless they are there already. `read` returns a file's text.
    ///
    /// # Errors
    /// As [`Assets::load`].
    pub fn load_keys<Text: AsRef<str>>(
        &mut self,
        file: &Path,
        read: impl FnOnce(&Path) -> io::Result<Text>,
    ) -> Result<(), NetworkError> {
        if self.keys(file).is_ok() {
            return Ok(());
        }
        let text = read(file).map_err(|reason| NetworkError::Unreadable {
            key: "workload.keys_file",
            path: file.to_path_buf(),
            reason,
        })?;
        let names = names::read(TextFile::new(file, text.as_ref()))?;
        let names = names.into_iter().map(Arc::from).collect();
        self.texts += 2 * text.as_ref().len();
        self.keys.push((file.to_path_buf(), names));
        Ok(())
    }

    /// Takes in the trace that a model of churn needs, unless it needs none or it is there already. `read` returns a file's
    /// text.
    ///
    /// # Errors
    /// As [`Assets::load`].
    pub fn load_churn<Text: AsRef<str>>(
        &mut self,
        model: &ChurnModel,
        read: impl FnOnce(&Path) -> io::Result<Text>,
    ) -> Result<(), NetworkError> {
        let ChurnModel::Trace(played) = model else {
            return Ok(());
        };
        if self.churn(played).is_ok() {
            return Ok(());
        }
        let text = read(&played.file).map_err(|reason| NetworkError::Unreadable {
            key: "churn.trace.file",
            path: played.file.clone(),
            reason,
        })?;
        let mut remarks = Remarks::default();
        let file = TextFile::new(&played.file, text.as_ref());
        let trace = churn_trace::read(file, played.format, &mut remarks)?;
        self.keep(&played.file, &remarks);
        self.texts += text.as_ref().len();
        self.churn
            .push((played.file.clone(), played.format, Arc::new(trace)));
        Ok(())
    }

    /// The trace that is played.
    ///
    /// # Errors
    /// If it has not been loaded.
    pub fn churn(&self, played: &PlayedTrace) -> Result<Arc<ChurnTrace>, NetworkError> {
        let is_it = |known: &&(PathBuf, Option<TraceFormat>, Arc<ChurnTrace>)| {
            known.0 == played.file && known.1 == played.format
        };
        let known = self.churn.iter().find(is_it);
        known
            .map(|(.., trace)| Arc::clone(trace))
            .ok_or_else(|| not_loaded(&played.file))
    }

    /// The names of the keys in this file.
    ///
    /// # Errors
    /// If it has not been loaded.
    pub fn keys(&self, file: &Path) -> Result<Arc<[Arc<str>]>, NetworkError> {
        let known = self.keys.iter().find(|(path, _)| path == file);
        known
            .map(|(_, names)| Arc::clone(names))
            .ok_or_else(|| not_loaded(file))
    }

    /// Announces a run of this model and seed, whose network takes so many bytes at most.
    pub(super) fn announce(&self, model: &LatencyModel, seed: u64, bytes: f64) {
        self.prepared.announce(model, seed, bytes);
    }

    /// The generated network of this model and seed, made unless one is kept from an earlier run.
    pub(super) fn prepared<L: Send + Sync + 'static>(
        &self,
        model: &LatencyModel,
        seed: u64,
        make: impl FnOnce() -> Result<L, NetworkError>,
    ) -> Result<Arc<L>, NetworkError> {
        self.prepared.get(model, seed, make)
    }

    /// Bytes of all that was read, when so many peers have asked, and of networks that are kept for later runs. While it is read, the texts are there as well.
    #[must_use]
    pub fn bytes(&self, peers: f64) -> f64 {
        let graphs = self.graphs.iter().map(|(_, _, map)| map.bytes(peers));
        let matrices = self.matrices.iter().map(|(_, matrix)| matrix.bytes());
        let regions = self.regions.iter().map(|(_, regions)| regions.bytes());
        let traces: usize = self.churn.iter().map(|(.., trace)| trace.bytes()).sum();
        let read = graphs.chain(matrices).chain(regions).sum::<f64>();
        read + (self.texts + traces) as f64 + self.prepared.bytes()
    }

    /// What readers took the files for where the text left it open, file by file in the order in which they were read:
    /// for whoever shows it to a user.
    pub fn remarks(&self) -> impl Iterator<Item = (&Path, &Remarks)> {
        let said = self.remarks.iter().filter(|(_, it)| !it.is_empty());
        said.map(|(file, remarks)| (&**file, remarks))
    }

    /// Keeps what the reader of a file said.
    fn keep(&mut self, file: &Path, remarks: &Remarks) {
        let known = self.remarks.iter_mut().find(|(path, _)| path == file);
        match known {
            Some((_, all)) => remarks.iter().for_each(|remark| all.say(remark)),
            None => self.remarks.push((file.to_path_buf(), remarks.clone())),
        }
    }

    pub(super) fn graph(
        &self,
        file: &Path,
        options: &GraphOptions,
    ) -> Result<Arc<RoadMap>, NetworkError> {
        let options = options.of_file();
        let mut all = self.graphs.iter();
        let known = all.find(|(path, read, _)| path == file && *read == options);
        known
            .map(|(_, _, map)| Arc::clone(map))
            .ok_or_else(|| not_loaded(file))
    }

    pub(super) fn regions(&self, table: &RegionTable) -> Result<Arc<Regions>, NetworkError> {
        match table {
            RegionTable::Published(table) => Ok(Arc::new(Regions::published(*table))),
            RegionTable::File(file) => {
                let known = self.regions.iter().find(|(path, _)| path == file);
                known
                    .map(|(_, regions)| Arc::clone(regions))
                    .ok_or_else(|| not_loaded(file))
            }
        }
    }

    pub(super) fn matrix(&self, how: &resolved::Matrix) -> Result<Box<dyn Latency>, NetworkError> {
        let known = self.matrices.iter().find(|(known, _)| known == how);
        known
            .map(|(_, measured)| measured.latency())
            .ok_or_else(|| not_loaded(&how.file))
    }
}

fn not_loaded(file: &Path) -> NetworkError {
    NetworkError::NotLoaded {
        path: file.to_path_buf(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::testing::rendered;
    use crate::scenario::resolved::MatrixValues;
    use crate::world::HostIdx;

    #[test]
    fn each_file_and_meaning_is_read_once_and_shared() {
        let mut assets = Assets::default();
        let mut reads = 0;
        for values in [
            None,
            Some(MatrixValues::RoundTrip),
            Some(MatrixValues::OneWay),
        ] {
            let mut how = resolved::Matrix::new("m.csv");
            how.values = values;
            let model = LatencyModel::Matrix(how.clone());
            for _ in 0..3 {
                let read = |_: &Path| {
                    reads += 1;
                    Ok("0,2\n2,0".to_owned())
                };
                assets.load(&model, read).unwrap();
            }
            let way = assets.matrix(&how).unwrap().one_way(HostIdx(0), HostIdx(1));
            let ms = if values == Some(MatrixValues::OneWay) {
                2
            } else {
                1
            };
            assert_eq!(way, crate::engine::SimDuration::from_millis(ms));
        }
        assert_eq!(reads, 3);
        let said: Vec<&str> = assets.remarks().flat_map(|(_, said)| said.iter()).collect();
        assert_eq!(
            said,
            [
                "read as round trips in ms",
                "read as one-way latencies in ms"
            ]
        );
    }

    #[test]
    fn a_missing_file_is_named_with_its_key_and_a_remedy() {
        let missing = |_: &Path| Err::<String, _>(io::Error::from(io::ErrorKind::NotFound));
        let mut assets = Assets::default();
        let model = LatencyModel::Matrix(resolved::Matrix::new("data/planetlab.tsv"));
        let message = rendered(&assets.load(&model, missing).unwrap_err());
        assert!(message.contains("network.matrix.file: cannot read data/planetlab.tsv"));
        assert!(
            message.contains("relative to the scenario file"),
            "{message}"
        );
        let graph = LatencyModel::Graph {
            file: "g.csv".into(),
            options: GraphOptions::default(),
        };
        let message = rendered(&assets.load(&graph, missing).unwrap_err());
        assert!(message.contains("network.graph.file: cannot read g.csv"));
    }

    #[test]
    fn models_without_a_file_read_none() {
        let model = LatencyModel::Plane {
            dimensions: 2,
            span: crate::engine::SimDuration::from_millis(100),
        };
        let read = |path: &Path| -> io::Result<String> { panic!("{} was read", path.display()) };
        Assets::default().load(&model, read).unwrap();
    }
}
