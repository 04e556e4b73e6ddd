//! Sends what waits in the outbox: takes a mail, sends it, notes the answer. No transaction is open meanwhile; a
//! mail whose sender died comes back by itself.

use crate::mail::{Mailer, Notice};
use crate::told::Told;
use anyhow::Result;
use deadpool_postgres::Pool;
use std::time::Duration;
use tokio_postgres::types::Type;

const LISTEN: Duration = Duration::from_secs(1);
/// While the mail server is down, so that not every mail uses up its attempts at once.
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
            Ok(Found::Nothing) => LISTEN,
            Ok(Found::ServerDown) => PAUSE,
            Err(error) => {
                let error = Told(error.as_ref());
                tracing::warn!(%error, "e-mails will be sent later");
                PAUSE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// One mail; any number of processes may do so at once.
pub async fn round(pool: &Pool, mailer: &Mailer) -> Result<Found> {
    let rows = pool
        .get()
        .await?
        .query_typed("select worker.take_mail()::text", &[])
        .await?;
    let Some(json) = rows.first().and_then(|row| row.get::<_, Option<String>>(0)) else {
        return Ok(Found::Nothing);
    };
    let notice: Notice = serde_json::from_str(&json)?;
    let (id, attempt) = (notice.id, notice.attempt);
    let answer = mailer.send(&notice.letter(mailer)).await;
    let (told, is_final, found) = match answer {
        Ok(()) => (None, true, Found::Mail),
        Err(refused) => {
            // What a server says of a letter may name its recipient: that is for the outbox alone.
            let found = if refused.is_down {
                tracing::warn!(error = %refused, "the mail server cannot be used");
                Found::ServerDown
            } else {
                tracing::warn!(
                    mail = id,
                    attempt,
                    "an e-mail was not taken; /api/mails tells why"
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
                (&told, Type::TEXT),
                (&is_final, Type::BOOL),
            ],
        )
        .await?;
    Ok(found)
}
