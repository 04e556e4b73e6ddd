//! Log-in.

use super::shapes::shapes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

shapes! {
    LogIn {
        #[schema(max_length = 320)]
        email: String,
        #[schema(max_length = 1000)]
        password: String,
    }
    PasswordChanged {
        changed: bool,
        /// How many other log-ins have ended
        ended: i64,
        /// Whether the person's log-in at a SQL prompt has the new password too; false without one
        prompt: bool,
    }
    OwnSession {
        id: String, user_agent: String, created_at: DateTime<Utc>,
        /// Exact to some minutes
        last_used_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
        /// The one of this request
        current: bool,
    }
    OwnSessions {
        /// The one of this request first
        items: Vec<OwnSession>,
    }
    SessionsEnded { ended: i64 }
    Session {
        access_token: String,
        /// Seconds
        expires_in: i64,
    }
}
