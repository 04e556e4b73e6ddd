//! Bodies of the desk's configuration.

use super::super::texts::{FileExtension, MediaType};
use super::super::words::{Scope, StatusCategory};
use super::shapes::{bodies, bodies_of};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

bodies_of! {
    CreateStatus { "key": "on_site", "label": "On site", "category": "open", "position": 25 }
    UpdateStatus { "label": "Waiting for customer" }
        needs {
            #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$")]
            key: String,
            #[schema(max_length = 100)]
            label: String,
            category: StatusCategory,
        }
        takes {
            #[schema(pattern = "^#[0-9a-f]{6}$")]
            color: String,
            position: i32,
            active: bool,
        };

    CreatePriority { "key": "blocker", "label": "Blocker", "weight": 90, "load_percent": 200 }
    UpdatePriority { "label": "Whenever" }
        needs {
            #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$")]
            key: String,
            #[schema(max_length = 100)]
            label: String,
            /// The higher, the more pressing
            weight: i32,
        }
        takes {
            #[schema(pattern = "^#[0-9a-f]{6}$")]
            color: String,
            /// Load of a ticket, in percent of a slot
            #[schema(minimum = 1, maximum = 1000)]
            load_percent: i32,
            active: bool,
        };

    CreateTag { "name": "gift-card", "color": "#336699" }
    UpdateTag { "color": "#aa3311" }
        needs {
            #[schema(pattern = r"^[^\s,]{1,80}$")]
            name: String,
        }
        takes {
            #[schema(pattern = "^#[0-9a-f]{6}$")]
            color: String,
        };
}

bodies! {
    MergeTags { "into": 1 }
        needs {
            /// The tag that remains
            into: i64,
        };

    UpdateTagSettings { "closed": true }
        takes {
            /// Only administrators make tags
            closed: bool,
            /// The version that was seen, as If-Match
            version: i64,
        };

    UpdateWorkerTask { "paused": true }
        takes {
            /// A round under way is finished
            paused: bool,
        };

    CreateStatusTransition { "from_status_id": 2, "to_status_id": 5 }
        needs { from_status_id: i64, to_status_id: i64 }
        or_null {
            /// null: for every team
            team_id: i64,
        };

    UpdateWorkflow { "reopen_days": 14 }
        takes {
            /// Days after solving within which the requester's reply opens the ticket again
            #[schema(minimum = 0, maximum = 3650)]
            reopen_days: i32,
        };

    UpdateSettings { "message_edit_minutes": 15, "attachment_types": ["image/*", "application/pdf"] }
        takes {
            /// How long an author may edit a message; 0: never
            #[schema(minimum = 0, maximum = 525_600)]
            message_edit_minutes: i32,
            #[schema(minimum = 1, maximum = 107_374_182_400_i64)]
            attachment_max_bytes: i64,
            #[schema(max_items = 500)]
            attachment_blocked_extensions: Vec<FileExtension>,
            /// How long notifications are kept after they were read
            #[schema(minimum = 1, maximum = 3650)]
            notification_days: i32,
            /// How long people at a SQL prompt may take before they are cut off, in seconds: for a statement
            #[schema(minimum = 1, maximum = 86_400)]
            prompt_statement_seconds: i32,
            /// for a transaction
            #[schema(minimum = 1, maximum = 86_400)]
            prompt_transaction_seconds: i32,
            /// for a transaction that does nothing
            #[schema(minimum = 1, maximum = 86_400)]
            prompt_idle_seconds: i32,
            /// for a transaction that has written
            #[schema(minimum = 1, maximum = 86_400)]
            prompt_write_seconds: i32,
        }
        or_null {
            /// Such as image/*; null: every type
            #[schema(max_items = 500)]
            attachment_types: Vec<MediaType>,
        };

    CreateApiKey { "name": "Shop", "scopes": ["tickets:read", "tickets:write"], "rate_limit": 300 }
        needs {
            #[schema(min_length = 1, max_length = 200)]
            name: String,
            #[schema(max_items = 8)]
            scopes: Vec<Scope>,
        }
        or_null {
            /// null: every team
            #[schema(max_items = 1000)]
            team_ids: Vec<i64>,
            /// Requests a minute; null: the usual limit
            #[schema(minimum = 1, maximum = 999_999)]
            rate_limit: i32,
            expires_at: DateTime<Utc>,
        };
}
