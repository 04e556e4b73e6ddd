//! The configuration of the desk: settings, statuses, priorities, workflow, tags and API keys.

use super::shapes::shapes;
use super::words::{Scope, StatusCategory};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

shapes! {
    Settings {
        id: i64, version: i64,
        /// How long an author may edit a message; 0: never
        message_edit_minutes: i32,
        attachment_max_bytes: i64,
        /// Such as image/*; null: every type
        attachment_types: Option<Vec<String>>,
        attachment_blocked_extensions: Vec<String>,
        /// How long notifications are kept after they were read
        notification_days: i64,
        /// How long people at a SQL prompt may take before they are cut off, in seconds: for a statement
        prompt_statement_seconds: i32,
        /// for a transaction
        prompt_transaction_seconds: i32,
        /// for a transaction that does nothing
        prompt_idle_seconds: i32,
        /// for a transaction that has written
        prompt_write_seconds: i32,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    Status {
        id: i64, version: i64, key: String, label: String, color: String, category: StatusCategory, position: i32, active: bool,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    Priority {
        id: i64, version: i64, key: String, label: String, color: String, weight: i32,
        /// Load of a ticket, in percent of a slot
        load_percent: i32, active: bool,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    StatusTransition {
        id: i64,
        /// null: for every team
        team_id: Option<i64>, from_status_id: i64, from_status: String, to_status_id: i64, to_status: String, created_at: DateTime<Utc>,
    }
    Workflow {
        id: i64, version: i64,
        /// Days after solving within which the requester's reply opens the ticket again
        reopen_days: i32, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    Tag {
        id: i64, version: i64, name: String, color: String,
        /// How many have it, for those who see all tickets
        tickets: Option<i64>,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    TagSettings {
        version: i64,
        /// Only administrators make tags
        closed: bool, updated_at: DateTime<Utc>,
    }
    ApiKey {
        id: i64, version: i64, name: String, prefix: String, scopes: Vec<Scope>, team_ids: Option<Vec<i64>>, user_id: i64,
        created_by: Option<i64>, created_at: DateTime<Utc>, expires_at: Option<DateTime<Utc>>,
        rate_limit: Option<i32>, last_used_at: Option<DateTime<Utc>>, revoked_at: Option<DateTime<Utc>>, updated_at: DateTime<Utc>,
    }
    NewApiKey {
        id: i64, version: i64, name: String, prefix: String, scopes: Vec<Scope>, team_ids: Option<Vec<i64>>, user_id: i64,
        created_by: Option<i64>, created_at: DateTime<Utc>, expires_at: Option<DateTime<Utc>>,
        rate_limit: Option<i32>, last_used_at: Option<DateTime<Utc>>, revoked_at: Option<DateTime<Utc>>, updated_at: DateTime<Utc>,
        /// The key itself, shown this once; null when an Idempotency-Key repeats the request
        key: Option<String>,
    }
}
