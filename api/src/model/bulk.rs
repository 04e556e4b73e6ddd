//! Bulk jobs.

use super::shapes::shapes;
use super::words::{BulkAction, BulkItemState, BulkStatus};
use crate::error::FieldProblem;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

shapes! {
    /// One act on many tickets.
    BulkJob {
        id: i64,
        action: BulkAction, body: Value,
        status: BulkStatus, total: i32, done: i32, failed: i32,
        /// Tickets put back by undoing
        undone: i32,
        /// Tickets that undoing left as they are, wholly or in part
        kept: i32,
        /// Incidents that were solved with problems, of those that the caller sees
        incidents_solved: i32,
        /// Incidents of solved problems that could not be solved themselves
        incidents_left: i32,
        undo_until: Option<DateTime<Utc>>, created_at: DateTime<Utc>, finished_at: Option<DateTime<Utc>>,
    }
    BulkItem {
        ticket_id: i64,
        state: BulkItemState,
        /// Why it failed, or what undoing left alone
        problem: Option<String>,
        /// Incidents that were solved with this problem; missing where there were none
        #[serde(default, skip_serializing_if = "Option::is_none")]
        incidents_solved: Option<Vec<i64>>,
        /// Incidents of this problem that could not be solved; their timelines tell why
        #[serde(default, skip_serializing_if = "Option::is_none")]
        incidents_left: Option<Vec<i64>>,
        /// What the problem names, for translation
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        problems: Vec<FieldProblem>,
    }
}
