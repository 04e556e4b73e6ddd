//! Bodies of tickets.

use super::super::texts::TagName;
use super::super::words::{Channel, NewLinkRelation, PresenceState, TicketType};
use super::shapes::bodies;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// From 1 to 5
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(value_type = i32)]
pub struct SkillLevel(pub i32);

/// What may be changed of a ticket, with members that only one of these bodies has.
macro_rules! changes {
    ($($(#[$doc:meta])* $name:ident $example:tt { $($(#[$meta:meta])* $own:ident: $type:ty),* $(,)? });* $(;)?) => {
        bodies! {
            $($(#[$doc])* $name $example
                takes {
                    #[schema(min_length = 1, max_length = 500)]
                    subject: String,
                    $($(#[$meta])* $own: $type,)*
                    /// The key of an active priority
                    #[schema(max_length = 40)]
                    priority: String,
                    r#type: TicketType,
                    requester_id: i64,
                    /// Instead of those there were
                    #[schema(max_items = 500)]
                    tags: Vec<TagName>,
                    /// Merged into those there are; null removes a value
                    custom: Map<String, Value>,
                    /// {name of a skill: lowest level}
                    required_skills: BTreeMap<String, SkillLevel>,
                    /// {name of a skill: level, and for how long}
                    preferred_skills: BTreeMap<String, PreferredSkill>,
                    /// The version that was seen, as If-Match
                    version: i64,
                }
                or_null {
                    team_id: i64, assignee_id: i64, organization_id: i64, form_id: i64,
                    #[schema(max_length = 35)]
                    language: String,
                };)*
        }
    };
}

changes! {
    UpdateTicket { "priority": "high", "tags": ["refund"] } {
        /// The key of an active status
        #[schema(max_length = 40)]
        status: String,
    };

    /// What changes with it; the status is set by solving.
    SolveTicket { "tags": ["refund"] } {};

    /// What changes with it; the status is set by reopening.
    ReopenTicket { "priority": "high" } {};
}

bodies! {
    /// Whose ticket it is, by e-mail address; one who is not known yet is added as a customer.
    NewRequester { "email": "ada@engines.example", "name": "Ada Lovelace" }
        needs {
            #[schema(max_length = 320, format = "email")]
            email: String,
        }
        takes {
            /// Of somebody new
            #[schema(max_length = 200)]
            name: String,
        };

    PreferredSkill { "level": 2, "for_minutes": 15 }
        takes {
            /// 1 by default
            #[schema(minimum = 1, maximum = 5)]
            level: i32,
            /// How long to wait for such an agent before any will do
            #[schema(minimum = 0, maximum = 99_999)]
            for_minutes: i64,
        };

    CreateTicket {
        "subject": "No invoice for order 4711",
        "description": "I paid on Monday and have no invoice yet.",
        "requester": {"email": "ada@engines.example", "name": "Ada Lovelace"},
        "priority": "high", "type": "problem", "channel": "email", "tags": ["invoice"], "language": "en"
    }
        needs {
            #[schema(min_length = 1, max_length = 500)]
            subject: String,
        }
        takes {
            /// At most 4,000,000 bytes
            #[schema(max_length = 4_000_000)]
            description: String,
            requester: NewRequester,
            /// Instead of `requester`; the caller without either
            requester_id: i64,
            /// The key of an active status
            #[schema(max_length = 40)]
            status: String,
            /// The key of an active priority
            #[schema(max_length = 40)]
            priority: String,
            r#type: TicketType,
            channel: Channel,
            #[schema(max_items = 500)]
            tags: Vec<TagName>,
            /// Values of custom fields by key
            custom: Map<String, Value>,
            /// {name of a skill: lowest level}
            required_skills: BTreeMap<String, SkillLevel>,
            /// {name of a skill: level, and for how long}
            preferred_skills: BTreeMap<String, PreferredSkill>,
            /// One's own uploads, which go with the description
            #[schema(max_items = 1000)]
            attachment_ids: Vec<i64>,
            /// For administrators, who import
            created_at: DateTime<Utc>,
        }
        or_null {
            /// Sanitised; the description in text is made of it
            #[schema(max_length = 4_000_000)]
            description_html: String,
            organization_id: i64,
            /// null: the rules decide
            team_id: i64,
            assignee_id: i64,
            /// By which it is filled in; null: the default one
            form_id: i64,
            #[schema(max_length = 35)]
            language: String,
            #[schema(max_length = 255)]
            external_id: String,
        };

    /// A team, an agent or both; null takes it away.
    AssignTicket { "team_id": 1, "assignee_id": null }
        takes {
            /// The version that was seen, as If-Match
            version: i64,
        }
        or_null { assignee_id: i64, team_id: i64 };

    MergeTicket { "into": 9 }
        needs {
            /// The ticket that remains
            into: i64,
        };

    PreviewMerge { "tickets": [7] }
        needs {
            /// Those that would be closed
            #[schema(min_items = 1, max_items = 50)]
            tickets: Vec<i64>,
        };

    FollowUpTicket { "subject": "Payout missing again" }
        takes {
            /// What it opens with; at most 4,000,000 bytes
            #[schema(max_length = 4_000_000)]
            description: String,
            /// That of the closed ticket by default
            #[schema(min_length = 1, max_length = 500)]
            subject: String,
        };

    SplitTicket { "message_id": 31, "subject": "And another thing" }
        needs { message_id: i64 }
        takes {
            /// That of this ticket by default
            #[schema(min_length = 1, max_length = 500)]
            subject: String,
        };

    CreateLink { "relation": "incident_of", "ticket_id": 9 }
        needs { relation: NewLinkRelation, ticket_id: i64 };

    AnnouncePresence { "state": "writing_reply" }
        needs { state: PresenceState };

    MarkTicket { "read": false }
        takes {
            /// true by default
            read: bool,
        };
}
