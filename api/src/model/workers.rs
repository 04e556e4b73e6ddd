//! What background workers could not process.

use super::shapes::shapes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

shapes! {
    /// What a worker could not do; it went on without, and tries again
    SetAside {
        id: i64,
        /// triggers, automations, backfills, sla, search, notifications, mail, bulk, field_jobs, maintenance, files or indexes
        worker: String,
        item: String, ticket_id: Option<i64>,
        /// SQLSTATE
        code: String,
        message: String, detail: Option<String>, hint: Option<String>, attempts: i32,
        at: DateTime<Utc>, tried_at: DateTime<Utc>, retry_at: DateTime<Utc>,
    }
    /// A loop of the background worker, or a step of its maintenance
    WorkerTask {
        id: i64,
        /// rules, search, bulk, `maintenance: partitions`, …
        name: String,
        paused: bool,
        /// When a round was asked for that is still to be made
        wanted_at: Option<DateTime<Utc>>,
        /// Noted twice a minute at the most
        ran_at: Option<DateTime<Utc>>,
    }
    HealthCheck {
        name: String,
        /// ok, warn or bad
        status: String,
        value: Option<String>, limit: Option<String>,
        /// What to do when it is not ok
        advice: String,
    }
    Health {
        /// That of the worst check
        status: String,
        checks: Vec<HealthCheck>,
    }
}
