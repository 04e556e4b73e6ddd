//! The language of conditions, and the actions of rules and macros, as `extension/core` reads them.

use super::words::{Operator, TicketBalancing};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A group of conditions or one test: at most 200 of both, groups at most 16 deep.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum Condition {
    /// Every one holds; an empty list always holds.
    #[schema(no_recursion)]
    All {
        all: Vec<Condition>,
    },
    /// One at least holds.
    #[schema(no_recursion)]
    Any {
        any: Vec<Condition>,
    },
    /// None holds.
    #[schema(no_recursion)]
    None {
        none: Vec<Condition>,
    },
    Test(ConditionTest),
}

/// Such as `{"field": "priority", "op": "in", "value": ["high", "urgent"]}`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConditionTest {
    /// As `/api/condition-schema` lists them: `subject`, `hours_since.status`, `custom.<key>`
    pub field: String,
    pub op: Operator,
    /// What the operator compares with; none for present, absent and changed
    pub value: Option<ConditionValue>,
    /// Hours of this schedule alone count in `hours_since`
    #[schema(nullable = false)]
    pub schedule: Option<String>,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum ConditionValue {
    /// At most 1,000 characters
    Text(String),
    Number(f64),
    Flag(bool),
    /// At most 500 values
    List(Vec<Scalar>),
    /// A point in time, so long before now
    Ago {
        hours_ago: f64,
    },
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Scalar {
    Text(String),
    Number(f64),
    Flag(bool),
}

/// What a rule or a macro does to a ticket. Teams, statuses and the like are meant by name or key, tags by name.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum Action {
    Set {
        /// team, status, priority, type, form or custom.<key>
        set: String,
        value: Value,
    },
    AddTags {
        #[schema(min_items = 1, max_items = 100)]
        add_tags: Vec<String>,
    },
    RemoveTags {
        #[schema(min_items = 1, max_items = 100)]
        remove_tags: Vec<String>,
    },
    RequireSkill {
        require_skill: String,
        /// 1 by default
        #[schema(nullable = false, minimum = 1, maximum = 5)]
        level: Option<i32>,
    },
    PreferSkill {
        prefer_skill: String,
        /// 1 by default
        #[schema(nullable = false, minimum = 1, maximum = 5)]
        level: Option<i32>,
        /// How long to wait for such an agent before any will do
        #[schema(nullable = false, minimum = 0, maximum = 44_640)]
        for_minutes: Option<i64>,
    },
    Assign {
        /// An agent's e-mail address
        assign: String,
    },
    Balance {
        balance: TicketBalancing,
        /// That the sun goes round, for follow_the_sun
        #[schema(nullable = false)]
        teams: Option<Vec<String>>,
    },
    /// A public reply from this template; not for routing
    Reply { reply: String },
    /// An internal note from this template; not for routing
    Note { note: String },
}

/// Shown while another field has one of these values.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({"field": "area", "in": ["disk"]}))]
pub struct VisibleWhen {
    /// The key of the other field
    pub field: String,
    #[schema(min_items = 1)]
    pub r#in: Vec<Scalar>,
}
