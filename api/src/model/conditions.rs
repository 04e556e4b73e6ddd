//! The language of conditions, and the actions of rules and macros, as `extension/core` reads them.

use super::texts::{ComparedText, TagName, TeamName};
use super::words::{Operator, TicketBalancing};
use serde::Deserialize;
use serde_json::Value;
use utoipa::openapi::{ArrayBuilder, Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A group of conditions or one test: at most 200 of both, groups at most 16 deep.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum Condition {
    /// Every one holds; an empty list always holds.
    #[schema(no_recursion)]
    All {
        #[schema(max_items = 200)]
        all: Vec<Condition>,
    },
    /// One at least holds.
    #[schema(no_recursion)]
    Any {
        #[schema(max_items = 200)]
        any: Vec<Condition>,
    },
    /// None holds.
    #[schema(no_recursion)]
    None {
        #[schema(max_items = 200)]
        none: Vec<Condition>,
    },
    Test(ConditionTest),
}

/// Such as `{"field": "priority", "op": "in", "value": ["high", "urgent"]}`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConditionTest {
    /// As `/api/condition-schema` lists them: `subject`, `hours_since.status`, `custom.<key>`
    #[schema(max_length = 200)]
    pub field: String,
    pub op: Operator,
    /// What the operator compares with; none for present, absent and changed
    pub value: Option<ConditionValue>,
    /// Hours of this schedule alone count in `hours_since`
    #[schema(nullable = false, max_length = 200)]
    pub schedule: Option<String>,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum ConditionValue {
    Text(ComparedText),
    Number(f64),
    Flag(bool),
    List(ComparedList),
    /// A point in time, so long before now
    Ago {
        hours_ago: f64,
    },
}

/// At most 2,000 values in a whole condition; the derive knows no `max_items` here.
#[derive(Debug, Clone, Deserialize)]
pub struct ComparedList(pub Vec<Scalar>);

impl PartialSchema for ComparedList {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new()
            .items(Ref::from_schema_name(Scalar::name()))
            .max_items(Some(500))
            .into()
    }
}

impl ToSchema for ComparedList {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Scalar::name().into_owned(), Scalar::schema()));
        Scalar::schemas(schemas);
    }
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Scalar {
    Text(ComparedText),
    Number(f64),
    Flag(bool),
}

/// What a rule or a macro does to a ticket. Teams, statuses and the like are meant by name or key, tags by name.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum Action {
    Set {
        /// team, status, priority, type, form or custom.<key>
        #[schema(max_length = 320)]
        set: String,
        value: Value,
    },
    AddTags {
        #[schema(min_items = 1, max_items = 100)]
        add_tags: Vec<TagName>,
    },
    RemoveTags {
        #[schema(min_items = 1, max_items = 100)]
        remove_tags: Vec<TagName>,
    },
    RequireSkill {
        #[schema(max_length = 320)]
        require_skill: String,
        /// 1 by default
        #[schema(nullable = false, minimum = 1, maximum = 5)]
        level: Option<i32>,
    },
    PreferSkill {
        #[schema(max_length = 320)]
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
        #[schema(max_length = 320)]
        assign: String,
    },
    Balance {
        balance: TicketBalancing,
        /// That the sun goes round, for follow_the_sun
        #[schema(nullable = false, max_items = 100)]
        teams: Option<Vec<TeamName>>,
    },
    /// A public reply from this template; not for routing
    Reply {
        #[schema(max_length = 20_000)]
        reply: String,
    },
    /// An internal note from this template; not for routing
    Note {
        #[schema(max_length = 20_000)]
        note: String,
    },
}

/// Shown while another field has one of these values.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({"field": "area", "in": ["disk"]}))]
pub struct VisibleWhen {
    /// The key of the other field
    #[schema(max_length = 60)]
    pub field: String,
    #[schema(min_items = 1, max_items = 500)]
    pub r#in: Vec<Scalar>,
}
