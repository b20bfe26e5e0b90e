//! A picture of its own, in one format: not of a result folder.

use kuva::render::render::Scene;

use super::canvas;

/// The form of a picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PictureFormat {
    Svg,
    Png,
    Pdf,
}

/// The bytes of its file. The same picture gives the same bytes.
///
/// # Errors
/// A message, if the PNG cannot be encoded.
pub(super) fn file(scene: Scene, format: PictureFormat) -> Result<Vec<u8>, String> {
    let drawn = canvas::finished(scene, format == PictureFormat::Png)?;
    Ok(match format {
        PictureFormat::Svg => drawn.svg.into_bytes(),
        PictureFormat::Pdf => drawn.pdf,
        PictureFormat::Png => drawn.png.unwrap_or_default(),
    })
}
