//! Macros.

use super::common::Named;
use super::conditions::Action;
use super::messages::Message;
use super::shapes::shapes;
use super::tickets::Ticket;
use super::words::{MacroScope, WrittenKind};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

shapes! {
    Macro {
        id: i64, version: i64, name: String, description: String,
        scope: MacroScope, team_id: Option<i64>, owner_id: Option<i64>,
        /// As those of routing rules; `{"assign": "me"}` and `"none"` besides
        #[schema(value_type = Vec<Action>)]
        actions: Vec<Value>,
        /// null: no message
        message_kind: Option<WrittenKind>,
        /// A template: `{{requester.first_name | "there"}}`, `{{#if ticket.priority == "urgent"}}…{{else}}…{{/if}}`
        body_text: Option<String>, body_html: Option<String>, active: bool,
        uses: i64, last_used_at: Option<DateTime<Utc>>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    MacroVersion {
        version: i64, name: String, description: String,
        #[schema(value_type = Vec<Action>)]
        actions: Vec<Value>,
        message_kind: Option<WrittenKind>,
        body_text: Option<String>, body_html: Option<String>, changed_by: Option<Named>, changed_at: DateTime<Utc>,
    }
    MacroMessage { kind: WrittenKind, body_text: String, body_html: Option<String> }
    MacroPreview {
        /// {field: [old, new]}
        changes: BTreeMap<String, Vec<Value>>,
        message: Option<MacroMessage>,
        /// Variables of the message that have neither a value here nor a fallback: it is not sent so
        blanks: Vec<String>,
        /// The triggers that would answer it
        triggers: Vec<RehearsedTrigger>,
    }
    RehearsedTrigger {
        id: i64, name: String,
        /// Why it could not do what it says
        problem: Option<String>,
        /// What it changes after those before it: {field: [old, new]}
        changes: BTreeMap<String, Vec<Value>>,
        /// The messages that it writes
        messages: Vec<WrittenKind>,
    }
    MacroApplied { ticket: Ticket, changes: BTreeMap<String, Vec<Value>>, message: Option<Message> }
}
