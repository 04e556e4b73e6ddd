//! One SQL call with an identity: identity, call and commit travel together, so a call costs one round trip and no
//! identity stays on its connection. An attempt that left nothing behind is made again.

use super::error::CallError;
use super::identity::{self, Identity};
use super::params::{Params, typed};
use super::retry::{ATTEMPTS, Failed, Left, pause};
use deadpool_postgres::Pool;
use tokio_postgres::GenericClient;
use tokio_postgres::types::{FromSqlOwned, ToSql, Type};

/// For calls that no request of a client waits for.
const USUAL_TIMEOUT: &str = "10s";

/// Whose call it is, and under which conditions it is made.
#[derive(Debug, Clone, Copy)]
pub struct Behalf<'a> {
    pub identity: &'a Identity,
    /// How long one statement may take, as Postgres reads it. The limit is the transaction's own, so that a pooled
    /// connection keeps none.
    pub timeout: &'a str,
    /// Whether a key without any scope may make the call.
    pub without_scope: bool,
    /// The versions of which a writer means to change one; a single one travels as a parameter of the call.
    pub versions: &'a [i64],
    /// Whether two attempts have the effect of one: the call only reads.
    pub repeatable: bool,
}

impl<'a> Behalf<'a> {
    pub fn reader(identity: &'a Identity) -> Self {
        Self {
            identity,
            timeout: USUAL_TIMEOUT,
            without_scope: false,
            versions: &[],
            repeatable: true,
        }
    }

    /// Sets identity and conditions for the rest of a transaction.
    pub(super) fn statement(&self) -> String {
        let mut sql = identity::statement(", set_config('statement_timeout', $3, true)");
        if self.identity.role == "autocrm_integration" && !self.without_scope {
            sql.push_str(", api._need_any_scope()");
        }
        if self.versions.len() > 1 {
            let list: Vec<String> = self.versions.iter().map(i64::to_string).collect();
            sql.push_str(", set_config('request.if_match', '{");
            sql.push_str(&list.join(","));
            sql.push_str("}', true)");
        }
        sql
    }

    pub(super) fn params(&'a self) -> [(&'a (dyn ToSql + Sync), Type); 3] {
        [
            (&self.identity.role, Type::TEXT),
            (&self.identity.claims, Type::TEXT),
            (&self.timeout, Type::TEXT),
        ]
    }
}

/// The one text that `sql` answers; NULL is `None`.
pub async fn call(
    pool: &Pool,
    on: &Behalf<'_>,
    sql: &str,
    params: Params<'_>,
) -> Result<Option<String>, CallError> {
    let identity = on.statement();
    let params = typed(params);
    let mut attempt = 0;
    loop {
        let failed = match attempt_call(pool, on, &identity, sql, &params).await {
            Ok(json) => return Ok(json),
            Err(failed) => failed,
        };
        attempt += 1;
        let may_repeat =
            failed.left == Left::Nothing || failed.left == Left::Unknown && on.repeatable;
        if !may_repeat || attempt == ATTEMPTS {
            return Err(failed.error);
        }
        pause(attempt - 1).await;
    }
}

async fn attempt_call(
    pool: &Pool,
    on: &Behalf<'_>,
    identity: &str,
    sql: &str,
    params: &[(&(dyn ToSql + Sync), Type)],
) -> Result<Option<String>, Failed> {
    let client = pool.get().await?;
    let who = on.params();
    // Polled together, sent together: after an error the rest of the pipeline is void and COMMIT rolls back.
    let (begun, known, rows, committed) = futures_util::join!(
        client.batch_execute("begin"),
        client.query_typed(identity, &who),
        client.query_typed(sql, params),
        client.batch_execute("commit"),
    );
    begun.map_err(Failed::before_commit)?;
    known.map_err(Failed::before_commit)?;
    let rows = rows.map_err(Failed::before_commit)?;
    committed.map_err(Failed::at_commit)?;
    Ok(rows.first().and_then(|row| row.get(0)))
}

/// The text that a statement of the API's own answers, before the caller is known. It is a transaction by itself.
pub async fn ask(pool: &Pool, sql: &str, params: Params<'_>) -> Result<Option<String>, CallError> {
    let mut attempt = 0;
    loop {
        let answered = async {
            let client = pool.get().await?;
            let value = value(&**client, sql, params).await;
            value.map_err(Failed::before_commit)
        };
        let failed: Failed = match answered.await {
            Ok(text) => return Ok(text),
            Err(failed) => failed,
        };
        attempt += 1;
        if failed.left != Left::Nothing || attempt == ATTEMPTS {
            return Err(failed.error);
        }
        pause(attempt - 1).await;
    }
}

/// The first column of the first row that a statement answers; NULL and no row are `None`.
pub async fn value<T: FromSqlOwned>(
    client: &impl GenericClient,
    sql: &str,
    params: Params<'_>,
) -> Result<Option<T>, tokio_postgres::Error> {
    let rows = client.query_typed(sql, &typed(params)).await?;
    match rows.first() {
        Some(row) => row.try_get(0),
        None => Ok(None),
    }
}
