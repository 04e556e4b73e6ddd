//! The shapes of answers, for the OpenAPI description and the tests. Answers themselves come from
//! Postgres as they are and are never rebuilt here.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })*) => {
        $($(#[$doc])* #[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type),* })*
    };
}

/// A page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Send as `after` for the next page; null on the last.
    pub next: Option<String>,
}

/// What every list understands; filters are named by each.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// 1 to 200, 25 by default
    pub limit: Option<i64>,
    pub after: Option<String>,
    /// A column, with `-` in front for descending
    pub sort: Option<String>,
    /// Free text
    pub q: Option<String>,
}

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

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CoverageQuery {
    /// The hours start with the one of this point in time; now by default
    pub from: Option<DateTime<Utc>>,
    /// Only agents with this skill: its id or name
    pub skill: Option<String>,
    /// At this level at least, 1 to 5
    pub level: Option<i64>,
}

shapes! {
    LogIn {
        #[schema(max_length = 320)]
        email: String,
        password: String,
    }
    Session {
        access_token: String,
        /// Seconds
        expires_in: i64,
    }
    Deleted { id: i64, deleted: bool }
    Named { id: i64, name: String }
    TeamRef { id: i64, name: String, color: String }
    Person { id: i64, name: String, email: Option<String> }
    Author { id: i64, name: String, role: String }

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
    Message {
        id: i64, ticket_id: i64, kind: String, author: Option<Author>, body_text: String,
        /// What it quotes has the class `quote`
        body_html: Option<String>,
        /// Unicode characters of body_text before its quoted tail; null without one
        quote_from: Option<i32>,
        channel: String, mentions: Vec<Mention>, attachments: Vec<AttachmentRef>,
        created_at: DateTime<Utc>, edited_at: Option<DateTime<Utc>>, redacted_at: Option<DateTime<Utc>>,
    }
    Mention {
        id: i64, name: Option<String>,
        /// Mentioned as a member of this team
        team_id: Option<i64>,
        /// false: of the team, but cannot see the ticket and so heard nothing
        notified: bool,
    }
    /// A file as its message lists it.
    AttachmentRef {
        id: i64, name: String, r#type: String, size: i64,
        /// Shown inside of body_html
        inline: bool,
        width: Option<i32>, height: Option<i32>, thumbnail: bool,
    }
    Attachment {
        id: i64,
        /// null until it is attached
        ticket_id: Option<i64>, message_id: Option<i64>,
        name: String, r#type: String, size: i64,
        /// Of its content, in hexadecimal
        sha256: String,
        /// Shown inside of body_html
        inline: bool, width: Option<i32>, height: Option<i32>,
        /// Whether there is a small picture of it
        thumbnail: bool, created_at: DateTime<Utc>,
    }
    Draft {
        id: i64, version: i64, ticket_id: i64,
        /// reply or note
        kind: String,
        body_text: String, body_html: Option<String>,
        /// One's own uploads, which wait with it
        attachment_ids: Vec<i64>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    Follower {
        id: i64, ticket_id: i64,
        /// follower or cc
        kind: String,
        user_id: i64, name: Option<String>, email: Option<String>, added_by: Option<i64>, created_at: DateTime<Utc>,
    }
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
    User {
        id: i64, version: i64, role: String, name: String, email: Option<String>, organization_id: Option<i64>,
        organization: Option<Named>, team_ids: Vec<i64>, ticket_access: String, availability: String, capacity: i32,
        locale: String, time_zone: String, phone: Option<String>,
        /// Their business hours; null: as the team
        schedule_id: Option<i64>,
        /// An agent who may redact messages, as admins may
        may_redact: bool, active: bool,
        /// Who they are now: two entries of one person were merged
        merged_into_id: Option<i64>, external_id: Option<String>,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    Me {
        id: i64, version: i64, role: String, name: String, email: Option<String>, organization_id: Option<i64>,
        organization: Option<Named>, team_ids: Vec<i64>, ticket_access: String, availability: String, capacity: i32,
        locale: String, time_zone: String, phone: Option<String>,
        /// Their business hours; null: as the team
        schedule_id: Option<i64>,
        /// An agent who may redact messages, as admins may
        may_redact: bool, active: bool,
        /// Who they are now: two entries of one person were merged
        merged_into_id: Option<i64>, external_id: Option<String>,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
        /// The role of this request: integration for a key
        acting_as: String,
        open_tickets: i64,
    }
    Organization {
        id: i64, version: i64, name: String, domains: Vec<String>, notes: String, custom: Map<String, Value>,
        external_id: Option<String>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    Member { id: i64, name: String, lead: bool }
    Team {
        id: i64, version: i64, name: String, color: String, description: String,
        /// What it is there for
        focus_areas: Vec<String>, active: bool,
        /// Its business hours; null: always open
        schedule_id: Option<i64>, members: Vec<Member>,
        /// least_loaded, round_robin, most_skilled or none
        balancing: String,
        /// At most so many tickets to one agent in fair_minutes
        fair_count: Option<i32>, fair_minutes: Option<i32>, ramp_minutes: Option<i32>, wrap_up_seconds: i32,
        /// Open work of who is away goes back after this long; null is never
        hand_back_minutes: Option<i32>,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    Tag {
        id: i64, version: i64, name: String, color: String,
        /// How many have it, for those who see all tickets
        tickets: Option<i64>,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    CustomField {
        id: i64, version: i64, key: String, label: String, description: String, r#type: String, config: Value,
        required_on_create: bool, required_on_solve: bool, default_value: Option<Value>, visible_when: Option<Value>,
        visible_to: Vec<String>, position: i32,
        /// Whether an index finds it for views
        filterable: bool, active: bool, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    Status {
        id: i64, version: i64, key: String, label: String, color: String, category: String, position: i32, active: bool,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    Priority {
        id: i64, version: i64, key: String, label: String, color: String, weight: i32,
        /// How much of a place a ticket takes up
        load_percent: i32, active: bool,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    ChannelLoads { web: i32, email: i32, api: i32, phone: i32, chat: i32, social: i32, import: i32 }
    RoutingRule {
        id: i64, version: i64, position: i32, name: String, enabled: bool, conditions: Value, actions: Value, stop: bool,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    Trigger {
        id: i64, version: i64, position: i32, name: String, enabled: bool, conditions: Value, actions: Value,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    Automation {
        id: i64, version: i64, position: i32, name: String, enabled: bool, conditions: Value, actions: Value,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    RuleFiring {
        id: i64, at: DateTime<Utc>,
        /// trigger or automation
        kind: String, rule_id: i64, rule_name: String, ticket_id: i64,
        /// The conditions as written, with what each test found
        explanation: Value,
        /// Why the actions could not be carried out
        error: Option<Value>,
    }
    /// What a worker could not do; it went on without, and tries again
    SetAside {
        id: i64,
        /// triggers, automations, backfills, search, notifications, mail, bulk, field_jobs, maintenance, files or indexes
        worker: String,
        item: String, ticket_id: Option<i64>,
        /// SQLSTATE
        code: String,
        message: String, detail: Option<String>, hint: Option<String>, attempts: i32,
        at: DateTime<Utc>, tried_at: DateTime<Utc>, retry_at: DateTime<Utc>,
    }
    Skill { id: i64, version: i64, name: String, description: String, created_at: DateTime<Utc>, updated_at: DateTime<Utc> }
    /// Business hours in the wall time of a zone
    Schedule {
        id: i64, version: i64, name: String,
        /// An IANA name such as Europe/Berlin
        time_zone: String,
        /// `[{"day": "mon", "from": "09:00", "to": "17:00"}]`; over midnight when `to` is not after `from`
        weekly: Vec<Value>,
        /// `["2026-12-25"]`
        holidays: Vec<String>,
        /// `[{"date": "2026-12-24", "intervals": [{"from": "09:00", "to": "12:00"}]}]`
        exceptions: Vec<Value>,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    CoverageHour {
        from: DateTime<Utc>,
        /// Whether the team is open at any moment of it
        open: bool,
        /// The fewest agents on shift at any moment of it while the team is open
        agents: i64,
    }
    TeamNumbers {
        team_id: i64,
        /// Tickets that are neither solved nor closed
        open: i64, unassigned: i64, oldest_open_at: Option<DateTime<Utc>>,
        /// Tickets for which the router looks for somebody
        waiting: i64, oldest_waiting_at: Option<DateTime<Utc>>,
        agents: i64,
        /// Online and on shift
        available_agents: i64,
        /// Places of its agents in use, for other teams too
        load: f64,
        /// Places of its agents
        capacity: i64,
    }
    Interval { from: DateTime<Utc>, to: DateTime<Utc> }
    Coverage {
        team_id: i64, from: DateTime<Utc>, to: DateTime<Utc>, hours: Vec<CoverageHour>,
        /// When the team is open and nobody is on shift
        uncovered: Vec<Interval>,
    }
    ApiKey {
        id: i64, version: i64, name: String, prefix: String, scopes: Vec<String>, team_ids: Option<Vec<i64>>, user_id: i64,
        created_by: Option<i64>, created_at: DateTime<Utc>, expires_at: Option<DateTime<Utc>>,
        rate_limit: Option<i32>, last_used_at: Option<DateTime<Utc>>, revoked_at: Option<DateTime<Utc>>, updated_at: DateTime<Utc>,
    }
    NewApiKey {
        id: i64, version: i64, name: String, prefix: String, scopes: Vec<String>, team_ids: Option<Vec<i64>>, user_id: i64,
        created_by: Option<i64>, created_at: DateTime<Utc>, expires_at: Option<DateTime<Utc>>,
        rate_limit: Option<i32>, last_used_at: Option<DateTime<Utc>>, revoked_at: Option<DateTime<Utc>>, updated_at: DateTime<Utc>,
        /// The key itself, shown this once; null when an Idempotency-Key repeats the request
        key: Option<String>,
    }
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
    /// A saved queue.
    View {
        id: i64, version: i64, name: String, description: String,
        /// everyone, team or private
        visibility: String, team: Option<TeamRef>,
        /// In the language of routing rules; `current_user` as an assignee is whoever looks
        conditions: Value,
        columns: Vec<String>, sort: String, group_by: Option<String>, position: i32, active: bool,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    /// A ticket as a view shows it.
    ViewRow {
        id: i64, version: i64, subject: String, snippet: String,
        status: String, status_category: String, priority: String, r#type: String, channel: String,
        requester: Person, organization: Option<Named>, team: Option<TeamRef>, assignee: Option<Named>,
        tags: Vec<String>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>, solved_at: Option<DateTime<Utc>>,
        /// The custom fields among the view's columns
        custom: Map<String, Value>,
    }
    ViewCount {
        id: i64, count: i64,
        /// false: there are more than these
        exact: bool,
    }
    ViewCounts { items: Vec<ViewCount> }
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
    StatusTransition {
        id: i64,
        /// null: for every team
        team_id: Option<i64>, from_status_id: i64, from_status: String, to_status_id: i64, to_status: String, created_at: DateTime<Utc>,
    }
    /// One act on many tickets.
    BulkJob {
        id: i64,
        /// update, merge, delete or restore
        action: String, body: Value,
        /// queued, running, done, cancelled, undoing or undone
        status: String, total: i32, done: i32, failed: i32,
        /// Tickets put back by undoing
        undone: i32,
        /// Tickets that undoing left as they are, wholly or in part
        kept: i32,
        undo_until: Option<DateTime<Utc>>, created_at: DateTime<Utc>, finished_at: Option<DateTime<Utc>>,
    }
    BulkItem {
        ticket_id: i64,
        /// pending, done, failed, skipped, undone or kept
        state: String,
        /// Why it failed, or what undoing left alone
        problem: Option<String>,
    }
    /// A deleted ticket.
    Trashed { id: i64, subject: String, deleted_at: DateTime<Utc>, deleted_by: Option<Named>, gone_at: DateTime<Utc> }
    Workflow {
        id: i64, version: i64,
        /// Days after solving within which the requester's reply opens the ticket again
        reopen_days: i32, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// Words, "phrases", -without, begin*, #123, and `status: priority:>= team: assignee:me tag: requester:
    /// organization: type: channel: language: created> updated< solved replied is:unassigned custom.<key>:`
    pub q: String,
    /// 1 to 100, 25 by default
    pub limit: Option<i64>,
    pub after: Option<String>,
}

shapes! {
    /// What was found, as escaped HTML with `<mark>` around it
    Highlights {
        subject: Option<String>,
        /// Of the first message in which something was found
        text: Option<String>,
        message_id: Option<i64>,
        message_kind: Option<String>,
    }
    Found {
        id: i64, version: i64, subject: String,
        /// The first 160 characters of the description
        snippet: String,
        status: String, status_category: String, priority: String, r#type: String, channel: String,
        requester: Person, organization: Option<Named>, team: Option<TeamRef>, assignee: Option<Named>,
        tags: Vec<String>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>, solved_at: Option<DateTime<Utc>>,
        rank: f64, highlights: Highlights,
    }
    Macro {
        id: i64, version: i64, name: String, description: String,
        /// shared, team or private
        scope: String, team_id: Option<i64>, owner_id: Option<i64>,
        /// As those of routing rules; `{"assign": "me"}` and `"none"` besides
        actions: Vec<Value>,
        /// reply, note, or null for no message
        message_kind: Option<String>,
        /// A template: `{{requester.first_name | "there"}}`, `{{#if ticket.priority == "urgent"}}…{{else}}…{{/if}}`
        body_text: Option<String>, body_html: Option<String>, active: bool,
        uses: i64, last_used_at: Option<DateTime<Utc>>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    MacroVersion {
        version: i64, name: String, description: String, actions: Vec<Value>, message_kind: Option<String>,
        body_text: Option<String>, body_html: Option<String>, changed_by: Option<Named>, changed_at: DateTime<Utc>,
    }
    MacroMessage { kind: String, body_text: String, body_html: Option<String> }
    MacroPreview {
        /// {field: [old, new]}
        changes: Map<String, Value>,
        message: Option<MacroMessage>,
        /// The triggers that would answer it
        triggers: Vec<RehearsedTrigger>,
    }
    RehearsedTrigger {
        id: i64, name: String,
        /// Why it could not do what it says
        problem: Option<String>,
    }
    MacroApplied { ticket: Ticket, changes: Map<String, Value>, message: Option<Message> }
    TagSettings {
        version: i64,
        /// Only administrators make tags
        closed: bool, updated_at: DateTime<Utc>,
    }
    /// Another spelling that was looked for, since a word finds nothing
    Correction { word: String, to: Vec<String> }
    FoundPage {
        items: Vec<Found>,
        /// Send as `after` for the next page; null on the last. A page may be shorter than asked
        next: Option<String>,
        /// The ticket, when the question is only its number
        jump: Option<i64>,
        corrections: Vec<Correction>,
    }
}

shapes! {
    /// Something that a customer and the desk had to do with each other.
    Interaction {
        /// created, replied or solved
        kind: String,
        at: DateTime<Utc>, ticket_id: i64, subject: String, status_category: String,
        /// Whose ticket or reply it is; null for what was solved
        author: Option<Author>,
        message_id: Option<i64>, snippet: Option<String>,
    }
    CustomerHistory {
        /// {status category: how many tickets}
        tickets: Map<String, Value>,
        first_contact_at: Option<DateTime<Utc>>, last_contact_at: Option<DateTime<Utc>>,
        /// Newest first
        items: Vec<Interaction>,
        /// Send as `after` for the next page; null on the last.
        next: Option<String>,
    }
    TicketRef { id: i64, subject: String }
    Notification {
        id: i64, at: DateTime<Utc>,
        /// mentioned, requester_replied, assigned, followed or team_unassigned
        kind: String,
        ticket: TicketRef, message_id: Option<i64>, actor: Option<Named>, read_at: Option<DateTime<Utc>>,
    }
    NotificationPage {
        /// Newest first
        items: Vec<Notification>,
        /// Send as `after` for the next page; null on the last.
        next: Option<String>,
        unread: i64,
    }
    NotificationsRead { read: i64, unread: i64 }
    /// For each kind in_app, email (at once), digest (by e-mail, gathered) or off; the first three in the app too.
    NotificationPreferences {
        mentioned: String, requester_replied: String, assigned: String, followed: String, team_unassigned: String,
        /// hourly or daily
        digest_every: String,
        /// Of a daily digest, in one's own time zone
        digest_hour: i64,
    }
    Recipient { id: i64, name: String, email: Option<String> }
    Mail {
        id: i64,
        /// notification or digest
        kind: String,
        /// waiting, sent, dropped (there was nothing left to say) or failed
        state: String,
        recipient: Recipient, attempts: i64,
        /// Why the last attempt failed
        error: Option<String>,
        next_attempt_at: Option<DateTime<Utc>>, created_at: DateTime<Utc>, finished_at: Option<DateTime<Utc>>,
    }
}

shapes! {
    /// A type of records that the desk has made for itself.
    ObjectType {
        id: i64, version: i64, key: String, name: String, plural_name: String, description: String, icon: String,
        /// Records are made, changed and removed by admins only
        admins_write: bool,
        /// false: no new records
        active: bool, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    ObjectField {
        id: i64, version: i64, object_type_id: i64, key: String, label: String, description: String, r#type: String,
        config: Value, required: bool, default_value: Option<Value>, visible_when: Option<Value>, position: i32,
        active: bool, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    ObjectRecord {
        id: i64, version: i64,
        /// The key of its object type
        r#type: String,
        name: String,
        /// What another system calls it; there is one of a type
        external_key: Option<String>,
        custom: Map<String, Value>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    TicketForm {
        id: i64, version: i64, name: String, description: String, position: i32, active: bool,
        /// What a ticket gets that is made without one
        is_default: bool,
        /// Who may choose it: agent, customer
        shown_to: Vec<String>,
        /// Agents of these teams only; null: of every team
        team_ids: Option<Vec<i64>>,
        /// In their order
        fields: Vec<FormField>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    FormField {
        /// The key of a custom field
        field: String,
        /// create, solve or never; null: as the field says
        required: Option<String>,
        /// {"field": key, "in": [values]}; null: as the field says
        visible_when: Option<Value>,
    }
}

shapes! {
    /// What is done to a field's values on every ticket.
    FieldJob {
        id: i64, field_id: i64, key: String,
        /// move: to where those who may see the field find them; fill: where they are missing
        kind: String,
        value: Option<Value>, conditions: Option<Value>,
        /// queued, running, done or cancelled
        status: String,
        /// Tickets to look at, and looked at
        total: i64, done: i64,
        changed: i64,
        /// Tickets that refused the value
        failed: i64,
        /// The first refusal
        problem: Option<String>,
        created_by: Option<i64>, created_at: DateTime<Utc>, finished_at: Option<DateTime<Utc>>,
    }
}
