//! Bodies of users and organizations.

use super::super::texts::Domain;
use super::super::words::{Availability, TicketAccess, UserRole};
use super::shapes::{bodies, bodies_of};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

bodies_of! {
    CreateUser { "role": "customer", "name": "Ada Lovelace", "email": "ada@engines.example" }
    UpdateUser { "name": "Ada King", "phone": "+44 20 7946 0000" }
        needs {
            #[schema(min_length = 1, max_length = 200)]
            name: String,
        }
        takes {
            /// `customer` by default
            role: UserRole,
            ticket_access: TicketAccess,
            availability: Availability,
            /// How many tickets an agent has at once
            #[schema(minimum = 0, maximum = 1000)]
            capacity: i32,
            #[schema(max_length = 35)]
            locale: String,
            /// An IANA name such as Europe/Berlin
            #[schema(max_length = 64)]
            time_zone: String,
            /// An agent who may redact messages, as admins may
            may_redact: bool,
            active: bool,
            /// Values of the desk's own; at most 100,000 bytes
            custom: Map<String, Value>,
        }
        or_null {
            #[schema(max_length = 320, format = "email")]
            email: String,
            organization_id: i64,
            /// Why they are not available, in their own words
            #[schema(max_length = 200)]
            availability_reason: String,
            #[schema(max_length = 64)]
            phone: String,
            /// Their business hours; null: as the team
            schedule_id: i64,
            #[schema(max_length = 255)]
            external_id: String,
        };

    CreateOrganization { "name": "Analytical Engines", "domains": ["engines.example"] }
    UpdateOrganization { "notes": "Pays by invoice" }
        needs {
            #[schema(min_length = 1, max_length = 200)]
            name: String,
        }
        takes {
            /// Of e-mail addresses
            #[schema(max_items = 500)]
            domains: Vec<Domain>,
            #[schema(max_length = 100_000)]
            notes: String,
            custom: Map<String, Value>,
        }
        or_null {
            /// The business hours of its tickets, before those of their team; for admins
            schedule_id: i64,
            #[schema(max_length = 255)]
            external_id: String,
        };
}

bodies_of! {
    CreateCustomerNote { "organization_id": 1, "body_text": "Call before you change anything on a Friday.", "pinned": true }
    UpdateCustomerNote { "pinned": false }
        needs {
            #[schema(min_length = 1, max_length = 20_000)]
            body_text: String,
        }
        takes {
            /// Takes the place of the note that was
            pinned: bool,
        }
        or_null {
            /// A person or an organization, one of both; never changed
            user_id: i64, organization_id: i64,
        };
}

bodies! {
    UpdateMe { "availability": "away", "time_zone": "Europe/Berlin" }
        takes {
            #[schema(min_length = 1, max_length = 200)]
            name: String,
            availability: Availability,
            #[schema(max_length = 35)]
            locale: String,
            /// An IANA name such as Europe/Berlin
            #[schema(max_length = 64)]
            time_zone: String,
        }
        or_null {
            #[schema(max_length = 64)]
            phone: String,
            /// Why; emptied when the availability changes without one
            #[schema(max_length = 200)]
            availability_reason: String,
            /// Below their replies; plain text, in which {{agent.name}}, {{agent.first_name}}, {{agent.email}} and
            /// {{agent.phone}} are filled in
            #[schema(max_length = 4000)]
            signature: String,
        };

    ChangePassword { "current_password": "correct horse battery", "new_password": "staple of another horse", "end_other_sessions": true }
        needs {
            #[schema(max_length = 1000)]
            current_password: String,
            #[schema(min_length = 10, max_length = 200)]
            new_password: String,
        }
        takes {
            /// Whether every other log-in ends; false by default
            end_other_sessions: bool,
        };

    /// About a customer or an organization: one of both.
    MergeUsers { "into": 97 }
        needs {
            /// The customer who remains
            into: i64,
        };
}
