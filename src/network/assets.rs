//! Files that networks are built from: parsed once, shared by all runs. Reads no file itself.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::NetworkError;
use super::graph::{self, HostGraph};
use super::matrix::{self, Matrix};
use super::text::TextFile;
use crate::scenario::resolved::{LatencyModel, MatrixValues};

/// Parsed files that networks are built from, read once and shared by all runs.
#[derive(Default)]
pub struct Assets {
    graphs: Vec<(PathBuf, Arc<HostGraph>)>,
    matrices: Vec<(PathBuf, MatrixValues, Arc<Matrix>)>,
}

impl Assets {
    /// Takes in the file a model needs, unless it needs none or it is there already. `read` returns
    /// a file's text.
    ///
    /// # Errors
    /// A file that cannot be read, or whose text is not as it must be.
    pub fn load(
        &mut self,
        model: &LatencyModel,
        mut read: impl FnMut(&Path) -> io::Result<String>,
    ) -> Result<(), NetworkError> {
        let mut text_of = |key, path: &PathBuf| {
            read(path).map_err(|source| NetworkError::Unreadable {
                key,
                path: path.clone(),
                source,
            })
        };
        match model {
            LatencyModel::Graph { file } if self.graph(file).is_err() => {
                let text = text_of("network.graph.file", file)?;
                let graph = graph::parse(TextFile::new(file, &text))?;
                self.graphs.push((file.clone(), Arc::new(graph)));
            }
            LatencyModel::Matrix { file, values } if self.matrix(file, *values).is_err() => {
                let text = text_of("network.matrix.file", file)?;
                let matrix = matrix::parse(TextFile::new(file, &text), *values)?;
                self.matrices
                    .push((file.clone(), *values, Arc::new(matrix)));
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn graph(&self, file: &Path) -> Result<Arc<HostGraph>, NetworkError> {
        let known = self.graphs.iter().find(|(path, _)| path == file);
        known
            .map(|(_, graph)| Arc::clone(graph))
            .ok_or_else(|| not_loaded(file))
    }

    pub(super) fn matrix(
        &self,
        file: &Path,
        values: MatrixValues,
    ) -> Result<Arc<Matrix>, NetworkError> {
        let mut all = self.matrices.iter();
        let known = all.find(|(path, kind, _)| path == file && *kind == values);
        known
            .map(|(_, _, matrix)| Arc::clone(matrix))
            .ok_or_else(|| not_loaded(file))
    }
}

fn not_loaded(file: &Path) -> NetworkError {
    NetworkError::NotLoaded {
        path: file.to_path_buf(),
    }
}
