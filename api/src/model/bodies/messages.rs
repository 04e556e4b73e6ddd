//! Bodies of messages, drafts and followers.

use super::super::words::{FollowerKind, WrittenKind};
use super::shapes::bodies;
use serde::Deserialize;
use utoipa::ToSchema;

/// As it is; the setting `attachment_max_bytes` limits it
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct FileContent(pub Vec<u8>);

bodies! {
    /// A person, or everybody in a team; one of both.
    NewMention { "user_id": 7 }
        takes { user_id: i64, team_id: i64 };

    /// A text, files or both.
    CreateMessage { "kind": "reply", "body_text": "The invoice is on its way.", "status": "pending" }
        takes {
            /// `reply` by default
            kind: WrittenKind,
            /// At most 4,000,000 bytes
            #[schema(max_length = 4_000_000)]
            body_text: String,
            #[schema(max_items = 500)]
            mentions: Vec<NewMention>,
            /// One's own uploads
            #[schema(max_items = 1000)]
            attachment_ids: Vec<i64>,
            /// The key of the status that the ticket gets with it
            #[schema(max_length = 40)]
            status: String,
            /// That of the ticket as it was seen: 409 when somebody was faster
            version: i64,
            /// That of the draft that is sent: one that was written since stays; 0 leaves any
            draft_version: i64,
            /// Whether one's own signature goes below a reply; false by default
            with_signature: bool,
        }
        or_null {
            /// Sanitised; the text is made of it
            #[schema(max_length = 4_000_000)]
            body_html: String,
        };

    /// The whole text anew, as text or HTML.
    UpdateMessage { "body_text": "The refund is on its way." }
        takes {
            #[schema(max_length = 4_000_000)]
            body_text: String,
        }
        or_null {
            #[schema(max_length = 4_000_000)]
            body_html: String,
        };

    /// Either words, or everything.
    RedactMessage { "text": "4711 0815" }
        takes {
            /// Wherever the message has it
            #[schema(min_length = 1, max_length = 1000)]
            text: String,
            /// true: the whole message
            all: bool,
        };

    /// The whole draft; what is left out is empty.
    SaveDraft { "body_text": "Dear Ada, " }
        takes {
            #[schema(max_length = 4_000_000)]
            body_text: String,
            /// One's own uploads, which wait with it
            #[schema(max_items = 1000)]
            attachment_ids: Vec<i64>,
        }
        or_null {
            #[schema(max_length = 4_000_000)]
            body_html: String,
        };

    /// Staff by `user_id`; a CC by `user_id`, or by `email` and `name`.
    AddFollower { "kind": "cc", "email": "ada@engines.example", "name": "Ada Lovelace" }
        takes {
            /// `follower` by default
            kind: FollowerKind,
            user_id: i64,
            #[schema(max_length = 320, format = "email")]
            email: String,
            /// Of somebody new
            #[schema(max_length = 200)]
            name: String,
        };
}
