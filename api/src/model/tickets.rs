//! Tickets, as a whole, in queues and over time.

use super::common::{Author, Named, Page, Person, TeamRef};
use super::messages::{AttachmentRef, Mention, Message};
use super::notifications::TicketRef;
use super::shapes::shapes;
use super::words::{
    CandidateReason, Channel, FollowerKind, LinkRelation, MessageKind, PresenceState,
    StatusCategory, TicketType,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
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
        required_skills: BTreeMap<String, i32>,
        /// {skill: {level, for_minutes}}
        preferred_skills: BTreeMap<String, PreferredLevel>,
        language: Option<String>,
        external_id: Option<String>,
        /// By which it was filled in
        form: Option<Named>,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
        first_reply_at: Option<DateTime<Utc>>, solved_at: Option<DateTime<Utc>>, closed_at: Option<DateTime<Utc>>,
        /// When the first target of its SLA runs out, or has run out unmet
        next_breach_at: Option<DateTime<Utc>>,
        /// The first of them, when they were asked for
        messages: Option<Page<Message>>,
    }
    PreferredLevel {
        level: i32,
        /// How long such an agent is waited for
        for_minutes: i64,
    }
    /// A ticket as a queue shows it.
    QueueRow {
        id: i64, version: i64, subject: String,
        /// The first 160 characters of the description
        snippet: String,
        status: String, status_category: StatusCategory, priority: String, r#type: TicketType, channel: Channel,
        requester: Person, organization: Option<Named>, team: Option<TeamRef>, assignee: Option<Named>,
        tags: Vec<String>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>, solved_at: Option<DateTime<Utc>>,
        next_breach_at: Option<DateTime<Utc>>,
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
    Counts { views: BTreeMap<String, i64>, teams: BTreeMap<String, i64> }
    Routing {
        /// What was decided, and why
        items: Vec<Value>,
        /// What the rules of today say of this ticket
        now: RoutingNow,
    }
    RoutingNow {
        /// In their order
        rules: Vec<RuleVerdict>,
        /// Everybody in the team, those who could take the ticket first
        candidates: Vec<Candidate>,
    }
    RuleVerdict {
        id: i64, name: String,
        /// false behind a rule that matched and ends the list
        tried: bool,
        matched: bool,
        /// Whether it ends the list
        stops: Option<bool>,
        /// Its conditions, each with what it found and whether it holds
        conditions: Option<Value>,
    }
    Candidate {
        user_id: i64, name: String, open: i32, capacity: i32, fits: bool, reason: CandidateReason,
        /// When that ends: the next shift, or the next ticket
        until: Option<DateTime<Utc>>,
        /// {name of a skill: the level that they do not have}
        lacks: Option<BTreeMap<String, i32>>,
        /// The reason in English
        why: String,
    }
    Presence { ticket_id: i64, state: PresenceState }
}

/// An entry of a ticket's timeline.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum TimelineItem {
    Message {
        id: i64,
        /// This ticket, or one that was merged into it
        ticket_id: i64,
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
        /// Which message it is about
        message_id: Option<i64>,
        actor: Option<Named>,
        /// {column: [old, new]} in words
        changes: BTreeMap<String, Vec<Value>>,
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
    /// Why a ticket may be about the same thing.
    SimilarReason {
        /// same_requester, same_organization, other_organization, same_problem, same_subject or words
        kind: String,
        /// With words: those that both have
        words: Option<Vec<String>>,
        /// With same_problem: the problem
        ticket_id: Option<i64>,
    }
    /// A ticket that may be about the same thing, as a queue shows it.
    SimilarTicket {
        id: i64, version: i64, subject: String, snippet: String, status: String, status_category: StatusCategory,
        priority: String, r#type: TicketType, channel: Channel, requester: Person, organization: Option<Named>,
        team: Option<TeamRef>, assignee: Option<Named>, tags: Vec<String>,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>, solved_at: Option<DateTime<Utc>>,
        next_breach_at: Option<DateTime<Utc>>,
        /// 10 to 99
        alike: i32,
        reasons: Vec<SimilarReason>,
    }
    SimilarTickets { items: Vec<SimilarTicket> }
    /// A message as the preview of a merge shows it.
    JoinedMessage {
        id: i64,
        /// With which it came
        ticket_id: i64,
        at: DateTime<Utc>,
        /// Never `system`
        message_kind: MessageKind,
        author: Option<Author>, channel: Channel,
        /// Its first 280 characters, without what it quotes
        text: String,
        quotes: bool,
        /// How many
        attachments: i32,
    }
    JoinedFollower {
        id: i64, name: String,
        kind: FollowerKind,
        /// true: by the merge
        joins: bool,
    }
    MergeWarning {
        /// other_organization
        kind: String,
        ticket_id: i64,
        organization: Option<String>,
    }
    MergePreview {
        ticket: Ticket,
        /// The newest 60 of all tickets, in their order
        messages: Vec<JoinedMessage>,
        message_count: i64,
        followers: Vec<JoinedFollower>,
        closes: Vec<TicketRef>,
        warnings: Vec<MergeWarning>,
    }
    /// A deleted ticket.
    Trashed { id: i64, subject: String, deleted_at: DateTime<Utc>, deleted_by: Option<Named>, gone_at: DateTime<Utc> }
}
