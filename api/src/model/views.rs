//! Saved queues.

use super::common::{Named, Person, TeamRef};
use super::shapes::shapes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

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
}
