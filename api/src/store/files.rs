//! The object store behind attachments: contents under their SHA-256, streamed both ways. Which of them
//! anybody may have is Postgres' to say; here are only bytes.

use crate::config::Config;
use crate::error::{ApiResult, Problem};
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use futures_util::{StreamExt, TryStreamExt};
use image::{ImageFormat, ImageReader, Limits};
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};
use std::io::Cursor;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;

/// Held in memory of one upload, twice at most while a part is on its way.
const PART: usize = 8 << 20;
/// Larger images, by file or once unpacked, get no thumbnail.
const IMAGE_FILE: u64 = 20 << 20;
const IMAGE_MEMORY: u64 = 128 << 20;
const IMAGE_SIDE: u32 = 16_384;
const THUMBNAIL: u32 = 480;
const UPLOADS: &str = "uploads";
const BLOBS: &str = "blobs";
const THUMBNAILS: &str = "thumbnails";

pub struct Files {
    place: Place,
    store: OnceLock<Arc<dyn ObjectStore>>,
    /// Unpacking an image takes memory, so few do at once.
    images: Arc<Semaphore>,
}

enum Place {
    Folder(PathBuf),
    Bucket(Box<AmazonS3Builder>),
}

/// What an upload turned out to be, still under a name of its own.
pub struct Received {
    temporary: Path,
    pub sha256: Vec<u8>,
    pub size: u64,
    pub format: Option<ImageFormat>,
}

/// What could be read of an image.
#[derive(Debug, Default)]
pub struct Preview {
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub thumbnail: Option<Vec<u8>>,
}

fn unreachable(error: impl std::fmt::Display) -> Problem {
    tracing::error!(%error, "the file store failed");
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "The file store cannot be reached",
        Some("Try again in a moment."),
    )
}

fn place(folder: &str, sha256: &str) -> Path {
    Path::from(format!(
        "{folder}/{}/{sha256}",
        &sha256[..2.min(sha256.len())]
    ))
}

impl Files {
    pub fn new(config: &Config) -> Self {
        let place = match &config.s3_bucket {
            None => Place::Folder(config.files.clone()),
            Some(bucket) => {
                let mut s3 = AmazonS3Builder::new()
                    .with_bucket_name(bucket)
                    .with_region(&config.s3_region)
                    // A file takes as long as it takes; only connecting must not.
                    .with_client_options(
                        ClientOptions::new()
                            .with_timeout_disabled()
                            .with_connect_timeout(Duration::from_secs(10)),
                    );
                if let Some(endpoint) = &config.s3_endpoint {
                    s3 = s3
                        .with_endpoint(endpoint)
                        .with_allow_http(endpoint.starts_with("http://"));
                }
                if let (Some(id), Some(secret)) = (&config.s3_access_key, &config.s3_secret_key) {
                    s3 = s3.with_access_key_id(id).with_secret_access_key(secret);
                }
                Place::Bucket(Box::new(s3))
            }
        };
        Self {
            place,
            store: OnceLock::new(),
            images: Arc::new(Semaphore::new(2)),
        }
    }

    /// Made on first use: a desk without files needs no folder.
    fn store(&self) -> ApiResult<&Arc<dyn ObjectStore>> {
        if let Some(store) = self.store.get() {
            return Ok(store);
        }
        let store: Arc<dyn ObjectStore> = match &self.place {
            Place::Folder(folder) => {
                std::fs::create_dir_all(folder).map_err(unreachable)?;
                Arc::new(LocalFileSystem::new_with_prefix(folder).map_err(unreachable)?)
            }
            Place::Bucket(s3) => Arc::new(s3.as_ref().clone().build().map_err(unreachable)?),
        };
        Ok(self.store.get_or_init(|| store))
    }

    /// Takes a body in, part by part; more than `most` bytes are refused as soon as they come.
    pub async fn receive(&self, body: Body, most: u64) -> ApiResult<Received> {
        let temporary = Path::from(format!("{UPLOADS}/{:032x}", rand::random::<u128>()));
        let mut writer =
            BufWriter::with_capacity(Arc::clone(self.store()?), temporary.clone(), PART)
                .with_max_concurrency(1);
        let mut hasher = Sha256::new();
        let (mut size, mut head) = (0u64, Vec::new());
        let mut parts = body.into_data_stream();
        while let Some(part) = parts.next().await {
            let refused = match part {
                Err(_) => Some(Problem::bad_request("The upload ended early")),
                Ok(part) => {
                    size += part.len() as u64;
                    if size > most {
                        Some(too_large(most))
                    } else {
                        if head.len() < 64 {
                            head.extend_from_slice(&part[..part.len().min(64)]);
                        }
                        hasher.update(&part);
                        writer.write_all(&part).await.err().map(unreachable)
                    }
                }
            };
            if let Some(problem) = refused {
                let _ = writer.abort().await;
                return Err(problem);
            }
        }
        writer.shutdown().await.map_err(unreachable)?;
        Ok(Received {
            temporary,
            sha256: hasher.finalize().to_vec(),
            size,
            format: image::guess_format(&head).ok().filter(|format| {
                matches!(
                    format,
                    ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Gif | ImageFormat::WebP
                )
            }),
        })
    }

    /// Size and thumbnail of an image that was received; nothing when it cannot be read within the limits.
    pub async fn preview(&self, received: &Received) -> ApiResult<Preview> {
        let Some(format) = received.format.filter(|_| received.size <= IMAGE_FILE) else {
            return Ok(Preview::default());
        };
        let _turn = self.images.acquire().await.map_err(unreachable)?;
        let got = self.store()?.get(&received.temporary).await;
        let bytes = got
            .map_err(unreachable)?
            .bytes()
            .await
            .map_err(unreachable)?;
        tokio::task::spawn_blocking(move || preview(&bytes, format))
            .await
            .map_err(unreachable)
    }

    /// Puts what was received in its place. The caller holds the lock on the blob's row.
    pub async fn keep(&self, received: &Received, thumbnail: Option<Vec<u8>>) -> ApiResult<()> {
        let sha256 = crate::auth::hex(&received.sha256);
        let store = self.store()?;
        if let Some(thumbnail) = thumbnail {
            let to = place(THUMBNAILS, &sha256);
            store
                .put(&to, PutPayload::from(thumbnail))
                .await
                .map_err(unreachable)?;
        }
        store
            .rename(&received.temporary, &place(BLOBS, &sha256))
            .await
            .map_err(unreachable)
    }

    pub async fn discard(&self, received: &Received) {
        if let Ok(store) = self.store() {
            // What is left behind is swept after a day.
            let _ = store.delete(&received.temporary).await;
        }
    }

    /// A content, or a part of it, as a stream.
    pub async fn read(&self, sha256: &str, range: Option<Range<u64>>) -> ApiResult<Body> {
        let options = GetOptions {
            range: range.map(GetRange::Bounded),
            ..GetOptions::default()
        };
        let got = self
            .store()?
            .get_opts(&place(BLOBS, sha256), options)
            .await
            .map_err(unreachable)?;
        Ok(Body::from_stream(got.into_stream()))
    }

    pub async fn thumbnail(&self, sha256: &str) -> ApiResult<Bytes> {
        let got = self.store()?.get(&place(THUMBNAILS, sha256)).await;
        got.map_err(unreachable)?.bytes().await.map_err(unreachable)
    }

    /// Removes contents; what is gone already is no error.
    pub async fn remove(&self, sha256: &str) -> ApiResult<()> {
        for folder in [BLOBS, THUMBNAILS] {
            match self.store()?.delete(&place(folder, sha256)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(unreachable(error)),
            }
        }
        Ok(())
    }

    /// Uploads that were left behind before this time go; answers the contents that are older than it.
    pub async fn old(&self, before: chrono::DateTime<chrono::Utc>) -> ApiResult<Vec<String>> {
        if let Place::Folder(folder) = &self.place
            && !folder.exists()
        {
            return Ok(Vec::new());
        }
        let store = self.store()?;
        let left = store.list(Some(&Path::from(UPLOADS)));
        let left: Vec<Path> = left
            .try_filter(|object| std::future::ready(object.last_modified < before))
            .map_ok(|object| object.location)
            .try_collect()
            .await
            .map_err(unreachable)?;
        for path in left {
            let _ = store.delete(&path).await;
        }
        store
            .list(Some(&Path::from(BLOBS)))
            .try_filter(|object| std::future::ready(object.last_modified < before))
            .map_ok(|object| object.location.filename().unwrap_or_default().to_owned())
            .try_filter(|name| std::future::ready(name.len() == 64))
            .try_collect()
            .await
            .map_err(unreachable)
    }
}

pub fn too_large(most: u64) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("A file has at most {most} bytes here"),
        Some("Send a smaller file, or ask an administrator for a higher limit."),
    )
}

/// Runs on a thread of its own: unpacking is work, and a hostile image is bounded by its limits.
fn preview(bytes: &[u8], format: ImageFormat) -> Preview {
    let mut limits = Limits::default();
    limits.max_image_width = Some(IMAGE_SIDE);
    limits.max_image_height = Some(IMAGE_SIDE);
    limits.max_alloc = Some(IMAGE_MEMORY);
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
