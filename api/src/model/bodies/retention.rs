//! Bodies of retention policies, legal holds, and what is done to a person's data.

use super::super::conditions::Condition;
use super::super::texts::ErasedWord;
use super::super::words::{ErasureTexts, RetentionAction, RetentionMoment};
use super::shapes::{bodies, bodies_of};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

bodies_of! {
    CreateRetentionPolicy { "name": "Three years", "since": "closed", "days": 1095, "action": "delete" }
    UpdateRetentionPolicy { "days": 730 }
        needs {
            #[schema(min_length = 1, max_length = 200)]
            name: String,
            /// The moment from which the days count
            since: RetentionMoment,
            #[schema(minimum = 1, maximum = 36_500)]
            days: i32,
            action: RetentionAction,
        }
        takes {
            /// Of the policies with one action the lowest whose conditions hold applies
            position: i32,
            /// false by default
            enabled: bool,
            conditions: Condition,
        };
}

bodies! {
    /// Names one of ticket_id, user_id and organization_id.
    CreateLegalHold { "name": "Smith against Acme", "reason": "Letter of the court", "ticket_id": 7 }
        needs {
            #[schema(min_length = 1, max_length = 200)]
            name: String,
        }
        takes {
            #[schema(max_length = 2000)]
            reason: String,
        }
        or_null {
            ticket_id: i64,
            user_id: i64,
            organization_id: i64,
            /// null: until it is removed
            until: DateTime<Utc>,
        };
    UpdateLegalHold { "until": "2040-05-01T00:00:00Z" }
        takes {
            #[schema(min_length = 1, max_length = 200)]
            name: String,
            #[schema(max_length = 2000)]
            reason: String,
        }
        or_null {
            /// Is never changed
            ticket_id: i64,
            /// Is never changed
            user_id: i64,
            /// Is never changed
            organization_id: i64,
            /// null: until it is removed
            until: DateTime<Utc>,
        };
    ErasePerson { "texts": "redact" }
        takes {
            /// What becomes of the texts that they wrote; redact by default
            texts: ErasureTexts,
            /// Further words that are removed wherever they stand
            #[schema(max_items = 20)]
            words: Vec<ErasedWord>,
        };
    ExportPerson { "after": 0 }
        takes {
            /// The `next` of the page before
            after: i64,
        };
}
