//! Bulk jobs: one batch of each in turn, as whoever asked for it. A batch and its books are one transaction,
//! so a worker may die at any moment and another goes on where it stood.

use super::{done_at_last, put_aside};
use crate::caller::{IDENTITY, Params};
use crate::told::Told;
use anyhow::{Context, Result};
use deadpool_postgres::{Client, Pool};
use std::time::Duration;
use tokio_postgres::types::Type;

const PAUSE: Duration = Duration::from_secs(1);
/// Whom the worker may become.
const ROLES: [&str; 3] = ["autocrm_admin", "autocrm_agent", "autocrm_integration"];

struct Job {
    id: i64,
    role: String,
    claims: String,
}

pub async fn run(pool: &Pool) {
    loop {
        match round(pool).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                let error = Told(error.as_ref());
                tracing::warn!(%error, "bulk jobs will be tried again");
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// One batch of every job that waits; whether any went on. Any number of processes may do so at once.
pub async fn round(pool: &Pool) -> Result<bool> {
    let mut client = pool.get().await?;
    let (mut after, mut moved) = (0, false);
    while let Some(job) = next(&client, after).await? {
        after = job.id;
        let item = format!("job {}", job.id);
        match batch(&mut client, &job).await {
            Ok(()) => {
                moved = true;
                done_at_last(&client, "bulk", &item).await?;
            }
            Err(error) => match error.as_db_error().map(|db| db.code().code().to_owned()) {
                // Whoever asked may no longer log in.
                Some(code) if code == "TK401" => {
                    end(&client, &job, "whoever asked may no longer log in").await?;
                }
                // A deadlock, or another worker is at it: the batch never was, and comes again.
                Some(code) if matches!(code.as_str(), "40001" | "40P01" | "55P03") => {}
                _ => put_aside(&client, "bulk", &item, &error).await?,
            },
        }
    }
    Ok(moved)
}

async fn next(client: &Client, after: i64) -> Result<Option<Job>> {
    let rows = client
        .query_typed(
            "select id, role, claims from worker.waiting_bulk_job($1)",
            &[(&after, Type::INT8)],
        )
        .await?;
    Ok(rows.first().map(|row| Job {
        id: row.get(0),
        role: row.get(1),
        claims: row.get(2),
    }))
}

async fn batch(client: &mut Client, job: &Job) -> Result<(), tokio_postgres::Error> {
    if !ROLES.contains(&job.role.as_str()) {
        tracing::warn!(job = job.id, "a bulk job of nobody who may have one");
        return Ok(());
    }
    let transaction = client.transaction().await?;
    let identity: Params<'_> = &[(&job.role, Type::TEXT), (&job.claims, Type::TEXT)];
    transaction.query_typed(IDENTITY, identity).await?;
    transaction
        .query_typed(
            "select api._run_bulk_job($1)::text",
            &[(&job.id, Type::INT8)],
        )
        .await?;
    transaction.commit().await
}

async fn end(client: &Client, job: &Job, problem: &str) -> Result<()> {
    client
        .query_typed(
            "select worker.end_bulk_job($1, $2)",
            &[(&job.id, Type::INT8), (&problem, Type::TEXT)],
        )
        .await
        .context("ending a bulk job")?;
    Ok(())
}
