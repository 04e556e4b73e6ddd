//! Bulk jobs: one batch of each in turn, with the identity of its owner. A batch and its progress are one transaction,
//! so a worker may die at any moment and another continues.

use super::{set_aside, tasks};
use crate::db::error::{Detailed, is_transient};
use crate::db::identity::Identity;
use anyhow::{Context, Result};
use deadpool_postgres::{Client, Pool};
use std::time::Duration;
use tokio_postgres::types::Type;

const PAUSE: Duration = Duration::from_secs(1);
/// Roles that the worker may assume.
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
                let error = Detailed(error.as_ref());
                tracing::warn!(%error, "bulk jobs will be tried again");
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// One batch of every waiting job; whether any made progress.
pub async fn round(pool: &Pool) -> Result<bool> {
    let mut client = pool.get().await?;
    if !tasks::begins(&client, "bulk").await? {
        return Ok(false);
    }
    let (mut after, mut moved) = (0, false);
    while let Some(job) = next(&client, after).await? {
        after = job.id;
        let item = format!("job {}", job.id);
        match batch(&mut client, &job).await {
            Ok(()) => {
                moved = true;
                set_aside::resolve(&client, "bulk", &item).await?;
            }
            Err(error) => match error.code() {
                Some(code) if code.code() == "TK401" => {
                    end(&client, &job, "whoever asked may no longer log in").await?;
                }
                // A deadlock, or another worker has it: the batch was rolled back, and comes again.
                Some(code) if is_transient(code) => {}
                _ => set_aside::put(&client, "bulk", &item, &error).await?,
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
    let Some(role) = ROLES.into_iter().find(|role| *role == job.role) else {
        tracing::warn!(job = job.id, "a bulk job of a role that may have none");
        return Ok(());
    };
    let owner = Identity {
        role,
        claims: job.claims.clone(),
    };
    let transaction = client.transaction().await?;
    owner.assume(&transaction).await?;
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
