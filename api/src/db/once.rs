//! A call that takes effect once however often its request is sent: the key is claimed, the call made and the answer
//! stored in one transaction, all or nothing.

use super::calls::{Behalf, value};
use super::error::CallError;
use super::params::Params;
use super::retry::{ATTEMPTS, Failed, Left, pause};
use deadpool_postgres::{Client, Pool};
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;

/// A request with an Idempotency-Key.
#[derive(Debug)]
pub struct Once<'a> {
    pub key: &'a str,
    pub operation: &'a str,
    /// What a repetition must have in common with the first request.
    pub fingerprint: &'a [u8],
}

/// Whatever became of an attempt, the next one finds the key claimed and answered, or absent.
pub async fn call_once(
    pool: &Pool,
    on: &Behalf<'_>,
    request: &Once<'_>,
    sql: &str,
    params: Params<'_>,
) -> Result<String, CallError> {
    let identity = on.statement();
    let mut attempt = 0;
    loop {
        let mut client = pool.get().await?;
        let failed = match attempt_once(&mut client, on, &identity, request, sql, params).await {
            Ok(json) => return Ok(json),
            Err(error) => Failed::at_commit(error),
        };
        attempt += 1;
        if failed.left == Left::Refused || attempt == ATTEMPTS {
            return Err(failed.error);
        }
        // Returned before the pause: the pool discards a broken one.
        drop(client);
        pause(attempt - 1).await;
    }
}

async fn attempt_once(
    client: &mut Client,
    on: &Behalf<'_>,
    identity: &str,
    request: &Once<'_>,
    sql: &str,
    params: Params<'_>,
) -> Result<String, tokio_postgres::Error> {
    let transaction = client.transaction().await?;
    transaction.query_typed(identity, &on.params()).await?;
    if let Some(json) = claim(&transaction, request).await? {
        return Ok(json);
    }
    let json: Option<String> = value(&*transaction, sql, params).await?;
    let json = json.unwrap_or_else(|| "null".into());
    store(&transaction, request.key, &json).await?;
    transaction.commit().await?;
    Ok(json)
}

/// Claims the key of a request; the stored answer when the request is a repetition.
pub async fn claim(
    transaction: &Transaction<'_>,
    request: &Once<'_>,
) -> Result<Option<String>, tokio_postgres::Error> {
    value(
        transaction,
        "select api._claim_idempotency($1, $2, $3)::text",
        &[&request.key, &request.operation, &request.fingerprint],
    )
    .await
}

/// Stores the answer of a request whose key was claimed.
pub async fn store(
    transaction: &Transaction<'_>,
    key: &str,
    json: &str,
) -> Result<(), tokio_postgres::Error> {
    transaction
        .query_typed(
            "select api._store_idempotency($1, $2::text::json)",
            &[(&key, Type::TEXT), (&json, Type::TEXT)],
        )
        .await?;
    Ok(())
}
