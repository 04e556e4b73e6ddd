//! Sweeps of the file store: abandoned uploads each minute, contents that nothing refers to once a day.

use super::{set_aside, tasks};
use crate::db::error::Detailed;
use crate::error::Problem;
use crate::store::files::Files;
use chrono::{DateTime, Utc};
use deadpool_postgres::Pool;
use std::time::{Duration, Instant};
use tokio_postgres::Client;
use tokio_postgres::types::Type;

/// Its name among the workers that set items aside.
const WORKER: &str = "files";
const PAUSE: Duration = Duration::from_mins(1);
/// Between two looks through the whole store, which takes a request for each thousand contents.
const LOOK: Duration = Duration::from_hours(24);

pub async fn run(pool: Pool, files: Files) {
    let mut looked: Option<Instant> = None;
    loop {
        let look = looked.is_none_or(|at| at.elapsed() >= LOOK);
        match sweep(&pool, &files, look).await {
            Ok(()) if look => looked = Some(Instant::now()),
            Ok(()) => {}
            Err(error) => {
                let error = Detailed(error.as_ref());
                tracing::warn!(%error, "files will be swept again");
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Removes uploads that nobody attached and contents that nothing refers to; with `look`, also what a
/// process that died left in the store.
pub async fn sweep(pool: &Pool, files: &Files, look: bool) -> anyhow::Result<()> {
    let mut client = pool.get().await?;
    if !tasks::begins(&client, "files").await? {
        return Ok(());
    }
    client
        .query_typed("select worker.sweep_uploads()", &[])
        .await?;
    loop {
        // Their rows go with them or stay with them.
        let transaction = client.transaction().await?;
        let rows = transaction
            .query_typed("select worker.sweep_blobs()", &[])
            .await?;
        let unused: Vec<String> = rows.first().map(|row| row.get(0)).unwrap_or_default();
        let mut stuck = None;
        for sha256 in &unused {
            if let Err(problem) = files.remove(sha256).await {
                stuck = Some((sha256, failed(problem)));
                break;
            }
        }
        match stuck {
            None => transaction.commit().await?,
            // Its row stays, and so do those of the others that were taken with it; they come again at once.
            Some((sha256, error)) => {
                transaction.rollback().await?;
                set_aside::put(&client, WORKER, sha256, error.as_ref()).await?;
            }
        }
        if unused.is_empty() {
            break;
        }
    }
    // What is due again: a content that no row refers to, or one that has gone or is in use since.
    let due = set_aside::due(&client, WORKER).await?;
    let strays = remove_orphans(&mut client, files, &due).await?;
    for sha256 in due.iter().filter(|sha256| !strays.contains(*sha256)) {
        set_aside::resolve(&client, WORKER, sha256).await?;
    }
    if !look {
        return Ok(());
    }
    let rows = client
        .query_typed("select autocrm.now() - interval '1 day'", &[])
        .await?;
    let before: DateTime<Utc> = rows.first().map(|row| row.get(0)).unwrap_or_default();
    for some in files.old(before).await.map_err(failed)?.chunks(1000) {
        remove_orphans(&mut client, files, some).await?;
    }
    Ok(())
}

/// Removes those of these contents that have no row; answers which they were.
async fn remove_orphans(
    client: &mut Client,
    files: &Files,
    contents: &[String],
) -> anyhow::Result<Vec<String>> {
    let rows = client
        .query_typed(
            "select worker.find_orphans($1)",
            &[(&contents, Type::TEXT_ARRAY)],
        )
        .await?;
    let strays: Vec<String> = rows.first().map(|row| row.get(0)).unwrap_or_default();
    let waiting = set_aside::waiting(client, WORKER).await?;
    for sha256 in strays.iter().filter(|sha256| !waiting.contains(*sha256)) {
        let mut stuck = None;
        let transaction = client.transaction().await?;
        let rows = transaction
            .query_typed("select worker.lock_orphan($1)", &[(&sha256, Type::TEXT)])
            .await?;
        if rows.first().is_some_and(|row| row.get(0)) {
            stuck = files.remove(sha256).await.err().map(failed);
        }
        transaction.rollback().await?;
        match stuck {
            Some(error) => set_aside::put(client, WORKER, sha256, error.as_ref()).await?,
            None => set_aside::resolve(client, WORKER, sha256).await?,
        }
    }
    Ok(strays)
}

fn failed(problem: Problem) -> anyhow::Error {
    anyhow::anyhow!(problem.detail)
}
