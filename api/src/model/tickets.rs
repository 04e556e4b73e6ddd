//! Tickets, as a whole, in queues and over time.

use super::common::{Author, Named, Person, TeamRef};
use super::messages::{AttachmentRef, Mention};
use super::shapes::shapes;
use super::words::{Channel, LinkRelation, MessageKind, PresenceState, StatusCategory, TicketType};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TicketQuery {
    /// 25 by default
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
    pub after: Option<String>,
    /// A column of a queue, with `-` in front for descending
    pub sort: Option<String>,
    /// Part of the subject, or a number
    pub q: Option<String>,
    /// Keys, separated by commas
    pub status: Option<String>,
    /// new, open, pending, on_hold, solved, closed, or `active` for the first four
    pub status_category: Option<String>,
    /// Keys, separated by commas
    pub priority: Option<String>,
    /// Ids or `none`, separated by commas
    pub team: Option<String>,
    /// Ids, `me` or `none`, separated by commas
    pub assignee: Option<String>,
    pub channel: Option<String>,
    pub r#type: Option<String>,
    /// Names, separated by commas: tickets with one of them
    pub tag: Option<String>,
    /// Ids, separated by commas
    pub requester: Option<String>,
    /// Ids, separated by commas
    pub organization: Option<String>,
    pub external_id: Option<String>,
    pub updated_after: Option<DateTime<Utc>>,
    pub created_after: Option<DateTime<Utc>>,
    /// A column by whose values rows are gathered
    pub group_by: Option<String>,
    /// Keys of custom fields, separated by commas, whose values come with each row
    pub custom: Option<String>,
}

/// The filters of a list that is counted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListCountQuery {
    /// The list of a view, narrowed by the filters
    pub view: Option<i64>,
    pub q: Option<String>,
    pub status: Option<String>,
    pub status_category: Option<String>,
    pub priority: Option<String>,
    pub team: Option<String>,
    pub assignee: Option<String>,
    pub channel: Option<String>,
    pub r#type: Option<String>,
    pub tag: Option<String>,
    pub requester: Option<String>,
    pub organization: Option<String>,
    pub external_id: Option<String>,
    pub updated_after: Option<DateTime<Utc>>,
    pub created_after: Option<DateTime<Utc>>,
    /// Counts each group too
    pub group_by: Option<String>,
}

shapes! {
    Ticket {
        id: i64, version: i64, subject: String, description: String, description_html: Option<String>,
        status: String, status_category: StatusCategory, priority: String, r#type: TicketType, channel: Channel,
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
        status: String, status_category: StatusCategory, priority: String, r#type: TicketType, channel: Channel,
        requester: Person, organization: Option<Named>, team: Option<TeamRef>, assignee: Option<Named>,
        tags: Vec<String>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>, solved_at: Option<DateTime<Utc>>,
        /// The custom fields that were asked for
        custom: Option<Map<String, Value>>,
    }
    GroupCount {
        /// A key, an id or a value; null for the tickets without
        key: Option<String>,
        count: i64,
    }
    ListCount {
        count: i64,
        /// false: there are more than these
        exact: bool,
        groups: Vec<GroupCount>,
    }
    /// Somebody who is on a ticket now
    Present {
        ticket_id: i64, id: i64, name: String,
        /// Never `left`
        state: PresenceState,
    }
    TicketMarks { unread: Vec<i64>, present: Vec<Present> }
    ReadMark { ticket_id: i64, read: bool }
    Counts { views: Map<String, Value>, teams: Map<String, Value> }
    Routing {
        /// What was decided, and why
        items: Vec<Value>,
        /// What the rules of today say of this ticket
        now: Value,
    }
    Presence { ticket_id: i64, state: PresenceState }
}

/// An entry of a ticket's timeline.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum TimelineItem {
    Message {
        id: i64,
        at: DateTime<Utc>,
        message_kind: MessageKind,
        author: Option<Author>,
        body_text: String,
        body_html: Option<String>,
        /// Unicode characters of body_text before its quoted tail; null without one
        quote_from: Option<i32>,
        channel: Channel,
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
        relation: LinkRelation,
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
