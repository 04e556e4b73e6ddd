//! Saved queues.

use super::common::{Named, Person, TeamRef};
use super::conditions::Condition;
use super::shapes::shapes;
use super::words::{Channel, StatusCategory, TicketType, ViewVisibility};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

shapes! {
    /// A saved queue.
    View {
        id: i64, version: i64, name: String, description: String,
        visibility: ViewVisibility, team: Option<TeamRef>,
        /// In the language of routing rules; `current_user` as an assignee is whoever looks
        #[schema(value_type = Condition)]
        conditions: Value,
        columns: Vec<String>, sort: String, group_by: Option<String>, position: i32, active: bool,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    /// A ticket as a view shows it.
    ViewRow {
        id: i64, version: i64, subject: String, snippet: String,
        status: String, status_category: StatusCategory, priority: String, r#type: TicketType, channel: Channel,
        requester: Person, organization: Option<Named>, team: Option<TeamRef>, assignee: Option<Named>,
        tags: Vec<String>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>, solved_at: Option<DateTime<Utc>>,
        next_breach_at: Option<DateTime<Utc>>,
        /// The custom fields among the view's columns
        custom: Map<String, Value>,
    }
    ViewCount {
        id: i64, count: i64,
        /// false: there are more than these
        exact: bool,
    }
    ViewCounts { items: Vec<ViewCount> }
}
