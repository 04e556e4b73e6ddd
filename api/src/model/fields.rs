//! Custom fields, ticket forms and jobs over field values.

use super::shapes::shapes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

shapes! {
    CustomField {
        id: i64, version: i64, key: String, label: String, description: String, r#type: String, config: Value,
        required_on_create: bool, required_on_solve: bool, default_value: Option<Value>, visible_when: Option<Value>,
        visible_to: Vec<String>, position: i32,
        /// Whether an index finds it for views
        filterable: bool, active: bool, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
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
