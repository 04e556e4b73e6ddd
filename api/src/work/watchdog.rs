//! The watchdog of SQL prompts. Role settings limit a session from its start, but its user can change them; this checks
//! from outside, each second, and ends sessions whose statement or transaction exceeds a limit of the desk.

use crate::db::calls::value;
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

/// One round; the sessions that it ended, with the reasons.
pub async fn once(pool: &Pool) -> anyhow::Result<Value> {
    let client = pool.get().await?;
    let ended = value(&**client, "select worker.end_overdue()", &[]).await?;
    Ok(ended.unwrap_or(Value::Null))
}
