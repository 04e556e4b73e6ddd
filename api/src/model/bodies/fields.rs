//! Bodies of custom fields, back-fills and ticket forms.

use super::super::conditions::{Condition, VisibleWhen};
use super::super::texts::OptionValue;
use super::super::words::{FieldType, FormAudience, FormRequirement, UserRole};
use super::shapes::{bodies, bodies_of};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

/// An option of a dropdown or multiselect; its value alone is its label too.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum FieldOption {
    Plain(OptionValue),
    Labelled {
        #[schema(max_length = 200)]
        value: String,
        /// The value by default
        #[schema(nullable = false, max_length = 200)]
        label: Option<String>,
    },
}

/// What its type asks for; nothing else is read.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({"options": [{"value": "free", "label": "Free"}, {"value": "pro", "label": "Pro"}]}))]
pub struct FieldConfig {
    /// Of dropdown and multiselect
    #[schema(nullable = false, min_items = 1, max_items = 1000)]
    pub options: Option<Vec<FieldOption>>,
    /// Of regex: what the whole value is like
    #[schema(nullable = false, max_length = 1000)]
    pub pattern: Option<String>,
    /// Of regex: the same in words, said of a value that does not match, such as "must be the five digits on the invoice"
    #[schema(nullable = false, max_length = 200)]
    pub message: Option<String>,
    /// Of integer and decimal
    #[schema(nullable = false)]
    pub min: Option<f64>,
    /// Of integer and decimal
    #[schema(nullable = false)]
    pub max: Option<f64>,
    /// Of text (500 by default) and multiline (10,000 by default)
    #[schema(nullable = false, minimum = 0)]
    pub max_length: Option<i64>,
    /// Of relation: user, organization, ticket, or object:<key of an object type>
    #[schema(nullable = false, max_length = 67)]
    pub target: Option<String>,
}

bodies_of! {
    CreateCustomField {
        "key": "plan", "label": "Plan", "type": "dropdown",
        "config": {"options": [{"value": "free", "label": "Free"}, {"value": "pro", "label": "Pro"}]}
    }
    UpdateCustomField { "label": "Area of the product", "required_on_solve": true }
        needs {
            /// Never changed
            #[schema(pattern = "^[a-z][a-z0-9_]{0,59}$")]
            key: String,
            #[schema(min_length = 1, max_length = 200)]
            label: String,
            r#type: FieldType,
        }
        takes {
            #[schema(max_length = 10_000)]
            description: String,
            config: FieldConfig,
            required_on_create: bool,
            required_on_solve: bool,
            /// The roles that see it
            #[schema(max_items = 5)]
            visible_to: Vec<UserRole>,
            position: i32,
            /// Whether an index finds it for views
            filterable: bool,
            active: bool,
        }
        or_null {
            /// A value of its type
            default_value: Value,
            visible_when: VisibleWhen,
        };
}

bodies! {
    BackfillCustomField { "value": "api", "conditions": {"field": "channel", "op": "is", "value": "api"} }
        takes {
            /// Which tickets; all by default
            conditions: Condition,
        }
        or_null {
            /// The field's default by default
            value: Value,
        };

    NewFormField { "field": "order_number", "required": "create" }
        needs {
            /// The key of a custom field
            #[schema(max_length = 60)]
            field: String,
        }
        or_null {
            /// null: as the field says
            required: FormRequirement,
            /// Asks for another field of the form; null: as the field says
            visible_when: VisibleWhen,
        };
}

bodies_of! {
    CreateTicketForm { "name": "Warranty claim", "shown_to": ["agent"], "fields": [{"field": "order_number", "required": "create"}] }
    UpdateTicketForm { "description": "For anything about invoices" }
        needs {
            #[schema(min_length = 1, max_length = 100)]
            name: String,
        }
        takes {
            #[schema(max_length = 10_000)]
            description: String,
            position: i32,
            active: bool,
            /// What a ticket gets that is made without one; then no other is it
            is_default: bool,
            /// Who may choose it
            #[schema(max_items = 2)]
            shown_to: Vec<FormAudience>,
            /// In their order, instead of those there were
            #[schema(max_items = 500)]
            fields: Vec<NewFormField>,
        }
        or_null {
            /// Agents of these teams only; null: of every team
            #[schema(max_items = 1000)]
            team_ids: Vec<i64>,
        };
}
