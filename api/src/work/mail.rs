//! Sends the outbox: leases an e-mail, sends it, records the result. No transaction is open meanwhile; the lease of a
//! process that died runs out.

use super::tasks;
use crate::db::calls::value;
use crate::db::error::Detailed;
use crate::mail::mailer::Mailer;
use crate::mail::notice::Notice;
use anyhow::Result;
use deadpool_postgres::Pool;
use std::time::Duration;
use tokio_postgres::types::Type;

const POLL: Duration = Duration::from_secs(1);
/// While the mail server is down, so that the e-mails do not use up their attempts at once.
const PAUSE: Duration = Duration::from_secs(5);

/// What one round found.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    Nothing,
    Mail,
    ServerDown,
}

pub async fn run(pool: Pool, mailer: Option<Mailer>) {
    let Some(mailer) = mailer else {
        return;
    };
    loop {
        let pause = match round(&pool, &mailer).await {
            Ok(Found::Mail) => continue,
            Ok(Found::Nothing) => POLL,
            Ok(Found::ServerDown) => PAUSE,
            Err(error) => {
                let error = Detailed(error.as_ref());
                tracing::warn!(%error, "e-mails will be sent later");
                PAUSE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// One e-mail.
pub async fn round(pool: &Pool, mailer: &Mailer) -> Result<Found> {
    let client = pool.get().await?;
    if !tasks::begins(&client, "mail").await? {
        return Ok(Found::Nothing);
    }
    let taken: Option<String> = value(&**client, "select worker.take_mail()::text", &[]).await?;
    drop(client);
    let Some(json) = taken else {
        return Ok(Found::Nothing);
    };
    let notice: Notice = serde_json::from_str(&json)?;
    let (id, attempt) = (notice.id, notice.attempt);
    let answer = mailer.send(&notice.letter(&mailer.desk)).await;
    let (error, is_final, found) = match answer {
        Ok(()) => (None, true, Found::Mail),
        Err(refused) => {
            // The server's answer may name the recipient, so it goes to the outbox alone and not to the log.
            let found = if refused.is_down {
                tracing::warn!(error = %refused, "the mail server cannot be used");
                Found::ServerDown
            } else {
                tracing::warn!(
                    mail = id,
                    attempt,
                    "an e-mail was refused; /api/mails has the reason"
                );
                Found::Mail
            };
            (Some(refused.to_string()), refused.is_final, found)
        }
    };
    pool.get()
        .await?
        .query_typed(
            "select worker.finish_mail($1, $2, $3, $4)",
            &[
                (&id, Type::INT8),
                (&attempt, Type::INT4),
                (&error, Type::TEXT),
                (&is_final, Type::BOOL),
            ],
        )
        .await?;
    Ok(found)
}
