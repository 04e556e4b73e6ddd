//! Maintenance: partitions ahead of time, seals of the audit, sweeps and recounts, one SQL call and transaction each.

use super::set_aside;
use crate::db::calls::value;
use crate::db::error::Detailed;
use deadpool_postgres::Pool;
use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_secs(5);

/// The steps with their intervals. Those that lock agents' loads come last.
const STEPS: &[(&str, Duration)] = &[
    ("partitions", PAUSE),
    ("idempotency_keys", PAUSE),
    ("log_in_attempts", PAUSE),
    ("sessions", PAUSE),
    ("tag_counts", PAUSE),
    ("ticket_counts", PAUSE),
    ("notifications", PAUSE),
    ("audit", PAUSE),
    ("trash", PAUSE),
    ("connections", PAUSE),
    ("waiting", PAUSE),
    // Reads all open tickets.
    ("books", Duration::from_mins(10)),
];

pub async fn run(pool: &Pool) {
    let mut due = [Instant::now(); STEPS.len()];
    loop {
        let now = Instant::now();
        let mut steps = Vec::with_capacity(STEPS.len());
        for (due, (step, every)) in due.iter_mut().zip(STEPS) {
            if *due <= now {
                *due = now + *every;
                steps.push(*step);
            }
        }
        if let Err(error) = round(pool, &steps).await {
            let error = Detailed(error.as_ref());
            tracing::warn!(%error, "background work will be tried again");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// One round of every step; any number of processes may run it at once.
pub async fn once(pool: &Pool) -> anyhow::Result<()> {
    let steps: Vec<&str> = STEPS.iter().map(|(step, _)| *step).collect();
    round(pool, &steps).await
}

/// A step that fails is set aside, and the others are taken.
async fn round(pool: &Pool, steps: &[&str]) -> anyhow::Result<()> {
    let client = pool.get().await?;
    let waiting = set_aside::waiting(&client, "maintenance").await?;
    for step in steps {
        if waiting.iter().any(|item| item == step) {
            continue;
        }
        let done: Result<Option<i64>, _> = value(
            &**client,
            "select case when worker.begins('maintenance: ' || $1) then worker.maintain($1) end",
            &[step],
        )
        .await;
        match done {
            Ok(count) => {
                if *step == "books" && count.is_some_and(|count| count > 0) {
                    tracing::error!(
                        agents = count,
                        "agents' work was miscounted and is recounted; the audit of agent_loads names them"
                    );
                }
                set_aside::resolve(&client, "maintenance", step).await?;
            }
            Err(error) => set_aside::put(&client, "maintenance", step, &error).await?,
        }
    }
    Ok(())
}
