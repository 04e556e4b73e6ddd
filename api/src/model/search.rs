//! Search results.

use super::common::{Author, Named, Person, TeamRef};
use super::shapes::shapes;
use super::words::{Channel, MessageKind, StatusCategory, TicketType};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// Words, "phrases", -without, begin*, #123, and `status: priority:>= team: assignee:me tag: requester:
    /// organization: type: channel: language: created> updated< solved replied is:unassigned custom.<key>:`
    #[param(max_length = 1000)]
    pub q: String,
    /// 25 by default
    #[param(minimum = 1, maximum = 100)]
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
        message_kind: Option<MessageKind>,
        /// Who wrote that message, and when
        author: Option<Author>,
        at: Option<DateTime<Utc>>,
        /// Names of its files in which something was found
        files: Vec<String>,
    }
    Found {
        id: i64, version: i64, subject: String,
        /// The first 160 characters of the description
        snippet: String,
        status: String, status_category: StatusCategory, priority: String, r#type: TicketType, channel: Channel,
        requester: Person, organization: Option<Named>, team: Option<TeamRef>, assignee: Option<Named>,
        tags: Vec<String>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>, solved_at: Option<DateTime<Utc>>,
        next_breach_at: Option<DateTime<Utc>>,
        rank: f64, highlights: Highlights,
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
