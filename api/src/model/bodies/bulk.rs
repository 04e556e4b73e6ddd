//! The body of a bulk job.

use super::super::words::{BulkAction, TicketType};
use super::shapes::bodies;
use super::tickets::TagName;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

bodies! {
    /// The filters of the list of tickets.
    BulkFilter { "status_category": "active", "assignee": "none" }
        takes {
            /// Part of the subject, or a number
            q: String,
            /// Keys, separated by commas
            status: String,
            /// new, open, pending, on_hold, solved, closed, or `active` for the first four
            status_category: String,
            /// Keys, separated by commas
            priority: String,
            /// Ids or `none`, separated by commas
            team: String,
            /// Ids, `me` or `none`, separated by commas
            assignee: String,
            /// Separated by commas
            channel: String,
            /// Separated by commas
            r#type: String,
            /// Names, separated by commas: tickets with one of them
            tag: String,
            /// Ids, separated by commas
            requester: String,
            /// Ids, separated by commas
            organization: String,
            external_id: String,
            updated_after: DateTime<Utc>, created_after: DateTime<Utc>,
        };

    BulkChanges { "priority": "low" }
        takes {
            #[schema(min_length = 1, max_length = 500)]
            subject: String,
            status: String, priority: String, r#type: TicketType, requester_id: i64,
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
            view_id: i64, filter: BulkFilter, changes: BulkChanges, add_tags: Vec<TagName>, remove_tags: Vec<TagName>,
            /// The ticket that remains
            into: i64,
            macro_id: i64,
        };
}
