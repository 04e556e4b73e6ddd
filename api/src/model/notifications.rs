//! Notifications, and the e-mails that carry them.

use super::common::Named;
use super::shapes::shapes;
use super::words::{
    DigestPeriod, MailKind, MailState, NotificationDelivery, NotificationKind, StatusCategory,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

shapes! {
    TicketRef { id: i64, subject: String }
    NotificationTicket { id: i64, subject: String, status: String, status_category: StatusCategory }
    Notification {
        id: i64, at: DateTime<Utc>,
        kind: NotificationKind,
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
    NotificationPreferences {
        mentioned: NotificationDelivery, requester_replied: NotificationDelivery, assigned: NotificationDelivery,
        followed: NotificationDelivery, team_unassigned: NotificationDelivery, digest_every: DigestPeriod,
        /// Of a daily digest, in one's own time zone
        digest_hour: i64,
    }
    Recipient { id: i64, name: String, email: Option<String> }
    Mail {
        id: i64,
        kind: MailKind,
        state: MailState,
        recipient: Recipient, attempts: i64,
        /// Why the last attempt failed
        error: Option<String>,
        next_attempt_at: Option<DateTime<Utc>>, created_at: DateTime<Utc>, finished_at: Option<DateTime<Utc>>,
    }
}
