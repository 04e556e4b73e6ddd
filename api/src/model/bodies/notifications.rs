//! Bodies of notifications.

use super::super::words::{DigestPeriod, NotificationDelivery};
use super::shapes::bodies;
use serde::Deserialize;
use utoipa::ToSchema;

bodies! {
    /// Either some, or all up to one.
    ReadNotifications { "up_to": 99 }
        takes {
            #[schema(max_items = 1000)]
            ids: Vec<i64>,
            up_to: i64,
        };

    /// One of `read` and `done`, or both.
    MarkNotifications { "ids": [7], "done": true }
        needs {
            #[schema(max_items = 1000)]
            ids: Vec<i64>,
        }
        takes {
            read: bool,
            /// What is done is read
            done: bool,
        };

    UpdateNotificationPreferences { "followed": "digest", "digest_every": "daily", "digest_hour": 17 }
        takes {
            mentioned: NotificationDelivery, requester_replied: NotificationDelivery, assigned: NotificationDelivery,
            followed: NotificationDelivery, team_unassigned: NotificationDelivery, digest_every: DigestPeriod,
            /// Of a daily digest, in one's own time zone
            #[schema(minimum = 0, maximum = 23)]
            digest_hour: i32,
        };
}
