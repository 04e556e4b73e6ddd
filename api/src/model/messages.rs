//! The conversation of a ticket: messages, drafts, files and followers.

use super::common::Author;
use super::shapes::shapes;
use super::words::{Channel, FollowerKind, MessageKind, WrittenKind};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

shapes! {
    Message {
        id: i64, ticket_id: i64, kind: MessageKind, author: Option<Author>, body_text: String,
        /// What it quotes has the class `quote`
        body_html: Option<String>,
        /// Unicode characters of body_text before its quoted tail; null without one
        quote_from: Option<i32>,
        channel: Channel, mentions: Vec<Mention>, attachments: Vec<AttachmentRef>,
        created_at: DateTime<Utc>, edited_at: Option<DateTime<Utc>>, redacted_at: Option<DateTime<Utc>>,
    }
    Mention {
        id: i64, name: Option<String>,
        /// Mentioned as a member of this team
        team_id: Option<i64>,
        /// false: of the team, but cannot see the ticket and so heard nothing
        notified: bool,
    }
    /// A file as its message lists it.
    AttachmentRef {
        id: i64, name: String, r#type: String, size: i64,
        /// Shown inside of body_html
        inline: bool,
        width: Option<i32>, height: Option<i32>, thumbnail: bool,
    }
    Attachment {
        id: i64,
        /// null until it is attached
        ticket_id: Option<i64>, message_id: Option<i64>,
        name: String, r#type: String, size: i64,
        /// Of its content, in hexadecimal
        sha256: String,
        /// Shown inside of body_html
        inline: bool, width: Option<i32>, height: Option<i32>,
        /// Whether there is a small picture of it
        thumbnail: bool, created_at: DateTime<Utc>,
    }
    Draft {
        id: i64, version: i64, ticket_id: i64,
        kind: WrittenKind,
        body_text: String, body_html: Option<String>,
        /// One's own uploads, which wait with it
        attachment_ids: Vec<i64>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
        /// What another device has written over, the newest first; at most five
        others: Vec<OtherDraft>,
    }
    OtherDraft {
        id: i64, body_text: String, body_html: Option<String>, attachment_ids: Vec<i64>, overtaken_at: DateTime<Utc>,
    }
    Follower {
        id: i64, ticket_id: i64,
        kind: FollowerKind,
        user_id: i64, name: Option<String>, email: Option<String>, added_by: Option<i64>, created_at: DateTime<Utc>,
    }
}
