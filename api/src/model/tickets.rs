//! Tickets, as a whole, in queues and over time.

use super::common::{Author, Named, Person, TeamRef};
use super::messages::{AttachmentRef, Mention};
use super::shapes::shapes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TicketQuery {
    /// 1 to 200, 25 by default
    pub limit: Option<i64>,
    pub after: Option<String>,
    /// updated_at, created_at, id or priority, with `-` in front for descending
    pub sort: Option<String>,
    /// Part of the subject, or a number
    pub q: Option<String>,
    /// Keys, separated by commas
    pub status: Option<String>,
    /// new, open, pending, on_hold, solved, closed, or `active` for the first four
    pub status_category: Option<String>,
    /// Keys, separated by commas
    pub priority: Option<String>,
    /// An id, or `none`
    pub team: Option<String>,
    /// An id, `me` or `none`
    pub assignee: Option<String>,
    pub channel: Option<String>,
    pub r#type: Option<String>,
    pub tag: Option<String>,
    pub requester: Option<i64>,
    pub organization: Option<i64>,
    pub external_id: Option<String>,
    pub updated_after: Option<DateTime<Utc>>,
    pub created_after: Option<DateTime<Utc>>,
}

shapes! {
    Ticket {
        id: i64, version: i64, subject: String, description: String, description_html: Option<String>,
        status: String, status_category: String, priority: String, r#type: String, channel: String,
        requester: Person, organization: Option<Named>, team: Option<TeamRef>, assignee: Option<Named>,
        tags: Vec<String>, custom: Map<String, Value>,
        /// {skill: lowest level}
        required_skills: Map<String, Value>,
        /// {skill: {level, for_minutes}}
        preferred_skills: Map<String, Value>,
        language: Option<String>,
        external_id: Option<String>,
        /// By which it was filled in
        form: Option<Named>,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
        first_reply_at: Option<DateTime<Utc>>, solved_at: Option<DateTime<Utc>>, closed_at: Option<DateTime<Utc>>,
    }
    /// A ticket as a queue shows it.
    QueueRow {
        id: i64, version: i64, subject: String,
        /// The first 160 characters of the description
        snippet: String,
        status: String, status_category: String, priority: String, r#type: String, channel: String,
        requester: Person, organization: Option<Named>, team: Option<TeamRef>, assignee: Option<Named>,
        tags: Vec<String>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>, solved_at: Option<DateTime<Utc>>,
    }
    Counts { views: Map<String, Value>, teams: Map<String, Value> }
    Routing {
        /// What was decided, and why
        items: Vec<Value>,
        /// What the rules of today say of this ticket
        now: Value,
    }
    Presence { ticket_id: i64, state: String }
}

/// An entry of a ticket's timeline.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum TimelineItem {
    Message {
        id: i64,
        at: DateTime<Utc>,
        /// reply, note or system
        message_kind: String,
        author: Option<Author>,
        body_text: String,
        body_html: Option<String>,
        /// Unicode characters of body_text before its quoted tail; null without one
        quote_from: Option<i32>,
        channel: String,
        mentions: Vec<Mention>,
        attachments: Vec<AttachmentRef>,
        edited_at: Option<DateTime<Utc>>,
        redacted_at: Option<DateTime<Utc>>,
    },
    Event {
        id: i64,
        at: DateTime<Utc>,
        name: String,
        actor: Option<Named>,
        /// {column: [old, new]} in words
        changes: Map<String, Value>,
        data: Map<String, Value>,
    },
    Routing {
        id: i64,
        at: DateTime<Utc>,
        team: Option<String>,
        assignee: Option<String>,
        /// The rules that were tried, and the reason
        explanation: Value,
    },
}

shapes! {
    Link {
        id: i64,
        /// merged_into, merged_from, split_from, split_into, incident_of, problem_of, child_of, parent_of,
        /// follow_up_of, followed_up_by or related
        relation: String,
        ticket_id: i64,
        /// null of a ticket that the caller cannot see
        subject: Option<String>, status: Option<String>, created_at: DateTime<Utc>,
    }
    Links { items: Vec<Link> }
    /// Who had a ticket in a span of time.
    Assignment {
        from: DateTime<Utc>,
        /// null: until now
        to: Option<DateTime<Utc>>,
        team: Option<TeamRef>, assignee: Option<Named>,
        /// Who gave it to them; null for the desk itself
        by: Option<Named>,
    }
    Assignments { items: Vec<Assignment> }
    /// A deleted ticket.
    Trashed { id: i64, subject: String, deleted_at: DateTime<Utc>, deleted_by: Option<Named>, gone_at: DateTime<Utc> }
}
