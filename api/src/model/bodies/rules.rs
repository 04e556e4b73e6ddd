//! Bodies of routing rules, triggers and automations.

use super::super::conditions::{Action, Condition};
use super::shapes::{bodies, bodies_of};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

bodies_of! {
    CreateRoutingRule {
        "name": "Refunds go to Billing", "conditions": {"field": "subject", "op": "contains_word", "value": "refund"},
        "actions": [{"set": "team", "value": "Billing"}]
    }
    UpdateRoutingRule { "enabled": false }
        needs {
            #[schema(min_length = 1, max_length = 200)]
            name: String,
        }
        takes {
            /// The lowest first
            position: i32,
            enabled: bool,
            conditions: Condition,
            #[schema(max_items = 100)]
            actions: Vec<Action>,
            /// true by default: no rule after it applies
            stop: bool,
        };

    CreateTrigger {
        "name": "Urgent ones are flagged", "conditions": {"field": "priority", "op": "is", "value": "urgent"},
        "actions": [{"add_tags": ["urgent"]}]
    }
    UpdateTrigger { "enabled": false }
        needs {
            #[schema(min_length = 1, max_length = 200)]
            name: String,
        }
        takes {
            /// The lowest first
            position: i32,
            enabled: bool,
            conditions: Condition,
            #[schema(max_items = 100)]
            actions: Vec<Action>,
        };

    CreateAutomation {
        "name": "Remind after four days",
        "conditions": {"all": [
            {"field": "status", "op": "is", "value": "pending"}, {"field": "hours_since.status", "op": "greater", "value": 96}
        ]},
        "actions": [{"add_tags": ["reminded"]}]
    }
    UpdateAutomation { "enabled": false }
        needs {
            #[schema(min_length = 1, max_length = 200)]
            name: String,
        }
        takes {
            /// The lowest first
            position: i32,
            enabled: bool,
            conditions: Condition,
            #[schema(max_items = 100)]
            actions: Vec<Action>,
        };
}

/// A rule that is tried; further members are not read.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct DraftRule {
    #[schema(nullable = false, max_length = 200)]
    pub name: Option<String>,
    #[schema(nullable = false)]
    pub conditions: Option<Condition>,
    #[schema(nullable = false, max_items = 100)]
    pub actions: Option<Vec<Action>>,
    /// true by default: no rule after it applies
    #[schema(nullable = false)]
    pub stop: Option<bool>,
}

bodies! {
    SimulateRouting { "rules": [{"name": "All to Tech", "actions": [{"set": "team", "value": "Tech"}]}] }
        or_null {
            /// In their order; null: those of today
            #[schema(max_items = 1000)]
            rules: Vec<DraftRule>,
            /// 30 days ago by default
            from: DateTime<Utc>,
            /// Now by default
            to: DateTime<Utc>,
        };
}
