//! Notifications, and the e-mails that carry them.

use super::common::Named;
use super::shapes::shapes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

shapes! {
    TicketRef { id: i64, subject: String }
    NotificationTicket { id: i64, subject: String, status: String, status_category: String }
    Notification {
        id: i64, at: DateTime<Utc>,
        /// mentioned, requester_replied, assigned, followed or team_unassigned
        kind: String,
        ticket: NotificationTicket, message_id: Option<i64>,
        /// The beginning of the message
        excerpt: Option<String>,
        actor: Option<Named>, read_at: Option<DateTime<Utc>>, done_at: Option<DateTime<Utc>>,
    }
    NotificationPage {
        /// Newest first
        items: Vec<Notification>,
        /// Send as `after` for the next page; null on the last.
        next: Option<String>,
        unread: i64,
        /// Of these: mentions, assignments, and replies on one's own tickets
        unread_for_me: i64,
    }
    NotificationsMarked { marked: i64, unread: i64 }
    NotificationsRead { read: i64, unread: i64 }
    /// For each kind in_app, email (at once), digest (by e-mail, gathered) or off; the first three in the app too.
    NotificationPreferences {
        mentioned: String, requester_replied: String, assigned: String, followed: String, team_unassigned: String,
        /// hourly or daily
        digest_every: String,
        /// Of a daily digest, in one's own time zone
        digest_hour: i64,
    }
    Recipient { id: i64, name: String, email: Option<String> }
    Mail {
        id: i64,
        /// notification or digest
        kind: String,
        /// waiting, sent, dropped (there was nothing left to say) or failed
        state: String,
        recipient: Recipient, attempts: i64,
        /// Why the last attempt failed
        error: Option<String>,
        next_attempt_at: Option<DateTime<Utc>>, created_at: DateTime<Utc>, finished_at: Option<DateTime<Utc>>,
    }
}
