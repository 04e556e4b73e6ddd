//! The audit log and the feed of events.

use super::common::Named;
use super::shapes::shapes;
use super::tickets::QueueRow;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

shapes! {
    AuditEntry {
        id: i64, at: DateTime<Utc>, actor_id: Option<i64>, actor: Option<String>, api_key_id: Option<i64>,
        session_user_name: String, action: String, table: String, key: Option<String>,
        /// {column: [old, new]}
        changes: Map<String, Value>,
    }
    Event {
        cursor: String, id: i64, name: String, ticket_id: Option<i64>, message_id: Option<i64>, actor_id: Option<i64>,
        actor: Option<Named>, at: DateTime<Utc>, data: Map<String, Value>,
        /// {column: [old, new]} in words, as in the ticket's timeline
        changes: BTreeMap<String, Vec<Value>>,
        ticket: Option<QueueRow>,
    }
    Events { cursor: String, events: Vec<Event> }
}
