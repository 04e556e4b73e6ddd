//! Bodies of views.

use super::super::conditions::Condition;
use super::super::texts::ColumnName;
use super::super::words::ViewVisibility;
use super::shapes::{bodies, bodies_of};
use serde::Deserialize;
use utoipa::ToSchema;

bodies_of! {
    CreateView {
        "name": "Urgent and mine",
        "conditions": {"all": [
            {"field": "assignee", "op": "is", "value": "current_user"}, {"field": "priority", "op": "is", "value": "urgent"}
        ]},
        "columns": ["id", "subject", "requester", "updated_at"], "sort": "-updated_at"
    }
    UpdateView { "sort": "-created_at", "group_by": "priority" }
        needs {
            #[schema(min_length = 1, max_length = 100)]
            name: String,
        }
        takes {
            #[schema(max_length = 10_000)]
            description: String,
            /// `private` by default; `team` with `team_id`
            visibility: ViewVisibility,
            /// `current_user` as an assignee is whoever looks
            conditions: Condition,
            /// Of id, subject, status, priority, type, channel, requester, organization, team, assignee, tags, created_at,
            /// updated_at, solved_at, next_breach_at and custom.<key>
            #[schema(min_items = 1, max_items = 30)]
            columns: Vec<ColumnName>,
            /// A column, with `-` in front for descending
            #[schema(max_length = 100)]
            sort: String,
            position: i32,
            active: bool,
        }
        or_null {
            team_id: i64,
            /// status, priority, type, channel, requester, organization, team, assignee or custom.<key>
            #[schema(max_length = 100)]
            group_by: String,
        };
}
