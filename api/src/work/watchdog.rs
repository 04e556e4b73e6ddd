//! The watchdog of SQL prompts. Role settings limit people from the start, but anybody may change their own session's;
//! this looks from outside, each second, and ends whose statement or transaction is over a limit of the desk.

use deadpool_postgres::Pool;
use serde_json::Value;
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(1);

pub async fn run(pool: &Pool) {
    loop {
        match once(pool).await {
            Ok(ended) => {
                for session in ended.as_array().into_iter().flatten() {
                    tracing::warn!(%session, "a session at a SQL prompt was over its limit and has been ended");
                }
            }
            Err(error) => tracing::warn!(%error, "the watchdog will look again"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// One round; answers whom it ended, and why.
pub async fn once(pool: &Pool) -> anyhow::Result<Value> {
    let client = pool.get().await?;
    let rows = client
        .query_typed("select worker.end_overdue()", &[])
        .await?;
    Ok(rows.first().map_or(Value::Null, |row| row.get(0)))
}
