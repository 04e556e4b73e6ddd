//! Indexes on filterable fields, made and dropped beside the desk's work. CREATE INDEX CONCURRENTLY stands in no
//! function and no transaction, so it takes a connection of the owner.

use super::{done_at_last, put_aside, set_aside};
use anyhow::Result;
use std::time::Duration;
use tokio_postgres::Client;

const PAUSE: Duration = Duration::from_secs(30);

/// Keeps them as long as the process runs; without the owner's connection there is nothing to keep.
pub async fn run(url: Option<String>) {
    let Some(url) = url else {
        tracing::info!(
            "indexes on filterable fields need AUTOCRM_ADMIN_DATABASE_URL; they are left as they are"
        );
        return;
    };
    loop {
        if let Err(error) = keep(&url).await {
            let error = crate::told::Told(error.as_ref());
            tracing::warn!(%error, "indexes on filterable fields will be tried again");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Drops what nobody wants or a crash has left, then makes what is missing. One process at a time.
pub async fn keep(url: &str) -> Result<()> {
    let client = crate::db::connect(url).await?;
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
    let waiting = set_aside(&client, "indexes").await?;
    // Whoever built an index that is not valid held the lock, and has gone.
    for (name, statement) in statements(&client).await? {
        // One that was set aside is left out, and so is the taking down of what it left half-made.
        if waiting.contains(&name) {
            continue;
        }
        tracing::info!(statement, "indexes on filterable fields");
        client.batch_execute("set role autocrm_owner").await?;
        let built = client.batch_execute(&statement).await;
        client.batch_execute("reset role").await?;
        match built {
            Ok(()) if statement.starts_with("create") => {
                done_at_last(&client, "indexes", &name).await?;
            }
            Ok(()) => {}
            // A value too long for an index, say: the other fields have theirs.
            Err(error) => put_aside(&client, "indexes", &name, &error).await?,
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
