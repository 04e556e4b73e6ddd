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
}
