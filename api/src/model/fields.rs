//! Custom fields, ticket forms and jobs over field values.

use super::bodies::FieldConfig;
use super::conditions::{Condition, VisibleWhen};
use super::shapes::shapes;
use super::words::{
    FieldJobKind, FieldJobStatus, FieldType, FormAudience, FormRequirement, UserRole,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

shapes! {
    CustomField {
        id: i64, version: i64, key: String, label: String, description: String, r#type: FieldType,
        #[schema(value_type = FieldConfig)]
        config: Value,
        required_on_create: bool, required_on_solve: bool, default_value: Option<Value>,
        #[schema(value_type = Option<VisibleWhen>)]
        visible_when: Option<Value>,
        visible_to: Vec<UserRole>, position: i32,
        /// Whether an index finds it for views
        filterable: bool, active: bool, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    /// What is done to a field's values on every ticket.
    FieldJob {
        id: i64, field_id: i64, key: String,
        kind: FieldJobKind,
        value: Option<Value>,
        #[schema(value_type = Option<Condition>)]
        conditions: Option<Value>,
        status: FieldJobStatus,
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
        /// Who may choose it
        shown_to: Vec<FormAudience>,
        /// Agents of these teams only; null: of every team
        team_ids: Option<Vec<i64>>,
        /// In their order
        fields: Vec<FormField>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    FormField {
        /// The key of a custom field
        field: String,
        /// null: as the field says
        required: Option<FormRequirement>,
        /// null: as the field says
        #[schema(value_type = Option<VisibleWhen>)]
        visible_when: Option<Value>,
    }
}
