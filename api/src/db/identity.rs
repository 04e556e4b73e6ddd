//! Who a transaction acts for: a database role, and the claims that policies read. Both end with the transaction, so
//! a pooled connection never keeps an identity.

use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;

#[derive(Debug, Clone)]
pub struct Identity {
    pub role: &'static str,
    /// JSON, verified before it came here.
    pub claims: String,
}

impl Identity {
    /// The signed-in agent or administrator; keys and customers have no presence and no notifications.
    pub fn person(&self) -> Option<i64> {
        let claims: Value = serde_json::from_str(&self.claims).ok()?;
        if !matches!(claims["role"].as_str(), Some("agent" | "admin")) {
            return None;
        }
        claims["sub"].as_str()?.parse().ok()
    }

    /// Gives the rest of a transaction this identity.
    pub async fn assume(&self, transaction: &Transaction<'_>) -> Result<(), tokio_postgres::Error> {
        transaction
            .query_typed(
                &statement(""),
                &[(&self.role, Type::TEXT), (&self.claims, Type::TEXT)],
            )
            .await?;
        Ok(())
    }
}

/// The one statement that sets an identity: role in $1, claims in $2, and `settings`, further columns that need it.
/// Reading the actor belongs to it: an ended session is refused even where the call would read no row.
pub(super) fn statement(settings: &str) -> String {
    format!(
        "select set_config('role', $1, true), set_config('request.jwt.claims', $2, true){settings}, autocrm.actor_id()"
    )
}
