//! Bodies of SLA policies.

use super::super::conditions::Condition;
use super::super::sla::SlaTarget;
use super::shapes::{bodies, bodies_of};
use serde::Deserialize;
use utoipa::ToSchema;

bodies_of! {
    CreateSlaPolicy {
        "name": "Standard",
        "targets": [
            {"metric": "first_reply", "priority": "urgent", "minutes": 60}, {"metric": "resolution", "minutes": 2880, "hours": "business"}
        ]
    }
    UpdateSlaPolicy { "near_breach_percent": 75 }
        needs {
            #[schema(min_length = 1, max_length = 200)]
            name: String,
        }
        takes {
            /// The lowest whose conditions hold applies to a ticket
            position: i32,
            enabled: bool,
            conditions: Condition,
            #[schema(max_items = 200)]
            targets: Vec<SlaTarget>,
        }
        or_null {
            /// Percent of a target after which a breach is near; null: nobody is told
            #[schema(minimum = 1, maximum = 99)]
            near_breach_percent: i32,
        };
}
