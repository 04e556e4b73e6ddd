//! Retention policies, legal holds, and the data of persons.

use super::conditions::Condition;
use super::people::User;
use super::shapes::shapes;
use super::words::{Channel, ErasureStatus, ErasureTexts, RetentionAction, RetentionMoment};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

shapes! {
    /// How far a policy is with all tickets, and what it did on the way.
    RetentionRun {
        started_at: DateTime<Utc>, finished_at: Option<DateTime<Utc>>,
        /// Tickets up to this one are done
        ticket_id: i64,
        /// Later ones wait for the next run
        last_id: i64,
        /// Tickets that it concerned
        looked_at: i64,
        done: i64,
        /// Those that legal holds are on
        held: i64,
        /// Those that are set aside
        failed: i64,
    }
    RetentionPolicy {
        id: i64, version: i64, position: i32, name: String, enabled: bool,
        #[schema(value_type = Condition)]
        conditions: Value,
        /// The moment from which the days count
        since: RetentionMoment,
        days: i32,
        action: RetentionAction,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
        /// The last run; null before the first
        run: Option<RetentionRun>,
    }
    RetentionSample { id: i64, subject: String, at: DateTime<Utc> }
    RetentionPreview {
        /// Tickets that the policy concerns now
        tickets: i64,
        /// Those that legal holds are on, not among the tickets
        held: i64,
        oldest_at: Option<DateTime<Utc>>,
        /// The oldest that the caller sees
        sample: Vec<RetentionSample>,
    }
    LegalHold {
        id: i64, version: i64, name: String, reason: String,
        ticket_id: Option<i64>, user_id: Option<i64>, organization_id: Option<i64>,
        /// null: until it is removed
        until: Option<DateTime<Utc>>,
        active: bool,
        placed_by: Option<i64>,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    /// The erasure of a person; when it is done, the certificate of it.
    Erasure {
        id: i64, user_id: i64, texts: ErasureTexts, status: ErasureStatus,
        /// What is looked through right now
        step: Option<String>,
        /// Up to which id
        reached_id: i64,
        /// By table, how many rows were changed or removed
        counts: BTreeMap<String, i64>,
        /// Tables and ids of rows that could not be changed
        problems: Vec<String>,
        requested_by: Option<i64>,
        created_at: DateTime<Utc>, finished_at: Option<DateTime<Utc>>,
    }
    ExportedNote { id: i64, body_text: String, created_at: DateTime<Utc> }
    ExportedChange {
        at: DateTime<Utc>, action: String,
        /// {column: [old, new]}
        changes: Map<String, Value>,
    }
    ExportedPerson {
        /// Their entry, and those that were merged into it
        entries: Vec<User>,
        notes: Vec<ExportedNote>,
        /// Changes of the entries, at most a thousand
        history: Vec<ExportedChange>,
    }
    ExportedFile {
        id: i64, name: String,
        #[serde(rename = "type")]
        media_type: String,
        size: Option<i64>,
    }
    ExportedMessage {
        id: i64, kind: String, is_theirs: bool, body_text: String, created_at: DateTime<Utc>,
        attachments: Vec<ExportedFile>,
    }
    ExportedTicket {
        id: i64,
        /// Null where they only wrote on it
        subject: Option<String>,
        /// The key of the status
        status: String,
        /// Else they follow it or wrote on it: it has no fields and no notes
        is_requester: bool,
        channel: Channel,
        custom: Map<String, Value>,
        /// Values of restricted fields
        restricted: Map<String, Value>,
        created_at: DateTime<Utc>, solved_at: Option<DateTime<Utc>>, closed_at: Option<DateTime<Utc>>,
        /// Set while it is in the trash
        deleted_at: Option<DateTime<Utc>>,
        messages: Vec<ExportedMessage>,
    }
    /// A page of what the desk has of a person.
    PersonExport {
        /// On the first page
        person: Option<ExportedPerson>,
        tickets: Vec<ExportedTicket>,
        /// Those of them that are in the archive
        archived: Vec<ExportedTicket>,
        /// To be sent as `after`; null on the last page
        next: Option<i64>,
    }
}
