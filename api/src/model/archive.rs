//! Tickets in the archive.

use super::common::{Named, Person, TeamRef};
use super::messages::{Follower, Message};
use super::shapes::shapes;
use super::tickets::Link;
use super::words::{Channel, StatusCategory, TicketType};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ArchiveQuery {
    /// 25 by default
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
    pub after: Option<String>,
    /// Words, "phrases", -without and begin*
    pub q: Option<String>,
    /// Ids, separated by commas
    pub team: Option<String>,
    /// Ids, separated by commas
    pub assignee: Option<String>,
    /// Ids, separated by commas
    pub requester: Option<String>,
    /// Ids, separated by commas
    pub organization: Option<String>,
    /// Names, separated by commas: tickets with one of them
    pub tag: Option<String>,
    pub external_id: Option<String>,
    pub closed_after: Option<DateTime<Utc>>,
    pub closed_before: Option<DateTime<Utc>>,
}

shapes! {
    /// A ticket of the archive as its list shows it.
    ArchivedRow {
        id: i64, subject: String,
        /// Keys; null of one that has been removed since
        status: Option<String>, priority: Option<String>,
        requester: Person, organization: Option<Named>, team: Option<TeamRef>, assignee: Option<Named>,
        tags: Vec<String>, external_id: Option<String>,
        created_at: DateTime<Utc>, closed_at: DateTime<Utc>, archived_at: DateTime<Utc>,
    }
    /// What happened to an archived ticket.
    ArchivedEvent {
        id: i64, at: DateTime<Utc>, name: String, message_id: Option<i64>, actor: Option<Named>,
        /// {what: [before, after]}
        changes: Map<String, Value>,
        data: Map<String, Value>,
    }
    /// A ticket of the archive with all that belongs to it.
    ArchivedTicket {
        id: i64, version: i64, subject: String, description: String, description_html: Option<String>,
        status: String, status_category: StatusCategory, priority: String, r#type: TicketType, channel: Channel,
        requester: Person, organization: Option<Named>, team: Option<TeamRef>, assignee: Option<Named>,
        tags: Vec<String>, custom: Map<String, Value>,
        language: Option<String>, external_id: Option<String>,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
        first_reply_at: Option<DateTime<Utc>>, solved_at: Option<DateTime<Utc>>, closed_at: DateTime<Utc>,
        archived_at: DateTime<Utc>,
        messages: Vec<Message>, followers: Vec<Follower>, links: Vec<Link>,
        /// The first 1,000
        events: Vec<ArchivedEvent>,
    }
}
