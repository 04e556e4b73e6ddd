//! Log-in.

use super::shapes::shapes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

shapes! {
    LogIn {
        #[schema(max_length = 320)]
        email: String,
        password: String,
    }
    Session {
        access_token: String,
        /// Seconds
        expires_in: i64,
    }
}
