//! The watchdog of SQL prompts. Role settings limit a session from its start, but its user can change them; this checks
//! from outside, twice a second, and ends sessions whose statement or transaction exceeds a limit of the desk, or for
//! whose locks the API waits.

use crate::db::calls::value;
use crate::db::error::Detailed;
use deadpool_postgres::Pool;
use serde_json::Value;
use std::collections::HashSet;
use std::time::Duration;

/// A request is given up after ten seconds, and may meet the locks of several prompts one after the other.
const PAUSE: Duration = Duration::from_millis(500);

pub async fn run(pool: &Pool) {
    let mut told = HashSet::new();
    loop {
        match once(pool).await {
            Ok(ended) => {
                for session in news(&mut told, &ended) {
                    tracing::warn!(%session, "a session at a SQL prompt was over its limit and has been ended");
                }
            }
            Err(error) => {
                let error = Detailed(error.as_ref());
                tracing::warn!(%error, "the watchdog will look again");
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// One round; the sessions that it ended, with the reasons.
pub async fn once(pool: &Pool) -> anyhow::Result<Value> {
    let client = pool.get().await?;
    // It is never paused; that it looks is noted in the same statement.
    let sql = "select case when worker.begins('watchdog') then worker.end_overdue() end";
    let ended = value(&**client, sql, &[]).await?;
    Ok(ended.unwrap_or(Value::Null))
}

/// Those that the last round did not name already: a session that takes its time to end is told once.
fn news<'a>(told: &mut HashSet<String>, ended: &'a Value) -> Vec<&'a Value> {
    let ended: Vec<&Value> = ended.as_array().into_iter().flatten().collect();
    let new = ended
        .iter()
        .copied()
        .filter(|session| !told.contains(name(session)))
        .collect();
    *told = ended
        .iter()
        .map(|session| name(session).to_owned())
        .collect();
    new
}

/// What tells a session from a later one with the same process id.
fn name(session: &Value) -> &str {
    session["session"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::news;
    use serde_json::json;
    use std::collections::HashSet;

    #[test]
    fn a_session_that_ends_slowly_is_told_once() {
        let mut told = HashSet::new();
        let (ann, ben) = (json!({"session": "7"}), json!({"session": "8"}));
        assert_eq!(news(&mut told, &json!([ann])), [&ann]);
        assert_eq!(news(&mut told, &json!([ann, ben])), [&ben]);
        assert!(news(&mut told, &json!([ann, ben])).is_empty());
        assert!(news(&mut told, &json!([])).is_empty());
        assert_eq!(
            news(&mut told, &json!([ben])),
            [&ben],
            "another of this name"
        );
    }
}
