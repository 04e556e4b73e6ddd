//! Files in an S3-compatible store: a small one that keeps everything in memory and speaks just what is asked of it.

use autocrm_api::config::Config;
use autocrm_api::model::Attachment;
use autocrm_api::store::files::Files;
use autocrm_api::{db, serve, work};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use clap::Parser;
use harness::desk::Desk;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::sync::{Arc, Mutex};

#[derive(Default)]
struct Bucket {
    objects: BTreeMap<String, Bytes>,
    parts: BTreeMap<String, BTreeMap<u32, Bytes>>,
    /// Requests without a signature of the key that the desk was given.
    unsigned: usize,
}

type Shared = Arc<Mutex<Bucket>>;

fn xml(body: &str) -> Response {
    ([(header::CONTENT_TYPE, "application/xml")], body.to_owned()).into_response()
}

fn stored() -> Response {
    [(header::ETAG, "\"e\"")].into_response()
}

async fn s3(
    State(bucket): State<Shared>,
    method: Method,
    uri: Uri,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut bucket = bucket.lock().expect("a bucket");
    let signed = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("Credential=desk-key/"));
    bucket.unsigned += usize::from(!signed);
    let key = uri
        .path()
        .trim_start_matches("/files")
        .trim_start_matches('/')
        .to_owned();
    let upload = query.get("uploadId").cloned();
    match (method, upload) {
        (Method::POST, None) if query.contains_key("uploads") => xml(&format!(
            "<InitiateMultipartUploadResult><UploadId>{key}</UploadId></InitiateMultipartUploadResult>"
        )),
        (Method::POST, Some(upload)) => {
            let parts = bucket.parts.remove(&upload).unwrap_or_default();
            let whole: Vec<u8> = parts.into_values().flatten().collect();
            bucket.objects.insert(key, whole.into());
            xml("<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>")
        }
        (Method::POST, None) => {
            // A list of keys to delete.
            let text = String::from_utf8_lossy(&body).into_owned();
            let mut answer = String::from("<DeleteResult>");
            for key in text
                .split("<Key>")
                .skip(1)
                .filter_map(|rest| rest.split("</Key>").next())
            {
                bucket.objects.remove(key);
                let _ = write!(answer, "<Deleted><Key>{key}</Key></Deleted>");
            }
            xml(&(answer + "</DeleteResult>"))
        }
        (Method::PUT, Some(upload)) => {
            let number = query["partNumber"].parse().expect("a number");
            bucket.parts.entry(upload).or_default().insert(number, body);
            stored()
        }
        (Method::PUT, None) => {
            let source = headers
                .get("x-amz-copy-source")
                .and_then(|v| v.to_str().ok())
                .map(|from| from.trim_start_matches('/').trim_start_matches("files/"));
            let Some(from) = source else {
                bucket.objects.insert(key, body);
                return stored();
            };
            let Some(object) = bucket.objects.get(from).cloned() else {
                return StatusCode::NOT_FOUND.into_response();
            };
            bucket.objects.insert(key, object);
            xml("<CopyObjectResult><ETag>\"e\"</ETag></CopyObjectResult>")
        }
        (Method::DELETE, _) => {
            bucket.objects.remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        _ if query.contains_key("list-type") => {
            let prefix = query.get("prefix").cloned().unwrap_or_default();
            let mut answer = String::from("<ListBucketResult>");
            for (key, object) in bucket
                .objects
                .iter()
                .filter(|(key, _)| key.starts_with(&prefix))
            {
                let _ = write!(
                    answer,
                    "<Contents><Key>{key}</Key><LastModified>2020-01-01T00:00:00.000Z</LastModified><ETag>\"e\"</ETag><Size>{}</Size></Contents>",
                    object.len()
                );
            }
            xml(&(answer + "</ListBucketResult>"))
        }
        _ => {
            let Some(object) = bucket.objects.get(&key).cloned() else {
                return StatusCode::NOT_FOUND.into_response();
            };
            let size = object.len();
            let range = headers
                .get(header::RANGE)
                .and_then(|range| range.to_str().ok()?.strip_prefix("bytes=")?.split_once('-'))
                .and_then(|(from, to)| {
                    Some((from.parse::<usize>().ok()?, to.parse::<usize>().ok()?))
                });
            let modified = (
                header::LAST_MODIFIED,
                "Wed, 01 Jan 2020 00:00:00 GMT".to_owned(),
            );
            let tag = (header::ETAG, "\"e\"".to_owned());
            match range {
                Some((from, to)) => (
                    StatusCode::PARTIAL_CONTENT,
                    [
                        modified,
                        tag,
                        (header::CONTENT_RANGE, format!("bytes {from}-{to}/{size}")),
                    ],
                    Body::from(object.slice(from..=to)),
                )
                    .into_response(),
                None => ([modified, tag], Body::from(object)).into_response(),
            }
        }
    }
}

#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    config: Config,
}

#[tokio::test]
async fn a_bucket_serves_as_well_as_a_folder() {
    let desk = Desk::open().await;
    let (ada, tom) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    let bucket = Shared::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let app = Router::new()
        .fallback(s3)
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(Arc::clone(&bucket));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let url = desk.api_url();
    let config = Settings::parse_from([
        "x",
        "--database-url",
        &url,
        "--secret",
        harness::desk::SECRET,
        "--s3-bucket",
        "files",
        "--s3-endpoint",
        &endpoint,
        "--s3-access-key",
        "desk-key",
        "--s3-secret-key",
        "desk-secret",
    ])
    .config;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(serve::serve(
        listener,
        config.clone(),
        std::future::pending(),
    ));
    let http = reqwest::Client::new();
    let token = ada.token.clone().expect("a token");
    // Larger than a part, so that it goes in several; and one that goes in one.
    let large: Vec<u8> = (0..5_000_000u32).flat_map(u32::to_le_bytes).collect();
    let mut ids = Vec::new();
    for bytes in [large.clone(), b"small".to_vec(), large.clone()] {
        let sent = http
            .post(format!("{address}/api/attachments?name=x.bin"))
            .bearer_auth(&token)
            .body(bytes)
            .send()
            .await
            .expect("answers");
        assert_eq!(
            sent.status(),
            201,
            "{}",
            sent.text().await.unwrap_or_default()
        );
        ids.push(sent.json::<Attachment>().await.expect("an attachment").id);
    }
    assert_eq!(
        bucket.lock().expect("a bucket").objects.len(),
        2,
        "the same content once, and nothing half"
    );

    let content = |id: i64| format!("{address}/api/attachments/{id}/content");
    let whole = http
        .get(content(ids[0]))
        .bearer_auth(&token)
        .send()
        .await
        .expect("answers");
    assert_eq!(whole.bytes().await.expect("bytes"), large);
    let part = http
        .get(content(ids[0]))
        .bearer_auth(&token)
        .header("range", "bytes=100-199")
        .send()
        .await
        .expect("answers");
    assert_eq!(part.status(), 206);
    assert_eq!(part.bytes().await.expect("bytes"), large[100..200]);
    let foreign = http
        .get(content(ids[1]))
        .bearer_auth(tom.token.expect("a token"))
        .send()
        .await
        .expect("answers");
    assert_eq!(foreign.status(), 404);

    desk.run("update app.attachments set created_at = now() - interval '2 days'; update app.blobs set stored_at = now() - interval '2 days'").await;
    bucket
        .lock()
        .expect("a bucket")
        .objects
        .insert(format!("blobs/ab/{}", "ab".repeat(32)), Bytes::new());
    let pool = db::pool(&config).expect("a pool");
    work::files::sweep(&pool, &Files::new(&config), true)
        .await
        .expect("sweeps");
    let bucket = bucket.lock().expect("a bucket");
    assert_eq!(bucket.objects.len(), 0);
    assert_eq!(bucket.unsigned, 0, "every request is signed");
}
