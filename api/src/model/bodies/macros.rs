//! Bodies of macros.

use super::super::conditions::Action;
use super::super::words::{MacroScope, WrittenKind};
use super::shapes::{bodies, bodies_of};
use serde::Deserialize;
use utoipa::ToSchema;

bodies_of! {
    CreateMacro {
        "name": "Thanks", "scope": "private", "actions": [{"set": "status", "value": "solved"}],
        "message_kind": "reply", "body_text": "Thank you, {{requester.first_name | \"dear customer\"}}."
    }
    UpdateMacro { "name": "Thanks, solved" }
        needs {
            #[schema(min_length = 1, max_length = 200)]
            name: String,
        }
        takes {
            #[schema(max_length = 10_000)]
            description: String,
            /// `shared` by default; `team` with `team_id`
            scope: MacroScope,
            /// Set, add_tags, remove_tags, assign and require_skill; `me` and `none` are assignees too
            #[schema(max_items = 100)]
            actions: Vec<Action>,
            active: bool,
        }
        or_null {
            team_id: i64,
            /// Of a private one: oneself
            owner_id: i64,
            /// null: no message
            message_kind: WrittenKind,
            /// A template: `{{requester.first_name | "there"}}`, `{{#if ticket.priority == "urgent"}}…{{else}}…{{/if}}`
            #[schema(max_length = 20_000)]
            body_text: String,
            /// The same in HTML, instead of `body_text`
            #[schema(max_length = 20_000)]
            body_html: String,
        };
}

bodies! {
    ApplyMacro { "version": 3 }
        takes {
            /// That of the ticket as it was seen, as If-Match
            version: i64,
            /// false: its message and its status are left to a message that the caller sends; true by default, and refused when a variable of its message has neither a value here nor a fallback
            send: bool,
        };
}
