//! The audit log and the feed of events.

use super::common::{Named, Person};
use super::shapes::shapes;
use super::tickets::{PreferredLevel, QueueRow};
use super::words::{Channel, StatusCategory, TicketType};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

shapes! {
    AuditEntry {
        id: i64, at: DateTime<Utc>, actor_id: Option<i64>, actor: Option<String>, api_key_id: Option<i64>,
        session_user_name: String,
        /// session, key, prompt, worker, operator or import
        door: Option<String>,
        /// The rule that made the change: {kind, id, name}
        cause: Option<Map<String, Value>>,
        action: String, table: String, key: Option<String>,
        /// {column: [old, new]}
        changes: Map<String, Value>,
    }
    /// A row of an audited table as it was at a moment
    RowAsOf {
        table: String, key: String, at: DateTime<Utc>,
        /// {column: value}; without the columns that the audit leaves out, secrets masked
        row: Map<String, Value>,
    }
    /// A ticket as it was at a moment
    TicketAsOf {
        id: i64, at: DateTime<Utc>, subject: String, description: String, description_html: Option<String>,
        status: String, status_category: StatusCategory, priority: String, r#type: TicketType, channel: Channel,
        /// As far as the caller sees people
        requester: Option<Person>,
        organization: Option<Named>, team: Option<Named>, assignee: Option<Named>,
        tags: Vec<String>,
        /// As far as the caller sees these fields today
        custom: Map<String, Value>,
        /// {skill: lowest level}
        required_skills: BTreeMap<String, i32>,
        preferred_skills: BTreeMap<String, PreferredLevel>,
        language: Option<String>, external_id: Option<String>, form: Option<Named>,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
        first_reply_at: Option<DateTime<Utc>>, solved_at: Option<DateTime<Utc>>, closed_at: Option<DateTime<Utc>>,
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
