//! Where an axis has ticks, and what is written at them.

use super::figure::{Axis, is_power_of_ten, power_below};
use crate::report::numbers::number;

/// A tick: where, and its label.
pub(super) type Mark = (f64, String);

impl Axis {
    /// The ticks that have a line across the panel and, most of them, a label. On a logarithmic axis of more than
    /// three decades only powers of ten are numbered.
    pub(super) fn majors(&self) -> Vec<Mark> {
        if !self.marks.is_empty() {
            let is_inside = |mark: &&Mark| self.is_inside(mark.0);
            return self.marks.iter().filter(is_inside).cloned().collect();
        }
        if !self.log {
            let first = (self.range.0 / self.step - 1e-9).ceil() * self.step;
            let steps = ((self.range.1 - first) / self.step + 1e-9) as u32;
            let values = (0..=steps).map(|i| first + f64::from(i) * self.step);
            // Joins are drawn upwards and departures downwards: both are counts.
            return values.map(|v| (v, number(v.abs()))).collect();
        }
        let is_long = self.range.1 / self.range.0 > 1001.0;
        let values = self.multiples(&[1.0, 2.0, 5.0]).into_iter();
        let values = values.filter(|v| !is_long || is_power_of_ten(*v));
        values.map(|v| (v, number(v))).collect()
    }

    /// The ticks between them: on a logarithmic axis, where they show that it is one.
    pub(super) fn minors(&self) -> Vec<f64> {
        if !self.log {
            return Vec::new();
        }
        let majors = self.majors();
        let is_major = |v: f64| majors.iter().any(|(at, _)| (at / v - 1.0).abs() < 1e-6);
        let all = self.multiples(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
        all.into_iter().filter(|v| !is_major(*v)).collect()
    }

    /// How far along the axis a value lies: 0 at its beginning, 1 at its end.
    pub(super) fn share(&self, value: f64) -> f64 {
        let (low, high) = self.range;
        if self.log {
            libm::log(value / low) / libm::log(high / low)
        } else {
            (value - low) / (high - low)
        }
    }

    fn is_inside(&self, value: f64) -> bool {
        (-1e-6..=1.0 + 1e-6).contains(&self.share(value))
    }

    /// These multiples of the powers of ten.
    fn multiples(&self, multiples: &[f64]) -> Vec<f64> {
        let mut values = Vec::new();
        let mut power = power_below(self.range.0);
        while power <= self.range.1 * 1.001 {
            values.extend(multiples.iter().map(|m| m * power));
            power *= 10.0;
        }
        values.retain(|v| self.is_inside(*v));
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<String> {
        axis.majors().into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn a_linear_axis_has_ticks_at_its_steps() {
        let axis = Axis::linear("", (0.0, 7.3), 5);
        assert_eq!(labels(&axis), ["0", "2", "4", "6", "8"]);
        assert!(axis.minors().is_empty());
    }

    #[test]
    fn long_logarithmic_axes_number_the_powers_of_ten_only() {
        let axis = Axis::log("", (1.0, 10_000.0));
        assert_eq!(labels(&axis), ["1", "10", "100", "1000", "10\u{a0}000"]);
        // 2 to 9 in each of four decades.
        assert_eq!(axis.minors().len(), 32);
        let short = Axis::log("", (10.0, 50.0));
        assert_eq!(labels(&short), ["10", "20", "50"]);
        assert_eq!(short.minors(), [30.0, 40.0]);
    }

    #[test]
    fn ticks_stand_at_the_marks_that_are_given() {
        let mut axis = Axis::log("", (16.0, 64.0));
        axis.marks = [16.0, 32.0, 64.0].map(|v| (v, number(v))).to_vec();
        assert_eq!(labels(&axis), ["16", "32", "64"]);
        // From 10, the next 1, 2 or 5 below 16, to 100: every ten.
        let tens: Vec<f64> = (1..=10).map(|ten| f64::from(ten) * 10.0).collect();
        assert_eq!(axis.minors(), tens);
        assert!((axis.share(10.0)).abs() < 1e-9 && (axis.share(100.0) - 1.0).abs() < 1e-9);
    }
}
