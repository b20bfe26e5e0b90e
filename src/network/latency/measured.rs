//! Hosts and latencies between them as a file has them: what the data mean for messages.

use std::sync::Arc;

use super::matrix::Matrix;
use super::model::Latency;
use super::points::Points;
use crate::inputs::matrix::{self, Distances, Missing, Reading, Unit};
use crate::inputs::{InputError, Remarks, TextFile};
use crate::scenario::resolved::{self, LatencyUnit, MatrixMissing, MatrixValues};

/// What was read from a file, shared by all runs.
pub(super) enum Measured {
    Square(Arc<Matrix>),
    Points(Arc<Points>),
}

impl Measured {
    /// Reads a file as a scenario says, and tells what it was taken for.
    pub(super) fn read(
        file: TextFile<'_>,
        how: &resolved::Matrix,
    ) -> Result<(Self, Remarks), InputError> {
        let hosts = matrix::read(file, reading(how))?;
        // Points are taken from simulators, which mean one way; what is measured are round trips.
        let usual = match hosts.distances {
            Distances::Square(_) => MatrixValues::RoundTrip,
            Distances::Points { .. } => MatrixValues::OneWay,
        };
        let values = how.values.unwrap_or(usual);
        let mut remarks = Remarks::default();
        remarks.say(read_as(values, how.unit));
        hosts.remarks.iter().for_each(|remark| remarks.say(remark));
        let measured = match hosts.distances {
            Distances::Square(square) => {
                let matrix = Matrix::new(hosts.count, hosts.names, square, values);
                Self::Square(Arc::new(matrix))
            }
            Distances::Points {
                dimensions,
                mut coordinates,
            } => {
                if values == MatrixValues::RoundTrip {
                    for coordinate in &mut coordinates {
                        *coordinate /= 2.0;
                    }
                }
                Self::Points(Arc::new(Points::new(hosts.names, dimensions, coordinates)))
            }
        };
        Ok((measured, remarks))
    }

    /// The model for a run.
    pub(super) fn latency(&self) -> Box<dyn Latency> {
        match self {
            Self::Square(matrix) => Box::new(Arc::clone(matrix)),
            Self::Points(points) => Box::new(Arc::clone(points)),
        }
    }

    pub(super) fn bytes(&self) -> f64 {
        match self {
            Self::Square(matrix) => matrix.bytes(),
            Self::Points(points) => points.bytes(),
        }
    }
}

fn reading(how: &resolved::Matrix) -> Reading {
    Reading {
        unit: match how.unit {
            LatencyUnit::Us => Unit::Us,
            LatencyUnit::Ms => Unit::Ms,
            LatencyUnit::S => Unit::S,
        },
        missing: match how.missing {
            MatrixMissing::Refuse => Missing::Refuse,
            MatrixMissing::Median => Missing::Median,
            MatrixMissing::Symmetric => Missing::Symmetric,
        },
    }
}

fn read_as(values: MatrixValues, unit: LatencyUnit) -> String {
    let unit = match unit {
        LatencyUnit::Us => "us",
        LatencyUnit::Ms => "ms",
        LatencyUnit::S => "s",
    };
    match values {
        MatrixValues::RoundTrip => format!("read as round trips in {unit}"),
        MatrixValues::OneWay => format!("read as one-way latencies in {unit}"),
    }
}
