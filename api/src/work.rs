//! Background work: loops that call one SQL function each. Partitions are made ahead of time, the audit log
//! is sealed, what has run out is swept; triggers and automations speak, what search
//! looks through follows what was written, people are told, e-mails go out, bulk jobs and jobs over fields run.

pub mod bulk;
pub mod files;
pub mod indexes;
pub mod mail;
pub mod watchdog;

use anyhow::Context;
use deadpool_postgres::Pool;
use std::time::{Duration, Instant};
use tokio_postgres::types::Type;

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

/// The steps of maintenance, each a call and a transaction of its own, and how often each is its turn. Those that
/// lock agents' books come last.
const STEPS: &[(&str, Duration)] = &[
    ("partitions", PAUSE),
    ("idempotency_keys", PAUSE),
    ("log_in_attempts", PAUSE),
    ("tag_counts", PAUSE),
    ("notifications", PAUSE),
    ("audit", PAUSE),
    ("trash", PAUSE),
    ("connections", PAUSE),
    ("waiting", PAUSE),
    // Reads all open tickets.
    ("books", Duration::from_secs(600)),
];

async fn maintain(pool: &Pool) {
    let mut due = [Instant::now(); STEPS.len()];
    loop {
        for (due, (name, every)) in due.iter_mut().zip(STEPS) {
            if *due > Instant::now() {
                continue;
            }
            *due = Instant::now() + *every;
            if let Err(error) = step(pool, name).await {
                tracing::warn!(
                    error = format!("{error:#}"),
                    step = name,
                    "maintenance will be tried again"
                );
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn step(pool: &Pool, name: &str) -> anyhow::Result<()> {
    let client = pool.get().await?;
    let rows = client
        .query_typed("select api._maintain($1)", &[(&name, Type::TEXT)])
        .await?;
    let done: i64 = rows
        .first()
        .and_then(|row| row.get::<_, Option<i64>>(0))
        .unwrap_or_default();
    if name == "books" && done > 0 {
        tracing::error!(
            agents = done,
            "the counts of agents' work were wrong and are corrected; the audit of agent_loads tells which"
        );
    }
    Ok(())
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

/// One round of all steps, whichever fail; any number of processes may run it at once.
pub async fn once(pool: &Pool) -> anyhow::Result<()> {
    let mut outcome = Ok(());
    for (name, _) in STEPS {
        let done = step(pool, name).await;
        outcome = outcome.and(done.with_context(|| format!("the step {name} of maintenance")));
    }
    outcome
}
