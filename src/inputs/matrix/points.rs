//! Hosts as points in a space: a message takes as long as the straight line between two of them.

use super::value::Unit;
use super::{Distances, Hosts, POINTS_MAX};
use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::fault::Fault;
use crate::inputs::latency::MOST_MS;
use crate::inputs::remarks::Remarks;
use crate::inputs::text::TextFile;

/// The most dimensions of a space.
const DIMENSIONS_MAX: usize = 16;

/// Points, as they are read.
pub(super) struct Points<'a> {
    file: TextFile<'a>,
    unit: Unit,
    remark: &'static str,
    names: Vec<String>,
    count: usize,
    dimensions: usize,
    coordinates: Vec<f64>,
}

impl<'a> Points<'a> {
    pub(super) fn new(file: TextFile<'a>, unit: Unit, remark: &'static str) -> Self {
        Self {
            file,
            unit,
            remark,
            names: Vec::new(),
            count: 0,
            dimensions: 0,
            coordinates: Vec::new(),
        }
    }

    /// Adds a host with its coordinates; `at` is the part of the text that is about it.
    pub(super) fn add(
        &mut self,
        at: &str,
        name: Option<&str>,
        coordinates: impl Iterator<Item = &'a str>,
    ) -> Result<(), InputError> {
        if self.count == POINTS_MAX {
            return Err(self
                .file
                .fault(at, Fault::TooManyHosts { most: POINTS_MAX }));
        }
        let before = self.coordinates.len();
        for word in coordinates.take(DIMENSIONS_MAX + 1) {
            self.coordinates.push(self.coordinate(word)?);
        }
        let found = self.coordinates.len() - before;
        if self.count == 0 && (1..=DIMENSIONS_MAX).contains(&found) {
            self.dimensions = found;
        }
        if found == 0 || found != self.dimensions {
            let expected = self.dimensions;
            return Err(self.file.fault(at, Fault::Coordinates { found, expected }));
        }
        self.names.extend(name.map(str::to_owned));
        self.count += 1;
        Ok(())
    }

    /// A coordinate in milliseconds, small enough that no distance is more than an hour.
    fn coordinate(&self, word: &str) -> Result<f64, InputError> {
        let value = || shortened(word.trim());
        let fault = |fault| Err(self.file.fault(word, fault));
        let number = word.trim().parse().map(|number| self.unit.in_ms(number));
        match number {
            Err(_) => fault(Fault::NotANumber { value: value() }),
            Ok(ms) if !f64::is_finite(ms) => fault(Fault::NotFinite { value: value() }),
            // The farthest corners of a cube are √16 sides apart at most.
            Ok(ms) if ms.abs() > MOST_MS / 8.0 => fault(Fault::TooLarge { value: value() }),
            Ok(ms) => Ok(ms),
        }
    }

    /// The hosts, at least one.
    pub(super) fn finished(self) -> Result<Hosts, InputError> {
        if self.count == 0 {
            return Err(self.file.fault(self.file.text(), Fault::Empty));
        }
        let mut remarks = Remarks::default();
        remarks.say(self.remark);
        Ok(Hosts {
            count: self.count,
            names: self.names,
            distances: Distances::Points {
                dimensions: self.dimensions,
                coordinates: self.coordinates,
            },
            remarks,
        })
    }
}
