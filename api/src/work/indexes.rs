//! Indexes on filterable fields, made and dropped beside the desk's work. CREATE INDEX CONCURRENTLY stands in no
//! function and no transaction, so it takes a connection of the owner.

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
    // Whoever built an index that is not valid held the lock, and has gone.
    for statement in statements(&client).await? {
        tracing::info!(statement, "indexes on filterable fields");
        client.batch_execute("set role autocrm_owner").await?;
        client.batch_execute(&statement).await?;
    }
    Ok(())
}

async fn statements(client: &Client) -> Result<Vec<String>> {
    let rows = client
        .query("select statement from app.field_index_statements()", &[])
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
