//! Files that nothing refers to are removed: uploads left behind at once, the whole store once a day.

use crate::error::Problem;
use crate::files::Files;
use chrono::{DateTime, Utc};
use deadpool_postgres::Pool;
use std::time::{Duration, Instant};
use tokio_postgres::types::Type;

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
            Err(error) => tracing::warn!(%error, "files will be swept again"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Removes uploads that nobody attached and contents that nothing refers to; with `look`, also what a
/// process that died left in the store.
pub async fn sweep(pool: &Pool, files: &Files, look: bool) -> anyhow::Result<()> {
    let mut client = pool.get().await?;
    client
        .query_typed("select api._sweep_uploads()", &[])
        .await?;
    loop {
        // Their rows go with them or stay with them.
        let transaction = client.transaction().await?;
        let rows = transaction
            .query_typed("select api._sweep_blobs()", &[])
            .await?;
        let unused: Vec<String> = rows.first().map(|row| row.get(0)).unwrap_or_default();
        for sha256 in &unused {
            files.remove(sha256).await.map_err(told)?;
        }
        transaction.commit().await?;
        if unused.is_empty() {
            break;
        }
    }
    if !look {
        return Ok(());
    }
    let rows = client
        .query_typed("select autocrm.now() - interval '1 day'", &[])
        .await?;
    let before: DateTime<Utc> = rows.first().map(|row| row.get(0)).unwrap_or_default();
    for some in files.old(before).await.map_err(told)?.chunks(1000) {
        let rows = client
            .query_typed("select api._strays($1)", &[(&some, Type::TEXT_ARRAY)])
            .await?;
        let strays: Vec<String> = rows.first().map(|row| row.get(0)).unwrap_or_default();
        for sha256 in strays {
            let transaction = client.transaction().await?;
            let rows = transaction
                .query_typed("select api._hold_stray($1)", &[(&sha256, Type::TEXT)])
                .await?;
            if rows.first().is_some_and(|row| row.get(0)) {
                files.remove(&sha256).await.map_err(told)?;
            }
            transaction.rollback().await?;
        }
    }
    Ok(())
}

fn told(problem: Problem) -> anyhow::Error {
    anyhow::anyhow!(problem.detail)
}
