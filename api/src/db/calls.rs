//! One SQL call on somebody's behalf: identity, call and commit travel together, so a call costs one round trip
//! and never leaves an identity behind on its connection. What left nothing behind is tried again.

use crate::error::{ApiResult, Problem};
use deadpool_postgres::{Client, Pool};
use std::time::Duration;
use tokio_postgres::Transaction;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};

pub type Params<'a> = &'a [(&'a (dyn ToSql + Sync), Type)];

/// Attempts in all; between them there is a pause that grows.
const ATTEMPTS: u32 = 4;
const FIRST_PAUSE: Duration = Duration::from_millis(8);
/// What calls get that no request of a client waits for.
pub const USUAL_TIMEOUT: &str = "10s";

/// Asking who acts belongs to it: a session that has ended is refused even where no row would be read. The
/// time limit is the transaction's own, so that a pooler's connection keeps none.
const IDENTITY: &str = "select set_config('role', $1, true), set_config('request.jwt.claims', $2, true), \
                        set_config('statement_timeout', $3, true), autocrm.actor_id()";

/// On whose behalf a call is made, and under which conditions.
#[derive(Debug, Clone, Copy)]
pub struct Behalf<'a> {
    pub role: &'static str,
    pub claims: &'a str,
    /// How long one statement may take, as Postgres reads it.
    pub timeout: &'a str,
    /// Whether the call must be allowed to a key that has no scope at all.
    pub without_scope: bool,
    /// More versions than one that a writer means to change.
    pub versions: &'a [i64],
    /// Whether making the call twice does what making it once does: it reads.
    pub repeatable: bool,
}

impl<'a> Behalf<'a> {
    pub fn reader(role: &'static str, claims: &'a str) -> Self {
        Self {
            role,
            claims,
            timeout: USUAL_TIMEOUT,
            without_scope: false,
            versions: &[],
            repeatable: true,
        }
    }

    fn identity(&self) -> String {
        let mut sql = IDENTITY.to_owned();
        if self.role == "autocrm_integration" && !self.without_scope {
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

    fn params(&'a self) -> [(&'a (dyn ToSql + Sync), Type); 3] {
        [
            (&self.role, Type::TEXT),
            (&self.claims, Type::TEXT),
            (&self.timeout, Type::TEXT),
        ]
    }
}

/// Why a call failed, and what that says about the database.
struct Failed {
    problem: Problem,
    left: Left,
}

#[derive(PartialEq, Eq)]
enum Left {
    /// Refused for a reason that will be there the next time.
    Refused,
    /// Taken back by the database, or never begun.
    Nothing,
    /// The line was cut: the COMMIT may have arrived.
    Unknown,
}

impl Failed {
    /// Of an error before COMMIT was answered for. What the server itself says in place of an answer came before
    /// anything after it; a line that breaks says nothing.
    fn before_commit(error: tokio_postgres::Error) -> Self {
        let left = match error.code() {
            Some(code) if is_passing(code) || is_ending(code) => Left::Nothing,
            Some(_) => Left::Refused,
            None => Left::Unknown,
        };
        Self {
            problem: error.into(),
            left,
        }
    }

    fn at_commit(error: tokio_postgres::Error) -> Self {
        let left = match error.code() {
            Some(code) if is_passing(code) => Left::Nothing,
            Some(code) if !is_ending(code) => Left::Refused,
            _ => Left::Unknown,
        };
        Self {
            problem: error.into(),
            left,
        }
    }
}

impl From<deadpool_postgres::PoolError> for Failed {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        Self {
            problem: error.into(),
            left: Left::Nothing,
        }
    }
}

/// Others were in the way; the same call may well succeed now.
pub fn is_passing(code: &SqlState) -> bool {
    [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
    ]
    .contains(code)
}

/// The backend says goodbye.
fn is_ending(code: &SqlState) -> bool {
    [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::IDLE_SESSION_TIMEOUT,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    ]
    .contains(code)
}

/// Grows, and differs between two who met.
fn pause(attempt: u32) -> Duration {
    let jitter = rand::random_range(0.5..1.5);
    FIRST_PAUSE.mul_f64(jitter) * 5_u32.pow(attempt)
}

/// The one text that `sql` answers, made on somebody's behalf; NULL is `None`.
pub async fn call(
    pool: &Pool,
    on: &Behalf<'_>,
    sql: &str,
    params: Params<'_>,
) -> ApiResult<Option<String>> {
    let identity = on.identity();
    let mut attempt = 0;
    loop {
        let failed = match once(pool, on, &identity, sql, params).await {
            Ok(json) => return Ok(json),
            Err(failed) => failed,
        };
        attempt += 1;
        let may_repeat =
            failed.left == Left::Nothing || failed.left == Left::Unknown && on.repeatable;
        if !may_repeat || attempt == ATTEMPTS {
            return Err(failed.problem);
        }
        tokio::time::sleep(pause(attempt - 1)).await;
    }
}

async fn once(
    pool: &Pool,
    on: &Behalf<'_>,
    identity: &str,
    sql: &str,
    params: Params<'_>,
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

/// The text that one statement of the API's own answers, before anybody is known. Each is a transaction of
/// its own.
pub async fn ask(pool: &Pool, sql: &str, params: Params<'_>) -> ApiResult<Option<String>> {
    let mut attempt = 0;
    loop {
        let answered = async {
            let client = pool.get().await?;
            let rows = client.query_typed(sql, params).await;
            let rows = rows.map_err(Failed::before_commit)?;
            Ok(rows.first().and_then(|row| row.get(0)))
        };
        let failed: Failed = match answered.await {
            Ok(text) => return Ok(text),
            Err(failed) => failed,
        };
        attempt += 1;
        if failed.left != Left::Nothing || attempt == ATTEMPTS {
            return Err(failed.problem);
        }
        tokio::time::sleep(pause(attempt - 1)).await;
    }
}

/// A request that is done once however often it is sent.
#[derive(Debug)]
pub struct Once<'a> {
    pub key: &'a str,
    pub operation: &'a str,
    /// What a repetition must have in common with the first.
    pub fingerprint: &'a [u8],
}

/// The same for what must be done once: claims the key, calls, and keeps the answer, all or nothing. Whatever
/// became of an attempt, the next one finds the key claimed and answered, or not there.
pub async fn call_once(
    pool: &Pool,
    on: &Behalf<'_>,
    request: &Once<'_>,
    sql: &str,
    params: Params<'_>,
) -> ApiResult<String> {
    let identity = on.identity();
    let mut attempt = 0;
    loop {
        let mut client = match pool.get().await {
            Ok(client) => client,
            Err(error) => return Err(error.into()),
        };
        let failed = match claimed(&mut client, on, &identity, request, sql, params).await {
            Ok(json) => return Ok(json),
            Err(error) => Failed::at_commit(error),
        };
        attempt += 1;
        if failed.left == Left::Refused || attempt == ATTEMPTS {
            return Err(failed.problem);
        }
        // Given back first: a broken one is thrown away there.
        drop(client);
        tokio::time::sleep(pause(attempt - 1)).await;
    }
}

async fn claimed(
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
    let rows = transaction.query_typed(sql, params).await?;
    let json = rows
        .first()
        .and_then(|row| row.get::<_, Option<String>>(0))
        .unwrap_or_else(|| "null".into());
    keep(&transaction, request.key, &json).await?;
    transaction.commit().await?;
    Ok(json)
}

/// Claims the key of a request; answers what was answered when it is a repetition.
pub async fn claim(
    transaction: &Transaction<'_>,
    request: &Once<'_>,
) -> Result<Option<String>, tokio_postgres::Error> {
    let known = transaction
        .query_typed(
            "select api._claim_idempotency($1, $2, $3)::text",
            &[
                (&request.key, Type::TEXT),
                (&request.operation, Type::TEXT),
                (&request.fingerprint, Type::BYTEA),
            ],
        )
        .await?;
    Ok(known.first().and_then(|row| row.get(0)))
}

/// Keeps the answer of a request that was claimed.
pub async fn keep(
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_bounded() {
        for _ in 0..100 {
            assert!(pause(0) <= Duration::from_millis(12));
            assert!(pause(2) >= Duration::from_millis(100));
            assert!(pause(2) <= Duration::from_millis(300));
        }
    }
}
