//! Routing rules, triggers, automations and what they did.

use super::conditions::{Action, Condition};
use super::shapes::shapes;
use super::words::RuleKind;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

shapes! {
    RoutingRule {
        id: i64, version: i64, position: i32, name: String, enabled: bool,
        #[schema(value_type = Condition)]
        conditions: Value,
        #[schema(value_type = Vec<Action>)]
        actions: Value, stop: bool,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    Trigger {
        id: i64, version: i64, position: i32, name: String, enabled: bool,
        #[schema(value_type = Condition)]
        conditions: Value,
        #[schema(value_type = Vec<Action>)]
        actions: Value,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    Automation {
        id: i64, version: i64, position: i32, name: String, enabled: bool,
        #[schema(value_type = Condition)]
        conditions: Value,
        #[schema(value_type = Vec<Action>)]
        actions: Value,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    RuleFiring {
        id: i64, at: DateTime<Utc>,
        kind: RuleKind, rule_id: i64, rule_name: String, ticket_id: i64,
        /// The conditions as written, with what each test found
        explanation: Value,
        /// Why the actions could not be carried out
        error: Option<Value>,
    }
}
