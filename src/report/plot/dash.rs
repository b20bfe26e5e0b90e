//! Dashed lines cut into their dashes.
//!
//! The rasteriser of the plotting crate starts a dash pattern anew at every point of a line and
//! measures it in pixels, so that a finely sampled dashed curve comes out solid. For the PNG the
//! cutting is therefore done here.

/// The dashes of a line through `points`, the pattern running on from point to point. Dashes get
/// round caps when drawn, so each is `width` shorter than the pattern says.
pub(super) fn cut(points: &[(f64, f64)], pattern: &[f64], width: f64) -> Vec<Vec<(f64, f64)>> {
    let mut cutter = Cutter::new(pattern, width);
    for pair in points.windows(2) {
        cutter.segment(pair[0], pair[1]);
    }
    cutter.finish()
}

struct Cutter {
    /// Lengths, on and off in turn.
    pattern: Vec<f64>,
    /// Which length of the pattern is being used up.
    place: usize,
    /// How much of it is left.
    left: f64,
    dashes: Vec<Vec<(f64, f64)>>,
    dash: Vec<(f64, f64)>,
}

impl Cutter {
    fn new(pattern: &[f64], width: f64) -> Self {
        let cap = |i: usize, length: f64| {
            if i.is_multiple_of(2) {
                (length - width).max(0.1)
            } else {
                length + width
            }
        };
        let pattern: Vec<f64> = pattern
            .iter()
            .enumerate()
            .map(|(i, l)| cap(i, *l))
            .collect();
        Self {
            place: 0,
            left: pattern[0],
            pattern,
            dashes: Vec::new(),
            dash: Vec::new(),
        }
    }

    fn on(&self) -> bool {
        self.place.is_multiple_of(2)
    }

    fn segment(&mut self, from: (f64, f64), to: (f64, f64)) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).sqrt();
        let at = |d: f64| (from.0 + dx * d / length, from.1 + dy * d / length);
        if self.on() && self.dash.is_empty() {
            self.dash.push(from);
        }
        let mut done = 0.0;
        while length - done > self.left {
            done += self.left;
            self.turn(at(done));
        }
        self.left -= length - done;
        if self.on() && length > 0.0 {
            self.dash.push(to);
        }
    }

    /// Ends a dash or a gap at a point.
    fn turn(&mut self, at: (f64, f64)) {
        if self.on() {
            self.dash.push(at);
            self.dashes.push(std::mem::take(&mut self.dash));
        } else {
            self.dash = vec![at];
        }
        self.place = (self.place + 1) % self.pattern.len();
        self.left = self.pattern[self.place];
    }

    fn finish(mut self) -> Vec<Vec<(f64, f64)>> {
        if self.dash.len() > 1 {
            self.dashes.push(self.dash);
        }
        self.dashes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(dash: &[(f64, f64)]) -> f64 {
        dash.windows(2)
            .map(|p| (p[1].0 - p[0].0).hypot(p[1].1 - p[0].1))
            .sum()
    }

    #[test]
    fn the_pattern_runs_on_over_the_points_of_a_line() {
        let fine: Vec<(f64, f64)> = (0..=1000).map(|i| (f64::from(i) * 0.1, 0.0)).collect();
        let dashes = cut(&fine, &[6.0, 4.0], 0.0);
        assert_eq!(dashes.len(), 10);
        for (i, dash) in dashes.iter().enumerate() {
            assert!((length(dash) - 6.0).abs() < 1e-6);
            assert!((dash[0].0 - 10.0 * i as f64).abs() < 1e-6);
        }
    }

    #[test]
    fn a_dash_bends_with_the_line() {
        let dashes = cut(&[(0.0, 0.0), (3.0, 0.0), (3.0, 9.0)], &[6.0, 2.0], 0.0);
        assert_eq!(dashes[0], [(0.0, 0.0), (3.0, 0.0), (3.0, 3.0)]);
        assert_eq!(dashes[1], [(3.0, 5.0), (3.0, 9.0)]);
    }

    #[test]
    fn round_caps_are_allowed_for() {
        let dashes = cut(&[(0.0, 0.0), (100.0, 0.0)], &[6.0, 4.0], 2.0);
        assert!((length(&dashes[0]) - 4.0).abs() < 1e-9);
        assert_eq!(dashes.len(), 10);
    }
}
