//! The object store, a folder or an S3 bucket: contents under their SHA-256, streamed in and out. It knows no
//! permissions; Postgres decides those before.

use super::preview::{self, Preview};
use crate::config::Config;
use crate::error::{ApiResult, Problem};
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use futures_util::{StreamExt, TryStreamExt};
use image::ImageFormat;
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;

/// The part of an upload held in memory, twice at most while a part is being sent.
const PART: usize = 8 << 20;
const UPLOADS: &str = "uploads";
const BLOBS: &str = "blobs";
const THUMBNAILS: &str = "thumbnails";

pub struct Files {
    location: Location,
    store: OnceLock<Arc<dyn ObjectStore>>,
    /// Decoding an image takes memory, so few are decoded at once.
    images: Arc<Semaphore>,
}

enum Location {
    Folder(PathBuf),
    Bucket(Box<AmazonS3Builder>),
}

/// A received upload, still under a temporary name.
pub struct Received {
    temporary: Path,
    pub sha256: Vec<u8>,
    pub size: u64,
    pub format: Option<ImageFormat>,
}

fn unreachable(error: impl std::fmt::Display) -> Problem {
    tracing::error!(%error, "the file store failed");
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "The file store cannot be reached",
        Some("Try again in a moment."),
    )
}

fn path(folder: &str, sha256: &str) -> Path {
    Path::from(format!(
        "{folder}/{}/{sha256}",
        &sha256[..2.min(sha256.len())]
    ))
}

impl Files {
    pub fn new(config: &Config) -> Self {
        let location = match &config.s3_bucket {
            None => Location::Folder(config.files.clone()),
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
                Location::Bucket(Box::new(s3))
            }
        };
        Self {
            location,
            store: OnceLock::new(),
            images: Arc::new(Semaphore::new(2)),
        }
    }

    /// Opened on first use: a desk without files needs no folder.
    fn store(&self) -> ApiResult<&Arc<dyn ObjectStore>> {
        if let Some(store) = self.store.get() {
            return Ok(store);
        }
        let store: Arc<dyn ObjectStore> = match &self.location {
            Location::Folder(folder) => {
                std::fs::create_dir_all(folder).map_err(unreachable)?;
                Arc::new(LocalFileSystem::new_with_prefix(folder).map_err(unreachable)?)
            }
            Location::Bucket(s3) => Arc::new(s3.as_ref().clone().build().map_err(unreachable)?),
        };
        Ok(self.store.get_or_init(|| store))
    }

    /// Receives a body part by part; refuses it once it exceeds `most` bytes.
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
                Err(_) => Some(Problem::bad_request(
                    "The upload ended early",
                    "Send the whole file again.",
                )),
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

    /// Size and thumbnail of a received image; empty when it cannot be read within the limits.
    pub async fn preview(&self, received: &Received) -> ApiResult<Preview> {
        let Some(format) = received
            .format
            .filter(|_| received.size <= preview::LARGEST_FILE)
        else {
            return Ok(Preview::default());
        };
        let _turn = self.images.acquire().await.map_err(unreachable)?;
        let got = self.store()?.get(&received.temporary).await;
        let bytes = got
            .map_err(unreachable)?
            .bytes()
            .await
            .map_err(unreachable)?;
        tokio::task::spawn_blocking(move || preview::preview(&bytes, format))
            .await
            .map_err(unreachable)
    }

    /// Moves a received upload to its final path. The caller holds the lock on the blob's row.
    pub async fn keep(&self, received: &Received, thumbnail: Option<Vec<u8>>) -> ApiResult<()> {
        let sha256 = hex::encode(&received.sha256);
        let store = self.store()?;
        if let Some(thumbnail) = thumbnail {
            let to = path(THUMBNAILS, &sha256);
            store
                .put(&to, PutPayload::from(thumbnail))
                .await
                .map_err(unreachable)?;
        }
        store
            .rename(&received.temporary, &path(BLOBS, &sha256))
            .await
            .map_err(unreachable)
    }

    pub async fn discard(&self, received: &Received) {
        if let Ok(store) = self.store() {
            // An upload that stays behind is swept after a day.
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
            .get_opts(&path(BLOBS, sha256), options)
            .await
            .map_err(unreachable)?;
        Ok(Body::from_stream(got.into_stream()))
    }

    pub async fn thumbnail(&self, sha256: &str) -> ApiResult<Bytes> {
        let got = self.store()?.get(&path(THUMBNAILS, sha256)).await;
        got.map_err(unreachable)?.bytes().await.map_err(unreachable)
    }

    /// Removes contents; absent ones are no error.
    pub async fn remove(&self, sha256: &str) -> ApiResult<()> {
        for folder in [BLOBS, THUMBNAILS] {
            match self.store()?.delete(&path(folder, sha256)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(unreachable(error)),
            }
        }
        Ok(())
    }

    /// Removes temporary uploads older than this time; the digests of contents that are older.
    pub async fn old(&self, before: chrono::DateTime<chrono::Utc>) -> ApiResult<Vec<String>> {
        if let Location::Folder(folder) = &self.location
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
