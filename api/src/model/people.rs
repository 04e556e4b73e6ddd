//! Users, organizations, and the history of customers.

use super::common::{Author, Named};
use super::shapes::shapes;
use super::words::{Availability, InteractionKind, StatusCategory, TicketAccess, UserRole};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

shapes! {
    User {
        id: i64, version: i64, role: UserRole, name: String, email: Option<String>, organization_id: Option<i64>,
        organization: Option<Named>, team_ids: Vec<i64>, ticket_access: TicketAccess, availability: Availability,
        /// Why, in their own words
        availability_reason: Option<String>, capacity: i32,
        locale: String, time_zone: String, phone: Option<String>, custom: Map<String, Value>,
        /// Their business hours; null: as the team
        schedule_id: Option<i64>,
        /// An agent who may redact messages, as admins may
        may_redact: bool, active: bool,
        /// Who they are now: two entries of one person were merged
        merged_into_id: Option<i64>, external_id: Option<String>,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    Me {
        id: i64, version: i64, role: UserRole, name: String, email: Option<String>, organization_id: Option<i64>,
        organization: Option<Named>, team_ids: Vec<i64>, ticket_access: TicketAccess, availability: Availability,
        /// Why, in their own words
        availability_reason: Option<String>, capacity: i32,
        locale: String, time_zone: String, phone: Option<String>, custom: Map<String, Value>,
        /// Their business hours; null: as the team
        schedule_id: Option<i64>,
        /// An agent who may redact messages, as admins may
        may_redact: bool, active: bool,
        /// Who they are now: two entries of one person were merged
        merged_into_id: Option<i64>, external_id: Option<String>,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
        /// The role of this request: integration for a key
        acting_as: UserRole,
        /// Below their replies; plain text
        signature: Option<String>,
        /// The same as it goes out, with its placeholders filled in
        signature_text: Option<String>,
        open_tickets: i64,
    }
    /// One's own work. A week is today and the six days before, from midnight in one's own time zone.
    MyNumbers {
        open: i64,
        /// Slots in use
        load: f64, capacity: i64,
        /// {status category: how many tickets}
        by_category: Map<String, Value>,
        solved_today: i64, solved_week: i64, first_replies_week: i64,
        /// Median of the week
        first_reply_seconds: Option<i64>,
        /// Oldest first
        solved_by_day: Vec<SolvedOnDay>,
    }
    SolvedOnDay {
        /// Such as 2026-11-27
        day: String,
        solved: i64,
    }
    Organization {
        id: i64, version: i64, name: String, domains: Vec<String>, notes: String, custom: Map<String, Value>,
        /// The business hours of its tickets, before those of their team
        schedule_id: Option<i64>,
        external_id: Option<String>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    /// A note of the staff about a customer or an organization; customers never read it.
    CustomerNote {
        id: i64, version: i64, user_id: Option<i64>, organization_id: Option<i64>, body_text: String,
        /// Shown first, also beside tickets; one of each customer
        pinned: bool,
        author: Option<Named>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    /// Something that a customer and the desk had to do with each other.
    Interaction {
        kind: InteractionKind,
        at: DateTime<Utc>, ticket_id: i64, subject: String, status_category: StatusCategory,
        /// Whose ticket or reply it is; null for what was solved
        author: Option<Author>,
        message_id: Option<i64>, snippet: Option<String>,
    }
    CustomerHistory {
        /// {status category: how many tickets}
        tickets: Map<String, Value>,
        first_contact_at: Option<DateTime<Utc>>, last_contact_at: Option<DateTime<Utc>>,
        /// Newest first
        items: Vec<Interaction>,
        /// Send as `after` for the next page; null on the last.
        next: Option<String>,
    }
}
