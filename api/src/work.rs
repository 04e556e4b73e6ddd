//! Background work: loops that call one SQL function each. Partitions are made ahead of time, the audit log
//! is sealed, what has run out is swept; triggers and automations speak, people are told, bulk jobs run.

pub mod bulk;
pub mod files;

use deadpool_postgres::Pool;
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(5);
/// How long a trigger may keep a customer waiting, and a notification its reader.
const LISTEN: Duration = Duration::from_millis(250);

pub async fn run(pool: Pool) {
    tokio::join!(
        maintain(&pool),
        rules(&pool),
        notifications(&pool),
        bulk::run(&pool)
    );
}

async fn maintain(pool: &Pool) {
    loop {
        if let Err(error) = once(pool).await {
            tracing::warn!(%error, "background work will be tried again");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn rules(pool: &Pool) {
    loop {
        let pause = match run_rules(pool).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => LISTEN,
            Err(error) => {
                tracing::warn!(%error, "triggers and automations will be tried again");
                PAUSE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

async fn notifications(pool: &Pool) {
    loop {
        let pause = match run_notifications(pool).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => LISTEN,
            Err(error) => {
                tracing::warn!(%error, "notifications will be tried again");
                PAUSE
            }
        };
        tokio::time::sleep(pause).await;
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

/// One round of triggers and automations; answers whether there may be more to do.
pub async fn run_rules(pool: &Pool) -> anyhow::Result<bool> {
    let client = pool.get().await?;
    let rows = client.query_typed("select api._run_rules()", &[]).await?;
    Ok(rows.first().is_some_and(|row| row.get(0)))
}

/// One round of notifications; answers whether there may be more to do.
pub async fn run_notifications(pool: &Pool) -> anyhow::Result<bool> {
    let client = pool.get().await?;
    let rows = client
        .query_typed("select api._run_notifications()", &[])
        .await?;
    Ok(rows.first().is_some_and(|row| row.get(0)))
}
