//! Indexes on filterable fields, created and dropped while the desk works. CREATE INDEX CONCURRENTLY runs in no
//! function and no transaction, so it needs a connection of the owner.

use super::{set_aside, tasks};
use crate::db;
use crate::db::error::Detailed;
use anyhow::Result;
use std::time::Duration;
use tokio_postgres::Client;

const PAUSE: Duration = Duration::from_secs(30);

/// Maintains them as long as the process runs; without the owner's connection they are left as they are.
pub async fn run(url: Option<String>) {
    let Some(url) = url else {
        tracing::info!(
            "indexes on filterable fields need AUTOCRM_ADMIN_DATABASE_URL; they are left as they are"
        );
        return;
    };
    loop {
        if let Err(error) = keep(&url).await {
            let error = Detailed(error.as_ref());
            tracing::warn!(%error, "indexes on filterable fields will be tried again");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Drops indexes that are unwanted or invalid after a crash, then creates missing ones. One process at a time.
pub async fn keep(url: &str) -> Result<()> {
    let client = db::connect(url).await?;
    let alone: bool = client
        .query_one(
            "select pg_try_advisory_lock(hashtext('autocrm.field_indexes'))",
            &[],
        )
        .await?
        .get(0);
    if !alone {
        return Ok(());
    }
    if !tasks::begins(&client, "indexes").await? {
        return Ok(());
    }
    let waiting = set_aside::waiting(&client, "indexes").await?;
    // An invalid index is of a process that held the lock and has died.
    for (name, statement) in statements(&client).await? {
        // An index that was set aside is skipped, and so is dropping its invalid rest.
        if waiting.contains(&name) {
            continue;
        }
        tracing::info!(statement, "indexes on filterable fields");
        client.batch_execute("set role autocrm_owner").await?;
        let built = client.batch_execute(&statement).await;
        client.batch_execute("reset role").await?;
        match built {
            Ok(()) if statement.starts_with("create") => {
                set_aside::resolve(&client, "indexes", &name).await?;
            }
            Ok(()) => {}
            // Such as a value too long for an index: the other fields still get theirs.
            Err(error) => set_aside::put(&client, "indexes", &name, &error).await?,
        }
    }
    Ok(())
}

async fn statements(client: &Client) -> Result<Vec<(String, String)>> {
    let rows = client
        .query(
            "select name, statement from app.field_index_statements()",
            &[],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}
