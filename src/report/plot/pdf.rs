//! The same picture as PDF: every shape of the sheet, one to one. Text is set in Helvetica, which every reader of
//! PDF has: so it stays text, and the file stays small.

use kuva::render::color::Color;
use kuva::render::render::{PathData, Primitive, Scene, TextAnchor};
use pdf_writer::types::LineCapStyle;
use pdf_writer::{Content, Name, Pdf, Rect, Ref, Str};

use super::helvetica;
use super::style::POINTS_PER_UNIT;

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const PAGE: Ref = Ref::new(3);
const CONTENT: Ref = Ref::new(4);
const FONT: Ref = Ref::new(5);
const FIRST_STATE: i32 = 6;
const FONT_NAME: Name<'static> = Name(b"F");

/// One page of the size of the picture.
pub(super) fn of(scene: &Scene) -> Vec<u8> {
    let (width, height) = (scene.width as f32, scene.height as f32);
    let mut sheet = Sheet {
        content: Content::new(),
        opacities: Vec::new(),
    };
    // From units with the origin at the upper left to points with the origin at the lower left.
    let scale = POINTS_PER_UNIT as f32;
    sheet
        .content
        .transform([scale, 0.0, 0.0, -scale, 0.0, height * scale]);
    sheet.content.set_line_cap(LineCapStyle::ButtCap);
    for element in &scene.elements {
        sheet.draw(element);
    }
    let page = Rect::new(0.0, 0.0, width * scale, height * scale);
    sheet.finish(page)
}

/// A page on which shapes are drawn.
struct Sheet {
    content: Content,
    /// Every opacity that a shape has; each has a name in the file.
    opacities: Vec<f32>,
}

impl Sheet {
    fn draw(&mut self, element: &Primitive) {
        match element {
            Primitive::Line {
                x1,
                y1,
                x2,
                y2,
                stroke,
                stroke_width,
                ..
            } => {
                self.line(&[(*x1, *y1), (*x2, *y2)], stroke, *stroke_width, None);
            }
            Primitive::PolyLine {
                points,
                stroke,
                stroke_width,
                stroke_dasharray,
            } => {
                self.line(points, stroke, *stroke_width, stroke_dasharray.as_deref());
            }
            Primitive::Path(path) => self.path(path),
            Primitive::Rect {
                x,
                y,
                width,
                height,
                fill,
                opacity,
                ..
            } => {
                self.opaque(*opacity);
                self.content
                    .rect(*x as f32, *y as f32, *width as f32, *height as f32);
                self.fill(fill);
            }
            Primitive::Circle {
                cx,
                cy,
                r,
                fill,
                fill_opacity,
                ..
            } => {
                self.opaque(*fill_opacity);
                self.circle((*cx, *cy), *r);
                self.fill(fill);
            }
            Primitive::CircleBatch {
                cx,
                cy,
                r,
                fill,
                fill_opacity,
                ..
            } => {
                self.opaque(*fill_opacity);
                for center in cx.iter().zip(cy) {
                    self.circle((*center.0, *center.1), *r);
                    self.fill(fill);
                }
            }
            Primitive::Text { .. } => self.text(element),
            Primitive::GroupStart { transform, .. } => {
                self.content.save_state();
                if let Some((x, y)) = transform.as_deref().and_then(translation) {
                    self.content.transform([1.0, 0.0, 0.0, 1.0, x, y]);
                }
            }
            Primitive::ClipStart {
                x,
                y,
                width,
                height,
                ..
            } => {
                self.content.save_state();
                self.content
                    .rect(*x as f32, *y as f32, *width as f32, *height as f32);
                self.content.clip_nonzero().end_path();
            }
            Primitive::GroupEnd | Primitive::ClipEnd => {
                self.content.restore_state();
            }
            // None of our pictures has any.
            Primitive::RichText { .. } | Primitive::RectBatch { .. } => {}
        }
    }

    fn line(&mut self, points: &[(f64, f64)], stroke: &Color, width: f64, dashes: Option<&str>) {
        self.opaque(None);
        self.trace(points);
        self.stroke(stroke, width, dashes);
    }

    fn trace(&mut self, points: &[(f64, f64)]) {
        for (at, (x, y)) in points.iter().enumerate() {
            let (x, y) = (*x as f32, *y as f32);
            if at == 0 {
                self.content.move_to(x, y);
            } else {
                self.content.line_to(x, y);
            }
        }
    }

    fn path(&mut self, path: &PathData) {
        let (outlines, is_closed) = outlines(&path.d);
        if let Some(fill) = path
            .fill
            .as_ref()
            .filter(|fill| !matches!(fill, Color::None))
        {
            self.opaque(path.opacity);
            for outline in &outlines {
                self.trace(outline);
            }
            self.fill(fill);
        }
        if !matches!(path.stroke, Color::None) && path.stroke_width > 0.0 {
            self.opaque(None);
            for outline in &outlines {
                self.trace(outline);
                if is_closed {
                    self.content.close_path();
                }
            }
            self.stroke(
                &path.stroke,
                path.stroke_width,
                path.stroke_dasharray.as_deref(),
            );
        }
    }

    /// Four curves that are within a thousandth of the radius.
    fn circle(&mut self, (x, y): (f64, f64), radius: f64) {
        let (x, y, r) = (x as f32, y as f32, radius as f32);
        let k = r * 0.552_285;
        self.content.move_to(x + r, y);
        self.content.cubic_to(x + r, y + k, x + k, y + r, x, y + r);
        self.content.cubic_to(x - k, y + r, x - r, y + k, x - r, y);
        self.content.cubic_to(x - r, y - k, x - k, y - r, x, y - r);
        self.content.cubic_to(x + k, y - r, x + r, y - k, x + r, y);
        self.content.close_path();
    }

    fn fill(&mut self, color: &Color) {
        let [r, g, b] = rgb(color);
        self.content.set_fill_rgb(r, g, b).fill_nonzero();
    }

    fn stroke(&mut self, color: &Color, width: f64, dashes: Option<&str>) {
        let [r, g, b] = rgb(color);
        let dashes = dashes.unwrap_or_default().split(' ');
        let dashes: Vec<f32> = dashes.filter_map(|length| length.parse().ok()).collect();
        self.content
            .set_stroke_rgb(r, g, b)
            .set_line_width(width as f32);
        self.content.set_dash_pattern(dashes, 0.0).stroke();
    }

    /// Makes what follows so opaque; `None`: wholly.
    fn opaque(&mut self, opacity: Option<f64>) {
        let opacity = opacity.unwrap_or(1.0) as f32;
        let known = self
            .opacities
            .iter()
            .position(|other| other.total_cmp(&opacity).is_eq());
        let at = known.unwrap_or_else(|| {
            self.opacities.push(opacity);
            self.opacities.len() - 1
        });
        self.content
            .set_parameters(Name(format!("G{at}").as_bytes()));
    }

    fn text(&mut self, text: &Primitive) {
        let Primitive::Text {
            x,
            y,
            content,
            size,
            anchor,
            rotate,
            color,
            ..
        } = text
        else {
            return;
        };
        // The plotting crate wants a dollar escaped.
        let runs = helvetica::runs(&content.replace("\\$", "$"));
        let line = f64::from(*size);
        let width: f64 = runs.iter().map(|run| run.width * line).sum();
        let mut along = match anchor {
            TextAnchor::Start => 0.0,
            TextAnchor::Middle => -width / 2.0,
            TextAnchor::End => -width,
        };
        self.opaque(None);
        let [r, g, b] = color.as_ref().map_or([0.0; 3], rgb);
        self.content.set_fill_rgb(r, g, b);
        let is_upright = rotate.is_none();
        for run in runs {
            let size = line * run.scale;
            // Letters stand on their heads as the page does, unless they are turned back.
            let lower = run.lower * size;
            let at = if is_upright {
                [1.0, 0.0, 0.0, -1.0, (x + along) as f32, (y + lower) as f32]
            } else {
                [0.0, -1.0, -1.0, 0.0, (x + lower) as f32, (y - along) as f32]
            };
            self.content.begin_text().set_font(FONT_NAME, size as f32);
            self.content
                .set_text_matrix(at)
                .show(Str(&run.bytes))
                .end_text();
            along += run.width * line;
        }
    }

    fn finish(self, page: Rect) -> Vec<u8> {
        let mut pdf = Pdf::new();
        pdf.catalog(CATALOG).pages(PAGES);
        pdf.pages(PAGES).kids([PAGE]).count(1);
        let state = |at: usize| Ref::new(FIRST_STATE + i32::try_from(at).expect("a few opacities"));
        {
            let mut leaf = pdf.page(PAGE);
            leaf.parent(PAGES).media_box(page).contents(CONTENT);
            let mut resources = leaf.resources();
            resources.fonts().pair(FONT_NAME, FONT);
            let mut states = resources.ext_g_states();
            for at in 0..self.opacities.len() {
                states.pair(Name(format!("G{at}").as_bytes()), state(at));
            }
        }
        pdf.stream(CONTENT, &self.content.finish());
        pdf.type1_font(FONT)
            .base_font(Name(b"Helvetica"))
            .encoding_predefined(Name(b"WinAnsiEncoding"));
        for (at, opacity) in self.opacities.iter().enumerate() {
            let mut settings = pdf.ext_graphics(state(at));
            settings
                .non_stroking_alpha(*opacity)
                .stroking_alpha(*opacity);
        }
        pdf.finish()
    }
}

/// The outlines of a path of straight lines, and whether they are closed.
fn outlines(d: &str) -> (Vec<Vec<(f64, f64)>>, bool) {
    let pairs = |part: &str| {
        let numbers = part.split(|c: char| c.is_whitespace() || c == ',' || c == 'L' || c == 'Z');
        let numbers: Vec<f64> = numbers.filter_map(|number| number.parse().ok()).collect();
        numbers
            .chunks_exact(2)
            .map(|pair| (pair[0], pair[1]))
            .collect()
    };
    let parts = d.split('M').filter(|part| !part.trim().is_empty());
    (parts.map(pairs).collect(), d.contains('Z'))
}

/// Where a group is moved to.
fn translation(transform: &str) -> Option<(f32, f32)> {
    let inside = transform.strip_prefix("translate(")?.strip_suffix(')')?;
    let (x, y) = inside.split_once(',')?;
    Some((x.trim().parse().ok()?, y.trim().parse().ok()?))
}

fn rgb(color: &Color) -> [f32; 3] {
    match color {
        Color::Rgb(r, g, b) => [*r, *g, *b].map(|part| f32::from(part) / 255.0),
        Color::None | Color::Css(_) => [0.0; 3],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_straight_lines_are_understood() {
        let (open, closed) = outlines("M 1 2 L 3.5 4 M 5 6 L 7 8 ");
        assert_eq!(
            open,
            [vec![(1.0, 2.0), (3.5, 4.0)], vec![(5.0, 6.0), (7.0, 8.0)]]
        );
        assert!(!closed);
        let (triangle, closed) = outlines("M20.0,15.92 L16.0,22.72 L24.0,22.72 Z");
        assert_eq!(
            triangle,
            [vec![(20.0, 15.92), (16.0, 22.72), (24.0, 22.72)]]
        );
        assert!(closed);
        assert_eq!(translation("translate(0,43.5)"), Some((0.0, 43.5)));
    }
}
