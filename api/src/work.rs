//! Background work: a loop that calls one SQL function. Partitions are made ahead of time, the audit log
//! is sealed, what has run out is swept; bulk jobs are run beside it.

pub mod bulk;

use deadpool_postgres::Pool;
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(5);

pub async fn run(pool: Pool) {
    tokio::join!(bulk::run(&pool), maintain(&pool));
}

async fn maintain(pool: &Pool) {
    loop {
        if let Err(error) = once(pool).await {
            tracing::warn!(%error, "background work will be tried again");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// One round; any number of processes may run it at once.
pub async fn once(pool: &Pool) -> anyhow::Result<()> {
    let client = pool.get().await?;
    client
        .query_typed("select api._maintain()::text", &[])
        .await?;
    client.query_typed("select api._empty_trash()", &[]).await?;
    Ok(())
}
