//! The LISTEN connection. A notice is a hint; the log of events is the truth, so a lost connection loses nothing.

use super::Hub;
use futures_util::{StreamExt, stream};
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::{AsyncMessage, NoTls};

pub async fn listen(url: String, hub: Arc<Hub>) {
    loop {
        if let Err(error) = once(&url, &hub).await {
            let error = crate::told::Told(&error);
            tracing::warn!(%error, "listening again in a second");
        }
        // Whatever was missed meanwhile is read now.
        hub.wake();
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn once(url: &str, hub: &Hub) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = tokio_postgres::connect(url, NoTls).await?;
    let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
    let read = async {
        while let Some(message) = messages.next().await {
            if let AsyncMessage::Notification(notice) = message? {
                match notice.channel() {
                    // Anybody in the database can send a notice: it wakes, and is believed in nothing.
                    "autocrm_presence" => hub.presence().wake(),
                    "autocrm_notifications" => hub.presence().wake_notified(),
                    _ => hub.wake(),
                }
            }
        }
        Ok(())
    };
    let ask = async {
        client
            .batch_execute(
                "listen autocrm_events; listen autocrm_presence; listen autocrm_notifications",
            )
            .await?;
        hub.wake();
        hub.presence().wake();
        hub.presence().wake_notified();
        // Keeps the client, and with it the connection, alive.
        std::future::pending::<Result<(), tokio_postgres::Error>>().await
    };
    tokio::select! {
        ended = read => ended,
        failed = ask => failed,
    }
}
