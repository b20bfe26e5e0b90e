//! The three formats of a picture, and pictures without headings.

use std::path::Path;

use chordsim::report::plot::{PlotOptions, draw_with};
use tempfile::TempDir;

use super::synthetic::Synthetic;
use super::{drawn, names};

/// 300 pixels an inch are 300 / 0.0254 = 11 811.02 a metre.
#[test]
fn a_png_says_its_resolution() {
    let files = drawn(&Synthetic::default());
    for name in names(&files) {
        let file = std::io::Cursor::new(&files[&format!("{name}.png")]);
        let reader = png::Decoder::new(file).read_info().unwrap();
        let size = reader.info().pixel_dims.unwrap();
        assert_eq!((size.xppu, size.yppu), (11_811, 11_811));
        assert_eq!(size.unit, png::Unit::Meter);
    }
}

/// Everything that is text in the SVG is text in the PDF, on a page as wide as a column: 84 mm are 238.11 points.
#[test]
fn a_pdf_has_the_texts_of_the_svg_on_a_page_of_its_size() {
    let files = drawn(&Synthetic::default());
    let pdf = String::from_utf8_lossy(&files["latency-cdf.pdf"]).into_owned();
    assert!(pdf.starts_with("%PDF-1.") && pdf.trim_end().ends_with("%%EOF"));
    assert!(pdf.contains("/MediaBox [0 0 238.11"), "{}", &pdf[..600]);
    for text in [
        "(latency (ms)) Tj",
        "(all lookups (%)) Tj",
        "(100) Tj",
        "(Nodes come & go for <$1) Tj",
    ] {
        assert!(pdf.contains(text), "{text}");
    }
    // The colours of both lines: 0072B2 and D55E00.
    for color in ["0 0.44705883 0.69803923 RG", "0.8352941 0.36862746 0 RG"] {
        assert!(pdf.contains(color), "{color}");
    }
    let count = |what: &str| pdf.matches(what).count();
    assert_eq!(
        count("\nq\n"),
        count("\nQ\n"),
        "every state that is saved is restored"
    );
    assert_eq!(count("\nBT\n"), count("\nET\n"));
}

fn headings(results: &Path, title: bool) -> Vec<bool> {
    let plots = TempDir::new().unwrap();
    let options = PlotOptions {
        title,
        ..PlotOptions::default()
    };
    let paths = draw_with(results, plots.path(), options).unwrap();
    let svg = paths
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e == "svg"));
    let has = |path| {
        std::fs::read_to_string(path)
            .unwrap()
            .contains("come &amp; go")
    };
    svg.map(has).collect()
}

#[test]
fn without_headings_no_picture_names_its_scenario() {
    let folder = TempDir::new().unwrap();
    Synthetic::default().write(folder.path());
    assert!(headings(folder.path(), true).iter().all(|has| *has));
    assert!(headings(folder.path(), false).iter().all(|has| !has));
}
