//! Single values in the file of a graph: a latency with or without a unit, and what a node or an edge has of
//! attributes.

use std::borrow::Cow;

use super::data::Map;
use super::fault::GraphFault;
use super::naming::{Axis, LatencyName, axis, latency_name};
use super::options::{Reading, Unit};
use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::fault::Fault;
use crate::inputs::latency::{MOST_MS, has_decimal_comma, is_unmeasured, latency_ms};
use crate::inputs::text::TextFile;

/// How the latencies of a column or attribute are to be read.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Meaning {
    pub(super) unit: Unit,
    /// Whether they are there and back, and so are halved.
    pub(super) is_round_trip: bool,
    /// Whether a comma may stand for the point.
    pub(super) is_comma_decimal: bool,
}

impl Meaning {
    /// By the key of the scenario, else by the name of the column, else milliseconds.
    pub(super) fn of(name: LatencyName, reading: &Reading<'_>) -> Self {
        Self {
            unit: reading.unit.or(name.unit).unwrap_or(Unit::Ms),
            is_round_trip: name.is_round_trip,
            is_comma_decimal: false,
        }
    }

    /// Of latencies under no name.
    pub(super) fn unnamed(reading: &Reading<'_>) -> Self {
        Self {
            unit: reading.unit.unwrap_or(Unit::Ms),
            is_round_trip: false,
            is_comma_decimal: false,
        }
    }

    /// What is told of it.
    pub(super) fn told(self) -> String {
        let unit = self.unit.name();
        if self.is_round_trip {
            format!("as round trips in {unit}, halved for one way")
        } else {
            format!("in {unit}")
        }
    }
}

/// Whether a text stands for a value that is not there.
pub(super) fn is_nothing(text: &str) -> bool {
    text.trim().is_empty() || is_unmeasured(text.trim())
}

/// The number and the unit of a latency such as `2738 us`; the unit is empty if there is none.
pub(super) fn parts(text: &str) -> (&str, &str) {
    let number = text.trim_end_matches(char::is_alphabetic);
    (number.trim(), text[number.len()..].trim())
}

/// Reads a latency that stands at `place`, in milliseconds for one way; `None` if the text says that there is none.
pub(super) fn latency<'a>(
    file: TextFile<'a>,
    text: &str,
    place: &'a str,
    meaning: Meaning,
) -> Result<Option<f64>, InputError> {
    let text = text.trim();
    if is_nothing(text) {
        return Ok(None);
    }
    let (number, unit) = match parts(text) {
        (number, unit) if let Some(unit) = Unit::of(unit) => (number, unit),
        _ => (text, meaning.unit),
    };
    let number = if meaning.is_comma_decimal && has_decimal_comma(number) {
        Cow::Owned(number.replace(',', "."))
    } else {
        Cow::Borrowed(number)
    };
    let Ok(value) = number.parse::<f64>() else {
        // Nothing but a fault comes of it.
        return latency_ms(file, place).map(Some);
    };
    let ms = unit.to_ms(value);
    let fault = |fault: fn(String) -> Fault| Err(file.fault(place, fault(shortened(text))));
    match ms {
        ms if !ms.is_finite() => fault(|value| Fault::NotFinite { value }),
        ms if ms < 0.0 => fault(|value| Fault::Negative { value }),
        ms if ms > MOST_MS => fault(|value| Fault::TooLarge { value }),
        ms if meaning.is_round_trip => Ok(Some(ms / 2.0)),
        ms => Ok(Some(ms)),
    }
}

/// What has been read of the node under way.
#[derive(Default)]
pub(super) struct NodeValues<'a> {
    pub(super) label: Option<Cow<'a, str>>,
    pub(super) weight: Option<f64>,
    globe: [Option<f64>; 2],
    plane: [Option<f64>; 2],
}

impl<'a> NodeValues<'a> {
    /// Takes an attribute in, if it says anything that is asked for.
    pub(super) fn take(
        &mut self,
        file: TextFile<'a>,
        reading: &Reading<'_>,
        name: &str,
        value: Cow<'a, str>,
        place: &'a str,
    ) -> Result<(), InputError> {
        if reading.weight == Some(name) && !is_nothing(&value) {
            self.weight = Some(weight(file, &value, place)?);
        }
        let Some(axis) = axis(name) else {
            let is_label = name.eq_ignore_ascii_case("label");
            if is_label || (name == "name" && self.label.is_none()) {
                self.label = Some(value);
            }
            return Ok(());
        };
        let number = || value.trim().parse::<f64>().ok().filter(|at| at.is_finite());
        match axis {
            Axis::Longitude => self.globe[0] = degrees(file, &value, place, 360.0)?,
            Axis::Latitude => self.globe[1] = degrees(file, &value, place, 90.0)?,
            // These may be anything in a file that is not about places.
            Axis::X => self.plane[0] = number(),
            Axis::Y => self.plane[1] = number(),
        }
        Ok(())
    }

    /// Where the node is.
    pub(super) fn position(&self) -> Option<(Map, [f64; 2])> {
        let both = |[a, b]: [Option<f64>; 2]| Some([a?, b?]);
        let globe = both(self.globe).map(|at| (Map::Globe, at));
        globe.or_else(|| both(self.plane).map(|at| (Map::Plane, at)))
    }
}

/// An angle of at most so many degrees on either side of zero; `None` if there is none.
fn degrees<'a>(
    file: TextFile<'a>,
    text: &str,
    place: &'a str,
    most: f64,
) -> Result<Option<f64>, InputError> {
    if is_nothing(text) {
        return Ok(None);
    }
    let value = text.trim().parse::<f64>().ok();
    let value = value.filter(|value| value.abs() <= most);
    value.map(Some).ok_or_else(|| {
        let value = shortened(text);
        file.fault(place, GraphFault::NoAngle { value })
    })
}

/// How often hosts hang off a node.
fn weight<'a>(file: TextFile<'a>, text: &str, place: &'a str) -> Result<f64, InputError> {
    let value = text.trim().parse::<f64>().ok();
    let value = value.filter(|value| value.is_finite() && *value >= 0.0);
    value.ok_or_else(|| {
        let value = shortened(text);
        file.fault(place, GraphFault::BadWeight { value })
    })
}

/// What has been read of the edge under way.
#[derive(Default)]
pub(super) struct EdgeValues<'a> {
    latency: Option<(LatencyName, Cow<'a, str>, &'a str)>,
}

impl<'a> EdgeValues<'a> {
    /// Takes an attribute in, if it is the likeliest latency so far.
    pub(super) fn take(
        &mut self,
        reading: &Reading<'_>,
        name: &str,
        value: Cow<'a, str>,
        place: &'a str,
    ) {
        let Some(named) = latency_name(name, reading) else {
            return;
        };
        let known = self.latency.as_ref();
        if known.is_none_or(|(known, _, _)| named.rank < known.rank) {
            self.latency = Some((named, value, place));
        }
    }

    /// The latency of the edge, if it has one, and what it was read as; `place` is that of the edge.
    pub(super) fn latency(
        self,
        file: TextFile<'a>,
        reading: &Reading<'_>,
        place: &'a str,
    ) -> Result<Known<'a>, InputError> {
        let Some((name, text, place)) = self.latency else {
            return Ok(Known {
                ms: None,
                place,
                told: None,
            });
        };
        let meaning = Meaning::of(name, reading);
        let ms = latency(file, &text, place, meaning)?;
        // A unit in the cell is no guess.
        let is_guess = Unit::of(parts(text.trim()).1).is_none() || meaning.is_round_trip;
        let told = is_guess.then(|| meaning.told());
        Ok(Known { ms, place, told })
    }
}

/// What is known of an edge's latency.
pub(super) struct Known<'a> {
    pub(super) ms: Option<f64>,
    /// Where it stands, or the edge.
    pub(super) place: &'a str,
    /// What it was read as, if that is a guess.
    pub(super) told: Option<String>,
}
