//! The audit log and the feed of events.

use super::shapes::shapes;
use super::tickets::QueueRow;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

shapes! {
    AuditEntry {
        id: i64, at: DateTime<Utc>, actor_id: Option<i64>, actor: Option<String>, api_key_id: Option<i64>,
        session_user_name: String, action: String, table: String, key: Option<String>,
        /// {column: [old, new]}
        changes: Map<String, Value>,
    }
    Event {
        cursor: String, name: String, ticket_id: Option<i64>, message_id: Option<i64>, actor_id: Option<i64>,
        at: DateTime<Utc>, data: Map<String, Value>, ticket: Option<QueueRow>,
    }
    Events { cursor: String, events: Vec<Event> }
}
