//! Previews of images: their size and a thumbnail, computed within limits that no hostile image exceeds.

use image::{ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// Larger images, as files or once decoded, get no thumbnail.
pub(super) const LARGEST_FILE: u64 = 20 << 20;
const LARGEST_MEMORY: u64 = 128 << 20;
const LONGEST_SIDE: u32 = 16_384;
const THUMBNAIL: u32 = 480;

/// What could be read of an image.
#[derive(Debug, Default)]
pub struct Preview {
    pub width: Option<i32>,
    pub height: Option<i32>,
    /// PNG
    pub thumbnail: Option<Vec<u8>>,
}

/// Takes time: not for a thread of the async runtime.
pub(super) fn preview(bytes: &[u8], format: ImageFormat) -> Preview {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(LARGEST_MEMORY);
    let reader = || {
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        reader.limits(limits.clone());
        reader
    };
    let Ok((width, height)) = reader().into_dimensions() else {
        return Preview::default();
    };
    let thumbnail = reader().decode().ok().and_then(|image| {
        let image = if width > THUMBNAIL || height > THUMBNAIL {
            image.thumbnail(THUMBNAIL, THUMBNAIL)
        } else {
            image
        };
        let mut out = Cursor::new(Vec::new());
        image
            .into_rgba8()
            .write_to(&mut out, ImageFormat::Png)
            .ok()
            .map(|()| out.into_inner())
    });
    Preview {
        width: i32::try_from(width).ok(),
        height: i32::try_from(height).ok(),
        thumbnail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_that_claims_to_be_huge_takes_no_memory() {
        // A PNG header that announces 60,000 × 60,000 pixels, and nothing behind it.
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend(60_000u32.to_be_bytes());
        png.extend(60_000u32.to_be_bytes());
        png.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
        assert!(preview(&png, ImageFormat::Png).thumbnail.is_none());
        assert!(preview(b"GIF89a", ImageFormat::Gif).thumbnail.is_none());
    }

    #[test]
    fn a_thumbnail_is_small_and_keeps_the_proportions() {
        let mut png = Cursor::new(Vec::new());
        image::RgbaImage::from_pixel(1200, 600, image::Rgba([9, 9, 9, 128]))
            .write_to(&mut png, ImageFormat::Png)
            .expect("writes");
        let found = preview(png.get_ref(), ImageFormat::Png);
        assert_eq!((found.width, found.height), (Some(1200), Some(600)));
        let small = image::load_from_memory(&found.thumbnail.expect("a thumbnail")).expect("reads");
        assert_eq!((small.width(), small.height()), (480, 240));
    }
}
