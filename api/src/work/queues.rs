//! The loops that follow the feed of events and work off queues: triggers and automations, the search index,
//! metrics, notifications, jobs over fields, retention and erasures, and retries of what was set aside.

use crate::db::calls::value;
use crate::db::error::{Detailed, has_transient_cause};
use deadpool_postgres::Pool;
use std::time::Duration;

/// After an error.
const PAUSE: Duration = Duration::from_secs(5);
/// The longest delay of a trigger, and of a new word in search.
const POLL: Duration = Duration::from_millis(250);

pub async fn run(pool: &Pool) {
    tokio::join!(
        follow(pool, "rules", "worker.run_rules()"),
        follow(pool, "search", "worker.run_search()"),
        follow(pool, "metrics", "worker.run_metrics()"),
        follow(pool, "notifications", "worker.run_notifications()"),
        follow(pool, "field_jobs", "worker.run_field_jobs()"),
        follow(pool, "retries", "worker.retry_failed()"),
        follow(pool, "retention", "worker.run_retention()"),
        follow(pool, "erasures", "worker.run_erasures()"),
    );
}

/// Round by round; a round answers whether there may be more.
async fn follow(pool: &Pool, task: &str, round: &str) {
    // A paused task has nothing to do.
    let sql = format!("select case when worker.begins('{task}') then {round} else false end");
    loop {
        let pause = match once(pool, &sql).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => POLL,
            Err(error) if has_transient_cause(error.as_ref()) => POLL,
            Err(error) => {
                let error = Detailed(error.as_ref());
                tracing::warn!(%error, task, "will be tried again");
                PAUSE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

async fn once(pool: &Pool, round: &str) -> anyhow::Result<bool> {
    let client = pool.get().await?;
    Ok(value(&**client, round, &[]).await?.unwrap_or(false))
}
