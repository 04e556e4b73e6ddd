//! Background work: loops that call one SQL function each. Partitions are made ahead of time, the audit log
//! is sealed, what has run out is swept; triggers and automations speak, what search
//! looks through follows what was written, people are told, e-mails go out, bulk jobs and jobs over fields run.

pub mod bulk;
pub mod files;
pub mod indexes;
pub mod mail;
pub mod watchdog;

use deadpool_postgres::Pool;
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(5);
/// How long a trigger may keep a customer waiting, and a new word stay unfound.
const LISTEN: Duration = Duration::from_millis(250);

pub async fn run(pool: Pool) {
    tokio::join!(
        maintain(&pool),
        hear(&pool, "select api._run_rules()"),
        hear(&pool, "select api._run_search()"),
        hear(&pool, "select api._run_notifications()"),
        hear(&pool, "select api._run_field_jobs()"),
        bulk::run(&pool),
        watchdog::run(&pool)
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

/// Goes through the feed of events, round by round; a round answers whether there may be more to hear.
async fn hear(pool: &Pool, round: &'static str) {
    loop {
        let pause = match heard(pool, round).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => LISTEN,
            Err(error) => {
                tracing::warn!(%error, round, "will be tried again");
                PAUSE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

async fn heard(pool: &Pool, round: &str) -> anyhow::Result<bool> {
    let client = pool.get().await?;
    let rows = client.query_typed(round, &[]).await?;
    Ok(rows.first().is_some_and(|row| row.get(0)))
}

/// One round; any number of processes may run it at once.
pub async fn once(pool: &Pool) -> anyhow::Result<()> {
    let client = pool.get().await?;
    client
        .query_typed("select api._maintain()::text", &[])
        .await?;
    client.query_typed("select api._empty_trash()", &[]).await?;
    client
        .query_typed("select api._make_partitions()", &[])
        .await?;
    Ok(())
}
