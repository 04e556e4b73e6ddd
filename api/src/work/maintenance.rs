//! Background work: loops that call one SQL function each. Partitions are made ahead of time, the audit log
//! is sealed, what has run out is swept; triggers and automations speak, what search
//! looks through follows what was written, people are told, e-mails go out, bulk jobs and jobs over fields run.

pub mod bulk;
pub mod files;
pub mod indexes;
pub mod mail;
pub mod watchdog;

use crate::told::{Told, by_database, passes};
use deadpool_postgres::Pool;
use std::error::Error;
use std::time::{Duration, Instant};
use tokio_postgres::Client;
use tokio_postgres::types::Type;

const PAUSE: Duration = Duration::from_secs(5);
/// How long a trigger may keep a customer waiting, and a new word stay unfound.
const LISTEN: Duration = Duration::from_millis(250);

pub async fn run(pool: Pool) {
    tokio::join!(
        maintain(&pool),
        hear(&pool, "select worker.run_rules()"),
        hear(&pool, "select worker.run_search()"),
        hear(&pool, "select worker.run_notifications()"),
        hear(&pool, "select worker.run_field_jobs()"),
        hear(&pool, "select worker.run_again()"),
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
    ("books", Duration::from_mins(10)),
];

async fn maintain(pool: &Pool) {
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
            let error = Told(error.as_ref());
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
            Err(error) if passes(error.as_ref()) => LISTEN,
            Err(error) => {
                let error = Told(error.as_ref());
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

/// One round of every step; any number of processes may run it at once.
pub async fn once(pool: &Pool) -> anyhow::Result<()> {
    let steps: Vec<&str> = STEPS.iter().map(|(step, _)| *step).collect();
    round(pool, &steps).await
}

/// A step that fails is set aside, and the others are taken.
async fn round(pool: &Pool, steps: &[&str]) -> anyhow::Result<()> {
    let client = pool.get().await?;
    let waiting = set_aside(&client, "maintenance").await?;
    for step in steps {
        if waiting.iter().any(|item| item == step) {
            continue;
        }
        let done = client
            .query_typed("select worker.maintain($1)", &[(step, Type::TEXT)])
            .await;
        match done {
            Ok(rows) => {
                let count = rows.first().and_then(|row| row.get::<_, Option<i64>>(0));
                if *step == "books" && count.is_some_and(|count| count > 0) {
                    tracing::error!(
                        agents = count,
                        "agents' work was miscounted and is counted anew; the audit of agent_loads tells whose"
                    );
                }
                done_at_last(&client, "maintenance", step).await?;
            }
            Err(error) => put_aside(&client, "maintenance", step, &error).await?,
        }
    }
    Ok(())
}

/// Notes what a worker could not do, with the reason, for `/api/set-aside`; it waits there for its time. What is
/// nobody's fault is only told in the log, and tried again with the next round.
pub(crate) async fn put_aside(
    client: &Client,
    worker: &str,
    item: &str,
    error: &(dyn Error + Send + Sync + 'static),
) -> anyhow::Result<()> {
    let told = Told(error).to_string();
    if passes(error) {
        tracing::debug!(error = told, worker, item, "will be tried again");
        return Ok(());
    }
    tracing::warn!(
        error = told,
        worker,
        item,
        "set aside; /api/set-aside has it"
    );
    let db = by_database(error);
    let (code, message) = db.map_or(("TK500", told.as_str()), |db| {
        (db.code().code(), db.message())
    });
    client
        .query_typed(
            "select worker.put_aside($1, $2, $3, $4, $5, $6)",
            &[
                (&worker, Type::TEXT),
                (&item, Type::TEXT),
                (&code, Type::TEXT),
                (&message, Type::TEXT),
                (&db.and_then(|db| db.detail()), Type::TEXT),
                (&db.and_then(|db| db.hint()), Type::TEXT),
            ],
        )
        .await?;
    Ok(())
}

/// A worker's items that wait for their time.
pub(crate) async fn set_aside(client: &Client, worker: &str) -> anyhow::Result<Vec<String>> {
    let rows = client
        .query_typed("select worker.set_aside($1)", &[(&worker, Type::TEXT)])
        .await?;
    Ok(rows.first().map(|row| row.get(0)).unwrap_or_default())
}

pub(crate) async fn done_at_last(client: &Client, worker: &str, item: &str) -> anyhow::Result<()> {
    client
        .query_typed(
            "select worker.done_at_last($1, $2)",
            &[(&worker, Type::TEXT), (&item, Type::TEXT)],
        )
        .await?;
    Ok(())
}
