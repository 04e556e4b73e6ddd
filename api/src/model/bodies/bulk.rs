//! The body of a bulk job.

use super::super::texts::TagName;
use super::super::words::{BulkAction, TicketType};
use super::shapes::bodies;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

bodies! {
    /// The filters of the list of tickets.
    BulkFilter { "status_category": "active", "assignee": "none" }
        takes {
            /// Part of the subject, or a number
            #[schema(max_length = 8000)]
            q: String,
            /// Keys, separated by commas
            #[schema(max_length = 8000)]
            status: String,
            /// new, open, pending, on_hold, solved, closed, or `active` for the first four
            #[schema(max_length = 8000)]
            status_category: String,
            /// Keys, separated by commas
            #[schema(max_length = 8000)]
            priority: String,
            /// Ids or `none`, separated by commas
            #[schema(max_length = 8000)]
            team: String,
            /// Ids, `me` or `none`, separated by commas
            #[schema(max_length = 8000)]
            assignee: String,
            /// Separated by commas
            #[schema(max_length = 8000)]
            channel: String,
            /// Separated by commas
            #[schema(max_length = 8000)]
            r#type: String,
            /// Names, separated by commas: tickets with one of them
            #[schema(max_length = 8000)]
            tag: String,
            /// Ids, separated by commas
            #[schema(max_length = 8000)]
            requester: String,
            /// Ids, separated by commas
            #[schema(max_length = 8000)]
            organization: String,
            #[schema(max_length = 8000)]
            external_id: String,
            updated_after: DateTime<Utc>, created_after: DateTime<Utc>,
        };

    BulkChanges { "priority": "low" }
        takes {
            #[schema(min_length = 1, max_length = 500)]
            subject: String,
            #[schema(max_length = 40)]
            status: String,
            #[schema(max_length = 40)]
            priority: String,
            r#type: TicketType, requester_id: i64,
            #[schema(max_items = 500)]
            tags: Vec<TagName>,
            /// Merged; null removes a value
            custom: Map<String, Value>,
        }
        or_null {
            team_id: i64, assignee_id: i64, organization_id: i64,
            #[schema(max_length = 35)]
            language: String,
        };

    /// Which tickets: `ids`, or else `view_id`, `filter` or both. What is done: `changes`, `add_tags` and `remove_tags`
    /// for `update`; `macro_id` for `macro`; `into` for `merge`.
    CreateBulkJob { "action": "update", "ids": [7, 9], "changes": {"priority": "low"}, "add_tags": ["refund"] }
        needs { action: BulkAction }
        takes {
            #[schema(min_items = 1, max_items = 10_000)]
            ids: Vec<i64>,
            view_id: i64, filter: BulkFilter, changes: BulkChanges,
            #[schema(max_items = 500)]
            add_tags: Vec<TagName>,
            #[schema(max_items = 500)]
            remove_tags: Vec<TagName>,
            /// The ticket that remains
            into: i64,
            macro_id: i64,
        };
}
